"""`bench run`: measure what is missing, then decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import click

from whichmodel import sandbox
from whichmodel.cli import estimate, on_cluster, run_report
from whichmodel.cli.canary import prepared
from whichmodel.cli.canary import show as show_canary
from whichmodel.cli.chosen import only_new, takes_none
from whichmodel.cli.decision import decide, write
from whichmodel.cli.gate import permitted, tell
from whichmodel.cli.measuring import command_line, measure, seed
from whichmodel.cli.output import document, note
from whichmodel.cli.project import ModelPanel, Project, project_options
from whichmodel.cli.racing import forecast
from whichmodel.cli.racing import report as race_report
from whichmodel.cli.racing.challengers import against_today, begun
from whichmodel.cli.racing.feed import Races
from whichmodel.cli.racing.field import Field, Lineup, among, enter, lineups
from whichmodel.cli.racing.start import start
from whichmodel.cli.run_options import Options, refuse, run_options
from whichmodel.cli.served import notable
from whichmodel.domain import Bank, Organisation, TaskCard, judged_by
from whichmodel.errors import UsageError
from whichmodel.plan import Barred, Plan, Skipped, make
from whichmodel.store import Store

if TYPE_CHECKING:
    from whichmodel.run.cluster import Cluster


@dataclass(frozen=True)
class _Hand:
    """What a run works with."""

    project: Project
    options: Options
    organisation: Organisation
    panel: ModelPanel
    barred: tuple[Barred, ...]
    cards: tuple[TaskCard, ...]
    banks: Sequence[Bank]
    store: Store
    rivals: dict[str, Lineup] | None
    """Who races, by task. None = nobody does."""
    cluster: Cluster | None = None
    """Whose workers measure. None = this machine's."""


@click.command(help="Measure models on tasks and decide the routes. The same command again goes on.")
@run_options
@click.option("--canary", is_flag=True, help="Ask 20 stored items of each model again: has it changed?")
@click.option("--new-models", is_flag=True, help="Just models without any outcome on these tasks.")
@click.option("--all-models", is_flag=True, help="Ask models too that the organisation's policy bars.")
@project_options
def command(project: Project, **flags: Any) -> None:
    """Run with the models of bench.yaml that can be asked from here, else with the demo panel."""
    execute(project, Options(**flags))


def execute(project: Project, options: Options) -> None:
    """The whole of a run: plan, ask, measure, decide, print, exit code."""
    refuse(options)
    with on_cluster.workplace(project, options) as cluster:
        hand = _gathered(project, options, cluster)
        if hand is None:
            return
        if options.canary:
            _canary(hand)
        elif hand.rivals is not None:
            _race(hand, hand.rivals)
        else:
            _measure_all(hand)


def _gathered(project: Project, options: Options, cluster: Cluster | None) -> _Hand | None:
    """Organisation, models, tasks and items. None = only new models are asked, and there is none."""
    organisation = project.config.organisation(options.org)
    environ = on_cluster.environment(cluster)
    panel = project.panel(options.models, simulated=options.simulated, environ=environ)
    panel, barred = (panel, ()) if options.all_models else permitted(panel, organisation)
    tell(barred, organisation)
    cards = project.at_hand(options.tasks)
    for line in takes_none(options.models, panel.models, cards):
        note(line)
    project.refresh(most_age_s=0)
    store, new = Store(project.results), panel
    if options.new_models:
        still = begun(store, organisation, panel) if options.until_decided else ()
        found = only_new(project, panel, cards, as_json=options.as_json, begun=still)
        if found is None:
            return None
        new = found
    banks = [judged_by(b, panel.judges) for b in project.banks(cards, seed(project, options))]
    if panel.simulated and not options.simulated:
        note("No provider key and no local endpoint was found: measuring the demo panel, marked simulated.")
    _recover(project, store)
    rivals = None
    if options.until_decided:
        rivals = (
            against_today(project, organisation, panel, new.models, banks, store)
            if options.new_models
            else lineups(banks, panel.models, organisation)
        )
    asked = panel if options.until_decided else new
    return _Hand(project, options, organisation, asked, barred, cards, banks, store, rivals, cluster)


def _canary(hand: _Hand) -> None:
    canary = prepared(hand.project, hand.banks, hand.panel, _sandbox_missing(hand.cluster))
    ran = _carried_out(hand, canary.plan)
    if ran:
        show_canary(hand.project, canary, ran, again=command_line(), as_json=hand.options.as_json)


def _measure_all(hand: _Hand) -> None:
    ran = _carried_out(hand, _plan(hand, hand.panel))
    if ran:
        _decided(hand, ran)


