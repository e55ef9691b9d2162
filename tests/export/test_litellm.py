"""LiteLLM's configuration: golden, complete, and asking each model as it was measured."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import yaml

from whichmodel.domain import Model, Price, Route, RoutingTable, Settings
from whichmodel.errors import CheckFailed
from whichmodel.export import render as render_for
from whichmodel.export.litellm import render

Models = Mapping[str, Model]


def _parsed(text: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """(entries by model_name, those of a split left out; router_settings)."""
    content = yaml.safe_load(text)
    listed = [entry for entry in content["model_list"] if "weight" not in entry["litellm_params"]]
    entries = {entry["model_name"]: entry for entry in listed}
    assert len(entries) == len(listed)
    return entries, content["router_settings"]


def _split(text: str) -> dict[str, dict[str, float]]:
    """Task -> asked model -> weight, for tasks whose requests are split."""
    found: dict[str, dict[str, float]] = {}
    for entry in yaml.safe_load(text)["model_list"]:
        if "weight" in entry["litellm_params"]:
            asked = entry["litellm_params"]
            found.setdefault(entry["model_name"], {})[asked["model"]] = asked["weight"]
    return found


def _only(table: RoutingTable, route: Route, model: Model) -> dict[str, Any]:
    """The entry of the one route when this model answers it."""
    route = replace(route, model=model.id, fallbacks=(), why_not=())
    entries, _ = _parsed(render(replace(table, routes=(route,)), {model.id: model}))
    found: dict[str, Any] = entries[route.task]
    return found


def test_file_is_golden(table: RoutingTable, models: Models, golden: Callable[[str, str], None]) -> None:
    golden("litellm.yaml", render(table, models))


def test_registered_under_its_name(table: RoutingTable, models: Models) -> None:
    assert render_for("litellm", table, models) == render(table, models)


def test_each_task_is_served_once_or_left_out_with_the_reason(table: RoutingTable, models: Models) -> None:
    text = render(table, models)
    entries, _ = _parsed(text)
    served = {route.task for route in table.routes} & (set(entries) | set(_split(text)))
    assert served == {
        "functions",
        "invoices",
        "receipts",
        "puzzles",
        "meetings",
        "composition",
        "emails",
        "word_problems",
    }
    assert "# Left out: tickets, nothing that it routes to can be served: rule/extract" in text
    assert "# Left out: technical, no route: no model is allowed" in text


def test_every_name_that_is_used_exists(table: RoutingTable, models: Models) -> None:
    text = render(table, models)
    _, settings = _parsed(text)
    entries = {entry["model_name"] for entry in yaml.safe_load(text)["model_list"]}
    aliases = settings["model_group_alias"]
    for pair in settings["fallbacks"]:
        for name, ids in pair.items():
            assert name in entries or name in aliases
            assert set(ids) <= set(entries)
    assert set(aliases.values()) <= set(entries)


def test_a_split_is_a_deployment_for_each_part_with_its_weight(table: RoutingTable, models: Models) -> None:
    text = render(table, models)
    assert _split(text) == {"emails": {"openai/aurora-grand": 0.9, "openai/aurora-lite": 0.1}}
    assert "# Requests are split: 0.9 to demo-aurora/grand, 0.1 to demo-aurora/lite." in text


def test_an_agreement_policy_is_named_as_the_applications(table: RoutingTable, models: Models) -> None:
    text = render(table, models)
    assert "# In the application: the agreement policy two-small asks demo-aurora/lite, demo-borealis" in text


def test_a_rule_passes_its_task_to_the_first_fallback(table: RoutingTable, models: Models) -> None:
    """A function runs in the caller's process; the file says which model answers in its place."""
    text = render(table, models)
    entries, settings = _parsed(text)
    assert entries["invoices"]["litellm_params"]["model"] == "openai/aurora-lite"
    assert {"invoices": ["demo-cirrus/nano"]} in settings["fallbacks"]
    assert "# So demo-aurora/lite answers, the first fallback that can be served." in text


