"""`bench load`: what an endpoint sustains, in closed-loop steps of rising load."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from whichmodel.cli import estimate
from whichmodel.cli.latency import served
from whichmodel.cli.output import answer, document, note, table, usd
from whichmodel.cli.project import Project, project_options
from whichmodel.domain import Bank, Load, LoadStep, Model
from whichmodel.domain.load import knee
from whichmodel.errors import CellsFailed, UsageError
from whichmodel.plan import Plan, Work
from whichmodel.pricing.charge import by_tokens
from whichmodel.store import loads

if TYPE_CHECKING:
    from whichmodel.run.load import LoadPass, Pace

HOUR = Decimal(3600)
IN_PROCESS = ("replay", "python")
"""First parts of Inspect's names of models that answer in this program."""
HEADINGS = ("load", "answers/s", "tok/s in/out", "p50", "p95 [95%]", "ttft 50/95", "n", "failed")


@dataclass(frozen=True, slots=True)
class Options:
    """The flags."""

    model: str
    task: str | None
    seconds: float
    calls: int
    most: int
    p95: float | None
    dry_run: bool
    yes: bool
    as_json: bool


@click.command(
    help="What an endpoint sustains: 1, 2, 4, 8 and so on requests in flight, until answers a second rise no "
    "more. Each time it measures anew; `bench savings` uses the latest."
)
@click.option("--model", required=True, help="Id of the model.")
@click.option("--task", help="Task whose prompts are sent; default: the first that the model takes.")
@click.option(
    "--seconds", type=click.FloatRange(0.1), default=20, show_default=True, help="Of a step, at most."
)
@click.option(
    "--calls",
    type=click.IntRange(1),
    default=200,
    show_default=True,
    help="Of a step, at most; never fewer than 10 for each request in flight.",
)
@click.option(
    "--most", type=click.IntRange(1, 1024), default=64, show_default=True, help="Requests in flight, at most."
)
@click.option(
    "--p95", type=click.FloatRange(0, min_open=True), help="Latency in seconds that p95 has to hold."
)
@click.option("--dry-run", is_flag=True, help="Most calls and low/high cost, without a single call.")
@click.option("--yes", is_flag=True, help="Do not ask before a dear measurement.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@project_options
def command(project: Project, **flags: Any) -> None:
    """Raise the load on one model of bench.yaml, or of the demo panel."""
    from whichmodel.run.load import Pace

    options = Options(**flags)
    pace = Pace(options.calls, options.seconds, options.most)
    model, bank = _asked(project, options)
    plan = _plan(bank, model, pace)
    counts = estimate.measured(project.results)
    if options.dry_run:
        estimate.show(plan, counts, options.as_json)
        return
    if not _by_the_hour(model):
        estimate.confirm(
            plan,
            counts,
            project.config.confirm_above_usd,
            None,
            yes=options.yes,
            where="bench load",
            remedy="Add --yes, or take smaller --calls or --most, or see --dry-run.",
        )
    load, path = _measure(project, plan.work[0], bank, pace, options)
    if options.as_json:
        document({**asdict(load), "knee_step": _step(load, model), "stored": str(path)})
    else:
        _show(load, model, path)
    if all(step.broken for step in load.steps):
        raise CellsFailed(f"No step held: {load.ended}.")


def _asked(project: Project, options: Options) -> tuple[Model, Bank]:
    """The model and the bank whose prompts it gets. Raises UsageError where it takes no such task."""
    [model] = project.panel((options.model,)).models
    if model.baseline or model.inspect_name.partition("/")[0] in IN_PROCESS:
        raise UsageError(
            f"{model.id} answers in this program, so that there is no endpoint to load.",
            where="bench load",
            remedy="Name a model that is served.",
        )
    cards = [
        card
        for card in project.at_hand((options.task,) if options.task else ())
        if model.takes(card) and card.inspect_task is None
    ]
    if not cards:
        raise UsageError(
            f"{model.id} takes no task here.", where="bench load", remedy="Name another with --task."
        )
    [bank] = project.banks(cards[:1], project.config.seed)
    return model, bank


def _by_the_hour(model: Model) -> bool:
    """Whether a request costs nothing beside the GPUs, which are paid for anyhow."""
    price = model.price
    return price is not None and price.per_gpu_hour is not None and not by_tokens(price)


def _plan(bank: Bank, model: Model, pace: Pace) -> Plan:
    """As many calls as all steps can make together, so that their cost can be told before."""
    from whichmodel.run.latency_draw import draw

    return draw([bank], [model], pace.most_calls(), {})


def _measure(project: Project, work: Work, bank: Bank, pace: Pace, options: Options) -> tuple[Load, Path]:
    from whichmodel.analyse.throughput import repeated, summarise
    from whichmodel.domain import LoadCalls
    from whichmodel.domain.load import rises
    from whichmodel.run.load import LoadPass

    started = datetime.now(UTC)
    run_id = f"load-{started:%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:6]}"
    steps: list[LoadStep] = []
    seen: list[LoadCalls] = []

    def heed(made: LoadCalls) -> str | None:
        seen.append(made)
        steps.append(summarise(made))
        if not options.as_json:
            note(f"{steps[-1].concurrency:,} in flight: {steps[-1].requests_per_s:,.1f} answers/s")
        return _stop(steps, rising=rises(steps))

    with served(Plan((replace(work, bank=bank),), (), 0), [bank], project.config.seed) as reached:
        if work.model.simulated:
            note("The demo panel is loaded, marked simulated: its models answer any number at a time.")
        done: LoadPass = LoadPass(reached.work[0], run_id, project.results, pace, heed)
        done.run()
    best = knee(steps, options.p95)
    load = Load(
        model=work.model.id,
        settings_hash=work.model.settings_hash,
        task=bank.card.name,
        task_hash=bank.task_hash,
        started_at=started,
        simulated=work.model.simulated,
        steps=tuple(steps),
        p95_limit_s=options.p95,
        knee=best.concurrency if best else None,
        ended=done.ended,
        repeated=repeated([timing for made in seen for timing in made.timings]),
    )
    return load, loads.put(project.results, load)


def _stop(steps: Sequence[LoadStep], *, rising: bool) -> str | None:
    last = steps[-1]
    if last.broken:
        return f"{last.failed:,} of {last.calls:,} calls failed with {last.concurrency:,} in flight"
    return None if rising else "answers a second rise no more"


def _step(load: Load, model: Model) -> dict[str, Any] | None:
    """The step at the knee with what it costs; None = no step holds."""
    step = load.sustained
    if step is None:
        return None
    per_1k, per_mtok = _hourly(step, model)
    return {**asdict(step), "usd_per_1k_requests": per_1k, "usd_per_mtok": per_mtok}


def _hourly(step: LoadStep, model: Model) -> tuple[Decimal | None, Decimal | None]:
    """USD of 1,000 requests and of a million tokens, in and out, on GPUs that are fully used."""
    hour = model.price.per_gpu_hour if model.price else None
    if hour is None or not step.requests_per_s:
        return None, None
    per_1k = hour / HOUR / Decimal(str(step.requests_per_s)) * 1000
    tokens = step.tokens_per_s
    return per_1k, hour / HOUR / Decimal(str(tokens)) * 1_000_000 if tokens else None


def _show(load: Load, model: Model, path: Path) -> None:
    mark = " (simulated)" if load.simulated else ""
    answer(f"{load.model}{mark} on prompts of {load.task}")
    answer(table(HEADINGS, [_row(step) for step in load.steps], numbers=range(len(HEADINGS))))
    answer("load = requests in flight; times in seconds, ttft = to the first content.")
    for line in _lines(load, model):
        answer(line)
    answer(f"Written: {path}")


def _row(step: LoadStep) -> list[str]:
    return [
        f"{step.concurrency:,}",
        f"{step.requests_per_s:,.1f}",
        f"{_rate(step.input_tokens_per_s)}/{_rate(step.output_tokens_per_s)}",
        _seconds(step.p50_s),
        f"{_seconds(step.p95_s)} [{_seconds(step.p95_low_s)}, {_seconds(step.p95_high_s)}]",
        f"{_seconds(step.ttft_p50_s)}/{_seconds(step.ttft_p95_s)}",
        f"{step.calls:,}",
        f"{step.failed:,}",
    ]


def _lines(load: Load, model: Model) -> list[str]:
    """The step to run at and its cost, what bent the figures, and why it ended."""
    lines = [_at_knee(load)]
    step = load.sustained
    per_1k, per_mtok = _hourly(step, model) if step else (None, None)
    if per_1k is not None:
        tokens = "" if per_mtok is None else f", {usd(per_mtok)} a million tokens (in and out)"
        hour = model.price.per_gpu_hour if model.price else None
        lines.append(f"At {usd(hour)} a GPU hour, fully used: {usd(per_1k)} for 1,000 requests{tokens}.")
    elif step and model.price and model.price.per_gpu_hour is None:
        lines.append(
            "Its price goes by usage; a GPU hour (`per_gpu_hour`) would be shared by what it sustains."
        )
    lines.append(f"Ended: {load.ended}. Warm-up calls are left out; in brackets the 95% interval of p95.")
    if limited := [s for s in load.steps if s.own_limit]:
        first = min(s.concurrency for s in limited)
        busiest = max(s.busy for s in limited)
        lines.append(
            f"From {first:,} in flight on, this program took up to {busiest:.0%} of a core: the endpoint "
            "sustains at least this much. Measure from a machine with free cores."
        )
    lags = [s.loop_lag_ms for s in load.steps if s.loop_lag_ms is not None]
    if lags:
        lines.append(f"This program's own delay: median {max(lags):.0f} ms a call in its worst step.")
    for s in load.steps:
        for error, count in s.errors.items():
            lines.append(f"{s.concurrency:,} in flight: {count:,} of {s.calls:,} calls failed: {error}")
    if load.repeated:
        lines.append(f"{load.repeated:,} calls repeated a prompt, which a prefix cache answers faster.")
    return lines


def _at_knee(load: Load) -> str:
    step = load.sustained
    if step is None:
        asked = "" if load.p95_limit_s is None else f" with p95 within {load.p95_limit_s:g} s"
        return f"\nNo step holds{asked}, not even one request in flight."
    if load.p95_limit_s is not None:
        held = f"the most in flight with p95 within {load.p95_limit_s:g} s"
    elif step is load.steps[-1]:
        held = "the last step, and answers a second still rose: a larger --most may find more"
    else:
        held = "the fewest in flight from which answers a second rise no more"
    return (
        f"\nRun it at {step.concurrency:,} in flight, {held}: {step.requests_per_s:,.1f} answers/s "
        f"(n = {step.answers:,} answers in {step.window_s:.1f} s)."
    )


def _rate(value: float | None) -> str:
    return "-" if value is None else f"{value:,.0f}"


def _seconds(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.3f}" if value < 0.1 else f"{value:.2f}"
