"""Whether an agreement policy may stand before a route: as good as its model, and cheaper.

DECISION section 7. The same test as for a model: the floor-score z on what would go out, item by item, over
the part of the bank that choices are made on. The holdout has to confirm it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy import special

from whichmodel.analyse.agreement.figures import Against, against
from whichmodel.analyse.agreement.replay import Replay, Terms, alone, replay
from whichmodel.analyse.answers import Answers
from whichmodel.analyse.intervals import interval
from whichmodel.analyse.latency import proves_p95
from whichmodel.decide.contest import PROVEN_CHEAPER
from whichmodel.decide.outlook import held_out
from whichmodel.decide.study import forbidden, terms_of
from whichmodel.decide.words import points, share
from whichmodel.domain import AgreementPolicy, Model, Organisation, Route, RouteStatus


def adopted(
    route: Route, answers: Answers | None, models: Mapping[str, Model], organisation: Organisation
) -> Route:
    """The route with the cheapest of the organisation's policies that may stand before it, if one may.

    Only before a certified route, and only with a holdout. A policy has to be as good as the routed model and
    as the best estimate, cheaper than the routed model in all that it pays, people included (in total too,
    where errors have a price), within the latency objective and above the floor. answers: None = not loaded.
    """
    named = [policy for policy in organisation.agreements if policy.task == route.task]
    if not named or answers is None or route.model is None or route.status is not RouteStatus.CERTIFIED:
        return route
    items = len(answers.evidence.items)
    held = held_out(items, organisation.rule)
    if not held or answers.evidence.task_hash != route.task_hash or items < organisation.rule.min_items:
        return route
    terms = terms_of(organisation, route.task, route.category)
    choosing = _Part(answers.rows(0, items - held), route, terms, organisation)
    fit = [
        policy
        for policy in named
        if choosing.measured(policy) and not forbidden(policy, models, organisation)
    ]
    passed = [policy for policy in fit if choosing.passes(policy)]
    if not passed:
        return route
    pick = min(passed, key=lambda policy: (choosing.paid(policy), policy.name))
    fresh = _Part(answers.rows(items - held, items), route, terms, organisation)
    row = fresh.confirms(pick)
    if row is None or row.paid_ratio is None:
        return route
    cheaper = share(1 - row.paid_ratio.value)
    text = (
        f"{route.why}; before it the policy {pick.name}: as good within {points(route.delta)}, "
        f"{cheaper} cheaper ({row.n:,} held-out items)"
    )
    return replace(route, agreement=pick, why=text)


@dataclass(frozen=True, eq=False)
class _Part:
    """One part of the bank, and what a policy has to stand against there."""

    answers: Answers
    route: Route
    terms: Terms
    organisation: Organisation

    def measured(self, policy: AgreementPolicy) -> bool:
        """Every model that it takes has outcomes here, and so has the one it would stand before."""
        names = {*policy.models, policy.otherwise, self.route.model} - {None}
        return names <= set(self.answers.evidence.models)

    def paid(self, policy: AgreementPolicy) -> float:
        """Mean cost of a request, people included."""
        return float(np.nanmean(self._replay(policy).course.paid_usd))

    def passes(self, policy: AgreementPolicy) -> bool:
        """Shown as good, shown cheaper, and fit in all else."""
        found = self._replay(policy)
        rows = self._rows(found)
        critical = float(special.ndtri(1 - self.route.alpha))
        first = rows[0] if rows else None
        return (
            first is not None
            and first.name == self.route.model
            and all(row.z >= critical for row in rows)
            and (first.cheaper or 0.0) >= PROVEN_CHEAPER
            and (first.total_ratio is None or first.total_ratio.high < 1)
            and self._fit(found)
        )

    def confirms(self, policy: AgreementPolicy) -> Against | None:
        """The comparison with the routed model; None where it speaks against the policy."""
        rows = self._rows(self._replay(policy))
        if not rows or rows[0].name != self.route.model:
            return None
        ratios = (rows[0].paid_ratio, rows[0].total_ratio)
        dearer = any(ratio is not None and ratio.value >= 1 for ratio in ratios)
        worse = any(row.difference.value < -self.route.delta for row in rows)
        return None if dearer or worse else rows[0]

    def _replay(self, policy: AgreementPolicy) -> Replay:
        return replay(self.answers, policy, self.terms)

    def _rows(self, found: Replay) -> list[Against]:
        """The routed model first, then the best estimate."""
        reference = self.route.baseline_model if self.organisation.rule.reference == "best" else None
        names = dict.fromkeys(name for name in (self.route.model, reference) if name is not None)
        rows = (against(found, alone(self.answers, name, self.terms), self.route.delta) for name in names)
        return [row for row in rows if row is not None]

    def _fit(self, found: Replay) -> bool:
        """Nearly all items count, the latency objective is shown to hold, the score is above the floor."""
        rule = self.organisation.rule
        workload = self.organisation.workload(self.route.task, self.route.category)
        limit = workload.p95_s if workload and workload.p95_s is not None else self.organisation.p95_s
        floor = workload.floor if workload and workload.floor is not None else self.organisation.floor
        latency, score = found.latency_s[found.counts], found.course.score[found.counts]
        scores = interval(score, found.clusters[found.counts])
        in_time = limit is None or proves_p95(latency, limit, confidence=rule.slo.p95_confidence)
        high_enough = floor is None or (scores is not None and scores.low >= floor)
        return float(found.counts.mean()) >= rule.min_coverage and in_time and high_enough
