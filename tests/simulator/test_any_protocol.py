"""Models that write answer in any text protocol, models that draw in any image protocol."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from inspect_ai.model import ChatMessageUser, ContentImage, ContentText, GenerateConfig, get_model
from simulator.asking import INSPECT, SDKS, Addresses, through_inspect

from whichmodel.domain import Bank
from whichmodel.simulator.panel import PANEL
from whichmodel.simulator.serve import serve

WRITING = [model.wire for model in PANEL if model.answers == "text" and not model.vision]
DRAWING = [model.wire for model in PANEL if model.answers == "image"]
TEXT = [protocol for protocol in INSPECT if "image" not in protocol and protocol != "imagen"]
IMAGE = [protocol for protocol in INSPECT if protocol not in TEXT]


@pytest.fixture(scope="module")
def quick(invoices: Bank, pictures: Bank) -> Iterator[Addresses]:
    """A panel that hardly waits."""
    with serve([invoices, pictures], latency_s=0.01) as found:
        yield found


@pytest.mark.parametrize("protocol", TEXT)
def test_every_model_that_writes_says_the_same_in_every_text_protocol(
    quick: Addresses, invoices: Bank, protocol: str
) -> None:
    prompt = invoices.items[3].input

    async def ask(way: str) -> list[str]:
        calls = (through_inspect(way, quick, wire, prompt, max_tokens=2048) for wire in WRITING)
        return [output.completion for output in await asyncio.gather(*calls)]

    said = asyncio.run(ask(protocol))
    assert said == asyncio.run(ask("chat"))
    assert all(text.startswith("{") for text in said)


@pytest.mark.parametrize("way", ["openai-images", "hf-images", "gemini-images", "imagen"])
def test_every_model_that_draws_draws_in_every_image_protocol(
    quick: Addresses, pictures: Bank, way: str
) -> None:
    async def ask() -> list[str]:
        async with SDKS[way].client(quick) as client:
            return [await SDKS[way].ask(client, wire, pictures.items[0].input) for wire in DRAWING]

    assert {said.removesuffix(" of 512x512") for said in asyncio.run(ask())} == {"a picture"}


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("v1/chat/completions", {"model": "aurora-canvas", "messages": [{"role": "user", "content": "x"}]}),
        ("v1/responses", {"model": "aurora-canvas", "input": "x"}),
        ("v1/messages", {"model": "aurora-canvas", "messages": [{"role": "user", "content": "x"}]}),
        ("v1/images/generations", {"model": "aurora-grand", "prompt": "x"}),
        ("v1beta/models/aurora-grand:predict", {"instances": [{"prompt": "x"}]}),
        ("hf-inference/models/aurora-grand", {"inputs": "x"}),
    ],
)
def test_a_model_asked_for_what_it_cannot_give_says_so(
    quick: Addresses, path: str, content: dict[str, Any]
) -> None:
    reply = httpx.post(f"{quick['google']}/{path}", json=content, trust_env=False)
    assert reply.status_code == 400
    assert "cannot carry" in reply.text


@pytest.mark.parametrize(
    ("path", "content", "says"),
    [
        ("v1/responses", {"model": "aurora-lite", "input": []}, "no message of the role"),
        ("v1beta/models/aurora-canvas:predict", {"instances": []}, "no `prompt`"),
        ("hf-inference/models/aurora-canvas", {"prompt": "x"}, "no `inputs`"),
    ],
)
def test_a_request_that_is_not_of_its_protocol_says_so(
    quick: Addresses, path: str, content: dict[str, Any], says: str
) -> None:
    reply = httpx.post(f"{quick['google']}/{path}", json=content, trust_env=False)
    assert reply.status_code == 400
    assert says in reply.text


@pytest.mark.parametrize("protocol", ["chat", "responses", "anthropic", "google", "hf"])
def test_the_judge_sees_a_picture_in_every_text_protocol(
    quick: Addresses, pictures: Bank, protocol: str
) -> None:
    body = {"model": "aurora-canvas", "prompt": pictures.items[0].input}
    drawn = httpx.post(f"{quick['openai-images']}/images/generations", json=body, trust_env=False).json()
    png = drawn["data"][0]["b64_json"]
    assert base64.b64decode(png).startswith(b"\x89PNG")
    question = 'How many red objects of the kind "dog" are in the image? Answer with a number only.'
    picture = ContentImage(image=f"data:image/png;base64,{png}")
    prefix, key, arguments = INSPECT[protocol]

    async def ask() -> str:
        config = GenerateConfig(max_retries=0)
        asked = get_model(
            f"{prefix}cirrus-eye",
            config=config,
            base_url=quick[key],
            api_key="none",
            memoize=False,
            **arguments,
        )
        async with asked:
            return (
                await asked.generate([ChatMessageUser(content=[ContentText(text=question), picture])])
            ).completion

    assert asyncio.run(ask()) == "1"


@pytest.mark.parametrize(("summary", "statuses"), [(None, [404, 200]), ("none", [200])])
def test_inspect_asks_gpt_5_by_responses_and_probes_first_unless_summaries_are_settled(
    invoices: Bank, summary: Any, statuses: list[int]
) -> None:
    async def ask(address: str) -> str:
        config = GenerateConfig(max_retries=0, reasoning_summary=summary)
        asked = get_model("openai/gpt-5.4", config=config, base_url=address, api_key="none", memoize=False)
        async with asked:
            return (await asked.generate(invoices.items[0].input)).model

    with serve([invoices], latency_s=0.01, aliases={"gpt-5.4": "aurora-grand"}) as found:
        assert asyncio.run(ask(found["openai"])) == "gpt-5.4"
        entries = httpx.get(f"{found['google']}/requests", trust_env=False).json()
    assert {entry["path"] for entry in entries} == {"/v1/responses"}
    # The probe asks whether reasoning summaries are allowed; no bank holds its prompt.
    assert [entry["status"] for entry in entries] == statuses
