"""What `bench savings` prints: the headline, a table for each baseline, the approaches, the break-evens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich.text import Text

from whichmodel.analyse.economics.approaches import Approach
from whichmodel.analyse.economics.choice import Single
from whichmodel.analyse.economics.demand import Demand
from whichmodel.analyse.economics.figures import Figure
from whichmodel.analyse.economics.hosting import Hosting
from whichmodel.analyse.economics.savings import Against, Change, Sum
from whichmodel.analyse.economics.whatif import WhatIf
from whichmodel.cli.output import answer, table
from whichmodel.cli.savings_account import Account, Trained
from whichmodel.decide.words import usd as exact_usd

POINTS = "points [95%]"
BEST, TODAY = "the best single model", "today's models"
SUMS = {
    "routes": "the routes as they stand",
    "floors": "only routes shown to keep their task's quality, the baseline elsewhere",
    "average": "the cheapest choice that keeps the volume-weighted score alone; a task may lose",
}


def show(found: Account, change: WhatIf) -> None:
    """Print it all."""
    organisation = found.basis.organisation
    mark = ", simulated" if found.basis.panel == "simulated" else ""
    answer(Text(f"{organisation.title} ({organisation.name}), USD a month{mark}", style="bold"))
    if change.said():
        answer(f"What if: {'; '.join(change.said())}.")
    for line in _headlines(found):
        answer(line)
    if found.single:
        _show_against(found, found.single, f"Against {BEST}: {_chosen(found.singles)}")
    if found.incumbent:
        _show_against(found, found.incumbent, f"Against {TODAY} (`incumbent:` of each workload)")
    _show_approaches(found.approaches, found)
    _show_break_evens(found)
    answer()
    for line in _notes(found):
        answer(line)


def _headlines(found: Account) -> Iterator[str]:
    """The answer in a sentence for each baseline."""
    for against, name in ((found.single, BEST), (found.incumbent, TODAY)):
        if against is None:
            yield _absent(found, name)
            continue
        kept = against.floors
        saved = kept.saved_in_total if _priced(found) else kept.saved
        if saved is None or kept.saved is None:
            yield f"Against {name}, with a floor for every task: unknown. {'; '.join(kept.unknown)}."
            continue
        share = "" if kept.share is None else f" ({kept.share.value:.0%} of their cost)"
        calls = f" On calls alone {money(kept.saved.value)}{share}." if _priced(found) else ""
        part = f" over the {len(kept.tasks)} tasks whose costs are known" if kept.unknown else ""
        of_cost = "" if _priced(found) else share
        yield (
            f"Against {name}, with a floor for every task: {_saved(saved)}{of_cost}{part}.{calls} "
            f"{len(kept.moved)} of {len(kept.tasks)} tasks move; n = {saved.n:,} items."
        )


def _absent(found: Account, name: str) -> str:
    if name == BEST:
        return "Against the best single model: no model that is allowed was measured on all tasks."
    tasks = found.no_incumbent
    return (
        "Against today's models: no workload names one. Add `incumbent: provider/model` to "
        f"{'it' if len(tasks) == 1 else 'them'} in bench.yaml."
    )


def _saved(figure: Figure) -> str:
    if figure.low == figure.high == 0:
        return "nothing"
    word = "saves" if figure.value >= 0 else "costs more, saving"
    sure = "" if figure.low > 0 or figure.high < 0 else ", which cannot be told from 0"
    return f"{word} {money(figure.value)} [{_ends(figure)}] a month{sure}"


def _chosen(singles: Mapping[str, Single | None]) -> str:
    parts = []
    for kind, one in singles.items():
        if one is None:
            parts.append(f"none for {kind} answers")
            continue
        suffix = "" if len(singles) == 1 else f" for {kind} answers"
        parts.append(
            f"{one.model}{suffix} (volume-weighted score {one.score:.3f}, the best of {one.among} allowed, "
            f"on {one.n:,} items of the choice)"
        )
    return "; ".join(parts)


def _priced(found: Account) -> tuple[str, ...]:
    """What totals hold beside the calls."""
    return tuple(dict.fromkeys(part for d in found.basis.demands for part in d.care.priced))


def _show_against(found: Account, against: Against, title: str) -> None:
    answer(Text(f"\n{title}", style="bold"))
    whole = bool(_priced(found))
    headings = ("task, and its route", f"$ {'in total' if whole else 'on calls'} [95%]", "share", POINTS, "n")
    rows = [row for change in against.changes for row in _task_rows(change, whole=whole)]
    answer(table(headings, rows, numbers=[1, 2, 3, 4]))
    sums = {"routes": against.routes, "floors": against.floors, "average": against.averaged}
    lines = [row for name, one in sums.items() if one for row in _sum_rows(name, one, whole=whole)]
    answer(table(("in sum", "moved", "$ [95%]", "share", POINTS, "n"), lines, numbers=[2, 3, 4, 5]))
    unknown = dict.fromkeys(why for one in sums.values() if one for why in one.unknown)
    if unknown:
        answer(f"* over the tasks whose costs are known. Not in it: {'; '.join(unknown)}.")


def _task_rows(change: Change, *, whole: bool) -> list[list[str]]:
    saved = change.saved_in_total if whole else change.saved
    status = "" if change.demand.status == "certified" else f" ({change.demand.status})"
    same = "  the same model" if change.model == change.baseline else f"  {change.model}"
    return [
        [change.demand.task, _plainly(saved), _share(change.share), _points(change.score), f"{change.n:,}"],
        [same + status, "", "", "", ""],
    ]


def _sum_rows(name: str, one: Sum, *, whole: bool) -> list[list[str]]:
    moved = f"{len(one.moved)} of {len(one.tasks)}"
    n = one.saved.n if one.saved else 0
    calls = [name + ("*" if one.unknown else ""), moved, _plainly(one.saved), _share(one.share)]
    rows = [[*calls, _points(one.score), f"{n:,}"]]
    return [*rows, ["  in total", "", _plainly(one.saved_in_total), "", "", ""]] if whole else rows


def _show_approaches(approaches: Sequence[Approach], found: Account) -> None:
    if not approaches:
        answer("\nThe approaches cannot be set side by side: no task has items that all of them answered.")
        return
    n, tasks = approaches[0].score.n, len(approaches[0].models)
    answer(Text(f"\nApproaches side by side, {tasks} tasks by volume, n = {n:,} items", style="bold"))
    rows = [row for part in _ROWS for row in part(approaches)]
    answer(
        table(("by the request", *(a.name for a in approaches)), rows, numbers=range(1, len(approaches) + 1))
    )
    for approach in approaches:
        if approach.unknown:
            answer(f"{approach.name}: {approach.unknown}.")


def _spend(approaches: Sequence[Approach]) -> list[list[str]]:
    per_1k = [_per_1k(a.spend_usd) for a in approaches]
    return [["calls, $/1,000", *per_1k], _less([_per_1k(a.spend_difference, "") for a in approaches])]


def _quality(approaches: Sequence[Approach]) -> list[list[str]]:
    shown = [f"{a.score.value:.3f} [{a.score.low:.3f}, {a.score.high:.3f}]" for a in approaches]
    return [["score", *shown], _less([_points(a.score_difference, "") for a in approaches], "points")]


def _review(approaches: Sequence[Approach]) -> list[list[str]]:
    shown = [f"{a.review.value:.1%} [{max(a.review.low, 0):.1%}, {a.review.high:.1%}]" for a in approaches]
    return [
        ["needs a person", *shown],
        _less([_points(a.review_difference, "") for a in approaches], "points"),
    ]


def _fixed(approaches: Sequence[Approach]) -> list[list[str]]:
    if not any(a.fixed_usd for a in approaches):
        return []
    return [["training, $/1,000", *(money(a.fixed_usd * 1000) for a in approaches)]]


def _total(approaches: Sequence[Approach]) -> list[list[str]]:
    per_1k = [_per_1k(a.total_usd) for a in approaches]
    return [["total, $/1,000", *per_1k], _less([_per_1k(a.total_difference, "") for a in approaches])]


_ROWS = (_spend, _quality, _review, _fixed, _total)


def _less(cells: list[str], unit: str = "") -> list[str]:
    return [f"  less the first{', ' + unit if unit else ''}", *cells]


def _show_break_evens(found: Account) -> None:
    lines = [
        *(_specialist_line(one) for one in found.specialists),
        *(line for one in found.hosted for line in _hosted_lines(one)),
        *(
            f"{model} by the GPU hour on {task}: its throughput was not measured. "
            f"`bench load --model {model} --task {task}`"
            for model, task in found.unloaded
        ),
        *(
            f"A right answer to {one.task} by {one.model} ({one.role}) within {one.found.tries} tries: "
            f"{_money(one.found.cost_usd) if one.found.cost_usd else 'unknown'}, reached on "
            f"{one.found.share.value:.1%} [{one.found.share.low:.1%}, {one.found.share.high:.1%}] of "
            f"n = {one.found.share.n:,} items, where one can tell it when it comes."
            for one in found.retries
        ),
    ]
    if lines:
        answer(Text("\nBreak-evens", style="bold"))
    for line in lines:
        answer(line)


def _specialist_line(one: Trained) -> str:
    fixed = f"{money(one.yearly_usd)} for training and a year's refreshes"
    start = f"{one.model} on {one.task} against {one.against}: {fixed}"
    if one.found is None:
        return f"{start}; when that pays is unknown, since a price is."
    if one.found.requests is None:
        return f"{start} never pay: a request is no cheaper (n = {one.found.n:,} items)."
    bounds = f"[{_count(one.found.low)}, {_count(one.found.high)}]"
    return (
        f"{start} pay from {one.found.requests:,} requests a year on {bounds} (n = {one.found.n:,} items); "
        f"the workload has {one.requests_per_year:,}."
    )


def _hosted_lines(one: Hosting) -> Iterator[str]:
    even, use = one.break_even_requests, one.utilisation
    tokens = "" if one.break_even_tokens is None else f", {one.break_even_tokens / 1e6:,.0f} million tokens"
    yield (
        f"{one.model} at {money(one.gpu_hour_usd)} a GPU hour against {one.against} on {one.task}: pays from "
        f"{even.value:,.0f} requests a month on [{even.low:,.0f}, {even.high:,.0f}]{tokens} "
        f"(n = {even.n:,} items)."
    )
    never = " It never pays at this throughput." if use.low > 1 else ""
    yield (
        f"  At the measured {one.requests_per_s:,.1f} answers/s it has to be busy {use.value:.1%} of the "
        f"time [{use.low:.1%}, {use.high:.1%}].{never}"
    )
    sets = "one set of GPUs" if one.units == 1 else f"{one.units} sets of GPUs"
    yield (
        f"  {one.requests:,} requests need {sets}: {money(one.hosted_usd)} a month, the API "
        f"{_money(one.api_usd)}."
    )


def _notes(found: Account) -> Iterator[str]:
    """What the figures are and are not."""
    basis = found.basis
    held = [d.task for d in basis.demands if d.held]
    seen = [d.task for d in basis.demands if not d.held]
    if held:
        yield "Figures are from items that no choice here has seen" + (
            f", but those of {', '.join(seen)} in-sample: too few items to keep some back." if seen else "."
        )
    else:
        yield "Figures are in-sample, which flatters: the banks are too small to keep items from the choice."
    for name, words in SUMS.items():
        yield f"{name}: {words}."
    yield _care(found)
    for scale in basis.scales:
        yield (
            f"{scale.task}: at the workload's tokens, {scale.input:.3g} times the bank's input and "
            f"{scale.output:.3g} times its output, by the counts of {scale.reference}, at today's prices."
        )
    if basis.no_workload:
        yield f"Not counted, measured but without a workload: {', '.join(basis.no_workload)}."
    if basis.not_measured:
        names = ",".join(basis.not_measured)
        yield f"Not counted, a workload but not measured: {names}. bench run --tasks {names}"
    if found.incumbent and found.no_incumbent:
        yield f"Not set against {TODAY}, none is named: {', '.join(found.no_incumbent)}."
    if found.approaches and len(found.approaches) < 3:
        yield (
            "No fine-tuned specialist was measured; one is a model with `specialist: {training_usd: ...}` in "
            "bench.yaml."
        )
    yield from _unlike(found)


def _care(found: Account) -> str:
    care = found.basis.demands[0].care
    missing = [
        words
        for words, amount in (
            ("a review (`review_cost_usd`)", care.review_usd),
            ("an unnoticed error (`error_cost_usd`)", care.error_usd),
        )
        if amount is None
    ]
    held = f"Totals hold calls{''.join(f', {part}' for part in _priced(found))}"
    return f"{held}; unknown, and in no total: {' and '.join(missing)}." if missing else f"{held}."


def _unlike(found: Account) -> Iterator[str]:
    """Routes that do more than send all requests to one model, which the figures do not show."""
    for demand in found.basis.demands:
        route = found.basis.route(demand.task)
        if route.split:
            yield f"{demand.task}: the route is split for now; figures are of all requests by its model."
        if route.agreement:
            yield f"{demand.task}: figures leave out the agreement in front of it; see `bench agree`."


def money(value: float) -> str:
    """USD with its sign in front; whole dollars from 1,000 on."""
    sign, amount = "-" if value < 0 else "", abs(value)
    return f"{sign}${amount:,.0f}" if amount >= 100 else f"{sign}{exact_usd(amount)}"


def _ends(figure: Figure) -> str:
    return f"{money(figure.low)}, {money(figure.high)}"


def _money(figure: Figure) -> str:
    return f"{money(figure.value)} [{_ends(figure)}]"


def _plainly(figure: Figure | None) -> str:
    """Under a heading that names the dollar."""
    return "unknown" if figure is None else _money(figure).replace("$", "")


def _per_1k(figure: Figure | None, without: str = "unknown") -> str:
    return without if figure is None else _money(figure.times(1000))


def _share(figure: Figure | None) -> str:
    return "-" if figure is None else f"{figure.value:.0%}"


def _points(figure: Figure | None, without: str = "-") -> str:
    if figure is None:
        return without
    return f"{figure.value * 100:+.1f} [{figure.low * 100:+.1f}, {figure.high * 100:+.1f}]"


def _count(value: int | None) -> str:
    return "never" if value is None else f"{value:,}"


def as_json(found: Account, change: WhatIf) -> dict[str, Any]:
    """One document: money in USD, shares and scores as they are, null = unknown."""
    basis = found.basis
    return {
        "organisation": basis.organisation.name,
        "simulated": basis.panel == "simulated",
        "what_if": asdict(change),
        "totals_hold": ["calls", *_priced(found)],
        "tasks": [_task_json(demand) for demand in basis.demands],
        "tokens": [asdict(scale) for scale in basis.scales],
        "no_workload": list(basis.no_workload),
        "not_measured": list(basis.not_measured),
        "no_incumbent": list(found.no_incumbent),
        "best_single": {kind: one and asdict(one) for kind, one in found.singles.items()},
        "against": {
            "best_single": _against_json(found.single),
            "incumbent": _against_json(found.incumbent),
        },
        "approaches": [asdict(one) for one in found.approaches],
        "specialists": [asdict(one) for one in found.specialists],
        "hosting": [asdict(one) for one in found.hosted],
        "throughput_not_measured": [{"model": m, "task": t} for m, t in found.unloaded],
        "retries": [asdict(one) for one in found.retries],
    }


def _task_json(demand: Demand) -> dict[str, Any]:
    return {
        "task": demand.task,
        "requests_per_month": demand.requests,
        "route": demand.route,
        "status": demand.status,
        "figures": "holdout" if demand.held else "in-sample",
        "floor": demand.floor,
        "delta": demand.delta,
    }


def _against_json(found: Against | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "baseline": dict(found.baseline),
        "tasks": [
            {
                "task": one.demand.task,
                "model": one.model,
                "baseline": one.baseline,
                "n": one.n,
                "saved_usd": _plain(one.saved),
                "saved_in_total_usd": _plain(one.saved_in_total),
                "share": _plain(one.share),
                "score_difference": _plain(one.score),
                "unknown": one.unknown or None,
            }
            for one in found.changes
        ],
        "sums": {
            name: None if one is None else asdict(one)
            for name, one in (
                ("routes", found.routes),
                ("floors", found.floors),
                ("averaged", found.averaged),
            )
        },
    }


def _plain(figure: Figure | None) -> dict[str, Any] | None:
    return None if figure is None else asdict(figure)
