"""Two models side by side."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from whichmodel.analyse.compare import Answered, answered, compare, ranks
from whichmodel.analyse.costs import probability_cheaper
from whichmodel.analyse.evidence import Evidence, collect
from whichmodel.analyse.ratio import p95_ratio
from whichmodel.domain import DecisionRule, Status

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
    assert found.cost_ratio.n == 50
    assert found.p95_ratio is not None
    assert found.p95_ratio.value == pytest.approx(0.25)
    for other in ("c/z", "rule/r"):
        assert compare(evidence, "a/x", other, RULE).cost_ratio is None
    assert compare(evidence, "a/x", "c/z", RULE).p95_ratio is None
    assert probability_cheaper(evidence, evidence.column("rule/r"), evidence.column("a/x")) == 1.0
    assert probability_cheaper(evidence, evidence.column("c/z"), evidence.column("a/x")) == 0.0
    assert probability_cheaper(evidence, evidence.column("a/x"), evidence.column("a/x")) == 0.0


def test_the_interval_of_a_p95_ratio_holds_the_truth(outcomes: Outcomes) -> None:
    rng = np.random.default_rng(0)
    held = 0
    for _ in range(100):
        slow, fast = (scale * rng.lognormal(0, 0.5, 200) for scale in (1.5, 1.0))
        frame = pd.concat(
            [outcomes({"a/x": [1] * 200}, latency_s=slow), outcomes({"b/y": [1] * 200}, latency_s=fast)]
        )
        (evidence,) = collect(frame, {}, set())
        ratio = p95_ratio(evidence, 0, 1)
        assert ratio is not None
        assert ratio.n == 200
        assert ratio.low is not None
        assert ratio.high is not None
        held += ratio.low <= 1.5 <= ratio.high
    assert held >= 92


@pytest.mark.parametrize(("answers", "known"), [(19, False), (20, True)])
def test_too_few_answers_have_no_p95_ratio_or_one_without_interval(
    outcomes: Outcomes, answers: int, known: bool
) -> None:
    evidence = _two(outcomes, [1] * answers, [1] * answers)
    ratio = p95_ratio(evidence, 0, 1)
    assert (ratio is not None) == known
    if ratio is not None:
        assert (ratio.value, ratio.low, ratio.high) == (1.0, None, None)


def test_a_model_on_one_item_is_told_with_what_became_of_its_answer(outcomes: Outcomes) -> None:
    frame = outcomes({"a/x": [1, None], "b/y": [0, 1]}, loop_lag_ms=[0.0, 900.0])
    (evidence,) = collect(frame, {}, set())
    assert answered(evidence, "i00000", "a/x") == Answered(Status.SCORED, 1.0, 0.001, 1.0, False)
    assert answered(evidence, "i00001", "a/x").status is Status.FAILED
    assert answered(evidence, "i00001", "b/y").late
    assert answered(evidence, "i00001", "c/z").status is None


def test_ranks_stay_open_where_nothing_is_proven(outcomes: Outcomes) -> None:
    frame = outcomes({"a/x": [1] * 95 + [0] * 5, "b/y": [0] * 5 + [1] * 95, "c/z": [1] * 30 + [0] * 70})
    (evidence,) = collect(frame, {}, set())
    assert ranks(evidence) == {"a/x": (1, 2), "b/y": (1, 2), "c/z": (3, 3)}
