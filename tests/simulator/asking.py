"""Ways to ask the demo panel: every SDK and every provider of Inspect, each saying what it observed."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any

import anthropic
import openai
from google import genai
from huggingface_hub import AsyncInferenceClient
from inspect_ai.model import GenerateConfig, ModelOutput, get_model
from tenacity import RetryError

import whichmodel.providers.inspect_entry  # noqa: F401  (registers our endpoints for images)

Addresses = Mapping[str, str]
PATIENCE_S = 0.5
"""How long a reply that never ends is waited for; every other one may take its time."""
INSPECT: Mapping[str, tuple[str, str, Mapping[str, Any]]] = {
    "chat": ("openai-api/demo/", "openai", {"max_retries": 0}),
    "responses": ("openai/", "openai", {"max_retries": 0, "responses_api": True}),
    "anthropic": ("anthropic/", "anthropic", {"max_retries": 0}),
    "google": ("google/", "google", {}),
    "hf": ("hf-inference-providers/", "hf", {"max_retries": 0}),
    "chat stream": ("openai-api/demo/", "openai", {"max_retries": 0, "stream": True}),
    "responses stream": (
        "openai/",
        "openai",
        {"max_retries": 0, "responses_api": True, "streaming": True},
    ),
    "google stream": ("google/", "google", {"streaming": True}),
    "openai-images": ("openai-images/", "openai-images", {}),
    "hf-images": ("hf-images/", "hf-images", {}),
    "gemini-images": ("google-images/", "google-images", {}),
    "imagen": ("google-images/", "google-images", {"method": "predict"}),
}
"""Protocol -> what stands before the model's name, key of the address, arguments of the provider."""


async def through_inspect(
    protocol: str, addresses: Addresses, model: str, prompt: str, **config: Any
) -> ModelOutput:
    """One call of Inspect's provider without retries; a picture stays inline."""
    prefix, key, arguments = INSPECT[protocol]
    settings = GenerateConfig(max_retries=0, **config)
    asked = get_model(
        prefix + model, config=settings, base_url=addresses[key], api_key="none", memoize=False, **arguments
    )
    async with asked:
        return await asked.generate(prompt)


async def observed(call: Awaitable[str], *, endless: bool = False) -> str:
    """What a call gave, raised, or that it does not end."""
    try:
        return await asyncio.wait_for(call, PATIENCE_S if endless else 60)
    except TimeoutError:
        return "does not end"
    except RetryError as error:
        said = f"would retry {_named(error.last_attempt.exception())}"
    except Exception as error:
        said = f"raises {_named(error)}"
    return "cannot be shown" if said.endswith(" 501") else said


def _named(error: BaseException | None) -> str:
    """Class of an error, with its HTTP status where it has one."""
    response = getattr(error, "response", None)
    found = [getattr(error, name, None) for name in ("status_code", "code")]
    found.append(getattr(response, "status_code", None))
    status = next((one for one in found if isinstance(one, int)), None)
    return type(error).__name__ + (f" {status}" if status else "")


@dataclass(frozen=True)
class Way:
    """A way to ask with one SDK."""

    client: Callable[[Addresses], AbstractAsyncContextManager[Any]]
    ask: Callable[[Any, str, str], Awaitable[str]]
    """Client, model and prompt -> `<stop reason> by <served model>`, or what else there is to see."""


def _messages(prompt: str) -> Any:
    return [{"role": "user", "content": prompt}]


async def _chat(client: openai.AsyncOpenAI, model: str, prompt: str) -> str:
    reply = await client.chat.completions.create(model=model, messages=_messages(prompt))
    return f"{reply.choices[0].finish_reason} by {reply.model}" if reply.choices else "no choices"


async def _chat_stream(client: openai.AsyncOpenAI, model: str, prompt: str) -> str:
    return await _chunks(
        await client.chat.completions.create(model=model, messages=_messages(prompt), stream=True)
    )


async def _chunks(stream: Any) -> str:
    last, served = None, ""
    async for chunk in stream:
        served = chunk.model
        if chunk.choices:
            last = chunk.choices[0].finish_reason
    return f"{last} by {served}"


async def _responses(client: openai.AsyncOpenAI, model: str, prompt: str) -> str:
    return _response(await client.responses.create(model=model, input=prompt))


async def _responses_stream(client: openai.AsyncOpenAI, model: str, prompt: str) -> str:
    last = "no last event"
    async for event in await client.responses.create(model=model, input=prompt, stream=True):
        if event.type in ("response.completed", "response.incomplete"):
            last = _response(event.response)
        elif event.type == "error":
            last = f"error event: {event.code}"
    return last


def _response(reply: Any) -> str:
    why = reply.incomplete_details.reason if reply.incomplete_details else ""
    said = why or reply.status if reply.output_text or why else "no output"
    return f"{said} by {reply.model}"


