"""The package `vllm-sr` takes our file: its validator, its schema, and the Envoy configuration it makes of it."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from gateway_tables import MODELS, OWN, ROUTED, SMALL, STRONG, THINKING, many, odd, split, table_of
from gateways.install import COMMAND, python_of
from jsonschema import Draft202012Validator
from routing_table import MODELS as DEMO
from routing_table import TABLE

from whichmodel.domain import Model, RoutingTable
from whichmodel.export.vllm_sr import PROVIDERS, render

DEMO_MODELS = {model.id: model for model in DEMO}


@dataclass(frozen=True, slots=True)
class Router:
    """The package's command line, without a network and without anyone's settings."""

    program: Path
    folder: Path

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "HTTPS_PROXY": "http://127.0.0.1:9",
        }
        command = [str(self.program), "config", *arguments]
        return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)

    def validate(self, text: str) -> str:
        """What it finds wrong; "" = nothing."""
        path = self.folder / "config.yaml"
        path.write_text(text, encoding="utf-8")
        done = self.run("validate", "--config", str(path))
        assert ("Configuration is valid" in done.stdout) == (done.returncode == 0)
        return done.stderr + done.stdout if done.returncode else ""


@pytest.fixture
def router(tmp_path: Path) -> Router:
    """Its environment; absence skips, except under CI where it is a failure."""
    python = python_of("vllm-sr")
    if python:
        return Router(python.with_name("vllm-sr"), tmp_path)
    reason = f"vllm-sr is not installed in .gateways/vllm-sr: {COMMAND}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.mark.parametrize(
    ("table", "models"),
    [(TABLE, DEMO_MODELS), (many(40), MODELS), (odd(), MODELS), (split(), MODELS)],
    ids=["demo", "many", "odd", "split"],
)
def test_its_validator_takes_the_file(
    router: Router, table: RoutingTable, models: Mapping[str, Model]
) -> None:
    assert router.validate(render(table, models)) == ""


def test_its_validator_is_one(router: Router) -> None:
    """A model, a signal, an index or a key that does not exist is refused, so that taking a file means something."""
    text = render(table_of([ROUTED]), MODELS)
    assert "unknown model" in router.validate(
        text.replace("- model: openai/small\n      use", "- model: gone\n      use")
    )
    assert router.validate(
        text.replace(
            "      - type: metadata\n        name: functions", "      - type: metadata\n        name: gone"
        )
    )
    assert router.validate(text.replace("min_score", "minimum_score"))
    assert router.validate(text.replace("provider: openai\n", "provider: nobody\n"))


def test_the_file_fits_its_json_schema(router: Router) -> None:
    import yaml

    schema = json.loads(router.run("schema", "--full").stdout)
    for table in (many(40), split()):
        document = yaml.safe_load(render(table, MODELS))
        assert [error.message for error in Draft202012Validator(schema).iter_errors(document)] == []


def test_it_knows_every_provider_that_is_written(router: Router) -> None:
    """With the address it has for each, none is given."""
    for name in PROVIDERS:
        model = Model(f"{name}/m", f"{name}/m", name, key_env="A_KEY")
        text = render(table_of([replace(ROUTED, model=model.id, fallbacks=())]), {model.id: model})
        assert router.validate(text) == "", name


def test_envoy_s_configuration_names_the_hosts_of_the_models(router: Router) -> None:
    """What the router's Envoy would ask: the package makes it without starting anything."""
    path = router.folder / "config.yaml"
    path.write_text(render(many(5), MODELS), encoding="utf-8")
    made = router.run("envoy", "--config", str(path)).stdout
    hosts = ("api.openai.com", "api.anthropic.com", "generativelanguage.googleapis.com", "gpu.example")
    assert [host for host in hosts if host not in made] == []


def _decision(table: RoutingTable, models: Mapping[str, Model] = MODELS) -> dict[str, Any]:
    import yaml

    (found,) = yaml.safe_load(render(table, models))["routing"]["decisions"]
    decision: dict[str, Any] = found
    return decision


def test_measurements_are_its_evidence_with_n_interval_and_baseline() -> None:
    import yaml

    file = yaml.safe_load(render(table_of([ROUTED]), MODELS))
    routed, baseline = file["evaluation"]["records"]
    assert routed["metrics"] == {"score": 0.953333}
    assert routed["measured_at"] == "2026-11-20"
    figures = {key: routed["metadata"][key] for key in ("n", "low", "high", "interval", "items", "status")}
    assert figures == {
        "n": 50,
        "low": 0.9,
        "high": 0.98,
        "interval": "95%",
        "items": "holdout",
        "status": "certified",
    }
    assert (baseline["model"], baseline["metrics"]) == (STRONG.id, {"score": 0.96})


def test_the_bar_is_what_the_rule_asks_for_and_never_more_than_the_route_has() -> None:
    quality = _decision(table_of([ROUTED]))["algorithm"]["multi_factor"]["quality"]
    assert quality["min_score"] == 91.0  # .96 less the margin of .05
    short = _decision(table_of([replace(ROUTED, score=0.9)]))["algorithm"]["multi_factor"]["quality"]
    assert short["min_score"] == 90.0
    rule = replace(TABLE.rule, reference="min_quality", min_quality=0.8)
    bar = _decision(replace(table_of([ROUTED]), rule=rule))["algorithm"]["multi_factor"]["quality"]
    assert bar["min_score"] == 80.0


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


def test_a_model_is_asked_with_the_effort_it_was_measured_with(router: Router) -> None:
    table = table_of([replace(ROUTED, model=THINKING.id)])
    (ref, _) = _decision(table)["modelRefs"]
    assert (ref["use_reasoning"], ref["reasoning_effort"]) == (True, "low")
    text = render(table, MODELS)
    assert router.validate(text) == ""
    assert "# Measured with temperature 0.0, max_tokens 900: a request has to ask for it." in text
