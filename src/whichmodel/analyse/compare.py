"""Two models side by side on one task, and the rank that a whole field leaves open."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special

from whichmodel.analyse.costs import cost_ratio
from whichmodel.analyse.evidence import FAILED, NOT_ASKED, STATES, Evidence
from whichmodel.analyse.latency import known
from whichmodel.analyse.paired import Pairs, items_needed, pairs
from whichmodel.analyse.ratio import Ratio, p95_ratio
from whichmodel.domain import DecisionRule, Status

Winner = Literal["A better", "B better", "tie", "cannot tell yet"]
WEAK = 0.5
"""Score under which an answer counts as weak."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Model A against model B over the items both have a score for.

    tie: each is shown to be within delta of the other. Better: the 95% interval (1 - alpha) of the difference
    is on one side of 0, and the difference is not shown to be within delta. Else it cannot be told yet.
    """

    task: str
    a: str
    b: str
    n: int
    """Pairs."""
    difference: float | None
    """Mean of A's score minus B's. None = no pair."""
    low: float | None
    high: float | None
    verdict: Winner
    delta: float
    more_items: int | None
    """Pairs that would probably show a tie, if it is one. None = settled, or no pair yet."""
    cost_ratio: Ratio | None
    """A's cost over B's. None = a cost is unknown, or B is free."""
    p95_ratio: Ratio | None
    """A's p95 latency over B's. None = unknown, or under 20 answers are timed."""
    a_better: tuple[str, ...]
    """Items on which A scores higher."""
    b_better: tuple[str, ...]
    both_weak: tuple[str, ...]
    """Items on which both score under 0.5."""
    errors: tuple[str, ...]
    """Items on which either failed."""


def compare(evidence: Evidence, a: str, b: str, rule: DecisionRule) -> Comparison:
    """Compare two measured models. Raises ValueError when one was not measured on the task."""
    m, j = evidence.column(a), evidence.column(b)
    both = pairs(evidence)
    found = both.difference(m, j, confidence=1 - rule.alpha)
    verdict = _verdict(both, m, j, rule)
    left, right = evidence.score[:, m], evidence.score[:, j]
    return Comparison(
        task=evidence.task,
        a=a,
        b=b,
        n=found.n if found else 0,
        difference=found.mean if found else None,
        low=found.low if found else None,
        high=found.high if found else None,
        verdict=verdict,
        delta=rule.delta,
        more_items=_more(both, m, j, rule) if verdict == "cannot tell yet" else None,
        cost_ratio=cost_ratio(evidence, m, j),
        p95_ratio=p95_ratio(evidence, m, j),
        a_better=_items(evidence, left > right),
        b_better=_items(evidence, left < right),
        both_weak=_items(evidence, (left < WEAK) & (right < WEAK)),
        errors=_items(evidence, (evidence.state[:, [m, j]] == FAILED).any(axis=1)),
    )


def _verdict(both: Pairs, m: int, j: int, rule: DecisionRule) -> Winner:
    critical = float(special.ndtri(1 - rule.alpha))
    within = both.z(rule.delta)
    found = both.difference(m, j, confidence=1 - rule.alpha)
    if found is None:
        return "cannot tell yet"
    if within[m, j] >= critical and within[j, m] >= critical:
        return "tie"
    if found.low > 0:
        return "A better"
    return "B better" if found.high < 0 else "cannot tell yet"


def _more(both: Pairs, m: int, j: int, rule: DecisionRule) -> int | None:
    n = int(both.n[m, j])
    if not n:
        return None
    spread = both.discordance(m, j) * float(both.design[m, j])
    needed = items_needed(spread, rule.delta, alpha=rule.alpha)
    return needed - n if needed is not None and needed > n else None


def _items(evidence: Evidence, which: NDArray[np.bool_]) -> tuple[str, ...]:
    return tuple(evidence.items[int(row)] for row in np.flatnonzero(which))


@dataclass(frozen=True, slots=True)
class Answered:
    """What one model made of one item, its epochs averaged."""

    status: Status | None
    """Of several epochs the one that tells most; failed = no epoch has a score. None = it was not asked."""
    score: float | None
    """None = no score."""
    cost_usd: float | None
    """Of one request. None = unknown, or no score."""
    latency_s: float | None
    """As recorded. None = unknown, or no score."""
    late: bool
    """The measuring program was late, so that the true latency is lower."""


def answered(evidence: Evidence, item: str, model: str) -> Answered:
    """What a model made of an item."""
    if model not in evidence.models or item not in evidence.items:
        return Answered(None, None, None, None, False)
    at = evidence.items.index(item), evidence.column(model)
    state, timed = int(evidence.state[at]), known(evidence.latency_s[at])
    names = {number: Status(name) for name, number in STATES.items()}
    return Answered(
        status=None if state == NOT_ASKED else names[state],
        score=_known(float(evidence.score[at])),
        cost_usd=_known(float(evidence.cost_usd[at])),
        latency_s=float(timed.mean()) if len(timed) else None,
        late=bool(evidence.late[at].any()),
    )


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value


def ranks(evidence: Evidence, *, alpha: float = 0.05) -> Mapping[str, tuple[int, int]]:
    """The ranks that each model may have: 1 + those proven better, up to all less those proven worse.

    Proven: the two-sided interval of the paired difference excludes 0.
    """
    critical = float(special.ndtri(1 - alpha / 2))
    z = pairs(evidence).z(0.0)
    count = len(evidence.models)
    better = np.sum(z <= -critical, axis=1)
    worse = np.sum(z >= critical, axis=1)
    return {name: (1 + int(better[m]), count - int(worse[m])) for m, name in enumerate(evidence.models)}
