"""The package `planoai` takes our file: its schema, and its loader, which finds more."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from gateway_tables import GOOGLE, MODELS, OWN, ROUTED, SMALL, STRONG, THINKING, many, odd, split, table_of
from peers import needed
from routing_table import MODELS as DEMO
from routing_table import TABLE

from whichmodel.domain import Model, RoutingTable
from whichmodel.export.plano import PROVIDERS, render

SCRIPT = Path(__file__).with_name("load_plano.py")
DEMO_MODELS = {model.id: model for model in DEMO}
SECRET = "sk-0123456789abcdef"


@dataclass(frozen=True, slots=True)
class Plano:
    """Its loader."""

    python: Path
    folder: Path

    def load(self, text: str) -> dict[str, Any] | str:
        """The configuration that the gateway would start with, or what the loader says against it."""
        config = self.folder / "plano.yaml"
        config.write_text(text, encoding="utf-8")
        job = {"config": str(config), "folder": str(self.folder)}
        environment = {"PATH": os.environ["PATH"], "OPENAI_API_KEY": SECRET, "PYTHONUTF8": "1"}
        done = subprocess.run(
            [self.python, SCRIPT],
            input=json.dumps(job),
            capture_output=True,
            text=True,
            env=environment,
            check=False,
        )
        if done.returncode:
            return done.stdout + done.stderr
        loaded: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return loaded


@pytest.fixture
def plano(tmp_path: Path) -> Plano:
    """Its environment; absence skips, except under CI where it is a failure."""
    return Plano(needed("plano") / "bin" / "python", tmp_path)


def _uncommented(text: str) -> str:
    """The file with its preferences switched on."""
    head, mark, rest = text.partition("# routing_preferences:")
    return head + "".join(f"{line[2:]}\n" for line in (mark + rest).split("\n"))


@pytest.mark.parametrize(
    ("table", "models"),
    [(TABLE, DEMO_MODELS), (many(40), MODELS), (odd(), MODELS), (split(), MODELS)],
    ids=["demo", "many", "odd", "split"],
)
def test_it_loads_the_file_with_and_without_preferences(
    plano: Plano, table: RoutingTable, models: Mapping[str, Model]
) -> None:
    text = render(table, models)
    loaded = plano.load(text)
    assert isinstance(loaded, dict), loaded
    assert loaded["model_aliases"] == yaml.safe_load(text)["model_aliases"]
    both = plano.load(_uncommented(text))
    assert isinstance(both, dict), both
    names = {provider["model"] for provider in yaml.safe_load(text)["model_providers"]}
    assert {model for each in both["routing_preferences"] for model in each["models"]} <= names


def test_its_loader_refuses_what_does_not_exist(plano: Plano) -> None:
    text = render(table_of([ROUTED]), MODELS)
    assert "not defined as a model" in str(plano.load(text.replace("target: small-1", "target: gone")))
    assert "model_provider" in str(plano.load(text.replace("model_providers:", "model_provider:")))


def test_a_model_that_a_preference_names_and_nobody_has_passes_its_loader(plano: Plano) -> None:
    """So the names of our preferences are checked before the file is written."""
    text = _uncommented(render(table_of([ROUTED]), MODELS))
    assert isinstance(plano.load(text.replace("  - openai/small-1\n", "  - openai/gone\n")), dict)


def test_keys_are_variables_that_only_the_gateway_replaces(plano: Plano) -> None:
    text = render(many(5), MODELS)
    assert SECRET not in text
    loaded = plano.load(text)
    assert isinstance(loaded, dict)
    keys = {provider["name"]: provider.get("access_key") for provider in loaded["model_providers"]}
    assert keys["openai/small-1"] == SECRET
    assert keys["anthropic/strong-1"] == "$ANTHROPIC_API_KEY"
    assert keys["openai/org/llama-1"] is None


def test_no_name_becomes_a_variable_s_value(plano: Plano) -> None:
    """The gateway replaces `$NAME` anywhere in its file."""
    loaded = plano.load(render(odd(), MODELS))
    assert isinstance(loaded, dict)
    assert SECRET not in json.dumps(loaded["model_aliases"])


def test_it_knows_every_provider_that_is_written(plano: Plano) -> None:
    models = {
        f"{name}/m": Model(f"{name}/m", f"{name}/m-{name}", name, key_env="A_KEY") for name in PROVIDERS
    }
    routes = [replace(ROUTED, task=name.replace("/", "-"), model=name, fallbacks=()) for name in models]
    loaded = plano.load(render(table_of(routes), models))
    assert isinstance(loaded, dict), loaded
    shown = {provider["provider_interface"] for provider in loaded["model_providers"]}
    assert set(PROVIDERS.values()) <= shown


def test_of_two_models_of_one_name_the_first_is_served() -> None:
    """It knows a model by its name alone; the second would be answered by the first."""
    twin = replace(OWN, id="own/twin", inspect_name=f"openai-api/own/{SMALL.wire_name}")
    routes = [ROUTED, replace(ROUTED, task="others", model=twin.id, fallbacks=(STRONG.id,))]
    text = render(table_of(routes), {**MODELS, twin.id: twin})
    assert "own/twin (has the name small-1, which Plano has from https://api.openai.com/v1 already)" in text
    assert yaml.safe_load(text)["model_aliases"]["others"] == {"target": "strong-1"}


def test_of_two_ports_of_one_host_the_first_is_served() -> None:
    """It names a provider's upstream by the host alone; the second would be sent to the first's port."""
    beside = replace(
        OWN, id="own/beside", inspect_name="openai-api/own/m", base_url="http://gpu.example:8001/v1"
    )
    routes = [
        replace(ROUTED, model=OWN.id),
        replace(ROUTED, task="others", model=beside.id, fallbacks=(GOOGLE.id,)),
    ]
    text = render(table_of(routes), {**MODELS, beside.id: beside})
    assert "own/beside (is at another port of gpu.example, and Plano keeps one)" in text


def test_settings_that_it_cannot_ask_for_are_said() -> None:
    text = render(table_of([replace(ROUTED, model=THINKING.id)]), MODELS)
    said = (
        "# Measured with reasoning_effort low, temperature 0.0, max_tokens 900: a request has to ask for it."
    )
    assert said in text
