"""What a simulated model does with an item: right, wrong, untidy, refused or cut off."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from whichmodel.simulator import corrupt, luck
from whichmodel.simulator.answers import Question
from whichmodel.simulator.panel import SimulatedModel

CHARACTERS_PER_TOKEN = 4
REASONING_SIGMA = 0.5

Stop = Literal["stop", "truncated", "refused"]


class Unanswerable(Exception):
    """A simulated model cannot answer this item at all; the message says why."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back over the wire."""

    text: str
    stop: Stop
    input_tokens: int
    """All of them, those of a prompt cache included."""
    output_tokens: int
    """All of them, reasoning included."""
    reasoning_tokens: int
    latency_s: float
    image: bytes | None = None
    """A PNG."""
    cached_tokens: int = 0
    """Input tokens read from a prompt cache."""
    cache_write_tokens: int = 0
    """Input tokens written to a prompt cache."""


def reply(
    model: SimulatedModel, question: Question, *, seed: int, characters: int, max_tokens: int | None
) -> Reply:
    """The model's answer to an item: the same for the same seed, model and prompt.

    characters: length of all text that was sent. max_tokens: the request's limit, None = none.
    Raises Unanswerable.
    """
    item, category = question.item, question.card.category
    if category not in model.skill:
        raise Unanswerable(f"{model.id} has no skill in {category}.")
    if question.card.answers == "image":
        return _drawn(model, question, seed, characters)
    if not item.reference:
        raise Unanswerable(f"Item {item.id} has no reference answer to start from.")
    latency = luck.lognormal(model.median_s, model.sigma, seed, "latency", model.id, item.input)
    reasoning = 0
    if model.reasoning_tokens:
        drawn = luck.lognormal(
            model.reasoning_tokens, REASONING_SIGMA, seed, "reasoning", model.id, item.input
        )
        reasoning = round(drawn)
    habit = luck.uniform(seed, "habit", model.id, item.input)
    text = _text(model, question, seed, untidy=habit < model.untidy)
    whole = Reply(text, "stop", tokens(characters), tokens(len(text)) + reasoning, reasoning, latency)
    if 1 - habit < model.refuses:
        return replace(whole, text="", stop="refused", output_tokens=1, reasoning_tokens=0)
    runaway = 1 - habit < model.refuses + model.cut_off
    return whole if max_tokens is None else _limited(whole, max_tokens, runaway=runaway)


def tokens(characters: int) -> int:
    """About how many tokens a text of this length has."""
    return max(1, round(characters / CHARACTERS_PER_TOKEN))


def _text(model: SimulatedModel, question: Question, seed: int, *, untidy: bool) -> str:
    card, item = question.card, question.item
    chance = luck.generator(seed, "answer", model.id, item.input)
    if luck.right(model.skill[card.category], seed=seed, model=model.id, prompt=item.input):
        text = item.reference
    else:
        text = corrupt.wrong(question, chance)
    return corrupt.untidy(card.scorer, text, chance) if untidy else text


def _limited(whole: Reply, max_tokens: int, *, runaway: bool) -> Reply:
    """A reply under a token limit; a runaway one writes until it is reached."""
    if not runaway and whole.output_tokens <= max_tokens:
        return whole
    room = max(0, min(max_tokens, whole.output_tokens) - whole.reasoning_tokens)
    kept = room // 2 if runaway else room
    hidden = max_tokens - kept if whole.reasoning_tokens else 0
    text = whole.text[: kept * CHARACTERS_PER_TOKEN]
    return replace(whole, text=text, stop="truncated", output_tokens=max_tokens, reasoning_tokens=hidden)


def _drawn(model: SimulatedModel, question: Question, seed: int, characters: int) -> Reply:
    """A drawing of the item's spec, wrong in one demand where the model errs."""
    from whichmodel.simulator import drawing

    item = question.item
    spec = item.metadata.get("spec")
    if spec is None:
        raise Unanswerable(f"Item {item.id} has no spec to draw.")
    correct = luck.right(model.skill[question.card.category], seed=seed, model=model.id, prompt=item.input)
    strokes = luck.generator(seed, "drawing", model.id, item.input).getrandbits(32)
    return Reply(
        text="",
        stop="stop",
        input_tokens=tokens(characters),
        output_tokens=0,
        reasoning_tokens=0,
        latency_s=luck.lognormal(model.median_s, model.sigma, seed, "latency", model.id, item.input),
        image=drawing.draw(spec, seed=strokes, correct=correct),
    )
