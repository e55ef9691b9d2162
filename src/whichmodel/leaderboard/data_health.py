"""The page "Data health": what ails the measurements, and the command that mends each ill."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

import streamlit as st

from whichmodel.domain import Standing
from whichmodel.leaderboard import address, elements, frame
from whichmodel.leaderboard.elements import Card, Column, Line, TableCell, TableRow
from whichmodel.leaderboard.evidence import kept
from whichmodel.store import Panel
from whichmodel.views import spend, words
from whichmodel.views.board import View
from whichmodel.views.coverage import Coverage, Covered, Measured
from whichmodel.views.health import Health, Stored, health, read
from whichmodel.views.ills import Ill
from whichmodel.views.served import replies
from whichmodel.views.source import Source
from whichmodel.views.words import count

ROWS = 40
"""Rows of a table; the rest is counted below it."""
NAMES = 4
"""Names listed in a cell."""
SHAPES = {
    Measured.WHOLE: "●",
    Measured.PART: "◐",
    Measured.RACED: "◑",
    Measured.FAILED: "✕",
    Measured.NOT_RUN: words.DASH,
    Measured.POLICY: "⊘",
    Measured.CANNOT: "○",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What the filters leave."""

    tasks: frozenset[str]
    only_ills: bool


def page() -> None:
    """The page."""
    frame.show("Data health", _body, without_scores=True)


def _body(source: Source, view: View) -> None:
    found = health(view, _stored(source, view.panel, view.until_run), now=datetime.now(UTC))
    _figures(view, found)
    shown = _filters(view)
    _ills(found, shown)
    _coverage(view, found.coverage, shown)
    _failures(found, shown)
    _formats(view, found, shown)
    _ages(view, found, shown)
    _spend(view, found)
    _others(found, shown)


@kept
def _stored(source: Source, panel: Panel, until_run: str | None) -> Stored:
    return read(source, panel, until_run)


def _figures(view: View, found: Health) -> None:
    cells = found.coverage.fit
    whole = sum(cell.state is Measured.WHOLE for cell in cells)
    asked = sum(standing.planned for standing in view.standings)
    failed = sum(standing.failed for standing in view.standings)
    oldest = found.ages[0] if found.ages else None
    old = sum(age.stale for age in found.ages)
    paid = spend.total(found.spent)
    charged = "invented prices, nothing charged" if view.simulated else "answers and judges"
    unknown = paid.unknown + paid.judges_unknown
    elements.cards(
        "health",
        [
            Card(
                "Ills", str(len(found.ills)), "each with what mends it, below", "" if found.ills else "good"
            ),
            Card(
                "Measured in full",
                f"{whole} of {len(cells)}",
                f"{count(len(cells), 'pair')} of task and model",
            ),
            Card("Failed", f"{failed:,}", f"of {count(asked, 'asked item')}; they have no score"),
            Card(
                "Oldest",
                words.DASH if oldest is None else count(oldest.days, "day"),
                f"{old} older than the {view.organisation.rule.valid_days} days a table holds",
            ),
            Card(
                "Spent",
                words.usd(float(paid.usd)),
                charged + (f"; {count(unknown, 'cost')} unknown, in no sum" if unknown else ""),
            ),
        ],
    )


def _filters(view: View) -> Shown:
    categories = list(dict.fromkeys(route.category for route in view.routes))
    picked = address.pills("category", "Categories", categories)
    routes = [route for route in view.routes if not picked or route.category in picked]
    only = address.toggle("ills", "Only what is wrong")
    return Shown(frozenset(route.task for route in routes), only)


def _ills(found: Health, shown: Shown) -> None:
    st.header("What is wrong, and what mends it", anchor=False)
    ills = [
        ill for ill in found.ills if not ill.tasks or shown.tasks & set(ill.tasks) or not _ours(found, ill)
    ]
    if not ills:
        elements.prose("no_ills", Line("Nothing that this page knows of."))
    for number, ill in enumerate(ills[:ROWS]):
        _ill(number, ill)
    _more("ills_more", len(ills) - ROWS, "ill")


def _ours(found: Health, ill: Ill) -> bool:
    """Whether its tasks are among those measured, which the filters choose from."""
    return bool(set(found.coverage.tasks) & set(ill.tasks))


def _ill(number: int, ill: Ill) -> None:
    names = []
    if ill.tasks:
        names.append(f"Tasks: {_names(ill.tasks)}.")
    if ill.models:
        names.append(f"Models: {_names(ill.models)}.")
    elements.prose(
        f"ill_{number}",
        Line((f"{str(ill.kind).capitalize()}.", words.sentence(ill.what))),
        *([Line(" ".join(names), "muted")] if names else []),
        *([Line(ill.first, "muted")] if ill.first else []),
    )
    if ill.command:
        st.code(ill.command, language=None, wrap_lines=True)


