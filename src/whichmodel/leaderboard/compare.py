"""The page "Two models side by side": one against another, on each task and item by item."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from whichmodel.analyse.compare import Comparison
from whichmodel.analyse.ratio import Ratio
from whichmodel.decide.advice import command
from whichmodel.leaderboard import address, compare_items, compared, elements, frame
from whichmodel.leaderboard.elements import Bar, Card, Column, Line, Scale, TableCell, TableRow
from whichmodel.views import verdict, words
from whichmodel.views.board import View
from whichmodel.views.comparison import Pair
from whichmodel.views.source import Source


def page() -> None:
    """The page."""
    frame.show("Two models side by side", _body)


def _body(source: Source, view: View) -> None:
    models = sorted({standing.model for standing in view.standings if standing.planned})
    if len(models) < 2:
        _alone(models)
        return
    first, middle, second, last = st.columns([5, 1, 5, 6], vertical_alignment="bottom")
    default_a, default_b = _usual(view, models)
    with first:
        a = address.selectbox("a", "Model A", models, default=default_a, always=True)
    others = [model for model in models if model != a]
    with second:
        b = address.selectbox("b", "Model B", others, default=_other(a, default_b, others), always=True)
    with middle:
        st.button(
            "⇄", key="swap", help="Swap A and B", on_click=_set, kwargs={"a": b, "b": a}, width="stretch"
        )
    tasks = [route.task for route in view.routes]
    measured = {(standing.task, standing.model) for standing in view.standings if standing.planned}
    both = [task for task in tasks if {(task, a), (task, b)} <= measured]
    with last:
        usual = both[0] if both else tasks[0]
        task = address.selectbox("task", "Task", tasks, title=view.title, default=usual, always=True)
    address.depend((task,), "item")
    if not both:
        _nothing_in_common(view, a, b)
        return
    if task not in both:
        _not_both(task, [model for model in (a, b) if (task, model) not in measured])
        _tasks(view, compared.pairs(source, view, a, b), task)
        return
    pair = compared.pair(source, view, a, b, task)
    _verdict(view, pair)
    overview = st.container(key="overview")
    compare_items.show(source, view, pair)
    with overview:
        _tasks(view, compared.pairs(source, view, a, b), task)


def _usual(view: View, models: list[str]) -> tuple[str, str]:
    """The pick of the chosen task and what it is measured against, else the first two that were measured."""
    task = address.current("task", [route.task for route in view.routes])
    route, asked = view.route(task), view.by_model(task)
    likely = [route.model, route.baseline_model, *route.ties, *route.fallbacks, *sorted(asked), *models]
    first, second, *_ = dict.fromkeys(model for model in likely if model in models)
    return str(first), str(second)


def _other(a: str, default: str, others: list[str]) -> str:
    """What stands for B where nothing is chosen: A as it was, when A has just taken the place of B."""
    before = st.session_state.get("compare.a")
    st.session_state["compare.a"] = a
    return next(model for model in (before, default, *others) if model in others)


def _set(**ids: str) -> None:
    for name, value in ids.items():
        address.choose(name, value)


def _alone(models: list[str]) -> None:
    named = f"Only {models[0]} was measured" if models else "No model was measured"
    st.info(f"{named}: there is nothing to compare it with yet. Measure another:")
    st.code("# name it under models: in bench.yaml, then\nbench run --new-models", language=None)


def _nothing_in_common(view: View, a: str, b: str) -> None:
    st.info("No task was measured with both of these models. Measure them on the same tasks:")
    tasks = [route.task for route in view.routes if {a, b} & set(view.by_model(route.task))]
    st.code(f"bench run --tasks {','.join(tasks)} --models {a},{b}", language=None)


def _not_both(task: str, missing: list[str]) -> None:
    st.info("This task was not measured with both of these models. Measure what is missing:")
    st.code(f"bench run --tasks {task} --models {','.join(missing)}", language=None)


def _verdict(view: View, pair: Pair) -> None:
    c, asked = pair.found, view.by_model(pair.found.task)
    costs = _costs(view, c)
    with st.container(border=True, key="verdict"):
        elements.prose(
            "verdict_head",
            Line(f"{verdict.SHAPES[c.verdict]} {verdict.sentence(c, costs)}", "title"),
            Line(f"{view.title(c.task)}. {verdict.meaning(c, view.organisation.rule.alpha)}", "muted"),
        )
        most = max((standing.planned for standing in asked.values()), default=0)
        if lines := command(c.task, c.more_items, most, view.cards.get(c.task)):
            st.code("\n".join(lines), language=None)
        elements.cards(
            "verdict_figures",
            [
                Card(
                    "Quality, A − B",
                    words.DASH if c.difference is None else words.signed(c.difference),
                    verdict.difference(c),
                ),
                _card("Cost, A over B", c.cost_ratio, verdict.cost(c, costs), "item"),
                _card("p95 latency, A over B", c.p95_ratio, verdict.speed(c), "answer"),
                Card(
                    "Answers that differ",
                    f"{len(c.a_better) + len(c.b_better):,}",
                    f"A better {len(c.a_better):,} · B better {len(c.b_better):,} · of {c.n:,}",
                ),
            ],
        )
        elements.table("verdict_models", f"A and B on {view.title(c.task)}", STANDINGS, _models(view, c))


def _card(label: str, ratio: Ratio | None, meaning: str, noun: str) -> Card:
    if ratio is None:
        return Card(label, "unknown", meaning)
    return Card(label, f"{words.times(ratio.value)}×", f"{meaning} · {verdict.basis(ratio, noun)}")


def _costs(view: View, c: Comparison) -> verdict.Costs:
    asked = view.by_model(c.task)
    first, second = (asked[m].cost_per_1k_usd if m in asked else None for m in (c.a, c.b))
    return first, second


STANDINGS = (
    Column("Model", width="30%"),
    Column("Score", width="22%"),
    Column("n", end=True),
    Column("$ per 1,000", end=True),
    Column("p95", end=True),
    Column("Failed", end=True),
)


def _models(view: View, c: Comparison) -> list[TableRow]:
    """Both models as they stand on their own."""
    rows = []
    for letter, model in (("A", c.a), ("B", c.b)):
        standing = view.by_model(c.task).get(model)
        if standing is None:
            continue
        bar = None
        if standing.score is not None and standing.low is not None and standing.high is not None:
            bar = Bar(standing.low, standing.score, standing.high)
        rows.append(
            TableRow(
                (
                    TableCell(model, words.origin(standing), mark=letter),
                    TableCell(words.score(standing.score), words.span(standing.low, standing.high), bar=bar),
                    TableCell(f"{standing.n:,}"),
                    TableCell(words.usd(standing.cost_per_1k_usd)),
                    TableCell(words.seconds(standing.p95_s)),
                    TableCell(f"{standing.failed:,}"),
                )
            )
        )
    return rows


TASKS = (
    Column("Task", width="18%"),
    Column("Verdict", width="15%"),
    Column("Quality, A − B", width="27%", wide=True),
    Column("A better", end=True),
    Column("B better", end=True),
    Column("Cost, A over B", end=True),
    Column("p95, A over B", end=True),
)


def _tasks(view: View, pairs: Sequence[Pair], task: str) -> None:
    st.header("Every task both were measured on", anchor=False)
    by_task = {pair.found.task: pair.found for pair in pairs}
    found = [by_task[route.task] for route in view.routes if route.task in by_task]
    counts = Counter(c.verdict for c in found)
    told = [f"{counts[name]} {shape} {name}" for name, shape in verdict.SHAPES.items() if counts[name]]
    elements.prose(
        "tasks_about",
        Line(f"{words.count(len(found), 'task')}: {' · '.join(told)}"),
        Line(
            "Right of the line A is better, left of it B; the shaded margin is what counts as the same. "
            "Tasks are not summed up: their scores do not compare.",
            "muted",
        ),
    )
    ends = [abs(end) for c in found for end in (c.low, c.high) if end is not None]
    reach = max([*ends, 2 * found[0].delta])
    band = (-found[0].delta, found[0].delta)

    def chosen(picked: str) -> None:
        _set(task=picked)

    with st.container(height=460 if len(found) > MANY else "content", key="tasks_box", border=False):
        elements.table(
            "tasks",
            "Difference of the two models on each task",
            TASKS,
            [TableRow(_task_cells(view, c), c.task == task) for c in found],
            on_choose=chosen,
            scale=Scale(-reach, reach, line=0.0, band=band),
        )


MANY = 8
"""Tasks above which their table scrolls in a box of its own."""


def _task_cells(view: View, c: Comparison) -> tuple[TableCell, ...]:
    bar = None
    if c.difference is not None and c.low is not None and c.high is not None:
        bar = Bar(c.low, c.difference, c.high)
    return (
        TableCell(view.title(c.task), action=c.task, hint="Show this task's verdict and items"),
        TableCell(c.verdict, mark=verdict.SHAPES[c.verdict]),
        TableCell(
            words.DASH if c.difference is None else words.signed(c.difference), verdict.difference(c), bar=bar
        ),
        TableCell(f"{len(c.a_better):,}"),
        TableCell(f"{len(c.b_better):,}"),
        _ratio_cell(c.cost_ratio),
        _ratio_cell(c.p95_ratio),
    )


def _ratio_cell(ratio: Ratio | None) -> TableCell:
    if ratio is None:
        return TableCell("unknown")
    interval = words.ends(ratio.low, ratio.high, " to ")
    return TableCell(f"{words.times(ratio.value)}×", f"{interval} · n {ratio.n:,}")
