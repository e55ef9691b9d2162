"""A policy holds before any call: whom the organisation bars is not asked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from program import Bench
from replay import Replay, replay

CONFIG = """\
default_organisation: acme
models:
  - {{id: local/eu, base_url: "{url}", region: eu, max_connections: 1}}
  - {{id: local/us, base_url: "{url}", region: us, max_connections: 1}}
  - {{id: local/anywhere, base_url: "{url}", max_connections: 1}}
judges: {{text: local/us}}
defaults: {{retries: 0}}
organisations:
  acme: {{title: ACME}}
  bank: {{title: Bank, policy: {{regions: [eu]}}}}
  cloister: {{title: Cloister, policy: {{regions: [cell]}}}}
"""
RUN = ("run", "--tasks", "tickets", "--limit", "2", "--yes")


@pytest.fixture
def server(bench: Bench) -> Iterator[Replay]:
    """An endpoint that knows the three models and none of the questions, and counts who was asked."""
    with replay({name: {} for name in ("eu", "us", "anywhere")}) as found:
        (bench.folder / "bench.yaml").write_text(CONFIG.format(url=found.base_url))
        yield found


def test_whom_the_policy_bars_is_not_asked_and_named_with_the_reason(bench: Bench, server: Replay) -> None:
    ended = bench(*RUN, "--org", "bank", "--json")
    assert set(server.requests) == {"eu"}
    assert "Not asked, by the policy of bank: local/us: its region is us; allowed: eu." in ended.err
    assert "Not asked, by the policy of bank: local/anywhere: its region is unknown" in ended.err
    assert [one["model"] for one in ended.document["barred"]] == ["local/anywhere", "local/us"]
    assert {standing["model"] for standing in ended.document["standings"]} >= {"local/eu", "rule/classify"}


def test_another_organisation_asks_them_and_so_does_the_flag(bench: Bench, server: Replay) -> None:
    bench(*RUN, "--models", "local/us")
    assert set(server.requests) == {"us"}
    bench(*RUN, "--models", "local/anywhere", "--org", "bank", "--all-models")
    assert set(server.requests) == {"us", "anywhere"}


def test_a_policy_that_leaves_nobody_is_an_error_before_anything_is_asked(
    bench: Bench, server: Replay
) -> None:
    ended = bench(*RUN, "--org", "cloister")
    assert ended.code == 2
    assert "The policy of cloister bars every model that could be asked: local/anywhere" in ended.err
    assert "--all-models" in ended.err
    assert not server.requests


def test_the_demo_panel_is_within_every_policy(bench: Bench) -> None:
    dry = bench("demo", "--tasks", "tickets", "--limit", "2", "--org", "nordbank", "--dry-run", "--json")
    assert len(dry.document["models"]) >= 6
    assert dry.document["barred"] == []
