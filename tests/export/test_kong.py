"""Kong's file: the plugin's part by its published schema."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from export.readers import documents
from export.strict_schema import Schema, problems
from gateway_tables import GOOGLE, MODELS, OWN, ROUTED, SMALL, STRONG, THINKING, many, odd, split, table_of
from routing_table import MODELS as DEMO
from routing_table import TABLE

from whichmodel.domain import Model, RoutingTable
from whichmodel.export.kong import render

DEMO_MODELS = {model.id: model for model in DEMO}


@pytest.fixture(scope="module")
def plugin_schema(real_data: Path) -> Schema:
    """Of the plugin ai-proxy-advanced 3.15."""
    path = real_data / "gateways" / "kong_ai_proxy_advanced_3.15.json"
    found: Schema = json.loads(path.read_text(encoding="utf-8"))
    return found


def _config(table: RoutingTable, models: Mapping[str, Model] = MODELS) -> dict[str, Any]:
    (file,) = documents(render(table, models))
    (service,) = file["services"]
    (route,) = service["routes"]
    (plugin,) = route["plugins"]
    assert plugin["name"] == "ai-proxy-advanced"
    found: dict[str, Any] = plugin["config"]
    return found


def _target(model: Model) -> dict[str, Any]:
    route = replace(ROUTED, model=model.id, fallbacks=())
    found: dict[str, Any] = _config(table_of([route]))["targets"][0]
    return found


@pytest.mark.parametrize(
    ("table", "models"),
    [(TABLE, DEMO_MODELS), (many(40), MODELS), (odd(), MODELS), (split(), MODELS)],
    ids=["demo", "many", "odd", "split"],
)
def test_the_plugin_fits_its_schema(
    plugin_schema: Schema, table: RoutingTable, models: Mapping[str, Model]
) -> None:
    assert problems(plugin_schema, {"config": _config(table, models)}) == []


def test_the_schema_is_read_strictly(plugin_schema: Schema) -> None:
    """An unknown provider, a misspelt key and a weight out of bounds are all found."""
    config = _config(many(1))
    first = config["targets"][0]
    spoiled: list[Any] = [
        {**first, "model": {**first["model"], "provider": "groq"}},
        {**first, "model": {**first["model"], "alias": "a"}},
        {**first, "weight": 0},
        {key: value for key, value in first.items() if key != "route_type"},
    ]
    assert all(problems(plugin_schema, {"config": {**config, "targets": [each]}}) for each in spoiled)


def test_a_fallback_weighs_less_than_what_it_stands_in_for() -> None:
    """Priority groups come from weights; an error of any kind that passes leads to the next."""
    config = _config(many(1))
    named = [target for target in config["targets"] if target["model"]["model_alias"] == "task-0"]
    assert [target["weight"] for target in named] == [1000, 999, 998]
    balancer = config["balancer"]
    assert (balancer["algorithm"], balancer["retries"]) == ("priority", 2)
    assert {"http_429", "http_500", "non_idempotent"} <= set(balancer["failover_criteria"])


@pytest.mark.parametrize(
    ("model", "provider", "url", "auth"),
    [
        (
            SMALL,
            "openai",
            None,
            {"header_name": "Authorization", "header_value": "{vault://env/openai-api-key-bearer}"},
        ),
        (
            STRONG,
            "anthropic",
            None,
            {"header_name": "x-api-key", "header_value": "{vault://env/anthropic-api-key}"},
        ),
        (
            GOOGLE,
            "gemini",
            None,
            {"param_location": "query", "param_name": "key", "param_value": "{vault://env/google-api-key}"},
        ),
        (OWN, "openai", "http://gpu.example:8000/v1/chat/completions", None),
    ],
)
def test_a_model_is_reached_with_a_reference_to_its_key(
    model: Model, provider: str, url: str | None, auth: dict[str, str] | None
) -> None:
    """A reference is a whole value for Kong, so what is more than the key has a variable of its own."""
    target = _target(model)
    assert target["model"]["provider"] == provider
    assert target["model"]["options"].get("upstream_url") == url
    assert target.get("auth") == auth


def test_the_file_says_how_the_variable_of_a_whole_header_is_made() -> None:
    text = render(many(5), MODELS)
    assert '# Key: export OPENAI_API_KEY_BEARER="Bearer $OPENAI_API_KEY" where Kong starts' in text


def test_a_model_is_asked_as_it_was_measured_at_the_price_it_was_counted_with() -> None:
    options = _target(THINKING)["model"]["options"]
    assert (options["temperature"], options["max_tokens"]) == (0.0, 900)
    assert (options["input_cost"], options["output_cost"]) == (1.0, 4.0)
    text = render(table_of([replace(ROUTED, model=THINKING.id)]), MODELS)
    assert "# Measured with reasoning_effort low: a request has to ask for it." in text


def test_an_unknown_price_is_left_out_and_never_zero() -> None:
    assert not {"input_cost", "output_cost"} & set(_target(OWN)["model"]["options"])
