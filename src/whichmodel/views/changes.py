"""What changed for an organisation between two runs: models, routes, scores and prices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from whichmodel.analyse.again import ScoreChange, score_changes
from whichmodel.domain import Model, Route, RouteStatus, RoutingTable, served_otherwise
from whichmodel.errors import UnknownName
from whichmodel.pricing.public import tiers
from whichmodel.store import MARK, Again, Brought, Run
from whichmodel.views.board import View, panel_runs
from whichmodel.views.replayed import replay
from whichmodel.views.source import Source

PUBLIC = "genai-prices"
"""How the source of a public price begins."""
Kind = Literal["confirmed", "unproven", "pending", "new task", "gone"]


@dataclass(frozen=True, slots=True)
class Flip:
    """A task whose route changed, or may change."""

    task: str
    kind: Kind
    """confirmed: another model is routed, or none any more. unproven: the same, neither of them certified, so
    that it may be chance. pending: a cheaper one waits for another run."""
    before: Route | None
    """None = the task had no route decided then."""
    after: Route | None
    """None = the task is not decided any more."""


@dataclass(frozen=True, slots=True)
class NewModel:
    """A model that was asked for the first time since."""

    model: str
    run_id: str
    """The run that asked it first."""
    tasks: int
    """Tasks on which it has a score."""
    routed: tuple[str, ...]
    """Tasks that are routed to it."""
    waits: tuple[str, ...]
    """Tasks on which it waits to be confirmed."""


@dataclass(frozen=True, slots=True)
class OtherModel:
    """A model that is not what it was."""

    model: str
    kind: Literal["another model serves", "another version serves", "other settings", "not configured"]
    text: str


@dataclass(frozen=True, slots=True)
class PriceChange:
    """A model that is priced otherwise than it was, or whose same requests cost otherwise."""

    model: str
    then: str
    """Source and date of the price. "unknown" = there was none."""
    now: str
    ratio: float | None
    """What the items asked twice cost now over what they cost then. None = none was, or a cost is unknown."""
    n: int
    """Answers that the ratio is over."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Between the end of one run and of another."""

    since: Run
    until: Run
    runs: int
    """Runs in between, the last among them."""
    flips: tuple[Flip, ...]
    stay: int
    """Tasks whose route stays, with nobody waiting."""
    new: tuple[NewModel, ...]
    other: tuple[OtherModel, ...]
    compared: int
    """Models x tasks with items asked both times."""
    scores: tuple[ScoreChange, ...]
    """Changes that are more than chance."""
    incomparable: int
    """Models x tasks that were asked other items only."""
    prices: tuple[PriceChange, ...]

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to tell."""
        return not (self.flips or self.new or self.other or self.scores or self.prices)


def measuring(source: Source, view: View) -> tuple[Run, ...]:
    """The runs that count in a view, canaries left out, in the order of time."""
    runs = [run for run in reversed(panel_runs(source, view.panel)) if not run.run_id.endswith(MARK)]
    if view.until_run is None:
        return tuple(runs)
    known = [run.run_id for run in runs]
    return tuple(runs[: known.index(view.until_run) + 1]) if view.until_run in known else ()


def before_release(runs: Sequence[Run], rows: Sequence[Brought]) -> dict[str, str]:
    """Model -> the run before the one that asked it first; without those of the first run."""
    places = {run.run_id: place for place, run in enumerate(runs)}
    found: dict[str, int] = {}
    for row in rows:
        if row.run_id in places:
            found[row.model] = min(found.get(row.model, len(runs)), places[row.run_id])
    return {model: runs[place - 1].run_id for model, place in sorted(found.items()) if place > 0}


def before_table(runs: Sequence[Run], table: RoutingTable) -> str | None:
    """The last run that a routing table rests on; None = none of these."""
    return next((run.run_id for run in reversed(runs) if run.run_id in table.run_ids), None)


def changes(
    source: Source, then: View, now: View, rows: Sequence[Brought], *, last: RoutingTable | None = None
) -> Changes:
    """What changed between two views of one organisation.

    then: as of the earlier run, without a last table. rows: `Reader.brought`. last: the table that stood
    then, where it is known; `now` was decided with it, and nothing is replayed. Raises UnknownName where
    `then` is of a run that does not come before that of `now`.
    """
    runs = measuring(source, now)
    ids = [run.run_id for run in runs]
    if then.until_run not in ids[:-1]:
        raise UnknownName.of("earlier run", str(then.until_run), ids[:-1])
    place = ids.index(then.until_run)
    before, after = ids[: place + 1], ids[place + 1 :]
    tasks = {run: frozenset(row.task for row in rows if row.run_id == run) for run in after}
    old = last or then.table
    table = now.table if last else replay(source, now.organisation, now.panel, old, after, tasks)
    flips, stay = _flips(old, table)
    again = source.reader.again(now.panel, before, after)
    scores = score_changes(again)
    early = [row for row in rows if row.run_id in set(before)]
    late = [row for row in rows if row.run_id in set(after)]
    return Changes(
        since=runs[place],
        until=runs[-1],
        runs=len(after),
        flips=flips,
        stay=stay,
        new=_new(now, table, early, late),
        other=_others(now, early, late),
        compared=len(scores),
        scores=tuple(change for change in scores if change.real),
        incomparable=sum(one.n == 0 for one in again if _is_old(one, early)),
        prices=_prices(now, (runs[place], runs[-1]), (early, late), again),
    )


def _flips(old: RoutingTable, new: RoutingTable) -> tuple[tuple[Flip, ...], int]:
    """Confirmed ones first, then those that wait; and how many stay."""
    before = {route.task: route for route in old.routes}
    after = {route.task: route for route in new.routes}
    found, stay = [], 0
    for task in (*after, *(task for task in before if task not in after)):
        kind = _kind(before.get(task), after.get(task))
        if kind is None:
            stay += 1
        else:
            found.append(Flip(task, kind, before.get(task), after.get(task)))
    order = ("confirmed", "unproven", "pending", "new task", "gone")
    return tuple(sorted(found, key=lambda flip: order.index(flip.kind))), stay


def _kind(before: Route | None, after: Route | None) -> Kind | None:
    if after is None:
        return "gone"
    if before is None:
        return "new task"
    if before.model != after.model:
        sure = RouteStatus.CERTIFIED in (before.status, after.status)
        return "confirmed" if sure or after.model is None else "unproven"
    return "pending" if after.challenger else None


def _new(
    now: View, table: RoutingTable, early: Sequence[Brought], late: Sequence[Brought]
) -> tuple[NewModel, ...]:
    known = {row.model for row in early}
    first = {row.model: row.run_id for row in reversed(late) if row.model not in known}
    return tuple(
        NewModel(
            model,
            run,
            sum(s.model == model and s.n > 0 for s in now.standings),
            tuple(route.task for route in table.routes if route.model == model),
            tuple(route.task for route in table.routes if route.challenger == model),
        )
        for model, run in sorted(first.items())
    )


def _others(now: View, early: Sequence[Brought], late: Sequence[Brought]) -> tuple[OtherModel, ...]:
    found = []
    for model in sorted({row.model for row in early}):
        then = [row for row in early if row.model == model]
        since = [row for row in late if row.model == model]
        if model not in now.models:
            text = "It is not in bench.yaml any more: its answers count, and no request goes to it."
            found.append(OtherModel(model, "not configured", text))
        elif since and not {row.settings_hash for row in since} & {row.settings_hash for row in then}:
            text = "It is asked with other settings: earlier answers are of another model."
            found.append(OtherModel(model, "other settings", text))
        elif other := _served(model, then, since):
            found.append(other)
    return tuple(found)


def _served(model: str, then: Sequence[Brought], since: Sequence[Brought]) -> OtherModel | None:
    was = sorted({row.served_model for row in then if row.served_model})
    fresh = sorted({row.served_model for row in since if row.served_model} - set(was))
    if not was or not fresh:
        return None
    other = any(all(served_otherwise(old, name) for old in was) for name in fresh)
    text = f"Replies name {', '.join(fresh)}; before they named {', '.join(was)}."
    return OtherModel(model, "another model serves" if other else "another version serves", text)


def _is_old(one: Again, early: Sequence[Brought]) -> bool:
    return any((row.task, row.model) == (one.task, one.model) for row in early)


def _prices(
    now: View,
    ends: tuple[Run, Run],
    rows: tuple[Sequence[Brought], Sequence[Brought]],
    again: Sequence[Again],
) -> tuple[PriceChange, ...]:
    """By model, where the newest price differs; of the public list, where its rates differ."""
    then, since = _priced(rows[0]), _priced(rows[1])
    found = []
    for model in sorted(then.keys() & since.keys()):
        known = now.models.get(model)
        was, is_now = _named(then[model], known, ends[0]), _named(since[model], known, ends[1])
        if was != is_now:
            ratio, n = _cost_ratio([one for one in again if one.model == model and one.n])
            found.append(PriceChange(model, was, is_now, ratio, n))
    return tuple(found)


Priced = tuple[str | None, date | None]


def _priced(rows: Sequence[Brought]) -> Mapping[str, Priced]:
    """Model -> source and date of the price of its newest rows."""
    answered = [row for row in rows if row.failed < row.rows]
    newest = sorted(answered, key=lambda row: (row.price_date or date.min, row.first))
    return {row.model: (row.price_source, row.price_date) for row in newest}


def _named(price: Priced, model: Model | None, run: Run) -> str:
    source, dated = price
    if source is None:
        return "unknown"
    rates = tiers(model, run.started_at) if model and source.startswith(PUBLIC) else None
    if rates is None:
        return source if source.startswith(PUBLIC) else f"{source}{f', {dated}' if dated else ''}"
    return "; ".join(
        f"{PUBLIC}: ${rate.price.input_per_mtok} in, ${rate.price.output_per_mtok} out per million tokens"
        + (f" above {rate.above:,} input tokens" if rate.above >= 0 else "")
        for rate in rates
    )


def _cost_ratio(found: Sequence[Again]) -> tuple[float | None, int]:
    then = [one.cost_then_usd for one in found if one.cost_then_usd is not None]
    now = [one.cost_now_usd for one in found if one.cost_now_usd is not None]
    known = len(then) == len(now) == len(found)
    ratio = sum(now) / sum(then) if found and known and sum(then) else None
    return ratio, sum(one.n for one in found)
