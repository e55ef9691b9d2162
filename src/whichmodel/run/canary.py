"""A canary's plan: stored items of each model that are asked again, as further epochs. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, zip_longest
from typing import TypeVar

from whichmodel.domain import NOBODY, Bank, Item, Judges, Model
from whichmodel.plan import LeftOut, Plan, Skipped, Work, left_out, obstacle, order

ITEMS = 20
"""Items of each model, over all its tasks."""
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Chosen:
    """One stored item that a model is asked again."""

    bank: Bank
    model: Model
    item: Item

    @property
    def key(self) -> tuple[str, str, str]:
        """Task hash, settings hash, item: as the store finds its rows."""
        return self.bank.task_hash, self.model.settings_hash, self.item.id


@dataclass(frozen=True, slots=True)
class Selection:
    """What is asked again, and what cannot be."""

    chosen: tuple[Chosen, ...]
    skipped: tuple[Skipped, ...]
    left_out: tuple[LeftOut, ...]


def select(
    banks: Sequence[Bank],
    models: Sequence[Model],
    scored: Mapping[tuple[str, str], frozenset[str]],
    *,
    judges: Judges = NOBODY,
    sandbox_missing: Skipped | None,
    count: int = ITEMS,
) -> Selection:
    """Of each model's items with a score, some, spread over its tasks and their strata in the shared order.

    scored: (task hash, settings hash) -> ids of the items. The same for the same scores. Rule baselines are
    left out: nobody can change them from outside. judges, sandbox_missing: as in `plan.make`.
    """
    asked = [model for model in models if not model.baseline]
    obstacles = {bank.task_hash: obstacle(bank, asked, judges, sandbox_missing) for bank in banks}
    able = [bank for bank in banks if obstacles[bank.task_hash] is None]
    chosen = [part for model in asked for part in islice(_spread(model, able, scored), count)]
    skipped = tuple(reason for reason in obstacles.values() if reason)
    return Selection(tuple(chosen), skipped, left_out(able, asked))


def _spread(
    model: Model, banks: Sequence[Bank], scored: Mapping[tuple[str, str], frozenset[str]]
) -> Iterable[Chosen]:
    """All its items with a score, the tasks taking turns, and in each task the strata."""
    tasks = []
    for bank in sorted(banks, key=lambda bank: _rank(bank.card.name)):
        known = scored.get((bank.task_hash, model.settings_hash), frozenset())
        items = [item for item in order(bank.items) if item.id in known]
        if items and model.takes(bank.card):
            strata = _groups(items, lambda item: item.stratum)
            tasks.append([Chosen(bank, model, item) for item in _in_turn(strata)])
    return _in_turn(tasks)


def _groups(items: Iterable[Item], by: Callable[[Item], str]) -> list[list[Item]]:
    groups: dict[str, list[Item]] = {}
    for item in items:
        groups.setdefault(by(item), []).append(item)
    return [groups[name] for name in sorted(groups, key=_rank)]


def _rank(name: str) -> bytes:
    """A random order of names that is always the same, so that no alphabet prefers one."""
    return hashlib.sha256(f"0|{name}".encode()).digest()


def _in_turn(groups: Sequence[Sequence[Value]]) -> list[Value]:
    """The first of each group, then the second of each, until all are taken."""
    none = object()
    rounds = zip_longest(*groups, fillvalue=none)
    return [value for values in rounds for value in values if value is not none]  # type: ignore[misc]


def plan(selection: Selection, epochs: Mapping[tuple[str, str, str], int], judges: Judges) -> Plan:
    """The work of a selection, each item in the epoch after its last one.

    epochs: the highest stored epoch by `Chosen.key`, of any run and status.
    """
    parts: dict[tuple[str, str, int], list[Chosen]] = {}
    for one in selection.chosen:
        epoch = epochs[one.key] + 1
        parts.setdefault((one.bank.task_hash, one.model.settings_hash, epoch), []).append(one)
    work = []
    for (_, _, epoch), part in parts.items():
        bank, model = part[0].bank, part[0].model
        held = replace(bank, items=tuple(one.item for one in part))
        work.append(Work(held, model, judges.of(bank.card), epoch))
    return Plan(tuple(work), selection.skipped, 0, selection.left_out)
