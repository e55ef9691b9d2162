"""The page of two models where there is nothing to compare, and how it names what to do next."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from rows import outcome
from streamlit.testing.v1 import AppTest
from two_models import BIG, CONFIG, FAST, SOLO, project, publish

Shown = Callable[..., AppTest]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A project in which the two models were measured."""
    yield project(tmp_path_factory.mktemp("two"))
    st.cache_resource.clear()


@pytest.fixture
def show(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Shown:
    """The page of a project, as an address opens it."""

    def shown(of: Path = folder, **address: str) -> AppTest:
        monkeypatch.setattr(sys, "argv", ["x"])
        monkeypatch.setenv("BENCH_RESULTS", str(of / "results"))
        monkeypatch.setenv("BENCH_CONFIG", str(of / "bench.yaml"))
        app = AppTest.from_function(_page, default_timeout=60)
        for name, value in address.items():
            app.query_params[name] = value
        app.run()
        assert not app.exception
        return app

    return shown


def _page() -> None:
    from whichmodel.leaderboard import address, compare

    address.enter("compare")
    compare.page()


def told(app: AppTest) -> list[str]:
    return [info.value for info in app.info]


def named(app: AppTest, name: str) -> str:
    """What the address says."""
    found = app.query_params.get(name, "")
    return found if isinstance(found, str) else "".join(found)


def commands(app: AppTest) -> str:
    return "\n".join(code.value for code in app.code)


def test_a_single_model_has_nothing_to_be_compared_with(show: Shown, tmp_path: Path) -> None:
    (tmp_path / "bench.yaml").write_text(CONFIG, encoding="utf-8")
    publish(tmp_path / "results", [outcome(n, model=SOLO) for n in range(5)])
    app = show(tmp_path)
    assert told(app) == [
        f"Only {SOLO} was measured: there is nothing to compare it with yet. Measure another:"
    ]
    assert "bench run --new-models" in commands(app)


def test_two_models_without_a_common_task_name_the_run_that_gives_one(show: Shown) -> None:
    app = show(a=BIG, b=SOLO)
    assert "No task was measured with both" in told(app)[0]
    assert f"bench run --tasks invoices,labels,memos,tickets --models {BIG},{SOLO}" in commands(app)


def test_a_task_that_one_of_them_lacks_names_the_model_to_measure(show: Shown) -> None:
    app = show(a=FAST, b=BIG, task="labels")
    assert "This task was not measured with both" in told(app)[0]
    assert f"bench run --tasks labels --models {FAST},{BIG}" in commands(app)
    assert not app.toast


def test_an_empty_list_names_the_figures_behind_it(show: Shown) -> None:
    app = show(a=BIG, b=FAST, task="invoices", show="errors")
    assert told(app)[0].endswith("is in the list “Errors”. The figures behind it:")
    assert f"bench compare {BIG} {FAST} --task invoices" in commands(app)


def test_what_is_open_names_the_command_that_would_settle_it(show: Shown) -> None:
    app = show(a=BIG, b=FAST, task="memos")
    assert "bench run --tasks memos" in commands(app)


def test_the_address_names_what_is_shown_by_itself(show: Shown) -> None:
    app = show()
    assert [named(app, name) for name in ("a", "b", "task")] == [FAST, BIG, "invoices"]


def test_swapping_turns_the_two_round(show: Shown) -> None:
    app = show(a=BIG, b=FAST, task="tickets")
    app.button("swap").click().run()
    assert (app.selectbox("a").value, app.selectbox("b").value) == (FAST, BIG)


def test_a_model_chosen_for_a_that_stands_as_b_takes_its_place(show: Shown) -> None:
    app = show(a=BIG, b=FAST, task="tickets")
    app.selectbox("a").select(FAST).run()
    assert (app.selectbox("a").value, app.selectbox("b").value) == (FAST, BIG)


def test_another_task_lets_the_item_go_and_another_list_the_page(show: Shown) -> None:
    app = show(a=BIG, b=FAST, task="tickets", item="i7", at="2")
    assert named(app, "item") == "i7"
    app.segmented_control("show").select("a").run()
    assert not named(app, "at")
    assert named(app, "item") == "i7"
    app.selectbox("task").select("invoices").run()
    assert not named(app, "item")


def test_the_list_opens_where_the_item_stands(show: Shown) -> None:
    app = show(a=BIG, b=FAST, task="tickets", item="i45")
    assert app.selectbox("at").value == "3"
    app.button("item_after").click().run()
    assert named(app, "item") == "i46"
    app.button("earlier").click().run()
    assert (app.selectbox("at").value, named(app, "item")) == ("2", "i46")
