"""`bench leaderboard`: where it starts, and where it refuses to."""

from __future__ import annotations

from pathlib import Path

import pytest
from program import Bench

SMALL = """\
default_organisation: acme
models: []
organisations:
  acme: {title: ACME, private_tasks: [invoicez]}
"""


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    (tmp_path / "bench.yaml").write_text(SMALL, encoding="utf-8")
    return Bench(tmp_path)


def test_another_address_without_sign_in_is_refused_with_the_lines_that_would_work(bench: Bench) -> None:
    done = bench("leaderboard", "--host", "0.0.0.0", "--port", "0")
    assert (done.code, done.out) == (2, "")
    for words in ("--host 0.0.0.0", "`leaderboard.sign_in`", "header: X-Forwarded-Email", "viewers:"):
        assert words in done.err


def test_a_misspelt_private_task_is_refused(bench: Bench) -> None:
    done = bench("leaderboard", "--port", "0")
    assert (done.code, done.out) == (2, "")
    assert "organisations.acme.private_tasks" in done.err
    assert "Nearest: invoices" in done.err
