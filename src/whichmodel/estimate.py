"""What a plan will cost: low and high from what stored samples used, or else from characters. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING

from whichmodel.domain import Item, Model, TaskCard, Usage
from whichmodel.plan import Plan, Work
from whichmodel.pricing import price

if TYPE_CHECKING:
    from whichmodel.store import Counts, Measured

CHARS_PER_TOKEN_LOW, CHARS_PER_TOKEN_HIGH = 5.0, 3.0
LEAST_OUTPUT = 10
JUDGE_OUTPUT = 200
"""Tokens of the longest answer to a question about an image."""
NOTHING_MEASURED: Measured = MappingProxyType({})
JUDGE_CALLS, JUDGE_INPUT = (2, 10), (300, 2500)
"""Questions about an image and input tokens of one (image included), low and high."""
VERDICT_TOKENS = 2048
"""Output of a judge of texts whose settings name no limit: room for a reasoning model's hidden tokens."""
RUBRIC_CHARS = 1500
"""About what stands around question and answer in the prompt of a judge of texts."""
VERDICT_OUTPUT = 60
"""Tokens of a short verdict."""


@dataclass(frozen=True, slots=True)
class Range:
    """Low and high cost in USD of some work, and what they rest on. None = the price is unknown."""

    low_usd: Decimal | None
    high_usd: Decimal | None
    measured: int = 0
    """Stored samples of the same task and settings whose counts it rests on. 0 = it is estimated."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What one model's share of a plan will cost. USD None = its price is unknown."""

    model: str
    calls: int
    low_usd: Decimal | None
    high_usd: Decimal | None
    simulated: bool
    judge: bool = False
    """It is the judge's share; a model that also answers has another line for that."""
    reads: bool = False
    """It is a judge of texts: a call or two an answer, not a row of questions."""
    measured: int = 0
    """Stored samples that it rests on."""
    estimated: int = 0
    """Calls of which nothing is stored yet: their counts are read off the prompts' characters."""

    @property
    def basis(self) -> str:
        """What the figures rest on."""
        few, many = JUDGE_CALLS
        asks = self.judge and not self.reads
        guess = f"assuming {few} to {many} questions" if asks else "estimated from characters"
        if not self.measured:
            return guess
        known = f"measured n={self.measured:,}"
        return f"{known}; {self.estimated:,} calls {guess}" if self.estimated else known


def estimates(plan: Plan, *, at: datetime, measured: Measured = NOTHING_MEASURED) -> tuple[Estimate, ...]:
    """Low and high cost by model, the judge on its own line, in the order of the plan.

    measured: what stored samples used; where a task and a model have some, the estimate rests on them.
    """
    found: dict[tuple[str, bool], Estimate] = {}
    for work in plan.work:
        _add(found, work.model, len(work.bank.items), cost(work, at=at, measured=measured))
        if work.judge:
            calls = len(work.bank.items) * _judge_calls(work, work.judge, measured)
            part = _judge_cost(work, work.judge, at, measured)
            reads = work.bank.card.answers == "text"
            _add(found, work.judge, calls, part, judge=True, reads=reads)
    return tuple(found.values())


def _add(
    found: dict[tuple[str, bool], Estimate],
    model: Model,
    calls: int,
    part: Range,
    *,
    judge: bool = False,
    reads: bool = False,
) -> None:
    none = Estimate(model.id, 0, Decimal(0), Decimal(0), model.simulated, judge, reads)
    before = found.get((model.id, judge), none)
    found[model.id, judge] = replace(
        before,
        reads=before.reads and reads,
        calls=before.calls + calls,
        low_usd=_plus(before.low_usd, part.low_usd),
        high_usd=_plus(before.high_usd, part.high_usd),
        measured=before.measured + part.measured,
        estimated=before.estimated + (0 if part.measured else calls),
    )


def _plus(a: Decimal | None, b: Decimal | None) -> Decimal | None:
    return None if a is None or b is None else a + b


def cost(work: Work, *, at: datetime, measured: Measured = NOTHING_MEASURED) -> Range:
    """Low and high cost of some work.

    From stored samples of the same task and settings: their mean, and the counts that most stay below. Else
    from characters: short and long readings of the prompt, least and most output.
    """
    count, model = len(work.bank.items), work.model
    if counts := _counts(work, measured):
        low = price(model, counts.mean, at=at, seconds=counts.mean_s).usd
        high = price(model, counts.high, at=at, seconds=counts.high_s).usd
        return Range(_times(low, count), _times(_most(low, high), count), counts.n)
    short, long = _guess(work)
    low, high = price(model, short, at=at).usd, price(model, long, at=at).usd
    return Range(_times(low, count), _times(high, count))


def _counts(work: Work, measured: Measured) -> Counts | None:
    return measured.get((work.bank.card.name, work.model.settings_hash))


