"""How far models are wrong together."""

from __future__ import annotations

import numpy as np
import pytest
from answered import answered

from whichmodel.analyse.agreement.replay import Terms
from whichmodel.analyse.agreement.together import together

N = 2000


def _said(shared: float, *, same: bool = False) -> dict[str, list[str]]:
    """Two models wrong on a tenth each, `shared` of it on the same items."""
    rng = np.random.default_rng(1)
    u = rng.random(N)
    a = u < 0.1
    b = np.where(rng.random(N) < shared, a, rng.random(N) < 0.1)
    return {
        "a/a": np.where(a, "wrong", "right").tolist(),
        "b/b": np.where(b, "wrong" if same else "other", "right").tolist(),
    }


def test_independent_errors_give_no_warning() -> None:
    [pair] = together(answered(_said(0), ["right"] * N), ("a/a", "b/b"), Terms())
    assert pair.independent == pytest.approx(0.01, abs=0.003)
    assert pair.ratio is not None
    assert pair.ratio.low < 1 < pair.ratio.high
    assert not pair.correlated


def test_errors_on_the_same_items_are_warned_of_and_the_same_answers_counted() -> None:
    [pair] = together(answered(_said(0.5, same=True), ["right"] * N), ("a/a", "b/b"), Terms())
    assert pair.both.mean == pytest.approx(0.055, abs=0.01)
    assert pair.correlated
    assert pair.ratio is not None
    assert pair.ratio.value == pytest.approx(pair.both.mean / pair.independent)
    assert pair.same is not None
    assert (pair.same.mean, pair.same.n) == (1.0, round(pair.both.mean * N))
    [apart] = together(answered(_said(0.5), ["right"] * N), ("a/a", "b/b"), Terms())
    assert apart.same is not None
    assert apart.same.mean == 0


def test_a_model_that_is_never_wrong_has_no_ratio_and_a_failed_item_does_not_count() -> None:
    scores = {"a/a": [1.0, 1.0, np.nan], "b/b": [0.0, 1.0, 0.0]}
    [pair] = together(answered({n: ["x"] * 3 for n in scores}, scores=scores), ("a/a", "b/b"), Terms())
    assert (pair.n, pair.wrong_b, pair.ratio, pair.same) == (2, 0.5, None, None)
    assert pair.both.high == pytest.approx(1 - 0.025**0.5)


def test_every_two_of_three_models_are_compared() -> None:
    said = {**_said(0), "c/c": ["right"] * N}
    found = together(answered(said, ["right"] * N), ("a/a", "b/b", "c/c"), Terms())
    assert [(pair.a, pair.b) for pair in found] == [("a/a", "b/b"), ("a/a", "c/c"), ("b/b", "c/c")]
