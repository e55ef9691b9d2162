"""The package `vllm-sr` takes our file: its validator, its schema, and what it makes of it for Envoy."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from gateway_tables import MODELS, OWN, ROUTED, SMALL, STRONG, THINKING, many, odd, split, table_of
from jsonschema import Draft202012Validator
from peers import needed
from routing_table import MODELS as DEMO
from routing_table import TABLE

from whichmodel.domain import Model, RoutingTable
from whichmodel.export.vllm_sr import PROVIDERS, render

SCRIPT = Path(__file__).with_name("check_vllm_sr.py")
WITH_EFFORT = table_of([replace(ROUTED, model=THINKING.id)])


def _one(model: Model) -> str:
    """The file of a table with one task and one model."""
    return render(table_of([replace(ROUTED, model=model.id, fallbacks=())]), {model.id: model})


GOOD = {
    "demo": render(TABLE, {model.id: model for model in DEMO}),
    "many": render(many(40), MODELS),
    "odd": render(odd(), MODELS),
    "split": render(split(), MODELS),
    "effort": render(WITH_EFFORT, MODELS),
    **{f"of {name}": _one(Model(f"{name}/m", f"{name}/m", name, key_env="A_KEY")) for name in PROVIDERS},
}
PLAIN = render(table_of([ROUTED]), MODELS)
SPOILED = {
    "a model that nobody has": PLAIN.replace(
        "    - model: openai/small\n      use", "    - model: gone\n      use"
    ),
    "a signal that nobody has": PLAIN.replace(
        "metadata\n        name: functions", "metadata\n        name: gone"
    ),
    "a misspelt key": PLAIN.replace("min_score", "minimum_score"),
    "an unknown provider": PLAIN.replace("provider: openai\n", "provider: nobody\n"),
}


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the package says; its absence skips, except under CI where it is a failure."""
    python = needed("vllm-sr") / "bin" / "python"
    folder = tmp_path_factory.mktemp("vllm-sr")
    done = subprocess.run(
        [python, SCRIPT],
        input=json.dumps({"folder": str(folder), "files": {**GOOD, **SPOILED}, "envoy": ["many"]}),
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "HTTPS_PROXY": "http://127.0.0.1:9"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


@pytest.mark.parametrize("name", GOOD)
def test_its_validator_takes_the_file(said: dict[str, Any], name: str) -> None:
    assert said["problems"][name] == ""


@pytest.mark.parametrize("name", SPOILED)
def test_its_validator_refuses_what_does_not_exist(said: dict[str, Any], name: str) -> None:
    assert SPOILED[name] != PLAIN
    assert said["problems"][name]


@pytest.mark.parametrize("name", GOOD)
def test_the_file_fits_its_json_schema(said: dict[str, Any], name: str) -> None:
    errors = Draft202012Validator(said["schema"]).iter_errors(yaml.safe_load(GOOD[name]))
    assert [error.message for error in errors] == []


def test_its_envoy_would_ask_the_hosts_of_the_models(said: dict[str, Any]) -> None:
    """What the package writes for the proxy that sends the requests."""
    hosts = ("api.openai.com", "api.anthropic.com", "generativelanguage.googleapis.com", "gpu.example")
    assert [host for host in hosts if host not in said["envoy"]["many"]] == []


def _decision(table: RoutingTable, models: Mapping[str, Model] = MODELS) -> dict[str, Any]:
    (found,) = yaml.safe_load(render(table, models))["routing"]["decisions"]
    decision: dict[str, Any] = found
    return decision


def _bar(table: RoutingTable) -> float:
    bar: float = _decision(table)["algorithm"]["multi_factor"]["quality"]["min_score"]
    return bar


def test_measurements_are_its_evidence_with_n_interval_and_baseline() -> None:
    routed, baseline = yaml.safe_load(PLAIN)["evaluation"]["records"]
    assert (routed["model"], routed["metrics"], routed["measured_at"]) == (
        SMALL.id,
        {"score": 0.953333},
        "2026-11-20",
    )
    assert routed["metadata"] == {
        "role": "routed",
        "status": "certified",
        "n": 50,
        "low": 0.9,
        "high": 0.98,
        "interval": "95%",
        "items": "holdout",
    }
    assert (baseline["model"], baseline["metrics"]) == (STRONG.id, {"score": 0.96})


def test_the_bar_is_what_the_rule_asks_for_and_never_more_than_the_route_has() -> None:
    assert _bar(table_of([ROUTED])) == 91.0  # .96 less the margin of .05
    assert _bar(table_of([replace(ROUTED, score=0.9)])) == 90.0
    rule = replace(TABLE.rule, reference="min_quality", min_quality=0.8)
    assert _bar(replace(table_of([ROUTED]), rule=rule)) == 80.0


def test_evidence_decides_only_where_it_comes_out_at_the_table_s_model() -> None:
    """The selector goes by rates: where another model's are lower, or one is unknown, the order decides."""
    weighed = _decision(table_of([ROUTED]))
    assert weighed["algorithm"]["type"] == "multi_factor"
    assert weighed["modelRefs"][0]["model"] == SMALL.id
    dear = replace(ROUTED, model=STRONG.id, fallbacks=(SMALL.id,), baseline_model=SMALL.id)
    unknown = replace(ROUTED, model=OWN.id)
    unscored = replace(ROUTED, score=None, low=None, high=None, n=None)
    for route in (dear, unknown, unscored):
        assert _decision(table_of([route]))["algorithm"] == {"type": "static"}


def test_a_split_has_weights_and_the_larger_part_first() -> None:
    decision = _decision(split())
    shown = [(ref["model"], ref["weight"]) for ref in decision["modelRefs"]]
    assert shown == [(STRONG.id, 0.9), (SMALL.id, 0.1)]
    assert decision["algorithm"] == {"type": "static"}


def test_a_model_is_asked_with_the_effort_it_was_measured_with() -> None:
    (ref, _) = _decision(WITH_EFFORT)["modelRefs"]
    assert (ref["use_reasoning"], ref["reasoning_effort"]) == (True, "low")
    said = "# Measured with temperature 0.0, max_tokens 900: a request has to ask for it."
    assert said in GOOD["effort"]
