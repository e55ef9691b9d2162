"""The page "What the routes save": what if, both baselines, the way from one cost to the other."""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from whichmodel.analyse.economics.approaches import Approach
from whichmodel.analyse.economics.figures import Figure
from whichmodel.analyse.economics.savings import Against, Sum
from whichmodel.analyse.economics.whatif import WhatIf
from whichmodel.domain import Organisation
from whichmodel.leaderboard import address, elements, frame
from whichmodel.leaderboard.elements import Card, Column, Line, TableCell, TableRow
from whichmodel.leaderboard.evidence import kept_few
from whichmodel.views import words
from whichmodel.views.board import View
from whichmodel.views.savings import quick, waterfall
from whichmodel.views.savings import words as figures
from whichmodel.views.savings.account import SINGLE, Account
from whichmodel.views.savings.basis import has_workloads
from whichmodel.views.savings.headlines import BEST, TODAY, chosen
from whichmodel.views.savings.notes import break_evens, notes
from whichmodel.views.savings.priced import Priced
from whichmodel.views.source import Source

BASELINES = {"single": BEST, "today": TODAY}
STEPS = {"task": "By task", "part": "By part"}
Changes = tuple[float | None, float | None, str | None, str | None]
"""Factor on the volume, floor, USD a review, USD an error; None = as bench.yaml has it."""
UNCHANGED: Changes = (None, None, None, None)


def page() -> None:
    """The page."""
    frame.show("What the routes save", _body)


def _body(source: Source, view: View) -> None:
    has_workloads(view.organisation, source.config.path)
    changes = _what_if(view.organisation)
    with st.spinner("Working it out ...", show_time=False):
        found = _account(source, view, changes) if changes != UNCHANGED else _unchanged(source, view)
    _answer(found, _change(changes))
    _way(found)
    _tasks(view, found)
    _approaches(found)
    _small_print(found)


@kept_few
def _priced(source: Source, view: View) -> Priced:
    return quick.read(source, view)


@kept_few
def _account(source: Source, view: View, changes: Changes) -> Account:
    return quick.accounted(source, view, _change(changes), _priced(source, view), _unchanged(source, view))


@kept_few
def _unchanged(source: Source, view: View) -> Account:
    return quick.accounted(source, view, WhatIf(), _priced(source, view))


def _change(changes: Changes) -> WhatIf:
    times, floor, review, error = changes
    return WhatIf(
        times=times,
        floor=floor,
        review_usd=None if review is None else Decimal(review),
        error_usd=None if error is None else Decimal(error),
    )


def _what_if(organisation: Organisation) -> Changes:
    """The controls; a figure that is as bench.yaml has it is no change."""
    elements.prose("asked", Line(("What if?", "Nothing is written, and no model is asked."), "muted"))
    volume, floor, review, error = st.columns(4)
    floor_now, review_now, error_now = (
        float(amount or 0)
        for amount in (organisation.floor, organisation.review_cost_usd, organisation.error_cost_usd)
    )
    with volume:
        times = address.number(
            "volume", "Times the volume", 1.0, low=0.0, high=1000.0, step=0.5, help="Of every task."
        )
    with floor:
        lowest = address.number(
            "floor",
            "Floor of every task",
            floor_now,
            low=0.0,
            high=1.0,
            step=0.05,
            help=f"Lowest mean score. At {floor_now:g} as bench.yaml has it, task by task.",
        )
    with review:
        per_review = address.number(
            "review",
            "$ a review",
            review_now,
            low=0.0,
            high=10_000.0,
            step=0.5,
            help="A person's look at an answer that was refused, cut off or cannot be read."
            + ("" if organisation.review_cost_usd is not None else " 0 = unknown, and in no total."),
        )
    with error:
        per_error = address.number(
            "error",
            "$ an unnoticed error",
            error_now,
            low=0.0,
            high=100_000.0,
            step=0.5,
            help="A wrong answer that nobody sees."
            + ("" if organisation.error_cost_usd is not None else " 0 = unknown, and in no total."),
        )
    return (
        None if times == 1 else times,
        None if lowest == floor_now else lowest,
        None if per_review == review_now else f"{per_review:g}",
        None if per_error == error_now else f"{per_error:g}",
    )


