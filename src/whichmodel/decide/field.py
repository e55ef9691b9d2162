"""The field of one task: who may be routed to, and who of them is shown to be good enough."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from whichmodel.analyse.evidence import Codes, Evidence
from whichmodel.analyse.paired import label_pairs, pairs
from whichmodel.decide.contest import CLEARLY, PROVEN_CHEAPER, Contest
from whichmodel.decide.eligibility import Fitness, assess
from whichmodel.decide.expected import Stakes, stakes
from whichmodel.decide.outlook import Outlook, outlook
from whichmodel.decide.race import Settled
from whichmodel.domain import DecisionRule, Model, Organisation, Standing, WhyNot


@dataclass(frozen=True, eq=False)
class Field:
    """Everything that a choice rests on. Models are columns of the evidence."""

    contest: Contest
    fitness: tuple[Fitness, ...]
    usable: tuple[int, ...]
    """Models that may be routed to."""
    proven: bool
    """The usable ones are shown to keep the latency objective."""
    outlook: Outlook
    incumbent: int | None
    """The model named as today's, where it was measured."""
    rule: DecisionRule
    labels: Codes | None
    """Models x models: items with human labels of both. None = no model takes part in the scoring."""
    race: Settled | None
    """The race that has settled it. None = every model was measured on the whole bank."""
    error_usd: float | None
    """Cost of an unnoticed error, with objective `expected_cost`. None = the objective is another."""

    @property
    def names(self) -> tuple[str, ...]:
        """Model ids by column."""
        return self.contest.evidence.models

    @cached_property
    def stakes(self) -> Stakes | None:
        """Expected costs, with objective `expected_cost`. None = another objective, or no cost is known."""
        if self.error_usd is None:
            return None
        return stakes(self.contest.evidence, self.usable, self.error_usd)

    @property
    def margin_usd(self) -> float:
        """What delta is worth a request: the margin of expected costs."""
        return self.contest.delta * (self.error_usd or 0.0)

    def doubt(self, m: int) -> WhyNot | None:
        """Why a usable model cannot be certified, whatever its score against others."""
        fitness = self.fitness[m]
        return fitness.doubt or (None if self.proven else fitness.unproven)

    def outscored(self, m: int) -> bool:
        """Whether a model that may not be used scores higher."""
        scores = [self.contest.score(j) for j, fit in enumerate(self.fitness) if fit.barred]
        return any(score > self.contest.score(m) for score in scores)

    def unlabelled(self, m: int) -> int:
        """Human labels that a judged model lacks, of its own answers or beside an opponent's; 0 = none."""
        if self.labels is None:
            return 0
        least = min(int(self.labels[m, j]) for j in (m, *self.contest.opponents(m)))
        return max(self.rule.judge.min_for_certified - least, 0)

    def passes(self, m: int) -> bool:
        """Shown to be as good as the reference, or as cheap with its errors as the best."""
        if self.race is not None:
            return self.names[m] in self.race.certified
        if self.error_usd is not None:
            return self._within(m) >= 1 - self.rule.alpha
        return self.contest.passes(m)

    def inferior(self, m: int) -> bool:
        """Shown to be worse than that."""
        if self.race is not None:
            return self.names[m] in self.race.inferior
        if self.error_usd is not None:
            return self._known(m) and self._within(m) <= self.rule.alpha
        return self.contest.inferior(m)

    def certified(self, m: int) -> bool:
        """Usable, open to no doubt, and passing; by human labels too, where these put the scores right."""
        if m not in self.usable or self.doubt(m) is not None:
            return False
        if self.contest.evidence.human is not None and self.unlabelled(m):
            return False
        return self.passes(m)

    def cheaper(self, a: int, b: int, factor: float = CLEARLY) -> bool:
        """Whether a is shown to cost less than `factor` of b, errors included with `expected_cost`."""
        if self.error_usd is None:
            return self.contest.cheaper(a, b, factor)
        both = self._known(a) and self._known(b)
        assert self.stakes is not None or not both
        return both and self.stakes is not None and self.stakes.cheaper(a, b, factor) >= PROVEN_CHEAPER

    def alike(self, m: int) -> tuple[int, ...]:
        """The other certified models whose cost cannot be told from a model's."""
        if not np.isfinite(self.contest.cost(m)):
            return ()
        others = (
            j for j in self.usable if j != m and self.certified(j) and np.isfinite(self.contest.cost(j))
        )
        return tuple(j for j in others if not self.cheaper(m, j) and not self.cheaper(j, m))

    def best(self, among: Sequence[int]) -> int:
        """The best point estimate; of equals the cheapest.

        After a race models stand by their paired difference to the one that was asked most, since their means
        are of different items.
        """
        contest, names = self.contest, self.names
        if self.race is None:
            return contest.best(among)
        n, total = contest.pairs.n, contest.pairs.total
        hub = max(among, key=lambda m: (n[m, m], contest.score(m), names[m]))
        ahead = {m: round(float(total[m, hub] / n[m, hub]), 12) if n[m, hub] else -1.0 for m in among}
        return min(among, key=lambda m: (-ahead[m], contest.cost(m), names[m]))

    def _known(self, m: int) -> bool:
        return self.stakes is not None and m in self.stakes.models

    def _within(self, m: int) -> float:
        return self.stakes.within(m, self.margin_usd) if self.stakes and m in self.stakes.models else 0.0


