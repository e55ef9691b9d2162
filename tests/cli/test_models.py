"""`bench models` and `bench models discover`, as their users call them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from program import Bench
from providers.recording import Recording, recording
from rows import outcome

from whichmodel.cli.project import ModelPanel, Project
from whichmodel.domain import NOBODY
from whichmodel.providers.baselines import BASELINES
from whichmodel.store import Store

KEY = "sk-very-secret"
CONFIG = """\
default_organisation: acme
models:
  - {{id: openai/gpt-6-luna, base_url: "{root}/v1", key_env: OPENAI_API_KEY}}
  - {{id: openai/gone, base_url: "{root}/v1", key_env: OPENAI_API_KEY, enabled: false}}
  - {{id: anthropic/claude, base_url: "{root}", key_env: ANTHROPIC_API_KEY}}
  - {{id: vllm/qwen, base_url: "{root}/own"}}
  - {{id: vllm/qwen@json, base_url: "{root}/own", output_mode: json}}
organisations:
  acme: {{title: ACME}}
"""


@pytest.fixture
def server() -> Iterator[Recording]:
    with recording() as kept:
        kept.lists["/v1/models"] = {"data": [{"id": "gpt-6-luna"}, {"id": "gpt-7"}]}
        kept.lists["/own/models"] = {"data": [{"id": "qwen"}]}
        yield kept


@pytest.fixture
def project(tmp_path: Path, server: Recording) -> Bench:
    (tmp_path / "bench.yaml").write_text(CONFIG.format(root=server.root))
    return Bench(tmp_path)


def test_models_alone_lists_them_with_their_modes(project: Bench) -> None:
    ended = project("models", "--json")
    assert ended.code == 0, ended.err
    rows = {row["id"]: row for row in ended.document if not row["baseline"]}
    assert (rows["vllm/qwen@json"]["output_mode"], rows["vllm/qwen@json"]["present"]) == ("json", True)
    assert rows["openai/gpt-6-luna"]["missing"] == "OPENAI_API_KEY is not set"
    assert "openai/gone" not in rows


def test_discover_says_what_is_new_and_keeps_when_it_was_seen(project: Bench, server: Recording) -> None:
    store = Store(project.folder / "results")
    store.ingest([outcome(0, model="vllm/qwen", requested_model="qwen", served_model="qwen")])
    store.publish()
    ended = project("models", "discover", "--json", env={"OPENAI_API_KEY": KEY})
    assert ended.code == 0, ended.err
    by_provider = {entry["provider"]: entry for entry in ended.document}
    today = datetime.now(UTC).date().isoformat()
    assert by_provider["anthropic"]["error"] == "ANTHROPIC_API_KEY is not set"
    assert [(m["id"], m["state"], m["priced"]) for m in by_provider["openai"]["models"]] == [
        ("openai/gpt-6-luna", "configured", True),
        ("openai/gpt-7", "new", False),
        ("openai/gone", "retired", False),
    ]
    assert [(m["id"], m["measured"]) for m in by_provider["vllm"]["models"]] == [
        ("vllm/qwen", True),
        ("vllm/qwen@json", True),
    ]
    seen = json.loads((project.folder / "results" / "models.json").read_text())
    assert seen[f"{server.root}/v1"]["gpt-7"] == {"first": today, "last": today}
    assert KEY not in ended.out + ended.err + json.dumps(seen)


def test_discover_prints_lines_for_bench_yaml(project: Bench, server: Recording) -> None:
    ended = project("models", "discover", "--provider", "openai", "--yaml", env={"OPENAI_API_KEY": KEY})
    assert ended.code == 0, ended.err
    assert yaml.safe_load(ended.out) == [
        {"id": "openai/gpt-7", "base_url": f"{server.root}/v1", "key_env": "OPENAI_API_KEY"}
    ]
    assert all(path == "/v1/models" for path, _, _ in server.requests)


def test_discover_since_a_day_shows_only_what_came_later(project: Bench, server: Recording) -> None:
    folder = project.folder / "results"
    folder.mkdir()
    old = {"gpt-7": {"first": "2026-01-01", "last": "2026-01-01"}}
    (folder / "models.json").write_text(json.dumps({f"{server.root}/v1": old}))
    server.lists["/v1/models"]["data"].append({"id": "gpt-8"})
    ended = project(
        "models",
        "discover",
        "--provider",
        "openai",
        "--since",
        "2026-02-01",
        "--json",
        env={"OPENAI_API_KEY": KEY},
    )
    [entry] = ended.document
    assert [m["id"] for m in entry["models"]] == ["openai/gpt-8"]


def test_discover_in_words(project: Bench) -> None:
    ended = project("models", "discover", "--provider", "openai,anthropic", env={"OPENAI_API_KEY": KEY})
    assert ended.code == 0, ended.err
    assert "ANTHROPIC_API_KEY is not set" in ended.err
    assert "openai/gpt-7" in ended.out
    assert KEY not in ended.out + ended.err


def test_an_unknown_provider_is_named_with_the_nearest(project: Bench) -> None:
    ended = project("models", "discover", "--provider", "opnai")
    assert (ended.code, "Nearest: openai" in ended.err) == (2, True)


def test_a_run_of_new_models_leaves_out_what_has_an_outcome(project: Bench) -> None:
    found = Project(project.folder / "bench.yaml", project.folder / "results")
    assert found.settings_measured() == frozenset()
    qwen, in_json = found.config.models[2:]
    store = Store(project.folder / "results")
    store.ingest([outcome(0, model=qwen.id, settings_hash=qwen.settings_hash, task="receipts")])
    store.publish()
    panel = ModelPanel((qwen, in_json, *BASELINES), NOBODY, False)
    assert panel.only_new(found.settings_measured()).models == (in_json,)
    receipts = found.cards(["receipts"])
    assert panel.only_new(found.settings_measured(receipts)).models == (in_json,)
    invoices = found.cards(["invoices"])
    assert panel.only_new(found.settings_measured(invoices)).models == (qwen, in_json)