def _answer(found: Account, change: WhatIf) -> None:
    asked = [Line(f"What if: {'; '.join(change.said())}.", "note")] if change.said() else []
    held = "Totals hold calls" + "".join(f", {part}" for part in found.priced)
    elements.prose("what_if", *asked, Line(f"USD a month. {held}.", "muted"))
    whole = bool(found.priced)
    cards = [card for key in BASELINES for card in _cards(found, key, whole=whole)]
    elements.cards("saved", cards)


def _against(found: Account, key: str) -> Against | None:
    return found.single if key == "single" else found.incumbent


def _cards(found: Account, key: str, *, whole: bool) -> list[Card]:
    name, against = BASELINES[key], _against(found, key)
    label = f"Saved against {name}"
    if against is None:
        absent = (
            "no model that is allowed was measured on all tasks"
            if key == "single"
            else "unknown: no workload names one; add `incumbent: provider/model` to it in bench.yaml"
        )
        return [Card(label, words.DASH, absent)]
    routes = _money_card(label, against.routes, whole=whole, lead="")
    floors = _money_card(
        "Only routes shown to keep quality", against.floors, whole=whole, lead=f"against {name}; "
    )
    return [routes, floors]


def _money_card(label: str, one: Sum, *, whole: bool, lead: str) -> Card:
    money = one.saved_in_total if whole else one.saved
    if money is None:
        why = "; ".join(one.unknown) or "no task in it"
        return Card(label, "unknown", f"{lead}{why}")
    sure = figures.sureness(money)
    detail = [
        f"{lead}95% {figures.interval(money)}" + (f", {sure}" if sure else ""),
        f"{figures.in_points(one.score)} points of quality" if one.score else "quality unknown",
        f"{len(one.moved)} of {words.count(len(one.tasks), 'task')} moved",
        f"n {money.n:,} items",
        *([f"{words.count(len(one.unknown), 'task')} unknown, in no sum"] if one.unknown else []),
    ]
    return Card(label, figures.saved(money), " · ".join(detail), "good" if money.low > 0 else "")


def _way(found: Account) -> None:
    st.header("From one cost to the other", anchor=False)
    left, right = st.columns(2)
    there = [key for key in BASELINES if _against(found, key)]
    if not there:
        elements.prose("no_way", Line("There is no baseline to set the routes against.", "note"))
        return
    with left:
        key = address.segments("from", "From", there, title=lambda key: BASELINES[key])
    with right:
        by = address.segments("steps", "Steps", list(STEPS), title=lambda by: STEPS[by])
    against = _against(found, key)
    assert against is not None
    make = waterfall.by_task if by == "task" else waterfall.by_part
    steps = make(against, BASELINES[key], whole=bool(found.priced))
    if steps:
        st.altair_chart(
            waterfall.chart(steps, dark=st.context.theme.type == "dark"),
            width="stretch",
            key="waterfall",
            alt=f"From {steps[0].label}, {figures.dollars(steps[0].usd)} a month, to the routes, "
            f"{figures.dollars(steps[-1].usd)}: "
            + "; ".join(f"{s.label} {figures.dollars(s.usd, plus=True)}" for s in steps[1:-1]),
        )
    unknown = [one.unknown for one in against.changes if one.unknown]
    lines = [Line(f"The routes as they stand against {BASELINES[key]}.", "muted")]
    if key == "single":
        lines.append(Line(f"{words.sentence(chosen(found.singles))}", "muted"))
    if unknown:
        lines.append(Line(("Unknown, and in no step.", words.sentence("; ".join(unknown))), "note"))
    if against.stay:
        stay = ", ".join(f"{task} ({why})" for task, why in against.stay.items())
        lines.append(Line(("Not shown to keep quality.", words.sentence(stay)), "muted"))
    elements.prose("way_words", *lines)


TASKS = (
    Column("Task", width="18%"),
    Column("Route", width="18%", wide=True),
    Column("Saved against the best single model", end=True),
    Column("Quality against it", end=True),
    Column("Saved against today's model", end=True),
    Column("Quality against it", end=True),
)