def _carried_out(hand: _Hand, plan: Plan) -> run_report.Ran | None:
    """The plan told, priced, confirmed and done. None = it was only to be priced."""
    project, options = hand.project, hand.options
    plan = replace(plan, barred=hand.barred)
    _tell(plan, hand)
    counts = estimate.measured(project.results)
    if options.dry_run:
        estimate.show(plan, counts, options.as_json)
        return None
    estimate.confirm(plan, counts, project.config.confirm_above_usd, options.budget, yes=options.yes)
    return measure(project, hand.store, hand.banks, hand.panel, plan, options, cluster=hand.cluster)


def _race(hand: _Hand, rivals: dict[str, Lineup]) -> None:
    project, options, organisation = hand.project, hand.options, hand.organisation
    panel = among(hand.panel, rivals)
    plan = replace(_plan(hand, panel), barred=hand.barred)
    field = enter(hand.banks, rivals, plan, organisation, hand.store, simulated=panel.simulated)
    _tell(field.plan, hand)
    counts = estimate.measured(project.results)
    priced = forecast.forecast(field, counts, organisation.rule.looks_start)
    if options.dry_run:
        forecast.show(field, priced, as_json=options.as_json)
        return
    races = start(project, organisation, panel, field, hand.store, counts)
    if races.nothing_to_ask:
        ran = _nothing_asked(races, field, panel)
    else:
        threshold, said = project.config.confirm_above_usd, forecast.words(priced)
        estimate.confirm(field.plan, counts, threshold, options.budget, yes=options.yes, said=said)
        ran = measure(project, hand.store, hand.banks, panel, field.plan, options, races, hand.cluster)
    _decided(hand, ran, races)


def _nothing_asked(races: Races, field: Field, panel: ModelPanel) -> run_report.Ran:
    note("What is stored decides every race; nothing was asked, nothing was spent.")
    races.more((), ())
    return run_report.Ran(None, panel.simulated, replace(field.plan, work=()), None)


def _decided(hand: _Hand, ran: run_report.Ran, races: Races | None = None) -> None:
    """Decide with what is stored now, print it, and end with the exit code that says how it went."""
    project, options, again = hand.project, hand.options, command_line()
    decision = decide(project, hand.organisation, hand.panel.name)
    written = write(project, decision)
    names = [card.name for card in hand.cards]
    served = notable(project, hand.panel.name, names)
    if options.as_json:
        raced = race_report.as_json(races) if races else {}
        document({**run_report.as_json(ran, decision, names, written, served), **raced})
    else:
        run_report.show(ran, decision, hand.cards, written, again=again, served=served)
        if races:
            race_report.show(races, simulated=ran.simulated, again=again)
    run_report.raise_for(ran, again=again)


def _tell(plan: Plan, hand: _Hand) -> None:
    """What is not asked, and why. Raises ConfigError where the cluster cannot ask what is."""
    on_cluster.check(hand.cluster, plan)
    for skipped in plan.skipped:
        note(f"Skipped {skipped.task}: {skipped.reason}. {skipped.remedy}".rstrip())
    runs_code = hand.cluster is None and any(work.bank.card.sandbox for work in plan.work)
    if runs_code and (way := sandbox.available().way) != "bubblewrap":
        note(f"Model-written code runs in {way}, since bubblewrap is not here.")
    if plan.left_out and not hand.options.dry_run:
        names = ", ".join(dict.fromkeys(part.model for part in plan.left_out))
        note(f"{len(plan.left_out):,} times a model's output mode does not apply to a task: {names}.")


def _recover(project: Project, store: Store) -> None:
    if not any((project.results / "logs").glob("*/*/outcomes.jsonl")):
        return
    from whichmodel.run.recovery import recover

    if new := recover(project.results, store):
        note(f"{new:,} outcomes of a run that was cut off were taken over.")


def _plan(hand: _Hand, panel: ModelPanel) -> Plan:
    options, store, banks = hand.options, hand.store, hand.banks
    models = panel.models
    done = store.done((bank.task_hash, model.settings_hash) for bank in banks for model in models)
    plan = make(
        banks,
        models,
        done,
        limit=options.limit,
        epochs=options.epochs,
        judges=panel.judges,
        sandbox_missing=_sandbox_missing(hand.cluster),
    )
    if not plan.work and not plan.done:
        reasons = "; ".join(f"{s.task}: {s.reason}. {s.remedy}".strip() for s in plan.skipped)
        raise UsageError(f"There is nothing that can be measured. {reasons}", where="bench run")
    return plan


def _sandbox_missing(cluster: Cluster | None) -> Skipped | None:
    """Why code cannot run here, or on no node. None = it can."""
    if cluster:
        return on_cluster.sandbox_missing(cluster)
    found = sandbox.available()
    return None if found.ok else Skipped("", found.reason, found.remedy)
