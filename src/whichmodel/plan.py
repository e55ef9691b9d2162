"""Config + tasks + what is stored -> what is still to measure. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from whichmodel.domain import JUDGE, NOBODY, Bank, Cell, Item, Judges, Model

ORDER_SEED = 0
Done = Mapping[tuple[str, str], frozenset[str]]
"""(task hash, settings hash) -> keys of the cells that have a score."""


@dataclass(frozen=True, slots=True)
class Work:
    """The items of one task that one model has still to answer."""

    bank: Bank
    """Holds just these items; the hash is the whole bank's."""
    model: Model
    judge: Model | None
    """Takes part in the scoring. None = nobody does."""
    epoch: int = 1

    def holding(self, items: tuple[Item, ...]) -> Work:
        """The same with just these items."""
        return replace(self, bank=replace(self.bank, items=items))


@dataclass(frozen=True, slots=True)
class Skipped:
    """A task that is not run, and why."""

    task: str
    reason: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A model that is not asked on a task, since its output mode does not apply there."""

    task: str
    model: str
    reason: str


@dataclass(frozen=True, slots=True)
class Barred:
    """A model that is not asked at all, since an organisation's policy bars it."""

    model: str
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run will do."""

    work: tuple[Work, ...]
    skipped: tuple[Skipped, ...]
    done: int
    """Cells that already have a score and cost nothing again."""
    left_out: tuple[LeftOut, ...] = ()
    barred: tuple[Barred, ...] = ()

    @property
    def cells(self) -> int:
        """Cells still to measure."""
        return sum(len(work.bank.items) for work in self.work)


def place(item_id: str) -> str:
    """Sort key of an item in the one random order that all models and all times share."""
    return hashlib.sha256(f"{ORDER_SEED}|{item_id}".encode()).hexdigest()


def order(items: Sequence[Item]) -> list[Item]:
    """Items in that order, so that a limit takes the same ones and a race asks them in turn."""
    return sorted(items, key=lambda item: place(item.id))


def make(
    banks: Sequence[Bank],
    models: Sequence[Model],
    done: Done,
    *,
    limit: int | None = None,
    epochs: int = 1,
    judges: Judges = NOBODY,
    sandbox_missing: Skipped | None = None,
) -> Plan:
    """The cells that have no score yet, by task and model.

    limit: items of each task, None = all. judges: take part in the scoring; a judged task is skipped
    without its own. sandbox_missing: why code cannot run here, None = it can.
    """
    work: list[Work] = []
    skipped: list[Skipped] = []
    stored = 0
    for bank in banks:
        reason = obstacle(bank, models, judges, sandbox_missing)
        if reason:
            skipped.append(reason)
            continue
        chosen = order(bank.items)[:limit]
        for model in (m for m in models if m.takes(bank.card)):
            for epoch in range(1, epochs + 1):
                known = done.get((bank.task_hash, model.settings_hash), frozenset())
                open_items = [i for i in chosen if _cell(bank, model, i, epoch).key not in known]
                stored += len(chosen) - len(open_items)
                if open_items:
                    part = Bank(bank.card, tuple(open_items), bank.task_hash, bank.seed)
                    work.append(Work(part, model, judges.of(bank.card), epoch))
    return Plan(tuple(work), tuple(skipped), stored, left_out(banks, models))


def left_out(banks: Sequence[Bank], models: Sequence[Model]) -> tuple[LeftOut, ...]:
    """Models that would be asked on a task if their output mode were plain, in the order of the tasks."""
    return tuple(
        LeftOut(bank.card.name, model.id, reason)
        for bank in banks
        for model in models
        if (reason := model.not_taken(bank.card)) and _in_plain(model).takes(bank.card)
    )


def _in_plain(model: Model) -> Model:
    return replace(model, settings=replace(model.settings, output_mode="plain"))


def _cell(bank: Bank, model: Model, item: Item, epoch: int) -> Cell:
    return Cell(bank.card.name, bank.task_hash, model.id, model.settings_hash, item.id, epoch)


def obstacle(
    bank: Bank, models: Sequence[Model], judges: Judges, sandbox_missing: Skipped | None
) -> Skipped | None:
    """Why a task cannot be measured with these models; None = it can."""
    card = bank.card
    if card.sandbox and sandbox_missing:
        return Skipped(card.name, sandbox_missing.reason, sandbox_missing.remedy)
    if not any(model.takes(card) for model in models):
        if unfit := left_out([bank], models):
            return Skipped(card.name, "; ".join(f"{part.model}: {part.reason}" for part in unfit))
        kind = "draws images" if card.answers == "image" else "answers in text"
        return Skipped(card.name, f"no model here {kind} for {card.category}")
    if missing := judges.missing(card):
        text = "Name one under `judges: {text: ...}` in bench.yaml."
        remedy = text if card.scorer == JUDGE else "Set `vision: true` on a model that reads images."
        return Skipped(card.name, missing, remedy)
    return None