def _most(low: Decimal | None, high: Decimal | None) -> Decimal | None:
    """The higher one: with a few very long samples the mean lies above what most stay below."""
    return high if low is None or high is None else max(low, high)


def _guess(work: Work) -> tuple[Usage, Usage]:
    """The usage of a mean request, read off its characters: least and most."""
    card = work.bank.card
    chars = sum(len(item.input) + len(card.system) for item in work.bank.items) / len(work.bank.items)
    most = work.model.settings.max_tokens or card.max_tokens
    drawn = card.answers == "image"
    short, long = int(chars / CHARS_PER_TOKEN_LOW), int(chars / CHARS_PER_TOKEN_HIGH) + 1
    plain = Usage(image_input=0, image_output=None if drawn else 0, images=1 if drawn else None)
    return replace(plain, input=short, output=LEAST_OUTPUT), replace(plain, input=long, output=most)


def _times(usd: Decimal | None, count: int) -> Decimal | None:
    """A request's cost, so many times; requests are priced singly, since long ones have other rates."""
    return None if usd is None else usd * count


def _judged(work: Work, judge: Model, measured: Measured) -> Counts | None:
    counts = _counts(work, measured)
    return counts if counts and counts.judge_model == judge.id else None


def _judge_calls(work: Work, judge: Model, measured: Measured) -> int:
    """The judge's calls about one item, at most."""
    counts = _judged(work, judge, measured)
    if counts:
        return max(counts.judge_mean.calls, counts.judge_high.calls)
    return _text_calls(work.bank.card) if work.bank.card.answers == "text" else JUDGE_CALLS[1]


def _judge_cost(work: Work, judge: Model, at: datetime, measured: Measured) -> Range:
    count = len(work.bank.items)
    if counts := _judged(work, judge, measured):
        low, high = (price(judge, usage, at=at).usd for usage in (counts.judge_mean, counts.judge_high))
        return Range(_times(low, count), _times(_most(low, high), count), counts.n)
    if work.bank.card.answers == "text":
        return _text_judge_cost(work, judge, at)
    low, high = (
        _times(price(judge, Usage(input=tokens, output=LEAST_OUTPUT, image_output=0), at=at).usd, calls)
        for calls, tokens in zip(JUDGE_CALLS, JUDGE_INPUT, strict=True)
    )
    return Range(_times(low, count), _times(high, count))


def _text_judge_cost(work: Work, judge: Model, at: datetime) -> Range:
    """A question about each answer, two where it is compared: prompt and rubric, the answer short or long."""
    card, count = work.bank.card, len(work.bank.items)
    chars = RUBRIC_CHARS + sum(len(i.input) + len(i.reference) for i in work.bank.items) / count
    short = Usage(input=int(chars / CHARS_PER_TOKEN_LOW), output=VERDICT_OUTPUT)
    long = Usage(
        input=int(chars / CHARS_PER_TOKEN_HIGH) + (work.model.settings.max_tokens or card.max_tokens),
        output=verdict_tokens(judge),
    )
    low, high = (_times(price(judge, usage, at=at).usd, _text_calls(card)) for usage in (short, long))
    return Range(_times(low, count), _times(high, count))


def _text_calls(card: TaskCard) -> int:
    """Questions to a judge of texts about one answer."""
    return 2 if card.judged and card.options.get("mode") == "pairs" else 1


def total(parts: Sequence[Estimate]) -> tuple[Decimal, Decimal, tuple[str, ...]]:
    """Low and high of what is known, and the models whose price is not."""
    real = [part for part in parts if not part.simulated]
    low = sum((part.low_usd for part in real if part.low_usd is not None), Decimal(0))
    high = sum((part.high_usd for part in real if part.high_usd is not None), Decimal(0))
    unknown = dict.fromkeys(part.model for part in real if part.high_usd is None)
    return low, high, tuple(unknown)


def worst_answer(model: Model, card: TaskCard, item: Item, *, at: datetime) -> Decimal | None:
    """The most one attempt at an item can cost: a long reading of the prompt, all the output allowed."""
    characters = len(item.input) + len(card.system)
    most = Usage(
        input=int(characters / CHARS_PER_TOKEN_HIGH) + 1,
        output=model.settings.max_tokens or card.max_tokens,
        images=1 if card.answers == "image" else None,
    )
    return price(model, most, at=at).usd


def worst_judging(judge: Model, *, at: datetime, characters: int | None = None) -> Decimal | None:
    """The most one question to a judge can cost. characters: of a question about a text; None = an image."""
    if characters is None:
        return price(judge, Usage(input=JUDGE_INPUT[1], output=JUDGE_OUTPUT), at=at).usd
    most = Usage(input=int(characters / CHARS_PER_TOKEN_HIGH) + 1, output=verdict_tokens(judge))
    return price(judge, most, at=at).usd


def verdict_tokens(judge: Model) -> int:
    """Tokens that a judge of texts may write, its reasoning counted."""
    return judge.settings.max_tokens or VERDICT_TOKENS
