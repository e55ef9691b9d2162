"""`bench latency`: how fast models answer, measured apart from runs."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from whichmodel.cli import estimate, latency_table
from whichmodel.cli.output import note, usd
from whichmodel.cli.project import ModelPanel, Project, project_options, split
from whichmodel.domain import Bank, Ended, Model
from whichmodel.errors import CellsFailed, UsageError
from whichmodel.estimate import estimates, total
from whichmodel.plan import Plan
from whichmodel.store import Panel, Reader, Store, read

if TYPE_CHECKING:
    from whichmodel.run.latency import LatencyPass


@dataclass(frozen=True, slots=True)
class Options:
    """The flags."""

    tasks: tuple[str, ...]
    models: tuple[str, ...]
    n: int
    concurrency: int
    by: str | None
    show: bool
    dry_run: bool
    yes: bool
    as_json: bool


@click.command(
    help="How fast models answer: time to the first content, tokens/s, end to end, few requests at a time. "
    "Each time it measures anew and adds to what is stored."
)
@click.option("--tasks", callback=split, help="Tasks whose prompts are sent; default: all.")
@click.option("--models", callback=split, help="Ids of models; default: all that can be asked.")
@click.option("--n", type=click.IntRange(1), default=30, show_default=True, help="Calls of each model.")
@click.option(
    "--concurrency",
    type=click.IntRange(1, 16),
    default=1,
    show_default=True,
    help="Requests in flight, of all models together.",
)
@click.option("--by", type=click.Choice(["hour"]), help="By time of day: four parts of it, in UTC.")
@click.option("--show", is_flag=True, help="Only show what is stored; no call is made.")
@click.option("--dry-run", is_flag=True, help="Calls and low/high cost, without a single call.")
@click.option("--yes", is_flag=True, help="Do not ask before a dear pass.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@project_options
def command(project: Project, **flags: Any) -> None:
    """Time the models of bench.yaml that can be asked from here, else the demo panel."""
    options = Options(**flags)
    if options.show:
        reader = read(project.results)
        _tell(reader, _panel_of(reader), options)
    else:
        _measure(project, options)


def _measure(project: Project, options: Options) -> None:
    panel = project.panel(options.models)
    banks = project.banks(project.at_hand(options.tasks), project.config.seed)
    if panel.simulated:
        note("No provider key and no local endpoint was found: timing the demo panel, marked simulated.")
    plan, store = _plan(project, banks, panel, options)
    if options.dry_run:
        estimate.show(plan, estimate.measured(project.results), options.as_json)
        return
    _confirm(project, plan, yes=options.yes)
    done = _pass(project, banks, plan, store, options)
    for model, reason in done.stopped.items():
        note(f"{model} was asked no more: {reason}")
    _tell(read(project.results), panel.name, options, done)
    failed = sum(timing.status is Ended.FAILED for timing in done.timings)
    if failed or done.stopped:
        raise CellsFailed(f"{failed:,} of {len(done.timings):,} calls failed; they have no latency.")


def _plan(project: Project, banks: Sequence[Bank], panel: ModelPanel, options: Options) -> tuple[Plan, Store]:
    from whichmodel.run.latency_draw import draw
    from whichmodel.run.latency_lines import take_over

    store = Store(project.results)
    if new := take_over(project.results, store):
        note(f"{new:,} calls of a pass that was cut off were taken over.")
    plan = draw(banks, panel.models, options.n, store.timed())
    for skipped in plan.skipped:
        note(f"Skipped {skipped.task}: {skipped.reason}.")
    if not plan.work:
        raise UsageError(
            "There is nothing to time: no model of a provider is made for one of these tasks.",
            where="bench latency",
            remedy="Name other tasks or models; rules answer in this program and are never timed.",
        )
    return plan, store


def _confirm(project: Project, plan: Plan, *, yes: bool) -> None:
    """Ask before a pass whose high estimate is above the threshold. Simulated models never ask."""
    counts, threshold = estimate.measured(project.results), project.config.confirm_above_usd
    low, high, unknown = total(estimates(plan, at=datetime.now(UTC), measured=counts))
    if yes or (high <= threshold and not unknown):
        return
    unpriced = f" Price unknown: {', '.join(unknown)}." if unknown else ""
    question = f"{plan.cells:,} calls. Between {usd(low)} and {usd(high)}.{unpriced}"
    if not sys.stdin.isatty():
        raise UsageError(
            f"{question} More than {usd(threshold)}, or an unknown price, is asked about first.",
            where="bench latency",
            remedy="Add --yes, or take a smaller --n, or see --dry-run.",
        )
    click.confirm(f"{question} Go on?", abort=True, err=True)


def _pass(project: Project, banks: Sequence[Bank], plan: Plan, store: Store, options: Options) -> LatencyPass:
    from whichmodel.run.latency import LatencyPass

    run_id = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:6]}"

    def tell(model: Model, calls: int) -> None:
        if not options.as_json:
            note(f"{model.id}: {calls:,} calls ...")

    with served(plan, banks, project.config.seed) as reached:
        done = LatencyPass(reached, run_id, project.results, store, options.concurrency, tell)
        done.run()
    return done


@contextmanager
def served(plan: Plan, banks: Sequence[Bank], seed: int) -> Iterator[Plan]:
    """The plan with addresses for its simulated models, whose server runs as long as the block."""
    if not any(work.model.simulated for work in plan.work):
        yield plan
        return
    from whichmodel.simulator import panel, serve

    with serve.serve(banks, seed=seed) as addresses:
        by_id = {model.id: model for model in panel.models(addresses)}
        work = tuple(replace(w, model=by_id.get(w.model.id, w.model)) for w in plan.work)
        yield replace(plan, work=work)


def _panel_of(reader: Reader | None) -> Panel:
    """Real models where any was timed."""
    return "real" if reader is None or not reader.timings("real").empty else "simulated"


def _tell(reader: Reader | None, panel: Panel, options: Options, done: LatencyPass | None = None) -> None:
    stored = None if reader is None else latency_table.Stored.of(reader, panel, by_hour=options.by == "hour")
    ran = None if done is None else latency_table.Ran(done.run_id, len(done.timings), dict(done.stopped))
    if options.as_json:
        latency_table.as_json(stored, panel, ran)
    else:
        latency_table.show(stored, ran)
