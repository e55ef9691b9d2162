"""How far two models are wrong together: nothing here is assumed independent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from whichmodel.analyse.agreement.estimates import Estimate, bounds, error_rate
from whichmodel.analyse.agreement.figures import DRAWS
from whichmodel.analyse.agreement.replay import Terms
from whichmodel.analyse.answers import NOTHING, Answers
from whichmodel.analyse.evidence import Codes, Floats
from whichmodel.analyse.intervals import Interval
from whichmodel.analyse.resampling import resampled


@dataclass(frozen=True, slots=True)
class Together:
    """Two models on the items for which both have a score."""

    a: str
    b: str
    n: int
    wrong_a: float
    wrong_b: float
    """Shares of wrong answers."""
    both: Interval
    """Share of items on which both are wrong."""
    independent: float
    """What that share were if the one said nothing of the other: the product of both."""
    ratio: Estimate | None
    """both / independent. None = one of them is never wrong."""
    same: Interval | None
    """Of the items on which both are wrong, those with the same answer. None = there is none."""

    @property
    def correlated(self) -> bool:
        """Shown to be wrong together more often than by chance, by both intervals."""
        return self.ratio is not None and self.ratio.low > 1 and self.both.low > self.independent


def together(answers: Answers, models: Sequence[str], terms: Terms) -> tuple[Together, ...]:
    """Every two of the models. Raises ValueError when one was not measured."""
    found = (_pair(answers, a, b, terms) for a, b in combinations(models, 2))
    return tuple(pair for pair in found if pair is not None)


def _pair(answers: Answers, a: str, b: str, terms: Terms) -> Together | None:
    """None = no item has a score of both."""
    evidence = answers.evidence
    columns = [evidence.column(a), evidence.column(b)]
    score = evidence.score[:, columns]
    seen = ~np.isnan(score).any(axis=1)
    clusters, code = evidence.clusters[seen], answers.code[seen][:, columns]
    wrong = terms.wrong(score[seen])
    both = wrong.prod(axis=1)
    share = error_rate(both, clusters)
    if share is None:
        return None
    same = ((code[:, 0] == code[:, 1]) & (code[:, 0] != NOTHING)).astype(np.float64)
    alike = both == 1
    rates = wrong.mean(axis=0)
    return Together(
        a=a,
        b=b,
        n=share.n,
        wrong_a=float(rates[0]),
        wrong_b=float(rates[1]),
        both=share,
        independent=float(rates[0] * rates[1]),
        ratio=_ratio(wrong, both, clusters),
        same=error_rate(same[alike], clusters[alike]),
    )


def _ratio(wrong: Floats, both: Floats, clusters: Codes) -> Estimate | None:
    n = len(both)
    columns = np.column_stack([np.ones(n), wrong, both])
    (_, a, b, ab), drawn = resampled(columns, clusters, DRAWS)
    if not (a and b and (drawn[:, 1:3] > 0).all()):
        return None
    ratios = drawn[:, 3] * drawn[:, 0] / (drawn[:, 1] * drawn[:, 2])
    return Estimate(n, float(ab * n / (a * b)), *bounds(ratios))
