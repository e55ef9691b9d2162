"""The figures of a route, from items that the choice never saw where there are enough of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from whichmodel.analyse.costs import cost_interval, cost_ratio, mean_cost
from whichmodel.analyse.evidence import Evidence
from whichmodel.analyse.latency import known
from whichmodel.analyse.timing import percentile
from whichmodel.decide.contest import Contest
from whichmodel.decide.eligibility import score_interval
from whichmodel.domain import Organisation, Route, RouteStatus


def timed(route: Route, evidence: Evidence, p95_s: float | None) -> Route:
    """The route with the p95 of its model, which a standing tells, and the interval of it.

    evidence: the whole bank, as the standing's.
    """
    if p95_s is None:
        return route
    seen = known(evidence.steady_s(evidence.column(str(route.model))))
    bounds = percentile(seen, 0.95)
    return replace(route, p95_s=p95_s, p95_low_s=bounds.low, p95_high_s=bounds.high, p95_n=len(seen))


def empty(evidence: Evidence, contest: Contest, organisation: Organisation) -> Route:
    """No route: what is known of the task and the rule alone."""
    workload = organisation.workload(evidence.task, evidence.category)
    return Route(
        task=evidence.task,
        category=evidence.category,
        model=None,
        status=RouteStatus.NONE,
        fallbacks=(),
        why="",
        ties=(),
        why_not=(),
        score=None,
        low=None,
        high=None,
        n=None,
        cost_per_1k_usd=None,
        p95_s=None,
        figures="in-sample",
        baseline_model=None,
        baseline_score=None,
        baseline_cost_per_1k_usd=None,
        saving=None,
        delta=contest.delta,
        delta_asked=organisation.rule.delta,
        alpha=contest.alpha,
        delta_achievable=None,
        more_items=None,
        requests_per_month=workload.requests_per_month if workload else None,
        monthly_usd=None,
        baseline_monthly_usd=None,
        simulated=evidence.simulated,
        task_hash=evidence.task_hash,
        run_ids=tuple(sorted({run for column in evidence.measured for run in column.run_ids})),
    )


def filled(route: Route, fresh: Evidence, pick: int, baseline: int) -> Route:
    """The route to `pick` with its figures, and those of the baseline, estimated on `fresh`."""
    cost, against = mean_cost(fresh, pick), mean_cost(fresh, baseline)
    bounds, others = cost_interval(fresh, pick), cost_interval(fresh, baseline)
    ratio = cost_ratio(fresh, pick, baseline)
    saving = saved(cost, against)
    scores, best = score_interval(fresh, pick), score_interval(fresh, baseline)
    return replace(
        route,
        model=fresh.models[pick],
        score=scores.mean if scores else None,
        low=scores.low if scores else None,
        high=scores.high if scores else None,
        n=scores.n if scores else None,
        cost_per_1k_usd=_times(cost, 1000),
        baseline_model=fresh.models[baseline],
        baseline_score=best.mean if best else None,
        baseline_low=best.low if best else None,
        baseline_high=best.high if best else None,
        baseline_n=best.n if best else None,
        baseline_cost_per_1k_usd=_times(against, 1000),
        baseline_cost_low_per_1k_usd=others[0] * 1000 if others else None,
        baseline_cost_high_per_1k_usd=others[1] * 1000 if others else None,
        cost_low_per_1k_usd=bounds[0] * 1000 if bounds else None,
        cost_high_per_1k_usd=bounds[1] * 1000 if bounds else None,
        saving=saving,
        saving_low=_bound(min, saving, ratio.high if ratio else None),
        saving_high=_bound(max, saving, ratio.low if ratio else None),
        monthly_usd=_times(cost, route.requests_per_month),
        baseline_monthly_usd=_times(against, route.requests_per_month),
    )


def saved(cost: float | None, against: float | None) -> float | None:
    """1 - cost / against; None when a cost is unknown, or something costs more than nothing."""
    if cost is None or against is None:
        return None
    if against == 0:
        return 0.0 if cost == 0 else None
    return 1 - cost / against


def _bound(outer: Callable[[float, float], float], saving: float | None, ratio: float | None) -> float | None:
    """An end of a saving's interval, from that of the ratio of costs; the saving itself without one."""
    return saving if saving is None or ratio is None else outer(1 - ratio, saving)


def _times(amount: float | None, by: int | None) -> float | None:
    return None if amount is None or by is None else amount * by