async def _claude(client: anthropic.AsyncAnthropic, model: str, prompt: str) -> str:
    reply = await client.messages.create(model=model, max_tokens=512, messages=_messages(prompt))
    return f"{reply.stop_reason} by {reply.model}"


async def _claude_stream(client: anthropic.AsyncAnthropic, model: str, prompt: str) -> str:
    async with client.messages.stream(model=model, max_tokens=512, messages=_messages(prompt)) as stream:
        reply = await stream.get_final_message()
    return f"{reply.stop_reason} by {reply.model}"


async def _gemini(client: Any, model: str, prompt: str) -> str:
    return _candidate([await client.models.generate_content(model=model, contents=prompt)])


async def _gemini_stream(client: Any, model: str, prompt: str) -> str:
    stream = await client.models.generate_content_stream(model=model, contents=prompt)
    return _candidate([chunk async for chunk in stream])


def _candidate(replies: list[Any]) -> str:
    candidates = [candidate for reply in replies for candidate in reply.candidates or []]
    reason = candidates[-1].finish_reason if candidates else None
    return f"{reason.value if reason else None} by {replies[-1].model_version}"


async def _hf(client: AsyncInferenceClient, model: str, prompt: str) -> str:
    reply = await client.chat_completion(_messages(prompt), model=model)
    return f"{reply.choices[0].finish_reason} by {reply.model}" if reply.choices else "no choices"


async def _hf_stream(client: AsyncInferenceClient, model: str, prompt: str) -> str:
    return await _chunks(await client.chat_completion(_messages(prompt), model=model, stream=True))


async def _openai_image(client: openai.AsyncOpenAI, model: str, prompt: str) -> str:
    reply = await client.images.generate(model=model, prompt=prompt)
    return "a picture" if reply.data and reply.data[0].b64_json else "no picture"


async def _hf_image(client: AsyncInferenceClient, model: str, prompt: str) -> str:
    picture = await client.text_to_image(prompt, model=f"{client.model}/{model}")
    return f"a picture of {picture.width}x{picture.height}"


async def _gemini_image(client: Any, model: str, prompt: str) -> str:
    reply = await client.models.generate_content(model=model, contents=prompt)
    parts = [part for c in reply.candidates or [] for part in (c.content.parts if c.content else None) or []]
    return "a picture" if any(part.inline_data for part in parts) else _candidate([reply])


async def _imagen(client: Any, model: str, prompt: str) -> str:
    config = genai.types.GenerateImagesConfig(include_rai_reason=True)
    with warnings.catch_warnings(action="ignore"):
        call = client.models.generate_images(model=model, prompt=prompt, config=config)
    made = ((await call).generated_images or [None])[0]
    if made is None:
        return "no picture"
    return "filtered" if made.rai_filtered_reason else "a picture"


def _openai(addresses: Addresses) -> openai.AsyncOpenAI:
    return openai.AsyncOpenAI(base_url=addresses["openai"], api_key="none", max_retries=0)


def _anthropic(addresses: Addresses) -> anthropic.AsyncAnthropic:
    return anthropic.AsyncAnthropic(base_url=addresses["anthropic"], api_key="none", max_retries=0)


def _google(addresses: Addresses, **more: Any) -> AbstractAsyncContextManager[Any]:
    once = genai.types.HttpRetryOptions(attempts=1)
    options = genai.types.HttpOptions(base_url=addresses["google"], retry_options=once)
    return genai.Client(api_key="none", http_options=options, **more).aio


def _vertex(addresses: Addresses) -> AbstractAsyncContextManager[Any]:
    return _google(addresses, vertexai=True)


def _router(addresses: Addresses) -> AsyncInferenceClient:
    return AsyncInferenceClient(base_url=addresses["hf"], api_key="none")


def _pictures(addresses: Addresses) -> AsyncInferenceClient:
    return AsyncInferenceClient(base_url=addresses["hf-images"], api_key="none")


SDKS: Mapping[str, Way] = {
    "chat": Way(_openai, _chat),
    "chat stream": Way(_openai, _chat_stream),
    "responses": Way(_openai, _responses),
    "responses stream": Way(_openai, _responses_stream),
    "anthropic": Way(_anthropic, _claude),
    "anthropic stream": Way(_anthropic, _claude_stream),
    "google": Way(_google, _gemini),
    "google stream": Way(_google, _gemini_stream),
    "hf": Way(_router, _hf),
    "hf stream": Way(_router, _hf_stream),
    "openai-images": Way(_openai, _openai_image),
    "hf-images": Way(_pictures, _hf_image),
    "gemini-images": Way(_google, _gemini_image),
    "imagen": Way(_vertex, _imagen),
}