def _coverage(view: View, found: Coverage, shown: Shown) -> None:
    st.header("Coverage", anchor=False)
    tasks = [task for task in found.tasks if task in shown.tasks]
    if shown.only_ills:
        tasks = [task for task in tasks if any(found.cells[task, model].ill for model in found.models)]
    models = [
        model
        for model in found.models
        if not shown.only_ills or any(found.cells[task, model].ill for task in tasks)
    ]
    if not tasks or not models:
        elements.prose("covered", Line("Every pair of task and model that can be asked was asked in full."))
        return
    columns = (
        Column("Task", width="16%"),
        Column("In full", end=True),
        Column("Not in full, with the reason", width="66%", wide=True),
    )
    rows = [TableRow(_covered(view, found, task, models)) for task in tasks]
    elements.table("coverage", "Items with a score of those asked, task by task", columns, rows)
    key = [
        f"{SHAPES[state]} {state}" for state in Measured if state in SHAPES and state is not Measured.WHOLE
    ]
    elements.prose("coverage_key", Line(" · ".join(key), "muted"))


def _covered(
    view: View, found: Coverage, task: str, models: Collection[str]
) -> tuple[TableCell, TableCell, TableCell]:
    pairs = (found.cells[task, model] for model in models)
    cells = [cell for cell in pairs if cell.state is not Measured.UNFIT]
    whole = [cell for cell in cells if cell.state is Measured.WHOLE]
    rest = sorted((cell for cell in cells if cell.state is not Measured.WHOLE), key=lambda cell: not cell.ill)
    most = max((cell.most for cell in cells), default=0)
    text = " · ".join(_short(cell) for cell in rest[:ROWS])
    return (
        TableCell(view.title(task), f"{most:,} items"),
        TableCell(f"{len(whole)} of {count(len(cells), 'model')}"),
        TableCell(text or "nothing is missing"),
    )


def _short(cell: Covered) -> str:
    return f"{SHAPES[cell.state]} {cell.model}: {cell.n:,} of {cell.most:,}, {cell.why}"


def _failures(found: Health, shown: Shown) -> None:
    causes = [cause for cause in found.causes if shown.tasks & set(cause.tasks)]
    if not causes:
        return
    st.header("Failures by cause", anchor=False)
    columns = (
        Column("Cause", width="18%"),
        Column("Cells", end=True),
        Column("For example", width="34%", wide=True),
        Column("Where", width="34%", wide=True),
    )
    rows = [
        TableRow(
            (
                TableCell(cause.error_class),
                TableCell(f"{cause.cells:,}"),
                TableCell(cause.example or words.DASH),
                TableCell(_names(cause.models), _names(cause.tasks)),
            )
        )
        for cause in causes[:ROWS]
    ]
    elements.table("causes", "Cells without a score, by the class of their last error", columns, rows)


def _formats(view: View, found: Health, shown: Shown) -> None:
    unread = [one for one in found.unparsed if one.task in shown.tasks and (one.many or not shown.only_ills)]
    if unread:
        st.header("Answers that could not be read", anchor=False)
        columns = (Column("Model", width="34%"), Column("Task"), Column("Not readable", end=True), Column(""))
        rows = [
            TableRow(
                (
                    TableCell(one.model),
                    TableCell(view.title(one.task)),
                    TableCell(f"{one.share:.1%}", f"95% {one.low:.1%} to {one.high:.1%} · n {one.n:,}"),
                    TableCell("many" if one.many else "few", mark="▲" if one.many else ""),
                )
            )
            for one in unread[:ROWS]
        ]
        elements.table("unparsed", "Share of scored answers, the largest first", columns, rows)
        _more("unparsed_more", len(unread) - ROWS, "pair")
    if unanswered := [one for one in found.unanswered if one.task in shown.tasks]:
        st.header("Refused and cut off", anchor=False)
        headings = (
            Column("Model", width="34%"),
            Column("Task"),
            Column("Refused", end=True),
            Column("Cut off", end=True),
            Column("Asked", end=True),
        )
        rows = [TableRow(_unanswered(view, one)) for one in unanswered[:ROWS]]
        elements.table("unanswered", "Answers that score 0 without an answer, most first", headings, rows)
        _more("unanswered_more", len(unanswered) - ROWS, "pair")


def _unanswered(view: View, one: Standing) -> tuple[TableCell, ...]:
    counts = one.refused, one.truncated, one.planned
    return TableCell(one.model), TableCell(view.title(one.task)), *(TableCell(f"{n:,}") for n in counts)


