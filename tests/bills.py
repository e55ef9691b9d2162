"""A provider's reply -> the sample that Inspect logs of it, by Inspect's own translation of each provider."""

from __future__ import annotations

import asyncio
import uuid
from datetime import UTC, datetime
from typing import Any

from anthropic.types import Message
from google.genai.types import GenerateContentResponse
from inspect_ai.event import Event, ModelEvent, SpanBeginEvent
from inspect_ai.log import EvalSample
from inspect_ai.model import ChatMessageUser, GenerateConfig, ModelOutput, ModelUsage
from inspect_ai.model._model_call import ModelCall
from inspect_ai.model._openai import chat_choices_from_openai, model_output_from_openai
from inspect_ai.model._openai_responses import model_usage_from_response_usage
from inspect_ai.model._providers.anthropic import model_output_from_message
from inspect_ai.model._providers.google import usage_metadata_to_model_usage
from inspect_ai.scorer import Score
from openai.types import ImagesResponse
from openai.types.chat import ChatCompletion
from openai.types.responses.response_usage import ResponseUsage

from whichmodel.domain import Model, Outcome
from whichmodel.providers.images_openai import counts, image_tokens
from whichmodel.record import Provenance, from_sample

Reply = tuple[ModelOutput, Any]
"""What Inspect makes of a provider's reply, and the reply as its log keeps it."""
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def chat(usage: dict[str, Any]) -> Reply:
    """OpenAI's chat completions."""
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "a"}}
    head = {"id": "c", "object": "chat.completion", "created": 1, "model": "m"}
    reply = ChatCompletion.model_validate({**head, "choices": [choice], "usage": usage})
    return model_output_from_openai(reply, chat_choices_from_openai(reply, [])), reply


def responses(usage: dict[str, Any]) -> Reply:
    """OpenAI's responses."""
    output = ModelOutput.from_content("m", "a")
    output.usage = model_usage_from_response_usage(ResponseUsage.model_validate(usage))
    return output, {"object": "response", "usage": usage}


def messages(usage: dict[str, Any]) -> Reply:
    """Anthropic's messages."""
    head = {"id": "m", "type": "message", "role": "assistant", "model": "m", "stop_reason": "end_turn"}
    reply = Message.model_validate({**head, "content": [{"type": "text", "text": "a"}], "usage": usage})
    output, _ = asyncio.run(model_output_from_message(None, None, reply, []))
    return output, reply.model_dump()


def gemini(usage: dict[str, Any]) -> Reply:
    """Google's generateContent."""
    content = {"content": {"role": "model", "parts": [{"text": "a"}]}}
    reply = GenerateContentResponse.model_validate({"candidates": [content], "usageMetadata": usage})
    output = ModelOutput.from_content("m", "a")
    output.usage = usage_metadata_to_model_usage(reply.usage_metadata)
    return output, reply


def image(usage: dict[str, Any] | None, **metadata: Any) -> Reply:
    """OpenAI's images, as our provider hands its counts on."""
    output = ModelOutput.from_content("m", "a")
    output.metadata = {"images": 1, **metadata}
    if usage is not None:
        reply = ImagesResponse.model_validate({"created": 0, "data": [], "usage": usage})
        output.usage = counts(reply)
        output.metadata["image_tokens"] = image_tokens(reply)
        output.metadata["image_input_tokens"] = usage["input_tokens_details"]["image_tokens"]
    return output, {}


def plain(**counts: int) -> Reply:
    """Counts as another provider of Inspect builds them."""
    output = ModelOutput.from_content("m", "a")
    output.usage = ModelUsage(**counts)
    return output, {}


def event(reply: Reply, *, name: str = "v/m", role: str | None = None, batch: bool = False) -> ModelEvent:
    """A call that came back."""
    output, raw = reply
    return ModelEvent(
        model=name,
        role=role,
        input=[ChatMessageUser(content="q")],
        tools=[],
        tool_choice="auto",
        config=GenerateConfig(batch=batch or None),
        output=output,
        call=ModelCall.create({}, raw),
    )


def failed(name: str = "v/m") -> ModelEvent:
    """A call that did not."""
    lost = event(plain(), name=name)
    lost.output, lost.error, lost.call = ModelOutput(), "529 overloaded", None
    return lost


SCORING = SpanBeginEvent(id="s", name="scorers")


def outcome(model: Model, events: list[Event], *, at: datetime = NOON, judge: Model | None = None) -> Outcome:
    """What the record makes of a scored sample with these calls."""
    answers = [e for e in events if isinstance(e, ModelEvent) and e.role is None and e.error is None]
    output = answers[0].output if answers else ModelOutput.from_content("m", "a")
    output.time = 2.0
    sample = EvalSample(
        id="i",
        epoch=1,
        input="q",
        target="a",
        uuid=uuid.uuid4().hex,
        output=output,
        events=events,
        scores={"s": Score(value=1.0)},
        started_at=at.isoformat(),
    )
    of = Provenance("r", "t", "h", "c", model, judge, 1, None)
    return from_sample(sample, of, log_ref="logs/r/j")
