"""Each of the seven pages without a browser, over stores of every kind (UX A15)."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator

import pytest
from browser.site import CONFIG, measured, publish
from rows import FAILED, outcome
from streamlit.testing.v1 import AppTest

from whichmodel.domain import Outcome
from whichmodel.leaderboard.navigation import PAGES
from whichmodel.views.words import START

SCRIPT = """
from importlib import import_module

from whichmodel.leaderboard import address

address.enter("{path}")
import_module("whichmodel.leaderboard.{module}").page()
"""
COMMAND = re.compile(r"bench [a-z]+")


@pytest.fixture(scope="module", params=["full", "single", "failed", "empty", "rules"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A kind of store, which the pages read for as long as the test lasts."""
    kind = str(request.param)
    folder = tmp_path_factory.mktemp(kind) / "results"
    kinds: dict[str, Callable[[], list[Outcome]]] = {
        "full": measured,
        "single": lambda: [outcome(n, score=float(n % 5 > 0)) for n in range(60)],
        "failed": lambda: [outcome(n, **FAILED) for n in range(60)],
        "rules": lambda: [outcome(n, model="rule/extract", baseline=True) for n in range(60)],
        "empty": list,
    }
    rows = kinds[kind]()
    if rows:
        publish(folder, rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BENCH_RESULTS", str(folder))
        patch.setenv("BENCH_CONFIG", str(CONFIG))
        patch.setattr(sys, "argv", ["x"])
        yield kind


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_drawn_over_every_kind_of_store(store: str, path: str) -> None:
    script = SCRIPT.format(path=path, module=path.replace("-", "_"))
    app = AppTest.from_string(script, default_timeout=120).run()
    assert not app.exception
    assert not app.error
    assert len(app.title) == 1
    commands = [code.value for code in app.code]
    if store in ("empty", "rules"):
        assert commands == [START]
        assert len(app.info) == 1
    elif store == "failed":
        assert COMMAND.search(" ".join(commands))
    else:
        assert {box.key for box in app.selectbox} >= {"org", "run", "rule"}