def _tasks(view: View, found: Account) -> None:
    st.header("Task by task", anchor=False)
    whole = bool(found.priced)
    rows = []
    for demand in found.basis.demands:
        head = TableCell(view.title(demand.task), f"{demand.requests:,} requests a month")
        kind = "held out" if demand.held else "in-sample"
        route = TableCell(demand.route or "no route", f"{demand.status}, {kind}", strong=bool(demand.route))
        cells = [
            cell for key in BASELINES for cell in _pair(_against(found, key), demand.task, key, whole=whole)
        ]
        rows.append(TableRow((head, route, *cells)))
    elements.table("by_task", "What each task saves a month", TASKS, rows)
    basis = found.basis
    lines = []
    if basis.no_workload:
        lines.append(Line(("Measured, without a workload:", f"{', '.join(basis.no_workload)}."), "muted"))
    if basis.not_measured:
        lines.append(Line(("A workload, but not measured:", f"{', '.join(basis.not_measured)}."), "note"))
    if lines:
        elements.prose("not_counted", *lines)
    if basis.not_measured:
        st.code(f"bench run --tasks {','.join(basis.not_measured)}", language=None)


def _pair(against: Against | None, task: str, key: str, *, whole: bool) -> tuple[TableCell, TableCell]:
    changes = against.changes if against else ()
    one = next((change for change in changes if change.demand.task == task), None)
    if one is None:
        missing = "no single model" if key == "single" else "none is named"
        return TableCell(words.DASH, missing), TableCell(words.DASH)
    quality = TableCell(words.DASH)
    if one.score:
        change, _, interval = figures.in_points(one.score).partition(" ")
        quality = TableCell(f"{change} points", f"{interval} · n {one.n:,}")
    money = one.saved_in_total if whole else one.saved
    if money is None:
        return TableCell("unknown", one.unknown), quality
    if one.model == one.baseline:
        return TableCell(figures.dollars(money.value), "the same model"), quality
    mark = waterfall.SHAPES[waterfall.Way.DEARER if money.value < 0 else waterfall.Way.CHEAPER]
    detail = f"95% {figures.interval(money)} · {one.baseline}"
    return TableCell(figures.saved(money), detail, mark=mark), quality


def _approaches(found: Account) -> None:
    if not found.approaches:
        return
    st.header("Approaches side by side", anchor=False)
    columns = (
        Column("Approach", width="24%"),
        Column("Calls, $ per 1,000", end=True),
        Column("Score", end=True),
        Column("Reviewed", end=True),
        Column("In total, $ per 1,000", end=True),
    )
    rows = [TableRow(_approach(one)) for one in found.approaches]
    n = found.approaches[0].score.n
    elements.table("approaches", f"Each way of serving all tasks, over the same {n:,} items", columns, rows)


def _approach(one: Approach) -> tuple[TableCell, ...]:
    models = sorted(set(one.models.values()))
    shown = ", ".join(models[:3]) + (f" and {len(models) - 3} more" if len(models) > 3 else "")
    trained = f"; training {figures.dollars(one.fixed_usd * 1000)} per 1,000" if one.fixed_usd else ""
    return (
        TableCell(one.name, f"{shown}{trained}" + (f"; {one.unknown}" if one.unknown else "")),
        _thousand(one.spend_usd, one.spend_difference),
        TableCell(
            f"{one.score.value:.3f}",
            f"{words.span(one.score.low, one.score.high)} · n {one.score.n:,}"
            + (
                "" if one.score_difference is None else f" · {figures.in_points(one.score_difference)} points"
            ),
        ),
        TableCell(f"{one.review.value:.1%}", f"{one.review.low:.1%} to {one.review.high:.1%}"),
        _thousand(one.total_usd, one.total_difference),
    )


def _thousand(cost: Figure | None, difference: Figure | None) -> TableCell:
    if cost is None:
        return TableCell("unknown")
    each = cost.times(1000)
    if difference is None:
        return TableCell(figures.dollars(each.value), figures.interval(each))
    step = difference.times(1000)
    less = f"{figures.dollars(step.value, plus=True)} ({figures.interval(step)}) against the {SINGLE}"
    return TableCell(figures.dollars(each.value), f"{figures.interval(each)} · {less}")


def _small_print(found: Account) -> None:
    lines = [figures.signs(line.strip()) for line in break_evens(found)]
    if lines:
        st.header("Break-evens", anchor=False)
        elements.prose("break_evens", *(Line(line) for line in lines))
    st.header("What these figures are", anchor=False)
    elements.prose("notes", *(Line(figures.signs(line), "muted") for line in notes(found)))
