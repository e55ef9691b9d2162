"""Then and now: the exact test, what so few items can show, and what is said of a model."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from itertools import product
from operator import mul

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from whichmodel.analyse.drift import Drift, drift, drifts
from whichmodel.analyse.flips import ALPHA, detectable_drop, mcnemar_p, sign_flip_p
from whichmodel.store import Row

NOW = "20261125T000000-abc123-canary"


def row(item: int, **changes: object) -> Row:
    plain = Row(
        task="invoices",
        task_hash="bank-1",
        model="aurora/lite",
        settings_hash="s",
        item_id=f"i{item}",
        epoch=1,
        run_id="run-1",
        canary=False,
        started_at=datetime(2026, 11, 1),
        status="scored",
        score=1.0,
        answer_norm=f"a{item}",
        served_model="lite-2026-08-01",
        fingerprint="fp_1",
        latency_s=1.0,
        loop_lag_ms=1.0,
        cost_usd=0.002,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def seen(n: int = 20, wrong: int = 0, **now: object) -> Drift:
    """n items right before; now the first few are wrong."""
    asked = {"epoch": 2, "run_id": NOW, "canary": True}
    rows = [row(k) for k in range(n)]
    rows += [row(k, score=0.0 if k < wrong else 1.0, **{**asked, **now}) for k in range(n)]
    return drift("aurora/lite", rows, NOW, n)


@given(st.integers(0, 9), st.integers(0, 9))
def test_between_right_and_wrong_the_test_is_mcnemar_s(worse: int, better: int) -> None:
    p = sign_flip_p([-1.0] * worse + [1.0] * better + [0.0] * 3)
    assert p == pytest.approx(mcnemar_p(worse, better))
    if worse + better:
        assert p == pytest.approx(float(stats.binomtest(worse, worse + better).pvalue))


@given(st.lists(st.integers(-4, 4), max_size=9))
def test_part_scores_are_weighed_by_their_size(quarters: list[int]) -> None:
    """Against all signs counted in whole numbers, one by one."""
    every = [sum(map(mul, signs, quarters)) for signs in product((1, -1), repeat=len(quarters))]
    extreme = sum(abs(total) >= abs(sum(quarters)) for total in every)
    assert sign_flip_p([change / 4 for change in quarters]) == pytest.approx(extreme / len(every))


def test_the_drop_that_is_named_is_shown_four_times_in_five() -> None:
    """Of 20 items six have to turn: with that drop 80% of samples have six, with less not."""
    drop = detectable_drop(20, 0.0, 1.0)
    assert drop == 0.37
    assert stats.binom.sf(5, 20, 0.37) >= 0.8 > stats.binom.sf(5, 20, 0.36)
    assert (detectable_drop(20, 0.2, 1.0) or 0) > 0.37, "what moves by chance hides a drop"
    assert detectable_drop(20, 0.0, 0.3) is None, "from 30% nothing falls by 37 points"
    assert detectable_drop(5, 0.0, 1.0) is None, "five changes all one way have p = 0.06"


def test_nothing_changed() -> None:
    found = seen()
    assert (found.verdict, found.p, found.same_answers, found.detectable) == ("no drift seen", 1.0, 1.0, 0.37)
    assert (found.score_then, found.score_now, found.worse, found.better) == (1.0, 1.0, (), ())
    assert (found.p50_then_s, found.p50_now_s, found.steady) == (1.0, 1.0, 20)
    assert found.cost_then_usd == found.cost_now_usd == pytest.approx(0.002)


@pytest.mark.parametrize(("wrong", "verdict"), [(5, "no drift seen"), (6, "drift")])
def test_six_of_twenty_items_worse_are_a_drift(wrong: int, verdict: str) -> None:
    found = seen(wrong=wrong)
    assert (found.verdict, len(found.worse), (found.p or 0) < ALPHA) == (verdict, wrong, verdict == "drift")
    assert [pair.now.item_id for pair in found.worse] == [f"i{k}" for k in range(wrong)]


@pytest.mark.parametrize(
    ("served", "verdict"),
    [("lite-2026-08-01", "no drift seen"), ("heavy", "another model serves"), (None, "no drift seen")],
)
def test_a_reply_by_another_model_is_told_though_the_scores_are_the_same(
    served: str | None, verdict: str
) -> None:
    assert seen(served_model=served).verdict == verdict


def test_a_new_fingerprint_is_no_drift_by_itself() -> None:
    found = seen(fingerprint="fp_2")
    assert (found.verdict, found.then.fingerprints, found.now.fingerprints) == (
        "no drift seen",
        ("fp_1",),
        ("fp_2",),
    )


def test_failures_are_no_pairs_and_nothing_is_made_of_them() -> None:
    nothing = drift("m", [row(0)], NOW, 1)
    assert (nothing.verdict, nothing.p, nothing.score_then, nothing.detectable) == (
        "cannot tell",
        None,
        None,
        None,
    )
    some = [row(k) for k in range(4)]
    some += [row(k, run_id=NOW, canary=True, epoch=2, score=None if k else 1.0) for k in range(4)]
    found = drift("aurora/lite", some, NOW, 4)
    assert (len(found.pairs), found.asked, found.score_now) == (1, 4, 1.0)


def test_what_is_not_known_stays_unknown() -> None:
    found = seen(cost_usd=None, latency_s=None, answer_norm=None)
    assert found.cost_then_usd == pytest.approx(0.002)
    assert found.cost_now_usd is None
    assert (found.p50_then_s, found.p50_now_s, found.steady, found.same_answers) == (None, None, 0, None)


def test_latencies_that_the_program_bent_are_left_out() -> None:
    found = seen(loop_lag_ms=100.0)
    assert (found.steady, found.p50_now_s) == (0, None)


def test_then_is_the_first_epoch_and_never_another_canary() -> None:
    rows = [
        row(0, score=0.5),
        row(0, epoch=2, score=0.0),
        row(0, epoch=3, run_id="20261101T000000-000000-canary", canary=True, score=0.25),
        row(0, epoch=4, run_id=NOW, canary=True, score=1.0),
    ]
    [found] = drifts(rows, NOW, {"aurora/lite": 1})
    assert [(pair.then.score, pair.now.score) for pair in found.pairs] == [(0.5, 1.0)]
