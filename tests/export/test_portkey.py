"""Portkey's configuration: golden, complete, filled from the environment and by nothing else."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from whichmodel.domain import Model, Route, RoutingTable, Settings
from whichmodel.errors import CheckFailed
from whichmodel.export import render as render_for
from whichmodel.export.portkey import render

Models = Mapping[str, Model]


def _targets(text: str) -> dict[str, Any]:
    """Task -> its target."""
    return {target["name"]: target for target in json.loads(text)["targets"]}


def _only(table: RoutingTable, route: Route, model: Model) -> tuple[dict[str, Any], list[str]]:
    """The target of the one route when this model answers it; the notes."""
    route = replace(route, model=model.id, fallbacks=(), why_not=())
    content = json.loads(render(replace(table, routes=(route,)), {model.id: model}))
    return content["targets"][0], content["metadata"]["notes"]


def test_file_is_golden(table: RoutingTable, models: Models, golden: Callable[[str, str], None]) -> None:
    golden("portkey.json", render(table, models))


def test_registered_under_its_name(table: RoutingTable, models: Models) -> None:
    assert render_for("portkey", table, models) == render(table, models)


def test_each_task_and_category_leads_to_a_target_that_exists(table: RoutingTable, models: Models) -> None:
    text = render(table, models)
    conditions = json.loads(text)["strategy"]["conditions"]
    led = {condition["query"]["metadata.task"]: condition["then"] for condition in conditions}
    targets = _targets(text)
    assert set(led.values()) == set(targets)
    assert all(led[task] == task for task in targets)
    assert led["extraction"] == "invoices"
    assert len(led) == len(conditions)


def test_fallbacks_stand_behind_a_split(table: RoutingTable, models: Models) -> None:
    emails = _targets(render(table, models))["emails"]
    split, swift = emails["targets"]
    assert emails["strategy"] == {"mode": "fallback"}
    assert split["strategy"] == {"mode": "loadbalance"}
    weights = {part["override_params"]["model"]: part["weight"] for part in split["targets"]}
    assert weights == {"aurora-grand": 0.9, "aurora-lite": 0.1}
    assert swift["override_params"] == {"model": "borealis-swift"}


def test_notes_say_what_is_left_out_and_what_the_application_does(
    table: RoutingTable, models: Models
) -> None:
    notes = json.loads(render(table, models))["metadata"]["notes"]
    assert "SIMULATED: measured on invented models. Not for real traffic." in notes
    assert any(note.startswith("Left out: tickets") for note in notes)
    assert any(note.startswith("word_problems: In the application: the agreement policy") for note in notes)


@pytest.mark.parametrize(
    ("inspect_name", "base_url", "key_env", "expected"),
    [
        ("openai/gpt-4o", None, "OPENAI_API_KEY", ("openai", "gpt-4o", None, "${OPENAI_API_KEY}")),
        ("anthropic/x", None, "ANTHROPIC_API_KEY", ("anthropic", "x", None, "${ANTHROPIC_API_KEY}")),
        ("anthropic/x", "http://h:1/", None, ("anthropic", "x", "http://h:1/v1", "none")),
        ("google/x", "http://h:1/v1beta", "K", ("google", "x", "http://h:1", "${K}")),
        ("mistral/x", None, "K", ("mistral-ai", "x", None, "${K}")),
        ("deepseek/x", "http://h:1/v1", "K", ("openai", "x", "http://h:1/v1", "${K}")),
        ("vllm/o/q", "http://gpu:8000/v1", None, ("openai", "o/q", "http://gpu:8000/v1", "none")),
        ("ollama/q:8b", None, None, ("openai", "q:8b", "http://localhost:11434/v1", "none")),
        (
            "openai-api/my-own/m/n",
            None,
            None,
            ("openai", "m/n", "${MY_OWN_BASE_URL}", "${MY_OWN_API_KEY}"),
        ),
    ],
)
def test_names_a_model_as_portkey_reads_it(
    table: RoutingTable,
    plain: Route,
    inspect_name: str,
    base_url: str | None,
    key_env: str | None,
    expected: tuple[str, str, str | None, str],
) -> None:
    """At an address of its own, a provider of OpenAI's protocol is asked by that: others would add a path."""
    model = Model("some/model", inspect_name, "some", base_url=base_url, key_env=key_env)
    target, _ = _only(table, plain, model)
    name = target["override_params"]["model"]
    assert (target["provider"], name, target.get("custom_host"), target["api_key"]) == expected


