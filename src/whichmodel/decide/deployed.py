"""A deployed routing table beside the decision of today: what would change, and what is wrong with it now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from whichmodel.decide.words import score, share, usd
from whichmodel.domain import Model, Route, RouteStatus, RoutingTable, Standing

ASPECTS = ("model", "status", "fallbacks", "split", "agreement")
REGRESSED = {
    "policy": "the policy bars it",
    "below floor": "it is below the floor",
    "too slow": "it is too slow",
    "inferior": "it is shown to be worse",
    "not shown non-inferior": "it is not shown as good any more",
    "low coverage": "too many of its answers are missing",
    "few items": "too few items were measured",
    "not measured": "it is not measured",
    "unknown cost": "its cost is unknown",
}
"""Reasons why a deployed model is no route any more, in words."""
KINDS = {"policy": "banned", "few items": "not measured", "unknown cost": "unpriced"}
"""Reasons whose finding is called otherwise."""


@dataclass(frozen=True, slots=True)
class Change:
    """What differs in one task. A side that is None = the task is not there."""

    task: str
    before: Route | None
    after: Route | None
    aspects: tuple[str, ...]
    """Of ASPECTS; or `new` or `gone` alone. () = nothing that a gateway would notice."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a deployed table."""

    task: str
    """ "" = the whole table."""
    kind: str
    """expired, banned, below floor, too slow, inferior, not shown non-inferior, low coverage, not measured,
    unpriced, not certified, cheaper."""
    model: str | None
    """As it is deployed. None = of the whole table."""
    text: str


def changes(before: RoutingTable, after: RoutingTable) -> tuple[Change, ...]:
    """Every task of either table, in the order of the later one, then those that are gone."""
    old = {route.task: route for route in before.routes}
    new = {route.task: route for route in after.routes}
    names = [*new, *(task for task in old if task not in new)]
    return tuple(_change(task, old.get(task), new.get(task)) for task in names)


def _change(task: str, before: Route | None, after: Route | None) -> Change:
    if before is None or after is None:
        return Change(task, before, after, ("new",) if before is None else ("gone",))
    return Change(task, before, after, tuple(a for a in ASPECTS if getattr(before, a) != getattr(after, a)))


def findings(
    deployed: RoutingTable,
    decided: RoutingTable,
    standings: Sequence[Standing],
    models: Mapping[str, Model],
    now: datetime,
) -> tuple[Finding, ...]:
    """What is wrong with a deployed table, by what is measured now.

    decided: of today, with the deployed table as the last, so that hysteresis has spoken. standings: what it
    rests on. models: every configured one.
    """
    found = []
    if deployed.expires_at <= now:
        text = f"the table expired on {deployed.expires_at:%Y-%m-%d}: measure anew, then decide again"
        found.append(Finding("", "expired", None, text))
    today = {route.task: route for route in decided.routes}
    measured = {(row.task, row.model): row for row in standings}
    for route in deployed.routes:
        if route.model is None:
            continue
        bad = _settings(measured.get((route.task, route.model)), models)
        bad = bad or _regressed(route, route.model, today.get(route.task))
        if bad:
            found.append(Finding(route.task, bad[0], route.model, bad[1]))
    return tuple(found)


def _settings(measured: Standing | None, models: Mapping[str, Model]) -> tuple[str, str] | None:
    """Whether the model was never measured on the task as it is configured now."""
    if measured is None or measured.model not in models:
        return None
    if measured.settings_hash == models[measured.model].settings_hash:
        return None
    when = f", last on {measured.measured_to:%Y-%m-%d}" if measured.measured_to else ""
    return "not measured", f"its settings are new: what is measured is an older setting{when}"


def _regressed(deployed: Route, model: str, today: Route | None) -> tuple[str, str] | None:
    """What speaks against a deployed route today, as its kind and in words; None = nothing."""
    if today is None:
        return "not measured", "nothing is measured of the task any more"
    if today.model == model:
        return _weaker(deployed, today)
    why = next((entry for entry in today.why_not if entry.model == model), None)
    if why is None:
        return "not measured", "it is neither measured nor configured any more"
    sure = RouteStatus.CERTIFIED in (deployed.status, today.status)
    if why.reason == "not shown non-inferior" and not sure:
        return None
    if why.reason in REGRESSED:
        kind = KINDS.get(why.reason, why.reason)
        return kind, f"{REGRESSED[why.reason]}: {why.text}{_instead(today)}"
    return "cheaper", f"{today.model} is certified and cheaper: {today.why}{_figures(deployed, today)}"


def _weaker(deployed: Route, today: Route) -> tuple[str, str] | None:
    """The same model is routed, less surely or at an unknown cost."""
    if deployed.cost_per_1k_usd is not None and today.cost_per_1k_usd is None:
        was = usd(deployed.cost_per_1k_usd)
        return "unpriced", f"its cost is unknown now; it was {was} for 1,000 requests"
    if deployed.status is RouteStatus.CERTIFIED and today.status is not RouteStatus.CERTIFIED:
        return "not certified", f"it was certified and is {today.status.value} now: {today.why}"
    return None


def _instead(today: Route) -> str:
    return (
        f"; today's route is {today.model} ({today.status.value})" if today.model else "; there is no route"
    )


def _figures(deployed: Route, today: Route) -> str:
    """What a change would bring, with its n and interval."""
    parts = []
    if today.score is not None and today.low is not None and today.high is not None:
        parts.append(f"score {score(today.score)} [{score(today.low)}, {score(today.high)}], n {today.n:,}")
    if today.cost_per_1k_usd is not None and deployed.cost_per_1k_usd is not None:
        old, new = usd(deployed.cost_per_1k_usd), usd(today.cost_per_1k_usd)
        parts.append(f"{new} for 1,000 requests in place of {old}")
    itself = today.baseline_model == today.model
    if (
        not itself
        and today.saving is not None
        and today.saving_low is not None
        and today.saving_high is not None
    ):
        low, high = share(today.saving_low), share(today.saving_high)
        parts.append(f"saving {share(today.saving)} [{low}, {high}] against {today.baseline_model}")
    return f" ({'; '.join(parts)})" if parts else ""