def survey(
    evidence: Evidence,
    standings: Mapping[str, Standing],
    models: Mapping[str, Model],
    organisation: Organisation,
    *,
    items: int,
    labels: Codes | None,
    race: Settled | None = None,
) -> Field:
    """Bar, then set up the contest among those left with the margin that the bank allows.

    evidence: the items the choice is made on. items: of the whole bank. A race whose winner may not be used
    any more has settled nothing.
    """
    names, rule = evidence.models, organisation.rule
    known = dict(standings)
    fitness = tuple(
        assess(evidence, known, models.get(name), name, organisation, raced=race is not None)
        for name in names
    )
    allowed = tuple(m for m, fit in enumerate(fitness) if fit.barred is None)
    # A race stops a model long before its latency could be proven: that is a doubt of it then, no bar.
    proven = tuple(m for m in allowed if fitness[m].unproven is None) if race is None else ()
    usable = proven or allowed
    workload = organisation.workload(evidence.task, evidence.category)
    named = workload.incumbent if workload else None
    incumbent = names.index(named) if named in names else None
    correction = max(len(usable) - 1, 1) if rule.multiplicity == "bonferroni" else 1
    asked = Contest(
        evidence=evidence,
        pairs=pairs(evidence) if evidence.human is None else label_pairs(evidence, rule.delta),
        rivals=usable,
        incumbent=incumbent if rule.reference == "incumbent" else None,
        bar=rule.min_quality if rule.reference == "min_quality" else None,
        delta=rule.delta,
        alpha=rule.alpha / correction,
    )
    view = outlook(asked, usable, items)
    delta, alpha = (view.delta, asked.alpha) if race is None else (race.delta, race.alpha)
    return Field(
        contest=replace(asked, delta=delta, alpha=alpha),
        fitness=fitness,
        usable=usable,
        proven=bool(proven),
        outlook=view,
        incumbent=incumbent,
        rule=rule,
        labels=labels,
        race=race,
        error_usd=_error_usd(evidence, organisation),
    )


def _error_usd(evidence: Evidence, organisation: Organisation) -> float | None:
    if organisation.rule.objective != "expected_cost":
        return None
    workload = organisation.workload(evidence.task, evidence.category)
    own = workload.error_cost_usd if workload else None
    cost = organisation.error_cost_usd if own is None else own
    return None if cost is None else float(cost)
