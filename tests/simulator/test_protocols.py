"""Real SDKs and Inspect's real providers talk to the demo panel, each in its own protocol."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import anthropic
import httpx
import openai
import pytest
from google import genai
from google.genai import errors as google_errors
from inspect_ai.model import GenerateConfig, ModelOutput, get_model

import whichmodel.providers.inspect_entry  # noqa: F401  (registers our endpoint for images)
from whichmodel.domain import Bank, Model
from whichmodel.simulator import luck
from whichmodel.simulator.panel import PANEL, models

Addresses = Mapping[str, str]
TEXT = [m for m in PANEL if m.protocol != "openai-images" and not m.vision]
ONE_PER_PROTOCOL = ["demo-aurora/lite", "demo-borealis/swift", "demo-cirrus/nano"]
UNKNOWN = "No item of the banks"


def inspect_outputs(model: Model, prompts: list[str], max_tokens: int) -> list[ModelOutput]:
    arguments: dict[str, Any] = {} if model.inspect_name.startswith("google/") else {"max_retries": 0}

    async def ask() -> list[ModelOutput]:
        asked = get_model(
            model.inspect_name,
            base_url=model.base_url,
            api_key="demo",
            config=GenerateConfig(max_tokens=max_tokens, max_retries=0),
            memoize=False,
            **arguments,
        )
        return await asyncio.gather(*(asked.generate(prompt) for prompt in prompts))

    return asyncio.run(ask())


def by_id(addresses: Addresses, name: str) -> Model:
    return next(model for model in models(addresses) if model.id == name)


# The SDKs


def test_the_openai_sdk_gets_an_answer_with_usage_and_fingerprint(
    addresses: Addresses, invoices: Bank
) -> None:
    with openai.OpenAI(base_url=addresses["openai"], api_key="demo", max_retries=0) as client:
        assert "aurora-grand" in [model.id for model in client.models.list()]
        message = {"role": "user", "content": invoices.items[0].input}
        reply: Any = client.chat.completions.create(model="aurora-grand", messages=[message])  # type: ignore[list-item]
        chunks: Any = client.chat.completions.create(  # type: ignore[call-overload]
            model="aurora-grand",
            messages=[message],
            stream=True,
            stream_options={"include_usage": True},
        )
        streamed = list(chunks)
    assert reply.model == "aurora-grand"
    assert reply.system_fingerprint.startswith("fp_")
    assert reply.usage.prompt_tokens == round(len(invoices.items[0].input) / 4)
    assert reply.usage.completion_tokens > reply.usage.completion_tokens_details.reasoning_tokens > 0
    texts = [chunk.choices[0].delta.content or "" for chunk in streamed if chunk.choices]
    assert "".join(texts) == reply.choices[0].message.content
    assert streamed[-1].usage == reply.usage


def test_the_anthropic_sdk_gets_an_answer_whole_and_streamed(addresses: Addresses, invoices: Bank) -> None:
    asked: Any = {
        "model": "borealis-max",
        "max_tokens": 1024,
        "messages": [{"role": "user", "content": invoices.items[0].input}],
    }
    with anthropic.Anthropic(base_url=addresses["anthropic"], api_key="demo", max_retries=0) as client:
        reply: Any = client.messages.create(**asked)
        with client.messages.stream(**asked) as stream:
            streamed: Any = stream.get_final_message()
    assert reply.model == "borealis-max"
    assert reply.stop_reason == "end_turn"
    assert reply.usage.output_tokens > reply.usage.output_tokens_details.thinking_tokens > 0
    assert reply.usage.cache_read_input_tokens == 0
    assert streamed.content[0].text == reply.content[0].text
    assert streamed.stop_reason == reply.stop_reason
    assert streamed.usage.output_tokens == reply.usage.output_tokens
    assert streamed.usage.input_tokens == reply.usage.input_tokens


def test_the_google_sdk_gets_an_answer_whole_and_streamed(addresses: Addresses, invoices: Bank) -> None:
    options = genai.types.HttpOptions(base_url=addresses["google"])
    client = genai.Client(api_key="demo", http_options=options)
    asked: Any = {"model": "cirrus-pro", "contents": invoices.items[0].input}
    reply: Any = client.models.generate_content(**asked)
    streamed: list[Any] = list(client.models.generate_content_stream(**asked))
    assert reply.model_version == "cirrus-pro"
    usage = reply.usage_metadata
    assert usage.total_token_count == (
        usage.prompt_token_count + usage.candidates_token_count + usage.thoughts_token_count
    )
    assert "".join(chunk.text or "" for chunk in streamed) == reply.text
    assert streamed[-1].usage_metadata == usage


# Inspect's providers


@pytest.mark.parametrize("name", [model.id for model in TEXT])
def test_inspects_own_provider_of_each_model_gets_text_usage_and_the_served_name(
    addresses: Addresses, invoices: Bank, name: str
) -> None:
    entry = next(model for model in PANEL if model.id == name)
    prompts = [item.input for item in invoices.items[:6]]
    outputs = inspect_outputs(by_id(addresses, name), prompts, 2048)
    for output in outputs:
        assert output.model == entry.wire
        assert output.usage is not None
        assert output.usage.input_tokens > 0
        assert output.usage.output_tokens > (output.usage.reasoning_tokens or 0)
        assert bool(output.usage.reasoning_tokens) == bool(entry.reasoning_tokens)
    assert all(output.stop_reason == "stop" and output.completion.startswith("{") for output in outputs)


@pytest.mark.parametrize("name", ONE_PER_PROTOCOL)
def test_inspect_sees_the_token_limit_as_max_tokens(addresses: Addresses, invoices: Bank, name: str) -> None:
    (output,) = inspect_outputs(by_id(addresses, name), [invoices.items[0].input], 10)
    assert output.stop_reason == "max_tokens"
    assert output.usage is not None
    assert output.usage.output_tokens == 10


@pytest.mark.parametrize("name", ONE_PER_PROTOCOL)
def test_inspect_sees_a_refusal_as_a_content_filter(
    addresses: Addresses, additions: Bank, invoices: Bank, name: str
) -> None:
    entry = next(model for model in PANEL if model.id == name)
    every = [item.input for bank in (additions, invoices) for item in bank.items]
    refused = [text for text in every if 1 - luck.uniform(7, "habit", name, text) < entry.refuses]
    prompts = [*refused, *every[:20]]
    outputs = inspect_outputs(by_id(addresses, name), prompts, 2048)
    stops = {output.stop_reason for output in outputs}
    assert "content_filter" in stops
    assert stops <= {"stop", "content_filter", "max_tokens"}
    assert all(not output.completion for output in outputs if output.stop_reason == "content_filter")


# What it does not know


def test_an_unknown_prompt_is_an_error_in_each_protocol_and_never_an_answer(addresses: Addresses) -> None:
    prompt = "What is the capital of France?"
    with (
        openai.OpenAI(base_url=addresses["openai"], api_key="demo", max_retries=0) as client,
        pytest.raises(openai.NotFoundError, match=UNKNOWN),
    ):
        client.chat.completions.create(model="aurora-lite", messages=[{"role": "user", "content": prompt}])
    with (
        anthropic.Anthropic(base_url=addresses["anthropic"], api_key="demo", max_retries=0) as claude,
        pytest.raises(anthropic.NotFoundError, match=UNKNOWN),
    ):
        claude.messages.create(
            model="borealis-swift", max_tokens=64, messages=[{"role": "user", "content": prompt}]
        )
    google = genai.Client(api_key="demo", http_options=genai.types.HttpOptions(base_url=addresses["google"]))
    with pytest.raises(google_errors.ClientError, match=UNKNOWN):
        google.models.generate_content(model="cirrus-nano", contents=prompt)


@pytest.mark.parametrize("name", ONE_PER_PROTOCOL)
def test_inspect_raises_on_an_unknown_prompt(addresses: Addresses, name: str) -> None:
    with pytest.raises(Exception, match=UNKNOWN):
        inspect_outputs(by_id(addresses, name), ["What is the capital of France?"], 100)


@pytest.mark.parametrize(
    ("path", "content", "says"),
    [
        ("chat/completions", "{", "not JSON"),
        ("chat/completions", "[]", "not of this protocol"),
        ("chat/completions", '{"model": "aurora-lite"}', "no message of the role"),
        ("messages", '{"model": "borealis-max", "messages": []}', "role `user` is required"),
        ("images/generations", '{"model": "aurora-canvas"}', "no `prompt`"),
        ("models/cirrus-pro:generateContent", "{}", "nothing of the role"),
    ],
)
def test_a_malformed_request_gets_an_error_document(
    addresses: Addresses, path: str, content: str, says: str
) -> None:
    reply = httpx.post(f"{addresses['openai']}/{path}", content=content, trust_env=False)
    assert reply.status_code == 400
    assert says in reply.json()["error"]["message"]


def test_an_unknown_model_gets_the_known_ones(addresses: Addresses, additions: Bank) -> None:
    content = {"model": "gpt-9", "messages": [{"role": "user", "content": additions.items[0].input}]}
    reply = httpx.post(f"{addresses['openai']}/chat/completions", json=content, trust_env=False)
    assert reply.status_code == 404
    assert "aurora-grand, aurora-lite" in reply.json()["error"]["message"]


def test_the_judge_wants_one_image_and_fetches_none(addresses: Addresses) -> None:
    text = {"type": "text", "text": "How many?"}
    remote = {"type": "image_url", "image_url": {"url": "https://example.org/a.png"}}
    url = f"{addresses['openai']}/chat/completions"
    for parts, says in (([text], "about one image"), ([text, remote], "none is ever fetched")):
        content = {"model": "cirrus-eye", "messages": [{"role": "user", "content": parts}]}
        reply = httpx.post(url, json=content, trust_env=False)
        assert reply.status_code == 400
        assert says in reply.json()["error"]["message"]


# Pictures


def test_a_drawing_holds_its_spec_as_often_as_the_skill_says_and_the_judge_sees_it(
    addresses: Addresses, pictures: Bank
) -> None:
    right = 0
    with openai.OpenAI(base_url=addresses["openai"], api_key="demo", max_retries=0) as client:
        for item in pictures.items:
            drawn: Any = client.images.generate(model="borealis-brush", prompt=item.input)
            assert drawn.usage.input_tokens == round(len(item.input) / 4)
            uri = f"data:image/png;base64,{drawn.data[0].b64_json}"
            question = 'How many red objects of the kind "dog" are in the image? Answer with a number only.'
            parts: Any = [
                {"type": "text", "text": question},
                {"type": "image_url", "image_url": {"url": uri}},
            ]
            seen: Any = client.chat.completions.create(
                model="cirrus-eye", messages=[{"role": "user", "content": parts}]
            )
            right += seen.choices[0].message.content == str(item.target)
    share = next(m.skill["image-prompt"] for m in PANEL if m.wire == "borealis-brush")
    assert abs(right - share * len(pictures.items)) < 4 * (share * (1 - share) * len(pictures.items)) ** 0.5


def test_the_endpoint_for_images_keeps_a_picture_as_a_file(
    addresses: Addresses, pictures: Bank, tmp_path: Path
) -> None:
    model = by_id(addresses, "demo-aurora/canvas")

    async def ask() -> ModelOutput:
        asked = get_model(
            model.inspect_name,
            base_url=model.base_url,
            api_key="demo",
            memoize=False,
            artifacts=str(tmp_path),
        )
        return await asked.generate(pictures.items[0].input)

    output = asyncio.run(ask())
    (file,) = tmp_path.iterdir()
    assert output.metadata is not None
    assert output.metadata["artifact"] == file.name
    assert file.read_bytes().startswith(b"\x89PNG")