def test_openai_itself_is_told_its_limit_by_the_name_that_its_newer_models_take(
    table: RoutingTable, plain: Route
) -> None:
    settings = Settings(reasoning_effort="low", temperature=0.0, max_tokens=900)
    own = Model("openai/x", "openai/x", "openai", key_env="K", settings=settings)
    elsewhere = replace(own, base_url="http://h:1/v1")
    asked = {"model": "x", "reasoning_effort": "low", "temperature": 0.0}
    assert _only(table, plain, own)[0]["override_params"] == {**asked, "max_completion_tokens": 900}
    assert _only(table, plain, elsewhere)[0]["override_params"] == {**asked, "max_tokens": 900}


@pytest.mark.parametrize("inspect_name", ["anthropic/x", "mistral/x", "together/o/x"])
def test_a_model_whose_effort_would_be_dropped_is_not_served(
    table: RoutingTable, plain: Route, inspect_name: str
) -> None:
    """Asked without it, it would be another model than the measured one."""
    model = Model("some/x@low", inspect_name, "some", settings=Settings(reasoning_effort="low"))
    with pytest.raises(CheckFailed, match="would not pass on the reasoning effort"):
        _only(table, plain, model)


@pytest.mark.parametrize("address", ["http://my_gpu:8000/v1", "http://[::1]:8000/v1"])
def test_a_host_that_portkey_never_takes_is_not_served(
    table: RoutingTable, plain: Route, address: str
) -> None:
    with pytest.raises(CheckFailed, match="Portkey takes no host named"):
        _only(table, plain, Model("some/x", "vllm/x", "some", base_url=address))


@pytest.mark.parametrize(
    ("address", "trusted"),
    [
        ("http://10.0.0.5:8000/v1", "10.0.0.5"),
        ("http://gpu.internal/v1", "gpu.internal"),
        ("http://gpu:8000/v1", None),
        ("http://127.0.0.1:8000/v1", None),
        ("https://llm.example.org/v1", None),
    ],
)
def test_private_hosts_are_named_for_the_gateway_to_trust(
    table: RoutingTable, plain: Route, address: str, trusted: str | None
) -> None:
    _, notes = _only(table, plain, Model("some/x", "vllm/x", "some", base_url=address))
    told = [note for note in notes if "TRUSTED_CUSTOM_HOSTS" in note]
    assert [f"TRUSTED_CUSTOM_HOSTS={trusted}:" in note for note in told] == ([True] if trusted else [])


def test_only_keys_and_addresses_are_filled_from_the_environment(
    table: RoutingTable, plain: Route, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A `$` in a name or a reason stays what it is."""
    monkeypatch.setenv("KEY_OF_X", "sk-1")
    monkeypatch.setenv("HOME", "/root")
    model = Model('some/$HOME"api_key": "$', "openai/${HOME}", "some", key_env="KEY_OF_X")
    route = replace(plain, model=model.id, fallbacks=(), why_not=(), why="$HOME")
    text = render(replace(table, routes=(route,)), {model.id: model})
    assert "sk-1" not in text
    target = json.loads(os.path.expandvars(text))["targets"][0]
    assert target["api_key"] == "sk-1"
    assert target["override_params"]["model"] == "${HOME}"


def test_the_file_fits_a_header_whatever_the_names_hold(
    table: RoutingTable, plain: Route, models: Models
) -> None:
    """ASCII, and line breaks only between its parts."""
    odd = 'inv"o\nices {{ x }} ä\u2028\x00/\\'
    text = render(replace(table, routes=(replace(plain, task=odd, category=odd),)), models)
    assert text.isascii()
    header = text.replace("\n", "")
    assert json.loads(header)["targets"][0]["name"] == odd
