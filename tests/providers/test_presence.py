"""What is missing before a model can be asked, and how to get it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from providers.recording import recording

from whichmodel.domain import Model
from whichmodel.domain.driver import DRIVERS, driver
from whichmodel.domain.provider import PROVIDERS, reach
from whichmodel.providers.presence import presence


def model(name: str, **given: str) -> Model:
    found = reach(name, **given)  # type: ignore[arg-type]
    assert found is not None
    return Model(name, found.inspect_name, "v", base_url=found.base_url, key_env=found.key_env)


def missing(of: Model, env: Mapping[str, str]) -> str:
    [found] = presence((of,), env)
    assert found.present == (found.missing == "")
    return found.missing


KEYS = [
    ("openai/gpt-6", {}, "OPENAI_API_KEY is not set"),
    ("openai/gpt-6", {"OPENAI_API_KEY": "k"}, ""),
    ("openai/gpt-6", {"OPENAI_API_KEY": ""}, "OPENAI_API_KEY is not set"),
    ("google/gemini", {"GEMINI_API_KEY": "k"}, ""),
    ("xai/grok", {}, "XAI_API_KEY is not set"),
    ("together/o/q", {"TOGETHER_API_KEY": "k"}, ""),
    ("openrouter/o/q", {"OPENROUTER_API_KEY": "k"}, ""),
    ("huggingface/o/q", {"HF_TOKEN": "k"}, ""),
    (
        "bedrock/amazon.nova-2",
        {"AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s"},
        "AWS_PROFILE or AWS_BEARER_TOKEN_BEDROCK + AWS_DEFAULT_REGION or AWS_ACCESS_KEY_ID + "
        "AWS_SECRET_ACCESS_KEY + AWS_DEFAULT_REGION is not set",
    ),
    ("bedrock/amazon.nova-2", {"AWS_PROFILE": "p"}, ""),
    ("bedrock/amazon.nova-2", {"AWS_BEARER_TOKEN_BEDROCK": "k", "AWS_DEFAULT_REGION": "r"}, ""),
]


@pytest.mark.parametrize(("name", "env", "expected"), KEYS)
def test_the_missing_variable_is_named(name: str, env: dict[str, str], expected: str) -> None:
    assert missing(model(name), env) == expected


def test_azure_needs_a_key_and_an_address() -> None:
    azure = model("azureai/gpt-6", inspect_name="openai/azure/gpt-6")
    address = "AZUREAI_OPENAI_BASE_URL (or `base_url`)"
    assert missing(azure, {}) == f"AZUREAI_OPENAI_API_KEY and {address} are not set"
    assert missing(azure, {"AZURE_OPENAI_API_KEY": "k"}) == f"{address} is not set"
    assert missing(azure, {"AZUREAI_OPENAI_API_KEY": "k", "AZURE_OPENAI_ENDPOINT": "https://x"}) == ""
    placed = replace(azure, base_url="https://x", key_env="AZUREAI_OPENAI_API_KEY")
    assert missing(placed, {"AZUREAI_OPENAI_API_KEY": "k"}) == ""


def test_an_own_service_needs_its_variables() -> None:
    own = model("mine/m", inspect_name="openai-api/my-own/m")
    assert missing(own, {}) == "MY_OWN_API_KEY and MY_OWN_BASE_URL (or `base_url`) are not set"
    assert missing(own, {"MY_OWN_API_KEY": "k", "MY_OWN_BASE_URL": "http://h"}) == ""


ABSENT = [
    ("mistral/mistral-large", "mistralai"),
    ("groq/llama", "groq"),
    ("azureai/phi", "azure-ai-inference"),
]


@pytest.mark.parametrize(("name", "package"), ABSENT)
def test_a_missing_package_is_named_with_the_command(
    name: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("whichmodel.providers.presence.find_spec", lambda name: None)
    assert (
        missing(model(name), {"MISTRAL_API_KEY": "k", "GROQ_API_KEY": "k"})
        == f"`pip install {package}` is needed"
    )


def test_a_package_of_a_missing_parent_is_missing_too() -> None:
    from whichmodel.providers.presence import _importable

    assert _importable("json.decoder")
    assert not _importable("no_such_parent_at_all.child")


def test_an_endpoint_without_a_key_is_asked_what_it_serves() -> None:
    with recording() as server:
        server.lists["/v1/models"] = {"data": [{"id": "qwen3:8b"}]}
        here = model("ollama/qwen3:8b", base_url=f"{server.root}/v1")
        there = model("lmstudio/other", base_url=f"{server.root}/v1")
        assert here.inspect_name == "openai-api/ollama/qwen3:8b"
        found = presence((here, there), {})
        assert [p.missing for p in found] == ["", f"{server.root}/v1 does not serve other"]
        assert len(server.requests) == 1
        assert "authorization" not in {name.lower() for name in server.requests[0][1]}
    assert missing(here, {}) == f"nothing answers at {here.base_url}"


def test_recorded_answers_are_there_when_their_file_is(tmp_path: Path) -> None:
    recorded = replace(model("replay/a.jsonl"), base_url=tmp_path.as_uri())
    assert missing(recorded, {}) == f"there is no file {tmp_path / 'a.jsonl'}"
    (tmp_path / "a.jsonl").touch()
    assert missing(recorded, {}) == ""


REACHED = [
    ("vllm/openai/gpt-oss", "http://h/v1", "openai-api/vllm/openai/gpt-oss"),
    ("llamacpp/q", "http://h/v1", "openai-api/llamacpp/q"),
    ("lmstudio/q@json", "http://h/v1", "openai-api/lmstudio/q"),
    ("openai/gpt-6", "http://h/v1", "openai/gpt-6"),
    ("deepseek/chat", None, "deepseek/chat"),
    ("together/o/q", None, "openai-api/together/o/q"),
    ("huggingface/o/q@schema", None, "hf-inference-providers/o/q"),
]


@pytest.mark.parametrize(("name", "base_url", "inspect_name"), REACHED)
def test_an_id_is_reached_without_further_words(name: str, base_url: str | None, inspect_name: str) -> None:
    found = reach(name, base_url=base_url)
    assert found is not None
    assert found.inspect_name == inspect_name


def test_a_name_that_nobody_knows_has_no_address() -> None:
    assert reach("vllm/openai/gpt-oss") is None
    assert reach("nobody/m") is None


def test_every_provider_has_a_driver_and_every_driver_a_plain_mode() -> None:
    names = {d.name for d in DRIVERS}
    assert {driver(f"{p.inspect}/m").name for p in PROVIDERS} <= names
    assert all("plain" in d.modes for d in DRIVERS)
