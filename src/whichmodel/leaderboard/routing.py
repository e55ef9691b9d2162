"""The page "The routing table": who answers each task, why, what is deployed, and files for every gateway."""

from __future__ import annotations

import streamlit as st

from whichmodel.decide.words import about
from whichmodel.domain import AgreementPolicy, Route
from whichmodel.export.stored import file
from whichmodel.leaderboard import address, deployed, elements, frame, funnel, gateways
from whichmodel.leaderboard.elements import Bar, Column, Line, TableCell, TableRow
from whichmodel.leaderboard.evidence import kept
from whichmodel.store import Panel
from whichmodel.views import explained, sheet, words
from whichmodel.views.board import View
from whichmodel.views.explained import Why
from whichmodel.views.source import Source, changed
from whichmodel.views.words import SHAPES, Mark


def page() -> None:
    """The page."""
    frame.show("The routing table", _body)


def _body(source: Source, view: View) -> None:
    task = _table(view)
    _why(source, view, task)
    deployed.section(source, view)
    gateways.section(source, view)


ROUTES = (
    Column("Task", width="15%"),
    Column("Primary", width="18%", wide=True),
    Column("Fallbacks, in this order", width="19%", wide=True),
    Column("Status", width="13%"),
    Column("Evidence", width="19%"),
    Column("$ per 1,000", end=True),
    Column("p95", end=True),
)


def _table(view: View) -> str:
    tasks = [route.task for route in view.routes]
    chosen = address.current("task", tasks)
    rows = [TableRow(_cells(view, route), route.task == chosen) for route in view.routes]
    elements.table("routes", "Who answers each task", ROUTES, rows, on_choose=_choose_task)
    choice, download = st.columns([3, 1], vertical_alignment="bottom")
    with choice:
        task = address.selectbox("task", "Explain a task", tasks, title=view.title)
    with download:
        st.download_button(
            "This table (CSV)",
            data=sheet.routes(view).encode(),
            file_name=f"routing-{view.organisation.name}.csv",
            mime="text/csv",
            on_click="ignore",
            icon=":material/download:",
            width="stretch",
        )
    return task


def _choose_task(task: str) -> None:
    address.choose("task", task)


def _cells(view: View, route: Route) -> tuple[TableCell, ...]:
    standing = view.by_model(route.task).get(route.model or "")
    status = words.state(route)
    bar = None
    if route.score is not None and route.low is not None and route.high is not None:
        bar = Bar(route.low, route.score, route.high)
    cost = words.usd(route.cost_per_1k_usd) if route.model else words.DASH
    beside = [
        words.origin(standing) if standing else "",
        split(route),
        agreement(route.agreement) if route.agreement else "",
    ]
    return (
        TableCell(view.title(route.task), route.category, action=route.task, hint="Why this route"),
        TableCell(
            route.model or "no route",
            " · ".join(filter(None, beside)),
            mark=SHAPES[Mark.PICK] if route.model else "",
            strong=bool(route.model),
        ),
        TableCell(" · ".join(route.fallbacks) or words.DASH),
        TableCell(status.word, status.detail, mark=status.shape),
        TableCell(words.score(route.score), _evidence(route), bar=bar),
        TableCell(cost, _cost_range(route)),
        TableCell(words.seconds(route.p95_s) if route.model else words.DASH, _p95_range(route)),
    )


def _evidence(route: Route) -> str:
    if not route.n:
        return ""
    parts = [
        words.span(route.low, route.high),
        f"n {route.n:,} {words.FIGURES[route.figures]}",
        words.count(len(route.run_ids), "run"),
    ]
    return " · ".join(parts)


def _cost_range(route: Route) -> str:
    low, high = route.cost_low_per_1k_usd, route.cost_high_per_1k_usd
    return "" if low is None or high is None or low == high else f"{words.usd(low)}–{words.usd(high)}"


def _p95_range(route: Route) -> str:
    low, high = route.p95_low_s, route.p95_high_s
    return "" if low is None or high is None else f"{words.seconds(low)}–{words.seconds(high)}"


def split(route: Route) -> str:
    """Who gets which part of the requests while a new route is rolled out; "" = all go to the primary."""
    parts = [f"{part.share:.0%} {part.model}" for part in route.split]
    return f"split {' + '.join(parts)}" if parts else ""


def agreement(policy: AgreementPolicy) -> str:
    """The policy that the application runs before it asks the primary."""
    return f"first {policy.quorum} of {len(policy.models)} agree: {', '.join(policy.models)}"


@kept
def _explained(
    source: Source,
    panel: Panel,
    organisation: str,
    until_run: str | None,
    rule: str,
    task: str,
    last_table: int,
    _view: View,
) -> Why:
    return explained.why(source, _view, task)


def _why(source: Source, view: View, task: str) -> None:
    route, status = view.route(task), words.state(view.route(task))
    last_table = changed(file(source.results, view.organisation.name))
    found = _explained(
        source, view.panel, view.organisation.name, view.until_run, view.rule, task, last_table, view
    )
    title = f"Why {route.model} for {view.title(task)}" if route.model else f"No route for {view.title(task)}"
    with st.container(border=True, key="why"):
        elements.prose(
            "why_head",
            Line(title, "title"),
            Line(f"{status.shape} {status.word}. {words.sentence(route.why)}"),
            Line(words.margin(route), "muted"),
        )
        left, right = st.columns([5, 6], gap="large")
        with left:
            elements.prose("funnel_head", Line(("How many are left",)))
            funnel.show("funnel", f"How many models are left for {view.title(task)}", found.stages)
        with right:
            elements.prose("told", *_told(route, found))
            if lines := (*found.remedy, *([found.labels] if found.labels else [])):
                st.code("\n".join(lines), language=None, wrap_lines=True)


def _told(route: Route, found: Why) -> list[Line]:
    lines = [Line(("Nearly passed.", "One demand is missed, by little:" if found.near else _nobody(found)))]
    lines += [Line(("○", f"{near.model}: {near.text}."), "muted") for near in found.near]
    if route.ties:
        lines.append(Line(("A tie.", f"Its cost cannot be told from {', '.join(route.ties)}.")))
    if route.challenger:
        runs = words.count(len(route.challenger_runs), "run")
        text = f"{route.challenger} is cheaper in {runs} so far, and waits for another one to confirm it."
        lines.append(Line(("◔ Waiting.", text)))
    lines.append(Line(("Still open.", _open(route, found))))
    told = f"{found.items:,} items"
    if found.psi is not None:
        told += f"; models near the best disagree on {found.psi:.1%} of them"
    return [*lines, Line(("Bank.", f"{told}. Runs: {', '.join(route.run_ids)}."), "muted")]


def _nobody(found: Why) -> str:
    return "No other model misses one demand alone by little." if found.stages else ""


def _open(route: Route, found: Why) -> str:
    """What more measuring would tell, before the command that brings it."""
    parts = []
    if route.more_items is not None:
        parts.append(f"{about(route.more_items)} would probably settle it")
    for each in found.open:
        parts.append(f"{each.model} is cheaper: {about(each.more_items)} would probably certify it")
    if found.labels:
        parts.append("human labels are missing")
    return f"{'; '.join(parts)}:" if parts else "Nothing that more items would settle."
