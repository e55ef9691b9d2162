"""Two models side by side."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from whichmodel.analyse.compare import compare, ranks
from whichmodel.analyse.costs import probability_cheaper
from whichmodel.analyse.evidence import Evidence, collect
from whichmodel.domain import DecisionRule

Outcomes = Callable[..., pd.DataFrame]
RULE = DecisionRule()


def _two(outcomes: Outcomes, a: object, b: object) -> Evidence:
    (evidence,) = collect(outcomes({"a/x": a, "b/y": b}), {}, set())
    return evidence


def test_equal_models_on_a_large_bank_are_a_tie(outcomes: Outcomes) -> None:
    rng = np.random.default_rng(0)
    right = rng.random(1500) < 0.9
    other = np.where(rng.random(1500) < 0.03, ~right, right)
    found = compare(_two(outcomes, right, other), "a/x", "b/y", RULE)
    assert (found.verdict, found.n, found.more_items) == ("tie", 1500, None)
    assert len(found.a_better) + len(found.b_better) == int((right != other).sum())


def test_a_clear_difference_has_a_winner_whichever_side_it_stands_on(outcomes: Outcomes) -> None:
    evidence = _two(outcomes, [1.0] * 90 + [0.0] * 10, [1.0] * 60 + [0.0] * 40)
    one, other = compare(evidence, "a/x", "b/y", RULE), compare(evidence, "b/y", "a/x", RULE)
    assert (one.verdict, other.verdict) == ("A better", "B better")
    assert one.difference == pytest.approx(0.3)
    assert (len(one.a_better), len(one.b_better), len(one.both_weak)) == (30, 0, 10)
    assert one.a_better == other.b_better


def test_a_small_bank_says_how_many_items_are_missing(outcomes: Outcomes) -> None:
    right = [1.0] * 40 + [0.0] * 10
    found = compare(_two(outcomes, right, right[::-1]), "a/x", "b/y", RULE)
    assert found.verdict == "cannot tell yet"
    assert found.more_items is not None
    assert found.more_items > 1000
    assert found.low is not None
    assert found.high is not None
    assert found.low < 0 < found.high


def test_without_a_common_item_nothing_is_compared(outcomes: Outcomes) -> None:
    found = compare(_two(outcomes, [1, None], [None, 1]), "a/x", "b/y", RULE)
    assert (found.n, found.difference, found.verdict) == (0, None, "cannot tell yet")
    assert len(found.errors) == 2


def test_cost_and_latency_ratios(outcomes: Outcomes) -> None:
    frame = pd.concat(
        [
            outcomes({"a/x": [1] * 50}, cost_usd=np.linspace(1, 2, 50), latency_s=2.0),
            outcomes({"b/y": [1] * 50}, cost_usd=np.linspace(2, 4, 50), latency_s=8.0),
            outcomes({"c/z": [1] * 50}, cost_usd=None, latency_s=None),
            outcomes({"rule/r": [1] * 50}, cost_usd=0.0),
        ]
    )
    (evidence,) = collect(frame, {}, set())
    found = compare(evidence, "a/x", "b/y", RULE)
    assert found.cost_ratio is not None
    assert found.cost_ratio.value == pytest.approx(0.5)
    assert found.cost_ratio.low == pytest.approx(0.5)
    assert found.p95_ratio == pytest.approx(0.25)
    for other in ("c/z", "rule/r"):
        assert compare(evidence, "a/x", other, RULE).cost_ratio is None
    assert compare(evidence, "a/x", "c/z", RULE).p95_ratio is None
    assert probability_cheaper(evidence, evidence.column("rule/r"), evidence.column("a/x")) == 1.0
    assert probability_cheaper(evidence, evidence.column("c/z"), evidence.column("a/x")) == 0.0
    assert probability_cheaper(evidence, evidence.column("a/x"), evidence.column("a/x")) == 0.0


def test_ranks_stay_open_where_nothing_is_proven(outcomes: Outcomes) -> None:
    frame = outcomes({"a/x": [1] * 95 + [0] * 5, "b/y": [0] * 5 + [1] * 95, "c/z": [1] * 30 + [0] * 70})
    (evidence,) = collect(frame, {}, set())
    assert ranks(evidence) == {"a/x": (1, 2), "b/y": (1, 2), "c/z": (3, 3)}
