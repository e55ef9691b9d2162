"""Right and wrong answers of each item before the task's own scorer."""

from __future__ import annotations

import asyncio
import inspect
import json
import os
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

from whichmodel.domain import Answer, Bank, Item, TaskCard, Verdict
from whichmodel.errors import BenchError
from whichmodel.scoring import scorer
from whichmodel.simulator import corrupt, drawing, luck, seeing
from whichmodel.simulator.answers import Answers, Question

REFUSAL = "I'm sorry, I can't help with that."
SEEDS = 3
"""Corrupted answers of an item."""
Watch = Callable[[int, int], None]
"""Told how many answers of how many are scored."""


@dataclass(frozen=True, slots=True)
class Case:
    """One answer to be scored."""

    item: Item
    kind: str
    """`reference`, `empty`, `refused` or `corrupted`."""
    answer: Answer


@dataclass(frozen=True, slots=True)
class Judged:
    """A case and what the scorer said: a verdict, or the error it ended with."""

    case: Case
    verdict: Verdict | None
    error: str = ""


def reference(card: TaskCard, item: Item) -> str:
    """A right answer: the item's own, else the target where that is an answer. "" = none is known."""
    if item.reference:
        return item.reference
    target = item.target
    if card.scorer in ("choice", "exact") and isinstance(target, str | list) and target:
        return target if isinstance(target, str) else str(target[0])
    if card.scorer == "numeric" and isinstance(target, str | int | float):
        return f"{card.options.get('marker', '####')} {target}"
    if card.scorer in ("fields", "entities") and isinstance(target, dict | list):
        return json.dumps(target, ensure_ascii=False)
    return ""


def cases(bank: Bank, *, seed: int, sample: int | None) -> list[Case]:
    """Every item's right, empty and refusing answers; corrupted ones of `sample` items, None = of all."""
    chosen = {item.id for item in bank.items[:sample]}
    if bank.card.answers == "image":
        return [case for item in bank.items for case in _pictures(item, seed, item.id in chosen)]
    answers = Answers([bank])
    made: list[Case] = []
    for item in bank.items:
        right = reference(bank.card, item)
        if right:
            made.append(Case(item, "reference", Answer(right)))
        made += [Case(item, "empty", Answer("")), Case(item, "refused", Answer(REFUSAL))]
        question = answers.find(item.input)
        if right and question is not None and item.id in chosen:
            made += _corrupted(question, item, right, seed)
    return made


def _corrupted(question: Question, item: Item, right: str, seed: int) -> list[Case]:
    known = Item(item.id, item.input, item.target, right, item.stratum, item.cluster_id, item.metadata)
    asked = Question(question.card, known, question.others)
    texts = {corrupt.wrong(asked, luck.generator(seed, n, "validate", item.id)) for n in range(SEEDS)}
    return [Case(item, "corrupted", Answer(text)) for text in sorted(texts) if text.strip() != right.strip()]


def _pictures(item: Item, seed: int, corrupted: bool) -> list[Case]:
    spec = item.metadata.get("spec")
    made = [Case(item, "empty", Answer("")), Case(item, "refused", Answer(REFUSAL))]
    if spec is not None:
        made.append(Case(item, "reference", Answer("", (drawing.draw(spec, seed=seed, correct=True),))))
    if spec is not None and corrupted:
        made.append(Case(item, "corrupted", Answer("", (drawing.draw(spec, seed=seed, correct=False),))))
    return made


async def judge(card: TaskCard, found: Sequence[Case], watch: Watch) -> list[Judged]:
    """Every case before the card's scorer, some at a time; an error is that case's own."""
    function = scorer(card.scorer)
    if card.answers == "image":
        function = partial(function, ask=_see)
    at_once = asyncio.Semaphore(os.cpu_count() or 2)
    done = 0

    async def one(case: Case) -> Judged:
        nonlocal done
        async with at_once:
            judged = await _judged(function, case, card)
        done += 1
        watch(done, len(found))
        return judged

    return list(await asyncio.gather(*(one(case) for case in found)))


async def _judged(
    function: Callable[..., Verdict | Awaitable[Verdict]], case: Case, card: TaskCard
) -> Judged:
    try:
        verdict = function(case.answer, case.item, card.options)
        return Judged(case, await verdict if inspect.isawaitable(verdict) else verdict)
    except BenchError as error:
        return Judged(case, None, f"{error.what} {error.remedy}".strip())
    except (
        Exception
    ) as error:  # An item of somebody's bank may be anything; its neighbours are still checked.
        return Judged(case, None, f"the scorer broke down on it: {type(error).__name__}: {error}")


async def _see(question: str, png: bytes) -> str:
    return seeing.answer(question, png)
