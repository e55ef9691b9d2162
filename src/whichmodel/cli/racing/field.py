"""Which tasks race and who takes part; a race that is stored already goes on."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime

from whichmodel.cli.output import note
from whichmodel.cli.project import ModelPanel
from whichmodel.domain import Bank, DecisionRule, Model, Organisation, policy_reason
from whichmodel.plan import ORDER_SEED, Plan, order
from whichmodel.store import Race, Store
from whichmodel.store.races import Kind

DECIDING = (
    "objective", "reference", "min_quality", "delta", "alpha", "multiplicity", "min_items", "min_coverage",
    "looks_start", "kill_beta", "futility",
)  # fmt: skip
"""What of a decision rule a race depends on: another value makes it another race."""


@dataclass(frozen=True, slots=True)
class Lineup:
    """Who races on a task."""

    models: tuple[Model, ...]
    incumbent: str | None
    """Today's model, if it takes part."""
    kind: Kind = "all"


@dataclass(frozen=True, slots=True)
class Entry:
    """A task that races."""

    bank: Bank
    race: Race
    goes_on: bool
    """It was begun by an earlier run."""


@dataclass(frozen=True, slots=True)
class Unraced:
    """A task that is measured in full instead, and why."""

    task: str
    reason: str


@dataclass(frozen=True, slots=True)
class Field:
    """All that a run is about."""

    entries: tuple[Entry, ...]
    unraced: tuple[Unraced, ...]
    plan: Plan
    """Everything that is not measured yet: more than any race will ask."""


def lineups(banks: Sequence[Bank], models: Sequence[Model], organisation: Organisation) -> dict[str, Lineup]:
    """By task every model that takes it and that the policy allows."""
    found = {}
    for bank in banks:
        card = bank.card
        able = tuple(m for m in models if m.takes(card) and not policy_reason(m, organisation.policy))
        workload = organisation.workload(card.name, card.category)
        named = workload.incumbent if workload else None
        found[card.name] = Lineup(able, named if named in {m.id for m in able} else None)
    return found


def among(panel: ModelPanel, lineups: Mapping[str, Lineup]) -> ModelPanel:
    """The panel with just the models that take part somewhere."""
    names = {model.id for lineup in lineups.values() for model in lineup.models}
    return replace(panel, models=tuple(model for model in panel.models if model.id in names))


def enter(
    banks: Sequence[Bank],
    lineups: Mapping[str, Lineup],
    plan: Plan,
    organisation: Organisation,
    store: Store,
    *,
    simulated: bool,
) -> Field:
    """The races of a run, each the stored one where nothing that it rests on has changed, which is said.

    plan: of all the models on all the tasks. Nobody is asked who takes no part.
    """
    skipped = {part.task for part in plan.skipped}
    known = store.races()
    entries, unraced = [], []
    for bank in banks:
        name = bank.card.name
        if name in skipped or not lineups[name].models:
            continue
        if reason := _unraced(bank, organisation.rule):
            unraced.append(Unraced(name, reason))
            continue
        race = _race(bank, lineups[name], organisation, simulated)
        before = next((r for r in known if r.race_id == race.race_id), None)
        if before is None:
            _tell_new(race, known)
        entries.append(
            Entry(bank, replace(race, started_at=before.started_at) if before else race, bool(before))
        )
    for part in unraced:
        note(f"{part.task} is measured in full: {part.reason}.")
    able = {name: {model.id for model in lineup.models} for name, lineup in lineups.items()}
    work = tuple(w for w in plan.work if w.model.id in able[w.bank.card.name])
    return Field(tuple(entries), tuple(unraced), replace(plan, work=work))


def _unraced(bank: Bank, rule: DecisionRule) -> str | None:
    """Why a task cannot race. None = it can."""
    if len(bank.items) <= rule.looks_start:
        return f"it has {len(bank.items):,} items, and the first look of a race takes {rule.looks_start:,}"
    return None


def _race(bank: Bank, lineup: Lineup, organisation: Organisation, simulated: bool) -> Race:
    rule = {name: value for name, value in asdict(organisation.rule).items() if name in DECIDING}
    models = sorted(lineup.models, key=lambda model: model.id)
    return Race(
        organisation=organisation.name,
        simulated=simulated,
        task=bank.card.name,
        task_hash=bank.task_hash,
        order_seed=ORDER_SEED,
        items=tuple(item.id for item in order(bank.items)),
        models=tuple(model.id for model in models),
        settings=tuple(model.settings_hash for model in models),
        incumbent=lineup.incumbent,
        kind=lineup.kind,
        rule=json.dumps(rule, sort_keys=True, default=str),
        started_at=datetime.now(UTC),
    )


def _tell_new(race: Race, known: Sequence[Race]) -> None:
    """Say why an earlier race of the task does not go on."""
    same = (race.organisation, race.simulated, race.task, race.kind)
    former = next((r for r in known if (r.organisation, r.simulated, r.task, r.kind) == same), None)
    if former is not None:
        what = ", ".join(changes(former, race))
        note(
            f"A new race on {race.task}: {what} changed since the one of {former.started_at:%Y-%m-%d}. "
            "Stored answers count."
        )


def changes(former: Race, race: Race) -> list[str]:
    """What a new race differs in from a former one, in words."""
    theirs, ours = (dict(zip(r.models, r.settings, strict=True)) for r in (former, race))
    moved = [name for name in ours if name in theirs and theirs[name] != ours[name]]
    found = {
        "the bank": former.task_hash != race.task_hash or former.order_seed != race.order_seed,
        "the decision rule": former.rule != race.rule,
        f"the settings of {', '.join(moved)}": bool(moved),
        "the models": set(theirs) != set(ours),
        "today's model": former.incumbent != race.incumbent,
    }
    return [what for what, stands in found.items() if stands]
