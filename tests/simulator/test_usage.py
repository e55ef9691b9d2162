"""Token counts as each provider sends them, and what comes out of them where they are added up."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import anthropic
import httpx
import openai
import pytest
from google import genai
from inspect_ai.model import ModelUsage
from simulator.asking import Addresses, through_inspect

from whichmodel.domain import Bank
from whichmodel.simulator.conduct import PromptCache
from whichmodel.simulator.serve import serve

MODEL = "aurora-grand"
"""It reasons."""
PLAIN = "aurora-lite"
"""It does not, and reads nothing from a cache."""
TEXT = ("chat", "chat stream", "responses", "responses stream", "anthropic", "google", "google stream", "hf")


@pytest.fixture(scope="module")
def cached(invoices: Bank) -> Iterator[Addresses]:
    """A panel whose grand model reads half of each prompt from a cache and writes a quarter to it."""
    with serve([invoices], caches=[PromptCache(0.5, 0.25, MODEL)], latency_s=0.01) as found:
        yield found


@pytest.fixture(scope="module")
def long(invoices: Bank) -> str:
    """A prompt with white space around it: 400 characters, so 100 tokens."""
    text = invoices.items[0].input
    return text + " " * (400 - len(text))


def test_openai_counts_cached_tokens_inside_the_prompt_and_reasoning_inside_the_completion(
    cached: Addresses, long: str
) -> None:
    with openai.OpenAI(base_url=cached["openai"], api_key="none", max_retries=0) as client:
        chat: Any = client.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": long}])
        response: Any = client.responses.create(model=MODEL, input=long)
    usage = chat.usage
    assert (usage.prompt_tokens, usage.prompt_tokens_details.cached_tokens) == (100, 50)
    assert usage.prompt_tokens_details.cache_write_tokens == 25
    assert usage.completion_tokens > usage.completion_tokens_details.reasoning_tokens > 0
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens
    other = response.usage
    assert (other.input_tokens, other.input_tokens_details.cached_tokens) == (100, 50)
    assert other.input_tokens_details.cache_write_tokens == 25
    assert other.output_tokens == usage.completion_tokens
    assert other.output_tokens_details.reasoning_tokens == usage.completion_tokens_details.reasoning_tokens


def test_anthropic_counts_the_cache_outside_the_input(cached: Addresses, long: str) -> None:
    asked: Any = {"model": MODEL, "max_tokens": 1024, "messages": [{"role": "user", "content": long}]}
    with anthropic.Anthropic(base_url=cached["anthropic"], api_key="none", max_retries=0) as client:
        whole: Any = client.messages.create(**asked).usage
        with client.messages.stream(**asked) as stream:
            streamed: Any = stream.get_final_message().usage
    for usage in (whole, streamed):
        assert usage.input_tokens == 25
        assert (usage.cache_read_input_tokens, usage.cache_creation_input_tokens) == (50, 25)
        assert usage.cache_creation.ephemeral_5m_input_tokens == 25
        assert usage.output_tokens > usage.output_tokens_details.thinking_tokens > 0


def test_google_counts_thoughts_outside_the_candidates_and_leaves_out_what_is_nothing(
    cached: Addresses, long: str
) -> None:
    options = genai.types.HttpOptions(base_url=cached["google"])
    client = genai.Client(api_key="none", http_options=options)
    usage: Any = client.models.generate_content(model=MODEL, contents=long).usage_metadata
    assert (usage.prompt_token_count, usage.cached_content_token_count) == (100, 50)
    assert usage.total_token_count == 100 + usage.candidates_token_count + usage.thoughts_token_count
    plain: Any = client.models.generate_content(model=PLAIN, contents=long).usage_metadata
    assert plain.cached_content_token_count is None
    assert plain.thoughts_token_count is None
    assert plain.total_token_count == plain.prompt_token_count + plain.candidates_token_count


@pytest.mark.parametrize("asked", [None, {"include_usage": True}])
def test_a_chat_stream_counts_tokens_only_where_it_is_asked_to(
    cached: Addresses, long: str, asked: dict[str, bool] | None
) -> None:
    body = {"model": MODEL, "stream": True, "messages": [{"role": "user", "content": long}]}
    if asked:
        body["stream_options"] = asked
    reply = httpx.post(f"{cached['openai']}/chat/completions", json=body, trust_env=False)
    assert ('"usage"' in reply.text) == bool(asked)


@pytest.mark.parametrize("protocol", TEXT)
def test_inspect_counts_the_same_tokens_whatever_the_protocol(
    cached: Addresses, long: str, protocol: str
) -> None:
    usage = _usage(cached, protocol, MODEL, long)
    written = usage.input_tokens_cache_write or 0
    assert usage.input_tokens_cache_read == 50
    assert written == (0 if protocol.startswith("google") else 25)
    assert usage.input_tokens + 50 + written == 100
    assert usage.output_tokens > (usage.reasoning_tokens or 0) > 0
    assert usage.output_tokens == _usage(cached, "chat", MODEL, long).output_tokens


@pytest.mark.parametrize("protocol", TEXT)
def test_a_model_without_a_cache_reports_none(cached: Addresses, long: str, protocol: str) -> None:
    usage = _usage(cached, protocol, PLAIN, long)
    assert usage.input_tokens == 100
    assert not usage.input_tokens_cache_read
    assert not usage.input_tokens_cache_write


def _usage(addresses: Addresses, protocol: str, model: str, prompt: str) -> ModelUsage:
    output = asyncio.run(through_inspect(protocol, addresses, model, prompt, max_tokens=2048))
    assert output.usage is not None
    return output.usage


def test_shares_of_a_cache_beyond_the_whole_prompt_are_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        PromptCache(read=0.8, write=0.3)
    assert PromptCache(read=0.5, write=0.5).tokens(7) == (4, 3)
