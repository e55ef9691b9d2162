"""`bench compare`: verdicts with their figures, and what is told where there is nothing to compare."""

from __future__ import annotations

from pathlib import Path

import pytest
from program import Bench
from two_models import BIG, FAST, SOLO, project


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(project(tmp_path_factory.mktemp("two")))


def test_each_figure_has_its_interval_and_every_unknown_is_a_word(bench: Bench) -> None:
    ended = bench("compare", BIG, FAST)
    golden = Path(__file__).parent / "golden" / "compare.txt"
    assert ended.out == golden.read_text(encoding="utf-8")


def test_ratios_carry_their_interval_and_n(bench: Bench) -> None:
    [told] = bench("compare", BIG, FAST, "--task", "invoices", "--json").document
    for ratio in (told["cost_ratio"], told["p95_ratio"]):
        assert set(ratio) == {"value", "low", "high", "n"}
        assert ratio["low"] <= ratio["value"] <= ratio["high"]
        assert ratio["n"] == 320


def test_without_a_task_in_common_the_command_is_named(bench: Bench) -> None:
    ended = bench("compare", BIG, SOLO)
    assert ended.code == 2
    assert f"Measure both: bench run --models {BIG},{SOLO}" in " ".join(ended.err.split())


def test_a_model_that_was_never_measured_is_named_with_the_nearest(bench: Bench) -> None:
    ended = bench("compare", BIG, "local/fist")
    assert (ended.code, "Nearest: local/fast" in ended.err) == (2, True)
