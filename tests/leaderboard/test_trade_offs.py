"""The page "Trade-offs" without a browser: what it says where something is missing."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from browser.site import CONFIG, publish
from rows import FAILED, outcome
from streamlit.testing.v1 import AppTest

SCRIPT = """
from whichmodel.leaderboard import address, trade_offs

address.enter("trade-offs")
trade_offs.page()
"""


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A results folder that the page reads."""
    monkeypatch.setenv("BENCH_RESULTS", str(tmp_path / "results"))
    monkeypatch.setenv("BENCH_CONFIG", str(CONFIG))
    monkeypatch.setattr(sys, "argv", ["x"])
    return tmp_path / "results"


def seen(**query: str) -> AppTest:
    """The page as it comes out."""
    app = AppTest.from_string(SCRIPT, default_timeout=60)
    app.query_params.update(query)
    app.run()
    assert not app.exception
    return app


def test_an_empty_store_names_the_first_command(results: Path) -> None:
    app = seen()
    assert "Nothing was measured yet." in [info.value for info in app.info]
    assert "bench run" in app.code[0].value


def test_only_failures_name_the_command_that_says_why(results: Path) -> None:
    publish(results, [outcome(n, **FAILED) for n in range(30)])
    app = seen()
    assert "bench status" in app.code[0].value
    assert "task" not in [box.key for box in app.selectbox]


def test_unknown_costs_leave_no_plot_and_name_the_command_and_other_axes_still_stand(results: Path) -> None:
    publish(results, [outcome(n, cost_usd=None, score=float(n % 9 > 0)) for n in range(120)])
    app = seen()
    assert ["No model shown has a place on this axis" in info.value for info in app.info] == [True]
    assert "bench prices" in [code.value for code in app.code]
    assert not seen(axis="p95").info
    app = seen(axis="ttft")
    assert ["No time to first token" in info.value for info in app.info] == [True]
    assert "bench latency" in [code.value for code in app.code]


def test_an_unknown_axis_or_task_gives_a_toast_and_the_default(results: Path) -> None:
    publish(results, [outcome(n, score=float(n % 9 > 0)) for n in range(120)])
    app = seen(axis="beauty", task="none")
    assert len(app.toast) == 2
    assert app.selectbox(key="task").value == "invoices"
