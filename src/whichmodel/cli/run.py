"""`bench run`: measure what is missing, then decide."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from whichmodel import sandbox
from whichmodel.cli import estimate, report
from whichmodel.cli.canary import prepared
from whichmodel.cli.canary import show as show_canary
from whichmodel.cli.chosen import only_new, takes_none
from whichmodel.cli.decision import decide, write
from whichmodel.cli.gate import permitted, tell
from whichmodel.cli.output import document, note
from whichmodel.cli.progress import watcher
from whichmodel.cli.project import ModelPanel, Project, project_options, split
from whichmodel.cli.served import notable
from whichmodel.domain import Bank, Model, judged_by
from whichmodel.errors import UsageError
from whichmodel.plan import Plan, Skipped, make
from whichmodel.store import MARK, Run, Store

PROCESSES = 2
"""Worker processes; each has one task and one model at a time."""


@dataclass(frozen=True, slots=True)
class Options:
    """The flags of a run."""

    tasks: tuple[str, ...]
    models: tuple[str, ...]
    org: str | None
    limit: int | None
    epochs: int
    budget: Decimal | None
    seed: int | None
    cache: bool
    dry_run: bool
    yes: bool
    as_json: bool
    simulated: bool = False
    processes: int = PROCESSES
    canary: bool = False
    new_models: bool = False
    all_models: bool = False


def _decimal(ctx: click.Context, param: click.Parameter, value: str | None) -> Decimal | None:
    if value is None:
        return None
    try:
        amount = Decimal(value.removeprefix("$"))
    except ArithmeticError:
        raise click.BadParameter(f"'{value}' is no amount in USD") from None
    if not amount.is_finite() or amount <= 0:
        raise click.BadParameter("a budget is above 0")
    return amount


def run_options(function: Any) -> Any:
    """The flags that `run` and `demo` share."""
    flags = [
        click.option("--tasks", callback=split, help="Names, categories, globs, paths; default: all."),
        click.option("--models", callback=split, help="Ids of models; default: all that can be asked."),
        click.option("--org", help="Organisation to decide for; default: default_organisation."),
        click.option("--limit", type=click.IntRange(1), help="Items of each task, the same for all models."),
        click.option("--epochs", type=click.IntRange(1), default=1, show_default=True, help="Calls an item."),
        click.option("--budget", callback=_decimal, help="USD for this run; it stops before more is spent."),
        click.option("--seed", type=click.IntRange(0), help="Of generated items; default: bench.yaml's."),
        click.option("--cache", is_flag=True, help="Keep answers; pay once for the same question."),
        click.option("--dry-run", is_flag=True, help="Calls and low/high cost, without a single call."),
        click.option("--yes", is_flag=True, help="Do not ask before a dear run."),
        click.option("--processes", type=click.IntRange(1), default=PROCESSES, show_default=True),
        click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout."),
    ]
    for flag in reversed(flags):
        function = flag(function)
    return function


@click.command(help="Measure models on tasks and decide the routes. The same command again goes on.")
@run_options
@click.option("--canary", is_flag=True, help="Ask 20 stored items of each model again: has it changed?")
@click.option("--new-models", is_flag=True, help="Just models without any outcome on these tasks.")
@click.option("--all-models", is_flag=True, help="Ask models too that the organisation's policy bars.")
@project_options
def command(project: Project, **flags: Any) -> None:
    """Run with the models of bench.yaml that can be asked from here, else with the demo panel."""
    options = Options(**flags)
    if options.canary and (options.new_models or options.limit or options.epochs > 1 or options.cache):
        raise UsageError(
            "A canary asks anew: it goes with none of --new-models, --limit, --epochs and --cache.",
            where="bench run --canary",
        )
    execute(project, options)


def execute(project: Project, options: Options) -> None:
    """The whole of a run: plan, ask, measure, decide, print, exit code."""
    organisation = project.config.organisation(options.org)
    panel = project.panel(options.models, simulated=options.simulated)
    panel, barred = (panel, ()) if options.all_models else permitted(panel, organisation)
    tell(barred, organisation)
    cards = project.at_hand(options.tasks)
    for line in takes_none(options.models, panel.models, cards):
        note(line)
    if options.new_models:
        new = only_new(project, panel, cards, as_json=options.as_json)
        if new is None:
            return
        panel = new
    store = Store(project.results)
    banks = [judged_by(b, panel.judges) for b in project.banks(cards, _seed(project, options))]
    if panel.simulated and not options.simulated:
        note("No provider key and no local endpoint was found: measuring the demo panel, marked simulated.")
    _recover(project, store)
    canary = prepared(project, banks, panel, _sandbox_missing()) if options.canary else None
    plan = replace(canary.plan if canary else _plan(banks, panel, store, options), barred=barred)
    _tell(plan, options)
    counts = estimate.measured(project.results)
    if options.dry_run:
        estimate.show(plan, counts, options.as_json)
        return
    estimate.confirm(plan, counts, project.config.confirm_above_usd, options.budget, yes=options.yes)
    ran = _measure(project, store, banks, panel, plan, options)
    if canary:
        show_canary(project, canary, ran, again=_command(), as_json=options.as_json)
        return
    decision = decide(project, organisation, panel.name)
    written = write(project, decision)
    names = [card.name for card in cards]
    served = notable(project, panel.name, names)
    if options.as_json:
        document(report.as_json(ran, decision, names, written, served))
    else:
        report.show(ran, decision, cards, written, again=_command(), served=served)
    report.raise_for(ran, again=_command())


def _tell(plan: Plan, options: Options) -> None:
    """What is not asked, and why."""
    for skipped in plan.skipped:
        note(f"Skipped {skipped.task}: {skipped.reason}. {skipped.remedy}".rstrip())
    if any(work.bank.card.sandbox for work in plan.work) and (way := sandbox.available().way) != "bubblewrap":
        note(f"Model-written code runs in {way}, since bubblewrap is not here.")
    if plan.left_out and not options.dry_run:
        names = ", ".join(dict.fromkeys(part.model for part in plan.left_out))
        note(f"{len(plan.left_out):,} times a model's output mode does not apply to a task: {names}.")


def _seed(project: Project, options: Options) -> int:
    return project.config.seed if options.seed is None else options.seed


def _recover(project: Project, store: Store) -> None:
    if not any((project.results / "logs").glob("*/*/outcomes.jsonl")):
        return
    from whichmodel.run.recovery import recover

    if new := recover(project.results, store):
        note(f"{new:,} outcomes of a run that was cut off were taken over.")


def _plan(banks: Sequence[Bank], panel: ModelPanel, store: Store, options: Options) -> Plan:
    models = panel.models
    done = store.done((bank.task_hash, model.settings_hash) for bank in banks for model in models)
    plan = make(
        banks,
        models,
        done,
        limit=options.limit,
        epochs=options.epochs,
        judges=panel.judges,
        sandbox_missing=_sandbox_missing(),
    )
    if not plan.work and not plan.done:
        reasons = "; ".join(f"{s.task}: {s.reason}. {s.remedy}".strip() for s in plan.skipped)
        raise UsageError(f"There is nothing that can be measured. {reasons}", where="bench run")
    return plan


def _sandbox_missing() -> Skipped | None:
    """Why code cannot run here. None = it can."""
    found = sandbox.available()
    return None if found.ok else Skipped("", found.reason, found.remedy)


def _measure(
    project: Project,
    store: Store,
    banks: Sequence[Bank],
    panel: ModelPanel,
    plan: Plan,
    options: Options,
) -> report.Ran:
    if not plan.work:
        note(f"All {plan.done:,} cells are measured already; nothing was asked, nothing was spent.")
        return report.Ran(None, panel.simulated, plan, None)
    from whichmodel.run.budget import Budget
    from whichmodel.run.measure import Measurement

    mark = MARK if options.canary else ""
    run_id = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:6]}{mark}"
    with (
        _served(plan, banks, project, options) as served,
        _journal(project, store, run_id, plan, panel) as end,
        watcher(plan, quiet=options.as_json) as watch,
    ):
        measurement = Measurement(
            plan=served,
            run_id=run_id,
            results=project.results,
            store=store,
            processes=options.processes,
            budget=Budget(options.budget),
            watch=watch,
            cache=options.cache,
            limits=project.config.limits,
        )
        end.summary = summary = measurement.run()
    return report.Ran(run_id, panel.simulated, plan, summary)


@contextmanager
def _served(plan: Plan, banks: Sequence[Bank], project: Project, options: Options) -> Iterator[Plan]:
    """The plan with addresses for its simulated models, whose servers run as long as the block."""
    if not any(work.model.simulated for work in plan.work):
        yield plan
        return
    from whichmodel.simulator import panel, serve

    with serve.serve(banks, seed=_seed(project, options)) as addresses:
        by_id = {model.id: model for model in panel.models(addresses)}

        def here(model: Model | None) -> Model | None:
            return by_id.get(model.id, model) if model else None

        work = [replace(w, model=by_id.get(w.model.id, w.model), judge=here(w.judge)) for w in plan.work]
        yield replace(plan, work=tuple(work))


@dataclass(slots=True)
class _End:
    summary: Any = None


@contextmanager
def _journal(project: Project, store: Store, run_id: str, plan: Plan, panel: ModelPanel) -> Iterator[_End]:
    """The run's row, in the database and beside its logs: at its start, and at its end however it ends."""
    from whichmodel.store import runs

    folder = project.results / "logs" / run_id
    run = Run(run_id, datetime.now(UTC), None, panel.simulated, _command(), plan.cells, None, None, None)
    runs.write(run, folder)
    store.put_run(run)
    end, reason = _End(), "finished"
    try:
        yield end
    except BaseException as error:
        reason = type(error).__name__
        raise
    finally:
        progress = end.summary.progress if end.summary else None
        if end.summary and end.summary.over_budget:
            reason = "budget"
        ended = replace(
            run,
            ended_at=datetime.now(UTC),
            done=progress.done if progress else None,
            failed=progress.failed if progress else None,
            reason=reason,
        )
        runs.write(ended, folder)
        store.put_run(ended)
        store.publish()


def _command() -> str:
    return " ".join([Path(sys.argv[0]).name, *sys.argv[1:]])
