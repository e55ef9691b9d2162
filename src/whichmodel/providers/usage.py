"""What one Inspect sample used, the judge's calls apart, as each provider counts tokens and images.

Inspect's `ModelUsage.input_tokens` leaves out what was read from or written to a cache, for every provider;
here the total holds them. Its `output_tokens` holds reasoning for OpenAI, Anthropic and Google, but not
where a provider's own total counts it beside the completion (xAI). What Inspect does not carry, tokens of
images and writes kept for an hour, is read from the provider's reply, which its log keeps for the first five
calls of a sample.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from inspect_ai.event import ModelEvent, SpanBeginEvent, StepEvent
from inspect_ai.log import EvalSample
from inspect_ai.model import ModelOutput, ModelUsage

from whichmodel.domain import Model, Usage

SCORING = "scorers"
"""Inspect's name of the span in which a sample is scored."""
SCORER = "scorer"
"""Inspect's type of one scorer's span or step."""
IMAGES, IMAGE_TOKENS, IMAGE_INPUT_TOKENS = "images", "image_tokens", "image_input_tokens"
"""Keys of a picture's metadata: pictures drawn, and their own share of the output and the input tokens."""
WIDTH, HEIGHT = "width", "height"
"""Keys of a picture's metadata: pixels of its sides."""
FUNCTION = "python/"
"""Inspect's provider of functions in this process, which really use no token."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A model and what its calls in one sample used."""

    model: Model
    usage: Usage


@dataclass(frozen=True, slots=True)
class _Counted:
    """One reply's counts; the fields are `Usage`'s."""

    input: int | None
    cached: int | None
    cache_write: int | None
    output: int | None
    reasoning: int | None
    cache_write_1h: int | None
    image_input: int | None
    image_output: int | None


def answer_usage(sample: EvalSample, model: Model, *, judge_role: str) -> Usage:
    """What the answer took: all calls before the scoring that came back, but those of the judge's role."""
    answering, _ = calls(sample, judge_role=judge_role)
    free = model.inspect_name.startswith(FUNCTION)
    if not answering:
        return _total([sample.output], free=free)
    returned = [event.output for event in answering if event.error is None]
    batch = any(bool(event.config.batch) for event in answering)
    return _total(returned, _replies(answering), free=free, batch=batch)


def call_usage(output: ModelOutput, reply: Mapping[str, Any], model: Model) -> Usage:
    """What one call that came back used; reply: the provider's own, {} = it is not known."""
    return _total([output], [reply], free=model.inspect_name.startswith(FUNCTION))


def judge_usage(
    sample: EvalSample, model: Model, judge: Model | None, *, judge_role: str
) -> tuple[Asked, ...]:
    """What the scoring took, by model: the judge's calls, and those of a foreign task's own scorer."""
    _, scoring = calls(sample, judge_role=judge_role)
    groups: dict[str, tuple[Model, list[ModelEvent]]] = {}
    for event in scoring:
        asked = judge if event.role == judge_role and judge is not None else _named(event.model, model)
        groups.setdefault(asked.id, (asked, []))[1].append(event)
    return tuple(
        Asked(asked, _total([e.output for e in events if e.error is None], _replies(events)))
        for asked, events in groups.values()
    )


def calls(sample: EvalSample, *, judge_role: str) -> tuple[list[ModelEvent], list[ModelEvent]]:
    """Calls for the answer, and calls of the scoring."""
    answering: list[ModelEvent] = []
    scoring: list[ModelEvent] = []
    scored = False
    for event in sample.events:
        if _begins_scoring(event):
            scored = True
        elif isinstance(event, ModelEvent):
            (scoring if scored or event.role == judge_role else answering).append(event)
    return answering, scoring


def _begins_scoring(event: object) -> bool:
    """Logs of before 2025-06 have a span or a step for each scorer, and none around them."""
    if isinstance(event, SpanBeginEvent):
        return event.name == SCORING or event.type == SCORER
    return isinstance(event, StepEvent) and event.type == SCORER


def _named(name: str, model: Model) -> Model:
    """The model of Inspect's name: the measured one, or one that only the public price list may know."""
    if name == model.inspect_name:
        return model
    return Model(id=name, inspect_name=name, vendor=name.partition("/")[0])