def _ages(view: View, found: Health, shown: Shown) -> None:
    ages = [age for age in found.ages if age.task in shown.tasks and (age.stale or not shown.only_ills)]
    if not ages:
        return
    st.header("Age", anchor=False)
    columns = (
        Column("Task", width="34%"),
        Column("Oldest", end=True),
        Column("Newest", end=True),
        Column("Old"),
    )
    rows = []
    for task in dict.fromkeys(age.task for age in ages):
        mine = [age for age in ages if age.task == task]
        stale = [age.model for age in mine if age.stale]
        rows.append(
            TableRow(
                (
                    TableCell(view.title(task)),
                    TableCell(count(mine[0].days, "day"), f"{mine[0].last:%d %b %Y} · {mine[0].model}"),
                    TableCell(count(mine[-1].days, "day"), f"{mine[-1].last:%d %b %Y} · {mine[-1].model}"),
                    TableCell(_names(stale) if stale else "none", mark="▲" if stale else ""),
                )
            )
        )
    valid = view.organisation.rule.valid_days
    elements.table("ages", f"When each task was measured last; old is over {valid} days", columns, rows)


SPEND = (
    Column("", width="30%"),
    Column("Answers", end=True),
    Column("For answers", end=True),
    Column("For judges", end=True),
    Column("Not paid again", end=True),
)


def _spend(view: View, found: Health) -> None:
    st.header("Spend", anchor=False)
    by = address.segments("by", "Spend by", ("model", "run"), title=lambda by: f"By {by}", hidden=True)
    rows = spend.by_model(found.spent) if by == "model" else spend.by_run(found.spent)
    listed = [spend.total(found.spent), *rows[:ROWS]]
    caption = "What was paid to measure, all organisations together"
    if view.simulated:
        caption += "; prices are invented, and nothing was charged"
    elements.table("spend", caption, SPEND, [TableRow(_spent(one)) for one in listed])
    _more("spend_more", len(rows) - ROWS, by)


def _spent(one: spend.Spend) -> tuple[TableCell, ...]:
    again = f"{one.canaries:,} asked again by canaries" if one.canaries else ""
    return (
        TableCell(one.name or "All together", again, strong=not one.name),
        TableCell(f"{one.answers:,}", f"{one.failed:,} failed" if one.failed else ""),
        _paid(float(one.answers_usd), one.unknown, one.answers),
        _paid(float(one.judges_usd), one.judges_unknown, one.answers),
        TableCell(f"{one.cached:,}" if one.cached else words.DASH, "out of the cache" if one.cached else ""),
    )


def _paid(usd: float, unknown: int, answers: int) -> TableCell:
    if unknown and unknown == answers:
        return TableCell("unknown", f"{unknown:,} answers")
    shown = words.usd(usd) if usd else "nothing"
    return TableCell(shown, f"{unknown:,} of unknown cost" if unknown else "")


def _others(found: Health, shown: Shown) -> None:
    """Prices, replies, clocks and races, where there is anything to tell."""
    rows = [
        *(
            ("No price", one.model, f"{one.why} ({count(one.items, 'item')})", one.tasks)
            for one in found.unpriced
        ),
        *(("Replied", one.model, replies(one), (one.task,)) for one in found.served),
        *(
            ("Late clock", one.model, f"{one.late:,} answers in no p50 and p95; n {one.n:,}", (one.task,))
            for one in found.late
        ),
        *(
            ("Open race", race.task, f"{race.look:,} of {count(len(race.items), 'item')}", (race.task,))
            for race in found.races
        ),
    ]
    rows = [row for row in rows if shown.tasks & set(row[3])]
    if not rows:
        return
    st.header("Prices, replies, clocks and races", anchor=False)
    columns = (
        Column("What", width="14%"),
        Column("Of", width="26%"),
        Column("Detail", width="38%", wide=True),
        Column("Tasks", width="22%", wide=True),
    )
    cells = [TableRow((*(TableCell(text) for text in row[:3]), TableCell(_names(row[3])))) for row in rows]
    elements.table("others", "What else figures rest on", columns, cells[:ROWS])
    _more("others_more", len(rows) - ROWS, "line")


def _names(names: Collection[str]) -> str:
    listed = list(names)
    more = len(listed) - NAMES
    return ", ".join(listed[:NAMES]) + (f" and {more} more" if more > 0 else "")


def _more(key: str, number: int, noun: str) -> None:
    if number > 0:
        elements.prose(key, Line(f"And {count(number, noun)} more.", "muted"))
