"""What a race asks for, and how it ends."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tracks import Floats, bank, names, raced, track

from whichmodel.decide.race import Measure, Settled, Verdict, provisional, step
from whichmodel.domain import DecisionRule, RouteStatus

RULE = DecisionRule()
TWINS = bank([0.97, 0.97, 0.97], 1000, 11)
"""Three models of one skill."""


def _ends(found: Settled) -> dict[str, Verdict]:
    return {fate.model: fate.verdict for fate in found.fates}


def test_every_model_is_run_to_the_first_look_before_any_is_tested() -> None:
    found = step(track(TWINS, [1, 2, 3], [0, 50, 20]), RULE)
    assert found == Measure({"a/0": 50, "a/2": 50}, 50, None)


def test_then_only_who_is_needed_goes_on() -> None:
    score = bank([0.9, 0.9, 0.5], 1000, 1)
    found = step(track(score, [1, 2, 3], [50] * 3), RULE)
    assert isinstance(found, Measure)
    assert (found.candidate, dict(found.until)) == ("a/0", {"a/0": 75, "a/1": 75})


def test_the_cheapest_of_equal_models_is_certified_on_part_of_the_bank() -> None:
    found, asked = raced(TWINS, [0.01, 0.001, 0.1], RULE)
    assert (found.model, found.status) == ("a/1", RouteStatus.CERTIFIED)
    assert (asked < 600).all()
    assert found.certified[0] == "a/1"
    against = [c for c in found.pairs if c.model == "a/1"]
    assert {c.against for c in against} == {"a/0", "a/2"}
    assert all(c.z >= c.boundary and c.n == c.look for c in against)


def test_the_best_of_unequal_models_is_certified_and_the_others_fall() -> None:
    found, asked = raced(bank([0.6, 0.75, 0.95], 1000, 2), [1, 2, 3], RULE)
    assert (found.model, found.inferior) == ("a/2", ("a/0", "a/1"))
    assert set(_ends(found).values()) == {Verdict.CERTIFIED, Verdict.INFERIOR}
    assert asked.sum() < 600


def test_a_candidate_needs_the_least_number_of_items_but_its_rivals_do_not() -> None:
    score = bank([0.9, 0.4, 0.4], 1000, 2)
    found, asked = raced(score, [1, 2, 3], RULE)
    assert (found.model, asked[0]) == ("a/0", 300)
    assert (asked[1:] < 100).all()
    assert raced(score, [1, 2, 3], replace(RULE, min_items=50))[1][0] < 100


def test_a_bank_under_the_least_size_certifies_nobody_and_the_holdout_counts_towards_it() -> None:
    score = bank([0.95, 0.4], 250, 2)
    small, _ = raced(score, [1, 2], RULE)
    assert (small.model, small.status, small.certified) == ("a/0", RouteStatus.INSUFFICIENT, ())
    held, asked = raced(score, [1, 2], RULE, held=80)
    assert (held.status, asked[0]) == (RouteStatus.CERTIFIED, 250)


def test_models_that_the_bank_cannot_tell_apart_leave_the_route_open() -> None:
    score = bank([0.7, 0.7, 0.7], 1000, 5)
    found, _ = raced(score, [1, 2, 3], replace(RULE, delta=0.005))
    assert found.status is RouteStatus.INSUFFICIENT
    assert found.model in names(3)
    assert found.certified == ()


def test_todays_model_stays_when_nobody_is_certified() -> None:
    score = bank([0.7, 0.7, 0.7], 1000, 5)
    found, _ = raced(score, [1, 2, 3], replace(RULE, delta=0.005), incumbent=1)
    assert (found.model, found.certified) == ("a/1", ())


def test_a_race_cut_short_is_provisional_and_names_no_inferior_model() -> None:
    score = bank([0.5, 0.9, 0.9], 1000, 4)
    found = provisional(track(score, [1, 2, 3], [50] * 3), RULE)
    assert found.status is RouteStatus.PROVISIONAL
    assert found.model in ("a/1", "a/2")
    assert "a/0" in found.inferior
    assert _ends(found)["a/1"] is Verdict.OPEN


def test_before_the_first_look_a_race_cut_short_names_nobody() -> None:
    found = provisional(track(TWINS, [1, 2, 3], [50, 20, 0]), RULE)
    assert (found.model, found.status) == (None, RouteStatus.INSUFFICIENT)


def test_a_settled_race_is_the_same_with_and_without_a_budget() -> None:
    whole = track(TWINS, [1, 2, 3])
    assert provisional(whole, RULE) == step(whole, RULE)


def test_a_barred_model_is_neither_asked_nor_in_the_way() -> None:
    score = bank([0.7, 0.95, 0.7], 1000, 1)
    found, asked = raced(score, [1, 3, 2], RULE, barred=["a/1"])
    assert (found.model, asked[1]) == ("a/0", 0)
    assert "a/1" not in _ends(found)
    nobody, _ = raced(score, [1, 3, 2], RULE, barred=names(3))
    assert (nobody.model, nobody.status) == (None, RouteStatus.NONE)


def test_a_model_that_drops_out_in_the_middle_ends_no_race() -> None:
    found = step(track(TWINS, [1, 2, 3], [1000, 1000, 175]), RULE, barred=["a/2"])
    assert isinstance(found, Settled)
    assert found.model == "a/0"


def test_with_the_incumbent_as_reference_nobody_else_has_to_be_met() -> None:
    score = bank([0.92, 0.92, 0.999], 1000, 8)
    rule = replace(RULE, reference="incumbent")
    found, asked = raced(score, [1, 2, 30], rule, incumbent=1)
    assert (found.model, found.status) == ("a/0", RouteStatus.CERTIFIED)
    assert asked[2] == 50
    assert raced(score, [1, 2, 30], RULE, incumbent=1)[0].model == "a/2"


def test_an_incumbent_that_may_not_be_asked_counts_as_far_as_it_was_measured() -> None:
    rule = replace(RULE, reference="incumbent")
    held = step(track(TWINS, [1, 2, 3], [1000, 100, 1000], incumbent=1), rule, barred=["a/1"])
    assert isinstance(held, Settled)
    assert (held.status is RouteStatus.CERTIFIED, held.model in ("a/0", "a/2")) == (False, True)
    assert _ends(held)["a/0"] is Verdict.UNDECIDED
    gone = step(track(TWINS, [1, 2, 3], [1000, 0, 1000], incumbent=1), rule, barred=["a/1"])
    assert isinstance(gone, Settled)
    assert gone.status is RouteStatus.CERTIFIED


def test_against_a_bar_each_model_stands_alone() -> None:
    score = bank([0.6, 0.9, 0.99], 1000, 8)
    rule = replace(RULE, reference="min_quality", min_quality=0.8)
    found, asked = raced(score, [1, 2, 30], rule, bar=0.8)
    assert (found.model, found.inferior, asked[2]) == ("a/1", ("a/0",), 50)
    assert {c.against for c in found.pairs} == {None}


def test_bonferroni_divides_the_level_by_the_rivals() -> None:
    found, _ = raced(TWINS, [1, 2, 3], replace(RULE, multiplicity="bonferroni"))
    assert found.alpha == pytest.approx(0.025)
    more = raced(TWINS, [1, 2, 3], replace(RULE, multiplicity="bonferroni"))[1].sum()
    assert more > raced(TWINS, [1, 2, 3], RULE)[1].sum()


def test_an_unknown_cost_is_raced_last_and_a_free_model_first() -> None:
    score = bank([0.97, 0.97, 0.4], 1000, 8)
    found, _ = raced(score, [np.nan, 2, 0.0], RULE)
    assert [fate.model for fate in found.fates] == ["a/2", "a/1", "a/0"]
    assert found.model == "a/1"
    unknown, _ = raced(score, [np.nan] * 3, RULE)
    assert unknown.status is RouteStatus.CERTIFIED


def test_of_models_that_cost_alike_the_better_one_is_raced_first() -> None:
    score = bank([0.80, 0.95], 1000, 9)
    paid = np.random.default_rng(0).lognormal(0, 0.8, size=(1000, 2)) * [1.0, 1.02]
    assert [fate.model for fate in raced(score, paid, RULE)[0].fates] == ["a/1", "a/0"]
    assert [fate.model for fate in raced(score, [1.0, 1.2], RULE)[0].fates] == ["a/0", "a/1"]


def test_a_model_that_fails_too_often_is_not_certified_and_stays_a_rival() -> None:
    score = TWINS.copy()
    score[::25, 0] = np.nan
    found, _ = raced(score, [1, 2, 3], RULE)
    assert _ends(found)["a/0"] is Verdict.FAILED
    assert found.model == "a/1"
    assert "a/0" in {c.against for c in found.pairs}


def test_a_pair_counts_only_the_items_that_both_have() -> None:
    score = TWINS[:, :2].copy()
    score[7, 0] = score[11, 1] = np.nan
    found, _ = raced(score, [1, 2], RULE)
    assert [c.n for c in found.pairs] == [found.pairs[0].look - 2]


def test_a_model_whose_every_item_failed_ends_nothing() -> None:
    score = TWINS.copy()
    score[:, 2] = np.nan
    found, _ = raced(score, [1, 2, 3], RULE)
    assert found.status is not RouteStatus.CERTIFIED
    assert found.model in ("a/0", "a/1")


def test_a_small_bank_of_models_that_often_disagree_is_decided_with_a_wider_margin() -> None:
    often = bank([0.7, 0.7], 500, 3)
    seldom = bank([0.98, 0.98], 500, 3)
    assert raced(often, [1, 2], RULE)[0].delta == 0.05
    assert raced(seldom, [1, 2], RULE)[0].delta == 0.03
    assert raced(often, [1, 2], RULE, held=300)[0].delta == 0.03


BANKS = st.tuples(
    st.integers(0, 10_000),
    st.integers(1, 5),
    st.sampled_from([20, 60, 180, 420]),
    st.sampled_from(["binary", "graded", "failed", "clustered"]),
)


def _drawn(seed: int, models: int, items: int, kind: str) -> tuple[Floats, Floats, dict[str, Any]]:
    rng = np.random.default_rng(seed)
    score = bank(rng.uniform(0.5, 0.98, models).tolist(), items, rng)
    if kind == "graded":
        score = score * rng.choice([0.5, 0.75, 1.0], size=score.shape)
    if kind == "failed":
        score[rng.random(score.shape) < 0.02] = np.nan
    extra: dict[str, Any] = {"clusters": np.arange(items) // 4} if kind == "clustered" else {}
    return score, rng.choice([0.0, 1.0, 2.0, 10.0, np.nan], size=models), extra


@given(drawn=BANKS, reference=st.sampled_from(["best", "incumbent", "min_quality"]), data=st.data())
@settings(max_examples=60, deadline=None)
def test_a_race_ends_and_restarts_to_the_same_answer(
    drawn: tuple[int, int, int, str], reference: str, data: st.DataObject
) -> None:
    """Fed exactly what it asks for it ends; as it does with all there is, or any part of it."""
    score, cost, extra = _drawn(*drawn)
    models = score.shape[1]
    extra["bar"] = 0.8 if reference == "min_quality" else None
    extra["incumbent"] = 0
    rule = DecisionRule(reference=reference, min_items=100, looks_start=25)  # type: ignore[arg-type]
    found, asked = raced(score, cost, rule, **extra)
    assert step(track(score, cost, asked, **extra), rule) == found
    assert step(track(score, cost, **extra), rule) == found
    part = [data.draw(st.integers(0, len(score))) for _ in range(models)]
    again, upto = raced(score, cost, rule, asked=part, **extra)
    assert again == found
    assert (upto <= np.maximum(asked, part)).all()
