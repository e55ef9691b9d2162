"""`bench export`: a gateway's file of the routing table that stands in results/routing."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from program import Bench
from routing_table import PLAIN, TABLE

from whichmodel.domain import Model, Route, RouteStatus, Share
from whichmodel.export import EXPORTERS
from whichmodel.export.table import to_json

SMALL, LARGE = "openai/gpt-4o-mini", "anthropic/claude-sonnet-4-5"
CONFIG = f"""\
default_organisation: acme
models:
  - id: {SMALL}
    vendor: openai
    key_env: OPENAI_API_KEY
  - id: {LARGE}
    vendor: anthropic
    key_env: ANTHROPIC_API_KEY
organisations:
  acme: {{title: ACME, workloads: [{{task: coding, requests_per_month: 1000}}]}}
"""
SECRET = "sk-that-is-nowhere"
ENVIRONMENT = {"OPENAI_API_KEY": SECRET, "ANTHROPIC_API_KEY": SECRET}
ROUTE = replace(PLAIN, model=SMALL, fallbacks=(LARGE,), why_not=(), simulated=False)
SPLIT = replace(ROUTE, task="bug_fix", split=(Share(LARGE, 0.9), Share(SMALL, 0.1)))
NONE = replace(
    ROUTE,
    model=None,
    status=RouteStatus.NONE,
    fallbacks=(),
    why="no model is allowed: the policy asks for eu",
)
READ: dict[str, Callable[[str], Any]] = {
    ".yaml": lambda text: list(yaml.safe_load_all(text)),
    ".json": json.loads,
    ".toml": tomllib.loads,
}


def _project(folder: Path, *routes: Route) -> Bench:
    """A project whose organisation has these routes."""
    (folder / "bench.yaml").write_text(CONFIG)
    table = replace(TABLE, simulated=False, routes=routes)
    models = {name: Model(name, name, name.partition("/")[0]) for name in (SMALL, LARGE)}
    path = folder / "results" / "routing" / "acme.json"
    path.parent.mkdir(parents=True)
    path.write_text(to_json(table, models))
    return Bench(folder)


@pytest.mark.parametrize("gateway", sorted(EXPORTERS))
def test_a_file_names_tasks_and_variables_and_holds_no_key(tmp_path: Path, gateway: str) -> None:
    bench = _project(tmp_path, ROUTE, SPLIT)
    name = f"gateway{EXPORTERS[gateway].suffix}"
    done = bench("export", gateway, "-o", name, env=ENVIRONMENT)
    assert (done.code, done.out) == (0, f"Wrote {name}.\n"), done.err
    text = (tmp_path / name).read_text()
    assert READ[EXPORTERS[gateway].suffix](text)
    assert SECRET not in text
    assert [task for task in ("functions", "bug_fix") if task not in text] == []
    if gateway != "json":
        assert [variable for variable in ENVIRONMENT if variable not in text] == []
    assert bench("export", gateway, env=ENVIRONMENT).out == text


@pytest.mark.parametrize("gateway", sorted(set(EXPORTERS) - {"json"}))
def test_an_organisation_with_every_model_banned_gets_no_file(tmp_path: Path, gateway: str) -> None:
    done = _project(tmp_path, NONE)("export", gateway, "-o", "gateway")
    assert (done.code, done.out) == (5, "")
    assert "there is nothing to deploy" in done.err
    assert "the policy asks for eu" in done.err
    assert not (tmp_path / "gateway").exists()
