"""The first page: which model for which task, why, and what every other model would have been."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from whichmodel.decide.advice import command
from whichmodel.domain import Route, Standing
from whichmodel.leaderboard import address, elements, frame, heatmap, navigation
from whichmodel.leaderboard.elements import Bar, Card, Column, Line, TableCell, TableRow
from whichmodel.views import charts, heat, sheet, words
from whichmodel.views.answer import answer
from whichmodel.views.board import View
from whichmodel.views.figures import Figure, figures
from whichmodel.views.headline import headline
from whichmodel.views.source import Source
from whichmodel.views.words import SHAPES, Mark


def page() -> None:
    """The page."""
    frame.show("Which model for which task", _body, without_scores=True)


def _body(source: Source, view: View) -> None:
    _figures(view)
    categories = address.pills("category", "Category", list(dict.fromkeys(r.category for r in view.routes)))
    routes = [route for route in view.routes if not categories or route.category in categories]
    task = _picks(view, routes)
    _explain(view, task)
    _all_models(view, routes)


def _choose_task(task: str) -> None:
    address.choose("task", task)


def _figures(view: View) -> None:
    sums = headline(view.routes)
    elements.prose("answer", Line(answer(sums), "answer"))
    measured = len({standing.model for standing in view.standings})
    elements.cards("figures", [_card(figure) for figure in figures(sums, measured)])


def _card(figure: Figure) -> Card:
    detail = " · ".join(filter(None, (figure.interval, figure.over)))
    return Card(figure.label, figure.value, detail, "good" if figure.good else "")


PICKS = (
    Column("Task", width="16%"),
    Column("Pick", width="17%", wide=True),
    Column("How sure", width="13%"),
    Column("Quality", width="17%"),
    Column("What it means", width="23%", wide=True),
    Column("$ per 1,000", end=True),
    Column("p95", end=True),
)


def _picks(view: View, routes: Sequence[Route]) -> str:
    tasks = [route.task for route in routes]
    chosen = address.current("task", tasks)
    rows = [TableRow(_pick_cells(view, route), route.task == chosen) for route in routes]
    elements.table("picks", "The pick of each task", PICKS, rows, on_choose=_choose_task)
    return address.selectbox("task", "Explain a task", tasks, title=view.title)


def _pick_cells(view: View, route: Route) -> tuple[TableCell, ...]:
    standing = view.by_model(route.task).get(route.model or "")
    status = words.state(route)
    kind = words.FIGURES[route.figures]
    bar = (
        Bar(route.low, route.score, route.high)
        if route.score is not None and route.low is not None and route.high is not None
        else None
    )
    interval = f"{words.span(route.low, route.high)} · n {route.n:,} {kind}" if route.n else ""
    ties = f"tie with {', '.join(route.ties)}" if route.ties else ""
    origin = words.origin(standing) if standing else ""
    return (
        TableCell(view.title(route.task), route.category, action=route.task, hint="Explain this task"),
        TableCell(
            route.model or "no route",
            " · ".join(filter(None, (origin, ties))),
            mark=SHAPES[Mark.PICK] if route.model else "",
            strong=bool(route.model),
        ),
        TableCell(status.word, status.detail, mark=status.shape),
        TableCell(words.score(route.score), interval, bar=bar),
        TableCell(words.sentence(route.why), words.against_best(route)),
        TableCell(words.usd(route.cost_per_1k_usd) if route.model else words.DASH),
        TableCell(words.seconds(route.p95_s) if route.model else words.DASH),
    )


WHY_NOT = (
    Column("Model", width="20%"),
    Column("Score", end=True),
    Column("$ per 1,000", end=True),
    Column("p95", end=True),
    Column("Against the pick", width="18%"),
    Column("Why not", width="34%", wide=True),
)


def _explain(view: View, task: str) -> None:
    route = view.route(task)
    standings = list(view.by_model(task).values())
    status = words.state(route)
    workload = view.organisation.workload(task, route.category)
    floor = workload.floor if workload and workload.floor is not None else view.organisation.floor
    with st.container(border=True, key="explained"):
        elements.prose(
            "explained_head",
            Line(f"{view.title(task)}: {route.model or 'no route'}", "title"),
            Line(f"{status.shape} {status.word}. {words.sentence(route.why)}"),
            Line(words.margin(route), "muted"),
            *(
                [Line(f"Fallbacks, in this order: {', '.join(route.fallbacks)}.", "muted")]
                if route.fallbacks
                else []
            ),
        )
        if lines := _more(view, route):
            st.code("\n".join(lines), language=None)
        if any(standing.score is not None for standing in standings):
            st.altair_chart(
                charts.intervals(standings, route, floor, dark=st.context.theme.type == "dark"),
                width="stretch",
                key="intervals",
                alt=f"Score and interval of each model on {view.title(task)}, as in the table below.",
            )
        rows = [TableRow(_why_cells(view, route, entry.model)) for entry in route.why_not]
        elements.table("why_not", f"Why not each other model on {view.title(task)}", WHY_NOT, rows)


def _more(view: View, route: Route) -> tuple[str, ...]:
    """The command that brings the items that are missing."""
    asked = max((standing.planned for standing in view.by_model(route.task).values()), default=0)
    return command(route.task, route.more_items, asked, view.cards.get(route.task))


def _why_cells(view: View, route: Route, model: str) -> tuple[TableCell, ...]:
    entry = next(entry for entry in route.why_not if entry.model == model)
    standing = view.by_model(route.task).get(model)
    shape = SHAPES[words.mark(model, standing, route)]
    against = TableCell(words.DASH)
    if entry.difference is not None:
        interval = ""
        if entry.low is not None and entry.high is not None:
            interval = f"{words.signed(entry.low)} to {words.signed(entry.high)}"
        pairs = f"{entry.n:,} pairs" if entry.n is not None else ""
        against = TableCell(words.signed(entry.difference), " · ".join(filter(None, (interval, pairs))))
    why = TableCell(words.sentence(entry.text), entry.reason)
    if standing is None or not standing.planned:
        return (TableCell(model, "", mark=shape), *[TableCell(words.DASH)] * 4, why)
    return (
        TableCell(model, words.origin(standing), mark=shape),
        _score_cell(standing),
        TableCell(words.usd(standing.cost_per_1k_usd)),
        TableCell(words.seconds(standing.p95_s)),
        against,
        why,
    )


def _score_cell(standing: Standing) -> TableCell:
    interval = f"{words.span(standing.low, standing.high)} · n {standing.n:,}"
    lost = [
        f"{count:,} {what}"
        for count, what in (
            (standing.failed, "failed"),
            (standing.refused, "refused"),
            (standing.truncated, "truncated"),
        )
        if count
    ]
    return TableCell(words.score(standing.score), " · ".join([interval, *lost]))


def _all_models(view: View, routes: Sequence[Route]) -> None:
    st.header("All models", anchor=False)
    measures = tuple(heat.MEASURES)
    titles = {str(name): title for name, title in heat.MEASURES.items()}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        shown = address.segments("show", "Heatmap shows", measures, title=lambda name: titles[name])
        allowed = address.toggle("allowed", "Only models that the policy allows")
    measure = next(m for m in measures if m == shown)
    heatmap.show(view, routes, measure, only_allowed=allowed, on_choose=_compare)
    st.download_button(
        "Download all standings (CSV)",
        data=lambda: sheet.render(view).encode(),
        file_name=f"which-model-{view.organisation.name}.csv",
        mime="text/csv",
        on_click="ignore",
        icon=":material/download:",
    )


def _compare(route: Route, model: str) -> None:
    """Leave for the two models side by side: the pick, and the model whose cell was chosen."""
    first = route.model or route.baseline_model or model
    rivals = (model, route.baseline_model, *route.fallbacks, *(entry.model for entry in route.why_not))
    second = next((rival for rival in rivals if rival and rival != first), model)
    navigation.leave("compare", task=route.task, a=first, b=second)
