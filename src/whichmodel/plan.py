"""Config + tasks + what is stored -> what is still to measure, its calls and its low and high cost. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from whichmodel.domain import Bank, Cell, Item, Model, TaskCard, Usage
from whichmodel.pricing import price

Done = Mapping[tuple[str, str], frozenset[str]]
"""(task hash, settings hash) -> keys of the cells that have a score."""
CHARS_PER_TOKEN_LOW, CHARS_PER_TOKEN_HIGH = 5.0, 3.0
LEAST_OUTPUT = 10
JUDGE_OUTPUT = 200
"""Tokens of the longest answer to a question about an image."""
JUDGE_CALLS, JUDGE_INPUT = (2, 10), (300, 2500)
"""Questions about an image and input tokens of one (image included), low and high."""


@dataclass(frozen=True, slots=True)
class Work:
    """The items of one task that one model has still to answer."""

    bank: Bank
    """Holds just these items; the hash is the whole bank's."""
    model: Model
    judge: Model | None
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
class Plan:
    """What a run will do."""

    work: tuple[Work, ...]
    skipped: tuple[Skipped, ...]
    done: int
    """Cells that already have a score and cost nothing again."""

    @property
    def cells(self) -> int:
        """Cells still to measure."""
        return sum(len(work.bank.items) for work in self.work)


@dataclass(frozen=True, slots=True)
class Estimate:
    """What one model's share of a plan will cost. USD None = its price is unknown."""

    model: str
    calls: int
    low_usd: Decimal | None
    high_usd: Decimal | None
    simulated: bool


def order(items: Sequence[Item]) -> list[Item]:
    """Items in the one random order that all models share, so that a limit takes the same ones."""
    return sorted(items, key=lambda item: hashlib.sha256(f"0|{item.id}".encode()).digest())


def make(
    banks: Sequence[Bank],
    models: Sequence[Model],
    done: Done,
    *,
    limit: int | None = None,
    epochs: int = 1,
    judge: Model | None = None,
    sandbox_missing: Skipped | None = None,
) -> Plan:
    """The cells that have no score yet, by task and model.

    limit: items of each task, None = all. judge: answers questions about images; a judged task is
    skipped without one. sandbox_missing: why code cannot run here, None = it can.
    """
    work: list[Work] = []
    skipped: list[Skipped] = []
    stored = 0
    for bank in banks:
        reason = _obstacle(bank, models, judge, sandbox_missing)
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
                    work.append(Work(part, model, judge if bank.card.judged else None, epoch))
    return Plan(tuple(work), tuple(skipped), stored)


def _cell(bank: Bank, model: Model, item: Item, epoch: int) -> Cell:
    return Cell(bank.card.name, bank.task_hash, model.id, model.settings_hash, item.id, epoch)


def _obstacle(
    bank: Bank, models: Sequence[Model], judge: Model | None, sandbox_missing: Skipped | None
) -> Skipped | None:
    card = bank.card
    if card.sandbox and sandbox_missing:
        return Skipped(card.name, sandbox_missing.reason, sandbox_missing.remedy)
    if not any(model.takes(card) for model in models):
        kind = "draws images" if card.answers == "image" else "answers in text"
        return Skipped(card.name, f"no model here {kind} for {card.category}")
    if card.judged and judge is None:
        remedy = "Set `vision: true` on a model that reads images."
        return Skipped(card.name, "no vision model is configured to check the images", remedy)
    return None


def estimates(plan: Plan, *, at: datetime) -> tuple[Estimate, ...]:
    """Low and high cost by model, the judge on its own line, in the order of the plan."""
    found: dict[str, Estimate] = {}
    for work in plan.work:
        _add(found, work.model, len(work.bank.items), *cost(work, at=at))
        if work.judge:
            calls = len(work.bank.items) * JUDGE_CALLS[1]
            _add(found, work.judge, calls, *_judge_cost(work, work.judge, at))
    return tuple(found.values())


def _add(
    found: dict[str, Estimate], model: Model, calls: int, low: Decimal | None, high: Decimal | None
) -> None:
    before = found.get(model.id, Estimate(model.id, 0, Decimal(0), Decimal(0), model.simulated))
    low_sum = None if before.low_usd is None or low is None else before.low_usd + low
    high_sum = None if before.high_usd is None or high is None else before.high_usd + high
    found[model.id] = Estimate(model.id, before.calls + calls, low_sum, high_sum, model.simulated)


def cost(work: Work, *, at: datetime) -> tuple[Decimal | None, Decimal | None]:
    """Low and high cost of some work: short and long readings of the prompt, least and most output."""
    card, model = work.bank.card, work.model
    count = len(work.bank.items)
    chars = sum(len(item.input) + len(card.system) for item in work.bank.items) / count
    most = model.settings.max_tokens or card.max_tokens
    images = 1 if card.answers == "image" else None
    low = Usage(input=int(chars / CHARS_PER_TOKEN_LOW), output=LEAST_OUTPUT, images=images)
    high = Usage(input=int(chars / CHARS_PER_TOKEN_HIGH) + 1, output=most, images=images)
    return _times(price(model, low, at=at).usd, count), _times(price(model, high, at=at).usd, count)


def _times(usd: Decimal | None, count: int) -> Decimal | None:
    """A request's cost, so many times; requests are priced singly, since long ones have other rates."""
    return None if usd is None else usd * count


def worst(work: Work, *, at: datetime) -> Decimal | None:
    """The most some work can cost, its judge included. None = a price is unknown."""
    parts = [cost(work, at=at)[1]]
    if work.judge:
        parts.append(_judge_cost(work, work.judge, at)[1])
    known = [part for part in parts if part is not None]
    return sum(known, Decimal(0)) if len(known) == len(parts) else None


def _judge_cost(work: Work, judge: Model, at: datetime) -> tuple[Decimal | None, Decimal | None]:
    count = len(work.bank.items)
    low, high = (
        _times(price(judge, Usage(input=tokens, output=LEAST_OUTPUT), at=at).usd, count * calls)
        for calls, tokens in zip(JUDGE_CALLS, JUDGE_INPUT, strict=True)
    )
    return low, high


def total(parts: Sequence[Estimate]) -> tuple[Decimal, Decimal, tuple[str, ...]]:
    """Low and high of what is known, and the models whose price is not."""
    real = [part for part in parts if not part.simulated]
    low = sum((part.low_usd for part in real if part.low_usd is not None), Decimal(0))
    high = sum((part.high_usd for part in real if part.high_usd is not None), Decimal(0))
    return low, high, tuple(part.model for part in real if part.high_usd is None)


def worst_answer(model: Model, card: TaskCard, item: Item, *, at: datetime) -> Decimal | None:
    """The most one attempt at an item can cost: a long reading of the prompt, all the output allowed."""
    characters = len(item.input) + len(card.system)
    most = Usage(
        input=int(characters / CHARS_PER_TOKEN_HIGH) + 1,
        output=model.settings.max_tokens or card.max_tokens,
        images=1 if card.answers == "image" else None,
    )
    return price(model, most, at=at).usd


def worst_judging(judge: Model, *, at: datetime) -> Decimal | None:
    """The most one question about an image can cost."""
    return price(judge, Usage(input=JUDGE_INPUT[1], output=JUDGE_OUTPUT), at=at).usd
