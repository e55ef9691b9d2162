"""Where a model is, in full."""

from __future__ import annotations

import pytest

from whichmodel.domain import Model
from whichmodel.export.location import Location, locate


def _model(inspect_name: str, base_url: str | None = None) -> Model:
    return Model("some/model", inspect_name, "some", base_url=base_url, key_env="A_KEY")


@pytest.mark.parametrize(
    ("inspect_name", "base_url", "shown"),
    [
        ("openai/gpt-4o", None, ("openai", "https://api.openai.com/v1", "gpt-4o", False)),
        ("anthropic/x", None, ("anthropic", "https://api.anthropic.com", "x", False)),
        ("google/x", None, ("google", "https://generativelanguage.googleapis.com", "x", False)),
        ("grok/x", None, ("openai", "https://api.x.ai/v1", "x", False)),
        ("openai-api/own/org/m", "http://h:8000/v1/", ("openai", "http://h:8000/v1", "org/m", True)),
        ("vllm/org/m", "http://h/v1", ("openai", "http://h/v1", "org/m", True)),
        ("anthropic/x", "http://h:1", ("anthropic", "http://h:1", "x", True)),
    ],
)
def test_protocol_address_and_name(
    inspect_name: str, base_url: str | None, shown: tuple[str, str, str, bool]
) -> None:
    found = locate(_model(inspect_name, base_url))
    assert isinstance(found, Location)
    assert (found.protocol, found.address, found.name, found.own) == shown


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("https://h.example/a/v1", ("h.example", 443, "/a/v1", True)),
        ("http://h.example", ("h.example", 80, "", False)),
        ("http://[2001:db8::7]:8000/v1", ("2001:db8::7", 8000, "/v1", False)),
    ],
)
def test_an_address_in_its_parts(address: str, parts: tuple[str, int, str, bool]) -> None:
    found = locate(_model("openai-api/own/m", address))
    assert isinstance(found, Location)
    assert (found.host, found.port, found.path, found.secure) == parts


@pytest.mark.parametrize(
    ("inspect_name", "reason"),
    [
        ("python/a.b:c", "runs in your own process"),
        ("mockllm/m", "is simulated and nowhere served"),
        ("replay/m", "is simulated and nowhere served"),
        ("bedrock/a.b", "is reached by a cloud account"),
        ("openai/azure/m", "is reached by a cloud account"),
        ("google/vertex/m", "is reached by a cloud account"),
        ("hf-images/o/m", "is drawn by Hugging Face's own protocol"),
        ("openai-api/my-own/m", "stands in MY_OWN_BASE_URL alone"),
        ("vllm/m", "stands in VLLM_BASE_URL alone"),
        ("nobody/m", "has an address that is not known here"),
    ],
)
def test_why_a_model_has_no_address_to_give(inspect_name: str, reason: str) -> None:
    found = locate(_model(inspect_name))
    assert isinstance(found, str)
    assert reason in found
