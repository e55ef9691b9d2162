"""The page "What changed": models, routes, scores and prices since a run, a release or the stored table."""

from __future__ import annotations

import streamlit as st

from whichmodel.domain import Route, RoutingTable
from whichmodel.errors import BenchError
from whichmodel.export.stored import file, stored
from whichmodel.leaderboard import address, elements, frame, timeline
from whichmodel.leaderboard.elements import Card, Column, Line, TableCell, TableRow
from whichmodel.leaderboard.evidence import as_of, kept
from whichmodel.store import Brought, Panel, Run
from whichmodel.views import changes as views
from whichmodel.views import commands, words
from whichmodel.views.board import View
from whichmodel.views.changes import Changes, Flip
from whichmodel.views.source import Source, changed

TABLE = "table"
"""Since the stored routing table was decided."""


def page() -> None:
    """The page."""
    frame.show("What changed", _body, without_scores=True)


def _body(source: Source, view: View) -> None:
    runs = views.measuring(source, view)
    if len(runs) < 2:
        elements.prose("alone", Line("There is one run only, and nothing to compare it with yet. Run again:"))
        tasks = {standing.task for standing in view.standings}
        st.code(commands.again(tasks, simulated=view.simulated), language=None, wrap_lines=True)
    else:
        _since(source, view, runs)
    timeline.section(source, view)


def _since(source: Source, view: View, runs: tuple[Run, ...]) -> None:
    rows = brought(source, view.panel)
    releases = views.before_release(runs, rows)
    earlier = [run.run_id for run in reversed(runs[:-1])]
    last = _last(source, view)
    table = views.before_table(runs[:-1], last) if last else None
    options = [*earlier, *([TABLE] if table else []), *releases]
    titles = {run.run_id: f"Run of {run.started_at:%d %b %Y %H:%M} UTC · {run.run_id}" for run in runs}
    titles |= {model: f"Before {model} appeared" for model in releases}
    if last:
        titles[TABLE] = f"The stored table of {last.created_at:%d %b %Y %H:%M} UTC"
    since = address.selectbox("since", "Since", options, title=lambda option: titles[option])
    run = (table or "") if since == TABLE else releases.get(since, since)
    with st.spinner("Deciding as of both runs ...", show_time=False):
        found = _changes(
            source,
            view.organisation.name,
            view.panel,
            view.until_run,
            view.rule,
            run,
            since == TABLE,
            changed(file(source.results, view.organisation.name)),
            view,
        )
    _show(view, found)


def _last(source: Source, view: View) -> RoutingTable | None:
    """The stored table, where the view was decided with it as the last one."""
    if view.until_run is not None or not file(source.results, view.organisation.name).is_file():
        return None
    try:
        table = stored(source.results, view.organisation.name)
    except BenchError:
        return None
    return table if table.simulated == view.simulated else None


@kept
def brought(source: Source, panel: Panel) -> tuple[Brought, ...]:
    """What each run brought."""
    return source.reader.brought(panel)


@kept
def _changes(
    source: Source,
    organisation: str,
    panel: Panel,
    until_run: str | None,
    rule: str,
    since: str,
    by_table: bool,
    last_table: int,
    _view: View,
) -> Changes:
    last = _last(source, _view) if by_table else None
    return views.changes(source, as_of(source, _view, since), _view, brought(source, panel), last=last)


def _show(view: View, found: Changes) -> None:
    confirmed = [flip for flip in found.flips if flip.kind == "confirmed"]
    pending = [flip for flip in found.flips if flip.kind == "pending"]
    elements.cards(
        "figures",
        [
            Card("New models", str(len(found.new)), "first asked since"),
            Card("Routes changed", str(len(confirmed)), _of(found)),
            Card("Routes pending", str(len(pending)), "a cheaper model waits for another run"),
            _scores_card(found),
        ],
    )
    between = (
        f"{words.count(found.runs, 'run')} since {found.since.run_id}, the last one {found.until.run_id}."
    )
    how = "Routes are decided anew after each run, each with the one before as the last table."
    elements.prose("between", Line(f"{between} {how}", "muted"))
    if found.nothing:
        elements.prose(
            "nothing", Line("Nothing changed: every route stays, and no score moved beyond noise.")
        )
    _flips(view, found)
    _models(view, found)
    _scores(view, found)
    _prices(found)


def _of(found: Changes) -> str:
    unproven = sum(flip.kind == "unproven" for flip in found.flips)
    more = f"; {unproven} more changed unproven" if unproven else ""
    return f"of {words.count(len(found.flips) + found.stay, 'task')}, confirmed{more}"


def _scores_card(found: Changes) -> Card:
    label = "Scores changed"
    if not found.compared:
        return Card(label, words.DASH, "no items were asked again")
    return Card(label, str(len(found.scores)), f"beyond noise, of {found.compared:,} compared")


KINDS = {
    "confirmed": ("●", "confirmed"),
    "unproven": ("○", "changed, unproven"),
    "pending": ("◔", "pending"),
    "new task": ("+", "new task"),
    "gone": ("✕", "not decided any more"),
}
FLIPS = (
    Column("Task", width="16%"),
    Column("Change", width="14%"),
    Column("Then", width="19%"),
    Column("Now", width="19%"),
    Column("Why", width="32%", wide=True),
)


