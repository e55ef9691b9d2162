"""New models against today's alone: who is today's, and what is stored of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from whichmodel.cli.output import note
from whichmodel.cli.project import ModelPanel, Project
from whichmodel.cli.racing.field import Lineup, lineups
from whichmodel.domain import Bank, Model, Organisation
from whichmodel.errors import UsageError
from whichmodel.export.stored import stored
from whichmodel.store import Race, Store


def begun(store: Store, organisation: Organisation, panel: ModelPanel) -> frozenset[str]:
    """Settings hashes of the challengers in races that are open: they have outcomes, and are not done."""
    return frozenset(
        settings
        for race in _open(store, organisation, panel)
        for model, settings in zip(race.models, race.settings, strict=True)
        if model != race.incumbent
    )


def _open(store: Store, organisation: Organisation, panel: ModelPanel) -> list[Race]:
    wanted = (organisation.name, panel.simulated, "challengers")
    return [
        r for r in store.races() if (r.organisation, r.simulated, r.kind) == wanted and r.ended_at is None
    ]


def against_today(
    project: Project,
    organisation: Organisation,
    panel: ModelPanel,
    new: Sequence[Model],
    banks: Sequence[Bank],
    store: Store,
) -> dict[str, Lineup]:
    """By task the new models and today's, whose stored answers count; where it has none, all models.

    A task that no new model takes has nobody. Today's model is the one that the last table routes to, else
    the one that the workload names.
    """
    everybody = lineups(banks, panel.models, organisation)
    routed = _routed(project, organisation, panel)
    under_way = {race.task_hash: race.incumbent for race in _open(store, organisation, panel)}
    fresh, found = {model.id for model in new}, {}
    for bank in banks:
        task, able = bank.card.name, everybody[bank.card.name].models
        challengers = tuple(model for model in able if model.id in fresh)
        named = under_way.get(bank.task_hash) or routed.get(task) or everybody[task].incumbent
        today = next((model for model in able if model.id == named and model.id not in fresh), None)
        if not challengers:
            found[task] = Lineup((), None)
        elif today and store.done([(bank.task_hash, today.settings_hash)]):
            found[task] = Lineup((*challengers, today), today.id, "challengers")
        else:
            note(f"{task}: {_why(named, {model.id for model in able})}, so all models race.")
            found[task] = everybody[task]
    return found


def _why(named: str | None, able: Collection[str]) -> str:
    if named is None:
        return "no model is routed or named as today's"
    if named not in able:
        return f"today's {named} cannot be asked here"
    return f"nothing is stored of today's {named} on this bank"


def _routed(project: Project, organisation: Organisation, panel: ModelPanel) -> Mapping[str, str]:
    """Task -> the model of the last table of this panel; nothing where there is no table."""
    try:
        table = stored(project.results, organisation.name)
    except UsageError:
        return {}
    if table.simulated != panel.simulated:
        return {}
    return {route.task: route.model for route in table.routes if route.model}
