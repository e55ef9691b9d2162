"""Prediction-powered inference holds its level whatever the instrument is worth."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from whichmodel.analyse.labelled import agreements
from whichmodel.analyse.ppi import Corrected, corrected

RUNS = 600


def simulated(rng: Any, n: int, items: int, *, bias: float, noise: float, blind: bool = False) -> Any:
    """Truths of a bank, and an instrument that is off by `bias` and `noise`, or knows nothing."""
    truth = rng.beta(3, 1.5, size=items)
    seen = rng.uniform(size=items) if blind else truth
    judge = np.clip(seen + bias + noise * rng.normal(size=items), 0, 1)
    return truth[:n], judge[:n], judge[n:]


@pytest.mark.parametrize(
    ("bias", "noise", "blind"), [(0.0, 0.05, False), (0.15, 0.1, False), (-0.2, 0.3, False), (0.0, 0.0, True)]
)
def test_the_interval_covers_the_truth_as_often_as_it_says(bias: float, noise: float, blind: bool) -> None:
    rng = np.random.default_rng(20)
    hits = 0
    for _ in range(RUNS):
        found = corrected(*simulated(rng, 100, 800, bias=bias, noise=noise, blind=blind))
        assert found is not None
        hits += found.low <= 3 / 4.5 <= found.high
    assert 0.93 <= hits / RUNS <= 0.97


def width(found: Corrected | None) -> float:
    assert found is not None
    return found.high - found.low


def test_a_good_instrument_narrows_the_interval_and_a_useless_one_widens_it_hardly() -> None:
    rng = np.random.default_rng(1)
    labels, judge, rest = simulated(rng, 200, 1000, bias=0.1, noise=0.05)
    alone = width(corrected(labels, judge, np.array([])))
    assert width(corrected(labels, judge, rest)) < 0.6 * alone
    labels, judge, rest = simulated(rng, 200, 1000, bias=0.0, noise=0.0, blind=True)
    assert width(corrected(labels, judge, rest)) < 1.02 * width(corrected(labels, judge, np.array([])))


def test_a_bias_of_the_instrument_is_taken_out() -> None:
    rng = np.random.default_rng(2)
    labels, judge, rest = simulated(rng, 300, 3000, bias=0.12, noise=0.03)
    found = corrected(labels, judge, rest)
    assert found is not None
    assert abs(found.mean - 3 / 4.5) < 0.02 < float(rest.mean()) - 3 / 4.5
    assert 0.5 < found.weight <= 1.0


def test_without_other_items_it_is_the_mean_of_the_labels_by_t() -> None:
    found = corrected(np.array([0.0, 0.5, 1.0]), np.array([1.0, 1.0, 0.0]), np.array([]))
    assert found is not None
    assert (found.mean, found.weight, found.labels, found.items) == (0.5, 0.0, 3, 3)
    assert found.high == pytest.approx(0.5 + 4.302653 * 0.5 / 3**0.5)
    assert corrected(np.array([1.0]), np.array([1.0]), np.array([0.5])) is None


def test_differences_of_two_models_serve_as_well() -> None:
    """A judge that favours one model by 0.1 says nothing of which one people prefer."""
    rng = np.random.default_rng(3)
    truth = rng.normal(0.0, 0.2, size=1000)
    judge = truth + 0.1
    found = corrected(truth[:200], judge[:200], judge[200:])
    assert found is not None
    assert found.low < 0.0 < found.high < 0.05


def test_agreement_of_labels_and_judge_by_task_and_model(outcomes: Callable[..., pd.DataFrame]) -> None:
    score = [0.25, 0.5, 0.75, 1.0] * 5
    human = [0.0, 0.25, 0.75, 1.0] * 3 + [None] * 8
    frame = outcomes({"a/x": score, "b/y": score}, judge_score=score, judge_model="v/judge")
    frame["human_score"] = [*human, *[None] * 20]
    [found] = agreements(frame)
    assert (found.model, found.labels, found.items, found.instrument) == ("a/x", 12, 20, "v/judge")
    assert found.raw == pytest.approx(0.625)
    assert found.human == pytest.approx(0.5)
    assert found.bias == pytest.approx(0.125)
    assert found.correlation == pytest.approx(0.99, abs=0.02)
    assert found.corrected is not None
    assert found.corrected.low < 0.5 < found.corrected.high
    frame["judge_score"] = None
    assert agreements(frame)[0].instrument == "score"