def _replies(events: Sequence[ModelEvent]) -> list[Mapping[str, Any]]:
    """The providers' replies to the calls that came back; {} where the log does not keep one."""
    return [(event.call.response if event.call else None) or {} for event in events if event.error is None]


def _total(
    outputs: Sequence[ModelOutput],
    replies: Sequence[Mapping[str, Any]] = (),
    *,
    free: bool = False,
    batch: bool = False,
) -> Usage:
    """The sum of the replies. A count that one of them did not report is unknown in the sum.

    Cached tokens, writes and reasoning are details: a reply that leaves them out had none of them.
    """
    padded = [*replies, *({} for _ in outputs)]
    counted = [_counted(out, raw, free=free) for out, raw in zip(outputs, padded, strict=False)]
    return Usage(
        input=_all([c.input for c in counted]),
        cached=_some([c.cached for c in counted]),
        cache_write=_some([c.cache_write for c in counted]),
        output=_all([c.output for c in counted]),
        reasoning=_some([c.reasoning for c in counted]),
        images=_some([_number(out, IMAGES) for out in outputs]),
        cache_write_1h=_some([c.cache_write_1h for c in counted]),
        image_input=_all([c.image_input for c in counted]),
        image_output=_all([c.image_output for c in counted]),
        megapixels=_all([_megapixels(out) for out in outputs]),
        batch=batch,
        calls=max(1, len(counted)),
    )


def _counted(output: ModelOutput, reply: Mapping[str, Any], *, free: bool) -> _Counted:
    details, drawn = _details(reply), _number(output, IMAGE_TOKENS)
    if drawn is not None:
        details = (None, _number(output, IMAGE_INPUT_TOKENS), drawn)
    found = output.usage
    if found is None or (not free and _nothing(found)):
        return _Counted(None, None, None, None, None, *details)
    cached, write = found.input_tokens_cache_read, found.input_tokens_cache_write
    into = found.input_tokens + (cached or 0) + (write or 0)
    return _Counted(into, cached, write, _output(found, into), found.reasoning_tokens, *details)


def _nothing(found: ModelUsage) -> bool:
    """An endpoint that counts no token at all has not counted: a reply without usage comes as zeros."""
    return not (found.input_tokens or found.output_tokens or found.total_tokens)


def _output(found: ModelUsage, into: int) -> int:
    """Completion tokens with reasoning, which a total that is larger by just that much counts beside them."""
    reasoning = found.reasoning_tokens or 0
    beside = found.total_tokens == into + found.output_tokens + reasoning
    return found.output_tokens + (reasoning if beside else 0)


def _details(reply: Mapping[str, Any]) -> tuple[int | None, int | None, int | None]:
    """Writes kept for an hour, and image tokens of prompt and answer, as a provider's reply tells them."""
    if google := _mapping(reply, "usageMetadata"):
        prompt, answer = google.get("promptTokensDetails"), google.get("candidatesTokensDetails")
        return None, _of_images(prompt), _of_images(answer)
    usage = _mapping(reply, "usage")
    hour = _mapping(usage, "cache_creation").get("ephemeral_1h_input_tokens")
    prompt = _mapping(usage, "input_tokens_details").get("image_tokens")
    answer = _mapping(usage, "output_tokens_details").get("image_tokens")
    return hour, prompt, answer


def _of_images(details: object) -> int | None:
    """Image tokens in Google's list by modality; a list without them says that there were none."""
    if not isinstance(details, Sequence) or isinstance(details, str):
        return None
    parts = [part for part in details if isinstance(part, Mapping) and part.get("modality") == "IMAGE"]
    return sum(int(part.get("tokenCount") or 0) for part in parts)


def _mapping(value: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = value.get(key)
    return found if isinstance(found, Mapping) else {}


def _number(output: ModelOutput, key: str) -> Any:
    return (output.metadata or {}).get(key)


def _megapixels(output: ModelOutput) -> float | None:
    width, height = _number(output, WIDTH), _number(output, HEIGHT)
    return None if width is None or height is None else width * height / 1e6


def _all(counts: Sequence[Any]) -> Any:
    """The sum; None where one of them is unknown, or there is none."""
    return None if not counts or any(count is None for count in counts) else sum(counts)


def _some(counts: Sequence[Any]) -> Any:
    """The sum of those that are known; None where none is."""
    known = [count for count in counts if count is not None]
    return sum(known) if known else None
