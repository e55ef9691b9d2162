"""A run as a fluid: cells flow through models, processors and a judge, each no faster than its limit.

A model's limit is global, whatever the number of nodes; processors are shared by all; a judged cell passes
the judge besides. What is judged goes first, since the judge is the narrowest. Rates change only when a part
is done, so a run is a few straight pieces, computed exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

EPSILON = 1e-9


@dataclass(frozen=True, slots=True)
class Stream:
    """Models that are alike."""

    models: int
    rate_s: float
    """Requests a second that one of them is answered at most."""
    plain: float
    """Cells of one of them that no judge reads."""
    judged: float
    usd: float
    """Of a cell, without the judge."""


@dataclass(frozen=True, slots=True)
class Works:
    """What all streams share."""

    cores: float
    cell_cpu_s: float
    """CPU seconds of a call: of a judged cell there are two."""
    judge_rate_s: float
    """Calls a second that the judges answer at most."""
    judge_usd: float = 0.0
    """Of one judgement."""
    budget_usd: float = float("inf")


@dataclass(frozen=True, slots=True)
class Run:
    """How it went."""

    wall_s: float
    cells: float
    usd: float
    held_s: dict[str, float]
    """What held the run back (CPU, provider limit, judge), for how many seconds. They add up to `wall_s`."""
    out_of_money: bool

    @property
    def bottleneck(self) -> str:
        """What ended it, or held it back longest."""
        return "budget" if self.out_of_money else max(self.held_s, key=lambda name: self.held_s[name])


@dataclass(frozen=True, slots=True)
class _Pace:
    plain: tuple[float, ...]
    """Cells a second, of a whole stream."""
    judged: tuple[float, ...]
    held_by: str


def run(streams: Sequence[Stream], works: Works) -> Run:
    """From the first cell to the last, or until the money is spent."""
    plain, judged = [s.models * s.plain for s in streams], [s.models * s.judged for s in streams]
    wall, usd, cells = 0.0, 0.0, 0.0
    held: dict[str, float] = {"CPU": 0.0, "provider limit": 0.0, "judge": 0.0}
    while any(left > EPSILON for left in (*plain, *judged)):
        pace = _pace(streams, works, plain, judged)
        flow = [*zip(plain, pace.plain, strict=True), *zip(judged, pace.judged, strict=True)]
        step = min(left / rate for left, rate in flow if rate > 0)
        spend = _spend(streams, works, pace)
        if usd + spend * step > works.budget_usd:
            step = (works.budget_usd - usd) / spend
        held[pace.held_by] += step
        wall, usd, cells = wall + step, usd + spend * step, cells + step * sum(rate for _, rate in flow)
        plain = _drained(plain, pace.plain, step)
        judged = _drained(judged, pace.judged, step)
        if usd >= works.budget_usd * (1 - EPSILON):
            break
    over = any(left > EPSILON for left in (*plain, *judged))
    return Run(wall, cells, usd, held, over)


def _drained(left: Sequence[float], rates: Sequence[float], step: float) -> list[float]:
    """What is left after a step; what is as good as nothing is nothing."""
    after = [cells - rate * step for cells, rate in zip(left, rates, strict=True)]
    return [
        0.0 if cells <= EPSILON * max(before, 1.0) else cells
        for cells, before in zip(after, left, strict=True)
    ]


def _pace(streams: Sequence[Stream], works: Works, plain: Sequence[float], judged: Sequence[float]) -> _Pace:
    limits = [s.models * s.rate_s for s in streams]
    asked = [limit if left > 0 else 0.0 for limit, left in zip(limits, judged, strict=True)]
    read = min(1.0, works.judge_rate_s / sum(asked)) if sum(asked) else 1.0
    to_judge = [rate * read for rate in asked]
    others = [
        limit - taken if left > 0 else 0.0 for limit, taken, left in zip(limits, to_judge, plain, strict=True)
    ]
    cpu = works.cell_cpu_s * (sum(others) + 2 * sum(to_judge))
    share = min(1.0, works.cores / cpu) if cpu else 1.0
    if share < 1:
        held_by = "CPU"
    elif read < 1 and _needs(judged, to_judge) >= _needs(plain, others):
        held_by = "judge"
    else:
        held_by = "provider limit"
    return _Pace(tuple(rate * share for rate in others), tuple(rate * share for rate in to_judge), held_by)


def _needs(left: Sequence[float], rates: Sequence[float]) -> float:
    """Seconds until the last of these is done at this pace."""
    return max((cells / rate for cells, rate in zip(left, rates, strict=True) if rate > 0), default=0.0)


def _spend(streams: Sequence[Stream], works: Works, pace: _Pace) -> float:
    """USD a second."""
    answers = sum(s.usd * (a + b) for s, a, b in zip(streams, pace.plain, pace.judged, strict=True))
    return answers + works.judge_usd * sum(pace.judged)
