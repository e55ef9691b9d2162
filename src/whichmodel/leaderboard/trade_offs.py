"""The page "Quality, cost and speed"."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

import streamlit as st

from whichmodel.analyse.ranges import Ranges
from whichmodel.leaderboard import address, elements, frame, navigation
from whichmodel.leaderboard.elements import Bar, Column, Line, TableCell, TableRow
from whichmodel.leaderboard.evidence import kept
from whichmodel.store import Panel
from whichmodel.views import tradeoffs, tradeoffs_chart, tradeoffs_sheet, words
from whichmodel.views.board import View
from whichmodel.views.source import Source
from whichmodel.views.tradeoffs import Axis, Figure, Row, Timed, Tradeoffs
from whichmodel.views.tradeoffs_scales import draws_limit
from whichmodel.views.words import SHAPES, Mark

LEAVE = "trade-offs.leave"
"""Where the session keeps the model that was pressed, until the page leaves for Compare."""
AXES = {Axis.COST: "Cost", Axis.P95: "p95 latency", Axis.TTFT: "First token"}


def page() -> None:
    """The page."""
    frame.show("Quality, cost and speed", _body)


def _body(source: Source, view: View) -> None:
    task, axis, found = _choices(source, view)
    if other := st.session_state.pop(LEAVE, None):
        navigation.go("compare", a=str(found.route.model), b=other, task=task)
    elements.prose("pick", *_about_pick(found))
    _plot(found, axis)
    _lead_on(found)
    st.header("Every model of the task", anchor=False)
    elements.table(
        "models",
        f"Every model shown of {found.title}, best score first",
        COLUMNS,
        [TableRow(_cells(row, found, axis), row.mark is Mark.PICK) for row in found.rows],
        on_choose=_leave,
    )
    st.download_button(
        "Download these models (CSV)",
        data=tradeoffs_sheet.render(found).encode(),
        file_name=f"trade-offs-{task}-{view.organisation.name}.csv",
        mime="text/csv",
        on_click="ignore",
        icon=":material/download:",
    )


def _leave(model: str) -> None:
    st.session_state[LEAVE] = model


@kept
def _intervals(
    source: Source, panel: Panel, organisation: str, until_run: str | None, task: str
) -> Mapping[str, Ranges]:
    return tradeoffs.intervals(source, panel, organisation, until_run, task)


@kept
def _timed(source: Source, panel: Panel, until: datetime | None) -> Timed:
    return tradeoffs.timed(source, panel, until)


def _choices(source: Source, view: View) -> tuple[str, Axis, Tradeoffs]:
    """The filters, and what they leave."""
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    with left:
        task = address.selectbox("task", "Task", [route.task for route in view.routes], title=_title(view))
    with right:
        axis = Axis(
            address.segments("axis", "Quality against", tuple(Axis), title=lambda axis: AXES[Axis(axis)])
        )
    whole = tradeoffs.tradeoffs(
        view,
        task,
        _intervals(source, view.panel, view.organisation.name, view.until_run, task),
        _timed(source, view.panel, view.run.ended_at if view.until_run and view.run else None),
    )
    hosts = sorted({tradeoffs.hosting(view.models.get(s.model), s) for s in view.standings})
    vendors = sorted({standing.vendor for standing in view.standings})
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        vendor = address.pills("vendor", "Vendor", vendors) if len(vendors) > 1 else ()
        host = address.pills("hosting", "Hosted in", hosts) if len(hosts) > 1 else ()
        only = address.toggle("eligible", "Only what may be routed to")
    rows = tradeoffs.chosen(whole.rows, vendor, host, only_eligible=only)
    return task, axis, replace(whole, rows=rows)


def _title(view: View) -> Callable[[str], str]:
    categories = {route.task: route.category for route in view.routes}
    return lambda task: f"{view.title(task)} ({categories[task]})"


def _about_pick(found: Tradeoffs) -> list[Line]:
    """Who is picked and how sure that is; ties by name."""
    route = found.route
    status = words.state(route)
    head = f"{SHAPES[Mark.PICK]} {route.model}" if route.model else "No route"
    lines = [Line((head, f"{status.shape} {status.word}. {words.sentence(route.why)}"))]
    if route.ties:
        many = len(route.ties) > 1
        lines.append(
            Line(
                f"Tie: the cost of {', '.join(route.ties)} cannot be told from the pick's; "
                f"{'their rings are' if many else 'its ring is'} dashed.",
                "muted",
            )
        )
    return lines


def _plot(found: Tradeoffs, axis: Axis) -> None:
    shown = found.on(axis)
    if shown:
        st.altair_chart(
            tradeoffs_chart.chart(found, axis, dark=st.context.theme.type == "dark"),
            width="stretch",
            key="plot",
            alt=_alt(found, axis),
        )
    elif axis is Axis.TTFT:
        st.info("No time to first token is known of the models shown. This measures it, 30 calls a model:")
        st.code("bench latency", language=None)
    elif found.off(axis):
        st.info("No model shown has a place on this axis. What is priced, and by which price:")
        st.code("bench prices", language=None)
    elements.prose("reading", *_reading(found, axis))


def _alt(found: Tradeoffs, axis: Axis) -> str:
    best = ", ".join(place.model for place in found.frontier(axis)) or "nothing"
    return (
        f"Score against {AXES[axis].lower()} of {len(found.on(axis))} models on {found.title}, as in the "
        f"table below. Pick: {found.route.model or 'none'}. On the efficient frontier: {best}."
    )


def _reading(found: Tradeoffs, axis: Axis) -> list[Line]:
    """What the picture shows and what has no place on it."""
    lines = [Line(text, "muted") for text in _legend(found, axis)] if found.on(axis) else []
    off = found.off(axis)
    free = [row for row in off if row.figures[axis].value == 0]
    unknown = [row for row in off if row.figures[axis].value is None]
    what = {Axis.COST: "cost", Axis.P95: "p95", Axis.TTFT: "time to first token"}[axis]
    if free:
        lines.append(Line(("Free, so not on a logarithmic axis:", _listed(free))))
    if unknown and (found.on(axis) or axis is not Axis.TTFT):
        lines.append(Line((f"Not on the plot, {what} unknown:", _listed(unknown))))
    if scoreless := [row.model for row in found.rows if row.score is None]:
        lines.append(Line(("Without a score on this task:", f"{', '.join(scoreless)}."), "muted"))
    return lines


def _legend(found: Tradeoffs, axis: Axis) -> list[str]:
    parts = ["Ring: the pick."] if found.route.model else []
    if found.floor is not None:
        parts.append(f"Dashed line: the floor, {found.floor:g}.")
    if axis is Axis.P95 and found.p95_limit_s:
        drawn = draws_limit(found, axis)
        where = (
            "Dashed upright: the latency objective"
            if drawn
            else "Not drawn, as it is off the plot: the objective"
        )
        parts.append(f"{where}, p95 {words.seconds(found.p95_limit_s)}.")
    if found.frontier(axis):
        parts.append("Dotted: the efficient frontier by point estimates, through what may be routed to.")
        parts.append(_noise(found, axis))
    if tradeoffs_chart.numbered(found, axis):
        parts.append("A number is that of the table, where a name finds no room.")
    if axis is Axis.TTFT:
        parts.append(
            "Time to first token: median of the calls that bench latency timed, of a model and not of a task."
        )
    return [" ".join(filter(None, parts))]


def _noise(found: Tradeoffs, axis: Axis) -> str:
    """How much of the frontier the intervals bear out."""
    on_it, beaten = {place.model for place in found.frontier(axis)}, found.beaten(axis)
    off = [row.model for row in found.rows if row.eligible and row.figures[axis].value is not None]
    off = [model for model in off if model not in on_it]
    near = [model for model in off if model not in beaten]
    if not off:
        return ""
    if not near:
        return "All others that may be routed to are shown to be beaten in both."
    few = ", ".join(near) if len(near) <= 3 else f"{len(near)} of {len(off)} others"
    return f"Below it, but not shown to be beaten in both, as intervals overlap: {few}."


def _listed(rows: list[Row]) -> str:
    told = [
        f"{row.model} (score {words.score(row.score)}"
        + (f", {words.span(row.standing.low, row.standing.high)}" if row.standing else "")
        + ")"
        for row in rows
    ]
    return f"{', '.join(told)}."


COLUMNS = (
    Column("Model", width="20%"),
    Column("Score", width="17%"),
    Column("$ per 1,000", end=True),
    Column("p50", end=True),
    Column("p95", end=True),
    Column("First token", end=True),
    Column("Why, or why not", width="27%", wide=True),
)


def _cells(row: Row, found: Tradeoffs, axis: Axis) -> tuple[TableCell, ...]:
    standing = row.standing
    tags = [str(row.mark), *(["tie"] if row.tied else []), row.vendor, row.hosting]
    origin = words.origin(standing) if standing else ""
    name = TableCell(
        f"{row.number}. {row.model}",
        " · ".join(filter(None, (*dict.fromkeys(tags), origin))),
        mark=SHAPES[row.mark],
        action=row.model if standing and found.route.model not in (None, row.model) else "",
        hint="Compare it with the pick",
    )
    why = TableCell(row.why, " · ".join(filter(None, (row.reason, _standing_on(row, found, axis)))))
    if standing is None or not standing.planned:
        return (name, *[TableCell(words.DASH)] * 5, why)
    cost, p95, ttft = (row.figures[each] for each in Axis)
    bar = (
        Bar(standing.low, standing.score, standing.high)
        if standing.score is not None and standing.low is not None and standing.high is not None
        else None
    )
    over = f"{words.span(standing.low, standing.high)} · n {standing.n:,}"
    failed = f" · {standing.failed:,} failed" if standing.failed else ""
    return (
        name,
        TableCell(words.score(standing.score), over + failed, bar=bar),
        TableCell(words.usd(cost.value), _range(words.usd, cost)),
        TableCell(words.seconds(standing.p50_s)),
        TableCell(words.seconds(p95.value), _range(words.seconds, p95, count=True)),
        TableCell(
            words.DASH if ttft.n is None else words.seconds(ttft.value),
            "not timed" if ttft.n is None else _range(words.seconds, ttft, count=True),
        ),
        why,
    )


def _range(told: Callable[[float], str], figure: Figure, *, count: bool = False) -> str:
    """An interval and what it is over; an end that nothing bounds is open."""
    if figure.value is None:
        return f"n {figure.n:,}" if figure.n else ""
    parts = []
    if (figure.low, figure.high) != (None, None) and figure.value != 0:
        low = "?" if figure.low is None else told(figure.low)
        high = "?" if figure.high is None else told(figure.high)
        unit = " s" if high.endswith(" s") and low.endswith(" s") else ""
        parts.append(f"{low.removesuffix(unit)}–{high}")
    if count and figure.n:
        parts.append(f"n {figure.n:,}")
    return " · ".join(parts)


def _standing_on(row: Row, found: Tradeoffs, axis: Axis) -> str:
    if row.model in {place.model for place in found.frontier(axis)}:
        return "on the frontier"
    by = found.beaten(axis).get(row.model)
    return f"shown beaten by {by}" if by else ""


def _lead_on(found: Tradeoffs) -> None:
    """From a model to the page that sets it against the pick."""
    pick = found.route.model
    others = [row.model for row in found.rows if row.standing and row.model != pick]
    if not pick or not others:
        return
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    with left:
        model = address.selectbox("model", f"Set against {pick}", others)
    with right:
        if st.button("Compare the two", icon=":material/compare:"):
            navigation.go("compare", a=pick, b=model, task=found.task)
