"""Break-evens that apply, and what the figures of savings are and are not."""

from __future__ import annotations

from collections.abc import Iterator

from whichmodel.analyse.economics.figures import Figure
from whichmodel.analyse.economics.hosting import Hosting
from whichmodel.analyse.economics.savings import change
from whichmodel.views.savings.account import Account, Trained
from whichmodel.views.savings.headlines import TODAY
from whichmodel.views.savings.words import amount, count, money, points

SUMS = {
    "routes": "the routes as they stand",
    "floors": "only routes shown to keep their task's quality, the baseline elsewhere",
    "average": "the cheapest choice that keeps the volume-weighted score alone; a task may lose",
}


def break_evens(found: Account) -> Iterator[str]:
    """Specialists, GPUs by the hour, and answers that are asked for again, where there are any."""
    yield from (_specialist_line(one) for one in found.specialists)
    for one in found.hosted:
        yield from _hosted_lines(one)
    for model, task in found.unloaded:
        yield (
            f"{model} by the GPU hour on {task}: its throughput was not measured. "
            f"`bench load --model {model} --task {task}`"
        )
    for tried in found.retries:
        of = tried.found
        yield (
            f"A right answer to {tried.task} by {tried.model} ({tried.role}) within {of.tries} tries: "
            f"{amount(of.cost_usd) if of.cost_usd else 'unknown'}, reached on "
            f"{of.share.value:.1%} [{of.share.low:.1%}, {of.share.high:.1%}] of "
            f"n = {of.share.n:,} items, where one can tell it when it comes."
        )


def _specialist_line(one: Trained) -> str:
    fixed = f"{money(one.yearly_usd)} for training and a year's refreshes"
    start = f"{one.model} on {one.task} against {one.against}: {fixed}"
    if one.found is None:
        return f"{start}; when that pays is unknown, since a price is."
    if one.found.requests is None:
        return f"{start} never pay: a request is no cheaper (n = {one.found.n:,} items)."
    bounds = f"[{count(one.found.low)}, {count(one.found.high)}]"
    return (
        f"{start} pay from {one.found.requests:,} requests a year on {bounds} (n = {one.found.n:,} items); "
        f"the workload has {one.requests_per_year:,}. {_quality(one.score_difference)}"
    )


def _quality(score: Figure | None) -> str:
    """What the other way means for quality, so that no cost is read alone."""
    return "Its score is not known against it." if score is None else f"Its score: {points(score)} points."


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
    sets = "one set of GPUs, busy" if one.units == 1 else f"{one.units} sets of GPUs, busy"
    yield (
        f"  {one.requests:,} requests need {sets} {one.busy:.1%}: {money(one.hosted_usd)} a month, the API "
        f"{amount(one.api_usd)}. {_quality(one.score_difference)}"
    )


def notes(found: Account) -> Iterator[str]:
    """What the figures are and are not."""
    basis = found.basis
    held = [d.task for d in basis.demands if d.held]
    seen = [d.task for d in basis.demands if not d.held]
    if held:
        yield "Figures are from items that no choice here has seen" + (
            f", but those of {', '.join(seen)} in-sample: none were kept back there." if seen else "."
        )
    else:
        yield "Figures are in-sample, which flatters: no items were kept from the choices."
    for name, words in SUMS.items():
        yield f"{name}: {words}."
    yield _care(found)
    for scale in basis.scales:
        yield (
            f"{scale.task}: at the workload's tokens, {scale.input:.3g} times the bank's input and "
            f"{scale.output:.3g} times its output, by the counts of {scale.reference}, at today's prices."
        )
    yield from _waiting(found)
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


def _waiting(found: Account) -> Iterator[str]:
    """Cheaper certified models that are not routed to yet, and what each would save."""
    for demand in found.basis.demands:
        waits = found.basis.route(demand.task).challenger
        if waits is None or demand.route is None:
            continue
        made = change(demand, waits, demand.route)
        saved = made.saved_in_total if found.priced else made.saved
        worth = f"would save {amount(saved)} a month" if saved else f"saving unknown, {made.unknown}"
        yield (
            f"{demand.task}: {waits} waits for another run to show it cheaper than {demand.route}; it "
            f"{worth} (n = {made.n:,} items)."
        )


def _care(found: Account) -> str:
    demands = found.basis.demands
    without = {
        "a review (`review_cost_usd`)": [d.task for d in demands if d.care.review_usd is None],
        "an unnoticed error (`error_cost_usd`)": [d.task for d in demands if d.care.error_usd is None],
    }
    missing = [
        what if len(tasks) == len(demands) else f"{what} of {', '.join(tasks)}"
        for what, tasks in without.items()
        if tasks
    ]
    held = f"Totals hold calls{''.join(f', {part}' for part in found.priced)}"
    return f"{held}; unknown, and in no total: {' and '.join(missing)}." if missing else f"{held}."


def _unlike(found: Account) -> Iterator[str]:
    """Routes that do more than send all requests to one model, which the figures do not show."""
    for demand in found.basis.demands:
        route = found.basis.route(demand.task)
        if route.split:
            yield f"{demand.task}: the route is split for now; figures are of all requests by its model."
        if route.agreement:
            yield f"{demand.task}: figures leave out the agreement in front of it; see `bench agree`."