def test_a_category_answers_as_its_task_with_most_requests(table: RoutingTable, models: Models) -> None:
    """With that task's fallbacks under its own name: LiteLLM does not look them up through an alias."""
    text = render(table, models)
    _, settings = _parsed(text)
    assert settings["model_group_alias"]["extraction"] == "invoices"
    assert {"extraction": ["demo-cirrus/nano"]} in settings["fallbacks"]
    assert "# extraction is answered as invoices. Another model answers receipts, emails." in text


def test_a_task_named_like_its_category_needs_no_alias(
    table: RoutingTable, plain: Route, models: Models
) -> None:
    one = replace(table, routes=(replace(plain, task="coding"),))
    entries, settings = _parsed(render(one, models))
    assert "coding" in entries
    assert settings["model_group_alias"] == {}


def test_unknown_price_is_left_out_and_never_zero(table: RoutingTable, models: Models) -> None:
    text = render(table, models)
    entries, _ = _parsed(text)
    assert entries["receipts"]["model_info"] == {"mode": "chat"}
    assert "# Price unknown here" in text


def test_prices_are_by_token_with_cached_ones_at_the_full_rate_unless_known(
    table: RoutingTable, models: Models
) -> None:
    entries, _ = _parsed(render(table, models))
    assert entries["functions"]["model_info"] == {
        "mode": "chat",
        "input_cost_per_token": 8e-7,
        "output_cost_per_token": 4e-6,
        "cache_read_input_token_cost": 8e-7,
        "cache_creation_input_token_cost": 8e-7,
    }


def test_a_public_price_is_taken_at_the_time_of_the_table(table: RoutingTable, plain: Route) -> None:
    """genai-prices knows gpt-4o; the price of the day of the decision is what counts."""
    model = Model("openai/gpt-4o", "openai/gpt-4o", "openai", key_env="OPENAI_API_KEY")
    info = _only(table, plain, model)["model_info"]
    assert info["input_cost_per_token"] == 2.5e-6
    assert info["cache_read_input_token_cost"] == 1.25e-6


def test_a_price_by_the_second_has_no_token_rate(table: RoutingTable, plain: Route) -> None:
    price = Price("own GPU", date(2026, 11, 1), per_second=Decimal("0.001"))
    model = Model("vllm/q", "vllm/q", "vllm", base_url="http://gpu:8000/v1", price=price)
    assert _only(table, plain, model)["model_info"] == {"mode": "chat"}


def test_an_image_model_is_priced_by_the_image(table: RoutingTable, models: Models) -> None:
    entries, _ = _parsed(render(table, models))
    assert entries["composition"]["model_info"] == {
        "mode": "image_generation",
        "output_cost_per_image": 0.04,
    }


@pytest.mark.parametrize(
    ("inspect_name", "base_url", "key_env", "expected"),
    [
        ("openai/gpt-4o", None, "OPENAI_API_KEY", ("openai/gpt-4o", None, "os.environ/OPENAI_API_KEY")),
        ("anthropic/x", "http://h:1", None, ("anthropic/x", "http://h:1", "none")),
        ("google/x", None, "GOOGLE_API_KEY", ("gemini/x", None, "os.environ/GOOGLE_API_KEY")),
        ("google/x", "http://h:1/", None, ("gemini/x", "http://h:1/v1beta", "none")),
        ("google/vertex/x", None, None, ("vertex_ai/x", None, None)),
        (
            "openai/azure/x",
            None,
            "AZUREAI_OPENAI_API_KEY",
            ("azure/x", None, "os.environ/AZUREAI_OPENAI_API_KEY"),
        ),
        (
            "openai-api/xai/grok",
            "https://api.x.ai/v1",
            "XAI_API_KEY",
            ("openai/grok", "https://api.x.ai/v1", "os.environ/XAI_API_KEY"),
        ),
        (
            "openai-api/my-own/m/n",
            None,
            None,
            ("openai/m/n", "os.environ/MY_OWN_BASE_URL", "os.environ/MY_OWN_API_KEY"),
        ),
        ("ollama/q:8b", None, None, ("openai/q:8b", "http://localhost:11434/v1", "none")),
        ("vllm/o/q", "http://gpu:8000/v1", None, ("hosted_vllm/o/q", "http://gpu:8000/v1", "none")),
        (
            "hf-inference-providers/o/q",
            None,
            "HF_TOKEN",
            ("openai/o/q", "https://router.huggingface.co/v1", "os.environ/HF_TOKEN"),
        ),
        ("together/o/q", None, "TOGETHER_API_KEY", ("together_ai/o/q", None, "os.environ/TOGETHER_API_KEY")),
        ("grok/g", None, "XAI_API_KEY", ("xai/g", None, "os.environ/XAI_API_KEY")),
        ("bedrock/a.b", None, None, ("bedrock/a.b", None, None)),
    ],
)
def test_names_a_model_as_litellm_reads_it(
    table: RoutingTable,
    plain: Route,
    inspect_name: str,
    base_url: str | None,
    key_env: str | None,
    expected: tuple[str, str | None, str | None],
) -> None:
    """An endpoint without a key gets a word in its place: LiteLLM would send it OPENAI_API_KEY."""
    model = Model("some/model", inspect_name, "some", base_url=base_url, key_env=key_env)
    params = _only(table, plain, model)["litellm_params"]
    assert (params["model"], params.get("api_base"), params.get("api_key")) == expected


