"""What `bench savings` prints: the headline, a table for each baseline, the approaches, the break-evens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.text import Text

from whichmodel.analyse.economics.approaches import Approach
from whichmodel.analyse.economics.savings import Against, Change, Sum
from whichmodel.analyse.economics.whatif import WhatIf
from whichmodel.cli.output import answer, table
from whichmodel.views.savings.account import ROUTED, SINGLE, SPECIALIST, Account
from whichmodel.views.savings.headlines import BEST, TODAY, chosen, headlines
from whichmodel.views.savings.notes import break_evens, notes
from whichmodel.views.savings.words import money, percent, plain_amount, points, thousand

POINTS = "points [95%]"
SHORT = {SINGLE: "single", ROUTED: "routed", SPECIALIST: "specialist"}


def show(found: Account, asked: WhatIf) -> None:
    """Print it all."""
    organisation = found.basis.organisation
    mark = ", simulated" if found.basis.panel == "simulated" else ""
    answer(Text(f"{organisation.title} ({organisation.name}), USD a month{mark}", style="bold"))
    if asked.said():
        answer(f"What if: {'; '.join(asked.said())}.")
    for line in headlines(found):
        answer(line)
    if found.single:
        _show_against(found, found.single, f"Against {BEST}: {chosen(found.singles)}")
    if found.incumbent:
        _show_against(found, found.incumbent, f"Against {TODAY} (`incumbent:` of each workload)")
    _show_approaches(found.approaches)
    if lines := list(break_evens(found)):
        answer(Text("\nBreak-evens", style="bold"))
    for line in lines:
        answer(line)
    answer()
    for line in notes(found):
        answer(line)


def _show_against(found: Account, against: Against, title: str) -> None:
    answer(Text(f"\n{title}", style="bold"))
    whole = bool(found.priced)
    headings = ("task, and its route", f"$ {'in total' if whole else 'on calls'} [95%]", "share", POINTS, "n")
    rows = [row for one in against.changes for row in _task_rows(one, whole=whole)]
    answer(table(headings, rows, numbers=[1, 2, 3, 4]))
    sums = {"routes": against.routes, "floors": against.floors, "average": against.averaged}
    if not any(one.tasks for one in sums.values() if one):
        answer("In sum: unknown.")
        return
    lines = [row for name, one in sums.items() if one for row in _sum_rows(name, one, whole=whole)]
    answer(table(("in sum", "moved", "$ [95%]", "share", POINTS, "n"), lines, numbers=[2, 3, 4, 5]))
    if against.stay:
        stay = ", ".join(f"{task} ({why})" for task, why in against.stay.items())
        answer(f"floors leaves with the baseline: {stay}.")
    unknown = dict.fromkeys(why for one in sums.values() if one for why in one.unknown)
    if unknown:
        answer(f"* over the tasks whose costs are known. Not in it: {'; '.join(unknown)}.")


def _task_rows(one: Change, *, whole: bool) -> list[list[str]]:
    saved = one.saved_in_total if whole else one.saved
    status = "" if one.demand.status == "certified" else f" ({one.demand.status})"
    same = "  the same model" if one.model == one.baseline else f"  {one.model}"
    return [
        [one.demand.task, plain_amount(saved), percent(one.share), points(one.score), f"{one.n:,}"],
        [same + status, "", "", "", ""],
    ]


def _sum_rows(name: str, one: Sum, *, whole: bool) -> list[list[str]]:
    moved = f"{len(one.moved)} of {len(one.tasks)}" if one.tasks else "-"
    n = one.saved.n if one.saved else 0
    calls = [name + ("*" if one.unknown else ""), moved, plain_amount(one.saved), percent(one.share)]
    rows = [[*calls, points(one.score), f"{n:,}"]]
    return [*rows, ["  in total", "", plain_amount(one.saved_in_total), "", "", ""]] if whole else rows


def _show_approaches(approaches: Sequence[Approach]) -> None:
    if not approaches:
        answer("\nThe approaches cannot be set side by side: no task has items that all of them answered.")
        return
    n, tasks = approaches[0].score.n, len(approaches[0].models)
    title = f"Approaches side by side: {tasks} tasks by volume, n = {n:,} items, 95% intervals"
    answer(Text(f"\n{title}", style="bold"))
    rows = [row for part in _ROWS for row in part(approaches)]
    answer(
        table(
            ("a request", *(SHORT[a.name] for a in approaches)),
            rows,
            numbers=range(1, len(approaches) + 1),
        )
    )
    for approach in approaches:
        answer(f"{SHORT[approach.name]}: {_served_by(approach)}.")


def _served_by(approach: Approach) -> str:
    """Which models serve how many tasks, and whose price is unknown."""
    counts = Counter(approach.models.values())
    models = ", ".join(f"{name} on {count} of {len(approach.models)}" for name, count in counts.most_common())
    return f"{models}; {approach.unknown}" if approach.unknown else models


def _spend(approaches: Sequence[Approach]) -> list[list[str]]:
    shown = [thousand(a.spend_usd) for a in approaches]
    return [["calls, $/1k", *shown], _less([thousand(a.spend_difference, "") for a in approaches])]


def _quality(approaches: Sequence[Approach]) -> list[list[str]]:
    shown = [f"{a.score.value:.3f} [{a.score.low:.3f}, {a.score.high:.3f}]" for a in approaches]
    return [["score", *shown], _less([points(a.score_difference, "") for a in approaches])]


def _review(approaches: Sequence[Approach]) -> list[list[str]]:
    shown = [
        f"{a.review.value * 100:.1f} [{a.review.low * 100:.1f}, {a.review.high * 100:.1f}]"
        for a in approaches
    ]
    return [
        ["reviewed, %", *shown],
        _less([points(a.review_difference, "") for a in approaches]),
    ]


def _fixed(approaches: Sequence[Approach]) -> list[list[str]]:
    if not any(a.fixed_usd for a in approaches):
        return []
    return [["training, $/1k", *(money(a.fixed_usd * 1000).replace("$", "") for a in approaches)]]


def _total(approaches: Sequence[Approach]) -> list[list[str]]:
    shown = [thousand(a.total_usd) for a in approaches]
    return [["total, $/1k", *shown], _less([thousand(a.total_difference, "") for a in approaches])]


_ROWS = (_spend, _quality, _review, _fixed, _total)


def _less(cells: list[str]) -> list[str]:
    """The differences under a row, in its unit; of scores and shares in points."""
    return ["  less single", *cells]
