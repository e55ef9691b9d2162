"""TensorZero's configuration: golden, complete, asking each model as it was measured."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from whichmodel.domain import Model, Route, RoutingTable, Settings
from whichmodel.errors import CheckFailed
from whichmodel.export import render as render_for
from whichmodel.export.tensorzero import render

Models = Mapping[str, Model]


def _only(table: RoutingTable, route: Route, model: Model) -> dict[str, Any]:
    """The file of the one route when this model answers it."""
    route = replace(route, model=model.id, fallbacks=(), why_not=())
    return tomllib.loads(render(replace(table, routes=(route,)), {model.id: model}))


def test_file_is_golden(table: RoutingTable, models: Models, golden: Callable[[str, str], None]) -> None:
    golden("tensorzero.toml", render(table, models))


def test_registered_under_its_name(table: RoutingTable, models: Models) -> None:
    assert render_for("tensorzero", table, models) == render(table, models)


def test_every_name_that_is_used_exists(table: RoutingTable, models: Models) -> None:
    content = tomllib.loads(render(table, models))
    for function in content["functions"].values():
        variants, experiment = function["variants"], function["experimentation"]
        assert {variant["model"] for variant in variants.values()} <= set(content["models"])
        candidates, spare = experiment["candidate_variants"], experiment["fallback_variants"]
        assert set(candidates) | set(spare) == set(variants)
        assert not set(candidates) & set(spare)
        assert sum(candidates.values()) == pytest.approx(1)
    for model in content["models"].values():
        assert model["routing"] == list(model["providers"])


def test_a_category_is_a_function_like_its_task(table: RoutingTable, models: Models) -> None:
    text = render(table, models)
    functions = tomllib.loads(text)["functions"]
    assert functions["extraction"] == functions["invoices"]
    assert "# extraction is answered as invoices. Another model answers emails." in text


def test_a_split_is_the_weights_of_the_candidates(table: RoutingTable, models: Models) -> None:
    emails = tomllib.loads(render(table, models))["functions"]["emails"]
    assert emails["experimentation"] == {
        "type": "static",
        "candidate_variants": {"demo-aurora/grand": 0.9, "demo-aurora/lite": 0.1},
        "fallback_variants": ["demo-borealis/swift"],
    }


def test_what_is_left_out_and_what_the_application_does_stand_in_comments(
    table: RoutingTable, models: Models
) -> None:
    text = render(table, models)
    assert "# Left out: composition, nothing that it routes to can be served: demo-aurora/canvas" in text
    assert "# In the application: the agreement policy two-small asks demo-aurora/lite" in text
    assert "# Variables that have to be set: NO_KEY.\n" in text


@pytest.mark.parametrize(
    ("inspect_name", "base_url", "key_env", "expected"),
    [
        ("openai/gpt-4o", None, "OPENAI_API_KEY", ("openai", "gpt-4o", None, "env::OPENAI_API_KEY")),
        ("anthropic/x", "http://h:1", None, ("anthropic", "x", "http://h:1/v1", "env::NO_KEY")),
        ("google/x", None, "GOOGLE_API_KEY", ("google_ai_studio_gemini", "x", None, "env::GOOGLE_API_KEY")),
        ("grok/x", None, "XAI_API_KEY", ("xai", "x", None, "env::XAI_API_KEY")),
        ("groq/x", "http://h:1/v1", "K", ("openai", "x", "http://h:1/v1", "env::K")),
        ("vllm/o/q", "http://gpu:8000/v1", None, ("openai", "o/q", "http://gpu:8000/v1", "none")),
        ("ollama/q:8b", None, None, ("openai", "q:8b", "http://localhost:11434/v1", "none")),
        (
            "openai-api/own/m",
            "https://h/v1",
            "OWN_KEY",
            ("openai", "m", "https://h/v1", "env::OWN_KEY"),
        ),
    ],
)
def test_names_a_model_as_tensorzero_reads_it(
    table: RoutingTable,
    plain: Route,
    inspect_name: str,
    base_url: str | None,
    key_env: str | None,
    expected: tuple[str, str, str | None, str],
) -> None:
    model = Model("some/model", inspect_name, "some", base_url=base_url, key_env=key_env)
    (provider,) = _only(table, plain, model)["models"]["some/model"]["providers"].values()
    found = (provider["type"], provider["model_name"], provider.get("api_base"), provider["api_key_location"])
    assert found == expected


def test_a_model_is_asked_with_the_settings_it_was_measured_with(table: RoutingTable, plain: Route) -> None:
    settings = Settings(reasoning_effort="low", temperature=0.0, max_tokens=900)
    model = Model("openai/x@low", "openai/x", "openai", key_env="OPENAI_API_KEY", settings=settings)
    assert _only(table, plain, model)["functions"]["functions"]["variants"]["openai/x@low"] == {
        "type": "chat_completion",
        "model": "openai/x@low",
        "retries": {"num_retries": 1, "max_delay_s": 1.0},
        "reasoning_effort": "low",
        "temperature": 0.0,
        "max_tokens": 900,
    }


@pytest.mark.parametrize(
    ("inspect_name", "base_url", "said"),
    [
        ("google/x", "http://h:1", "takes no address for google_ai_studio_gemini"),
        ("openai-api/own/m", None, r"no address from a variable \(OWN_BASE_URL\)"),
        ("bedrock/a.b", None, "knows no provider for Inspect's `bedrock`"),
    ],
)
def test_what_tensorzero_cannot_be_told_is_not_served(
    table: RoutingTable, plain: Route, inspect_name: str, base_url: str | None, said: str
) -> None:
    with pytest.raises(CheckFailed, match=said):
        _only(table, plain, Model("some/x", inspect_name, "some", base_url=base_url, key_env="K"))


def test_no_text_of_the_table_leaves_its_place(table: RoutingTable, plain: Route, models: Models) -> None:
    odd = 'a"]\n[models]\r{{ x }} \x85 ä\u2028\x00/'
    text = render(replace(table, routes=(replace(plain, task=odd, category=odd, why=odd),)), models)
    content = tomllib.loads(text)
    assert list(content["functions"]) == [odd]
    assert set(content["models"]) == {"demo-borealis/swift", "demo-aurora/grand"}