def test_a_model_is_asked_with_the_settings_it_was_measured_with(table: RoutingTable, plain: Route) -> None:
    settings = Settings(reasoning_effort="low", temperature=0.0, max_tokens=900)
    model = Model("openai/x@low", "openai/x", "openai", key_env="OPENAI_API_KEY", settings=settings)
    params = _only(table, plain, model)["litellm_params"]
    assert params["model"] == "openai/x"
    assert {key: params[key] for key in ("reasoning_effort", "temperature", "max_tokens")} == {
        "reasoning_effort": "low",
        "temperature": 0.0,
        "max_tokens": 900,
    }


@pytest.mark.parametrize("inspect_name", ["hf-images/o/m", "python/a.b:c", "mockllm/m", "vllm/q", "hf/o/m"])
def test_what_litellm_cannot_reach_is_left_out_with_the_reason(
    table: RoutingTable, plain: Route, models: Models, inspect_name: str
) -> None:
    model = Model("some/model", inspect_name, "some")
    route = replace(plain, task="alone", model=model.id, fallbacks=(), why_not=())
    text = render(replace(table, routes=(plain, route)), {**models, model.id: model})
    assert "alone" not in {entry["model_name"] for entry in yaml.safe_load(text)["model_list"]}
    assert "# Left out: alone, nothing that it routes to can be served: some/model (" in text


def test_a_simulated_model_without_an_address_never_becomes_a_real_providers(
    table: RoutingTable, models: Models
) -> None:
    """`anthropic/borealis-swift` without an address would ask Anthropic."""
    homeless = {name: replace(model, base_url=None) for name, model in models.items()}
    with pytest.raises(CheckFailed, match="is simulated and nowhere served"):
        render(table, homeless)


def test_no_text_of_the_table_leaves_its_comment(table: RoutingTable, plain: Route, models: Models) -> None:
    """A reason with line breaks of any kind stays a comment."""
    breaks = "a\nmodel_list: []\r\nb\x85c: d\u2028e\x00f"
    text = render(replace(table, routes=(replace(plain, why=breaks),)), models)
    entries, _ = _parsed(text)
    assert "functions" in entries
    assert text.count("\nmodel_list:") == 1


def test_the_file_is_a_pure_function_of_the_table(table: RoutingTable, models: Models) -> None:
    later = replace(table, created_at=datetime(2026, 11, 21, tzinfo=UTC))
    assert render(table, models) == render(table, models)
    assert "2026-11-21 00:00 UTC" in render(later, models)


@pytest.mark.parametrize("name", ["a\nb", "a ", "\u6f22", "a\x00b"])
def test_a_name_that_fits_no_header_is_left_out_with_the_reason(
    table: RoutingTable, plain: Route, models: Models, name: str
) -> None:
    """LiteLLM would ask the model and then break the connection off. The other tasks are served."""
    text = render(replace(table, routes=(plain, replace(plain, task=name))), models)
    entries, _ = _parsed(text)
    assert {plain.task} == set(entries) - set(models)
    assert "its name stands in no header, where LiteLLM repeats it: printable ASCII does" in text


def test_a_simulated_table_warns_at_the_top(table: RoutingTable, models: Models) -> None:
    assert "# SIMULATED" in render(table, models).split("model_list:")[0]
