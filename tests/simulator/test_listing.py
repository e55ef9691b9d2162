"""The lists of models that each provider's client reads, page by page."""

from __future__ import annotations

import anthropic
import httpx
import openai
import pytest
from google import genai
from simulator.asking import Addresses

from whichmodel.simulator.panel import PANEL

EVERY = [model.wire for model in PANEL]
TEXT = [model.wire for model in PANEL if model.answers == "text"]


def test_openai_lists_every_model(addresses: Addresses) -> None:
    with openai.OpenAI(base_url=addresses["openai"], api_key="none", max_retries=0) as client:
        assert [model.id for model in client.models.list()] == EVERY


@pytest.mark.parametrize("limit", [2, 3, 7, 100])
def test_anthropic_lists_models_that_write_on_pages_of_any_size(addresses: Addresses, limit: int) -> None:
    with anthropic.Anthropic(base_url=addresses["anthropic"], api_key="none", max_retries=0) as client:
        found = list(client.models.list(limit=limit))
    assert [model.id for model in found] == TEXT
    assert {model.type for model in found} == {"model"}


@pytest.mark.parametrize("version", ["v1", "v1beta"])
@pytest.mark.parametrize("size", [4, 50])
def test_google_lists_every_model_with_its_methods(addresses: Addresses, version: str, size: int) -> None:
    options = genai.types.HttpOptions(base_url=addresses["google"], api_version=version)
    client = genai.Client(api_key="none", http_options=options)
    found = list(client.models.list(config={"page_size": size}))
    assert [(model.name or "").removeprefix("models/") for model in found] == EVERY
    drawing = {model.name for model in found if "predict" in (model.supported_actions or [])}
    assert drawing == {f"models/{model.wire}" for model in PANEL if model.answers == "image"}


def test_hugging_faces_router_lists_chat_models_with_their_providers(addresses: Addresses) -> None:
    reply = httpx.get(f"{addresses['hf']}/models", trust_env=False).json()
    assert [entry["id"] for entry in reply["data"]] == TEXT
    assert all(entry["providers"] for entry in reply["data"])
    seeing = [e["id"] for e in reply["data"] if "image" in e["architecture"]["input_modalities"]]
    assert seeing == ["cirrus-eye"]