def _flips(view: View, found: Changes) -> None:
    st.header("Routes", anchor=False)
    if found.flips:
        rows = [TableRow(_flip(view, flip)) for flip in found.flips]
        elements.table("flips", "Routes that changed or wait", FLIPS, rows)
    stay = "stays" if found.stay == 1 else "stay"
    elements.prose("stay", Line(f"{words.count(found.stay, 'route')} {stay}, with nobody waiting.", "muted"))
    if any(flip.kind == "pending" for flip in found.flips):
        tasks = {flip.task for flip in found.flips if flip.kind == "pending"}
        elements.prose("confirm", Line("Another run confirms what is pending, or does not:"))
        st.code(commands.again(tasks, simulated=view.simulated), language=None, wrap_lines=True)


def _flip(view: View, flip: Flip) -> tuple[TableCell, ...]:
    shape, word = KINDS[flip.kind]
    detail = ""
    after = _side(flip.after)
    why = flip.after.why if flip.after else "it is measured no more"
    if flip.kind == "unproven":
        detail = "neither is certified: it may be chance"
    if flip.kind == "pending" and flip.after:
        runs = len(flip.after.challenger_runs)
        detail = f"cheaper in {runs} of {view.organisation.rule.switch.runs} runs"
        after = TableCell(f"{flip.after.challenger}", "waits; not routed yet", mark="○")
        waits = next((e.text for e in flip.after.why_not if e.model == flip.after.challenger), "")
        why = waits or why
    return (
        TableCell(view.title(flip.task)),
        TableCell(word, detail, mark=shape),
        _side(flip.before),
        after,
        TableCell(words.sentence(why)),
    )


def _side(route: Route | None) -> TableCell:
    if route is None:
        return TableCell(words.DASH)
    if route.model is None:
        return TableCell("no route")
    figures = (
        f"{words.score(route.score)} · n {route.n or 0:,} · {words.usd(route.cost_per_1k_usd)} per 1,000"
    )
    return TableCell(route.model, figures, mark="★", strong=True)


NEW = (
    Column("Model", width="28%"),
    Column("First asked by", width="22%"),
    Column("Tasks measured", end=True),
    Column("Took the route of", width="22%", wide=True),
    Column("Waits on", width="18%", wide=True),
)
OTHER = (Column("Model", width="26%"), Column("What", width="22%"), Column("How", width="52%", wide=True))


def _models(view: View, found: Changes) -> None:
    if found.new:
        st.header("New models", anchor=False)
        rows = [
            TableRow(
                (
                    TableCell(new.model),
                    TableCell(new.run_id),
                    TableCell(str(new.tasks)),
                    TableCell(_titles(view, new.routed), mark="★" if new.routed else ""),
                    TableCell(_titles(view, new.waits), mark="◔" if new.waits else ""),
                )
            )
            for new in found.new
        ]
        elements.table("new", "Models that were asked for the first time", NEW, rows)
    if found.other:
        st.header("Models that are not what they were", anchor=False)
        rows = [
            TableRow((TableCell(other.model), TableCell(other.kind, mark="◇"), TableCell(other.text)))
            for other in found.other
        ]
        elements.table("other", "Models that are not what they were", OTHER, rows)


def _titles(view: View, tasks: tuple[str, ...]) -> str:
    return ", ".join(view.title(task) for task in tasks) or words.DASH


SCORES = (
    Column("Model", width="28%"),
    Column("Task", width="26%"),
    Column("Then", end=True),
    Column("Now", end=True),
    Column("Change", end=True),
)
MOST_SCORES = 50


def _scores(view: View, found: Changes) -> None:
    st.header("Scores", anchor=False)
    lines = []
    if found.compared:
        noise = found.compared - len(found.scores)
        lines.append(
            f"{found.compared:,} pairs of model and task have items asked both times; {noise:,} moved no "
            "further than chance (5% false discoveries)."
        )
    if found.incomparable:
        lines.append(f"{found.incomparable:,} were asked other items only: not comparable.")
    if not lines:
        lines.append("Nothing was asked again, so no score can be compared.")
    elements.prose("scores_head", *(Line(line, "muted") for line in lines))
    if found.scores:
        rows = [
            TableRow(
                (
                    TableCell(one.model),
                    TableCell(view.title(one.task)),
                    TableCell(words.score(one.then)),
                    TableCell(words.score(one.now)),
                    TableCell(
                        words.signed(one.difference.mean),
                        f"{words.signed(one.difference.low)} to {words.signed(one.difference.high)} · "
                        f"{one.difference.n:,} items",
                        mark="▲" if one.difference.mean > 0 else "▼",
                    ),
                )
            )
            for one in found.scores[:MOST_SCORES]
        ]
        elements.table("scores", "Scores that changed beyond noise", SCORES, rows)
        if len(found.scores) > MOST_SCORES:
            elements.prose(
                "more_scores", Line(f"The {MOST_SCORES} largest of {len(found.scores):,}.", "muted")
            )


PRICES = (
    Column("Model", width="26%"),
    Column("Then", width="28%", wide=True),
    Column("Now", width="28%", wide=True),
    Column("Same items", end=True),
)


def _prices(found: Changes) -> None:
    if not found.prices:
        return
    st.header("Prices", anchor=False)
    rows = [
        TableRow(
            (
                TableCell(one.model),
                TableCell(one.then),
                TableCell(one.now),
                TableCell(
                    words.saving(1 - one.ratio) if one.ratio is not None else "not comparable",
                    f"{one.n:,} items" if one.n else "",
                ),
            )
        )
        for one in found.prices
    ]
    elements.table("prices", "Prices that changed", PRICES, rows)
