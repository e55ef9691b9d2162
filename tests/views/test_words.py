"""States have words and shapes; unknown numbers are words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from views.boards import ROUTE, STANDINGS, route

from whichmodel.domain import DecisionRule, Organisation, Policy, Route, RouteStatus, WhyNot
from whichmodel.views import words
from whichmodel.views.words import Mark

WORST = (WhyNot("a/b", "inferior", "worse"),)


@pytest.mark.parametrize(
    ("decided", "word"),
    [
        (route(), "certified"),
        (route(ties=("borealis/swift",)), "tie"),
        (route(why_not=WORST), "single"),
        (route(status=RouteStatus.PROVISIONAL), "provisional"),
        (route(status=RouteStatus.INSUFFICIENT, more_items=310), "inconclusive"),
        (route(status=RouteStatus.JUDGE_ONLY), "judge-only"),
        (route(status=RouteStatus.NONE, model=None, why_not=WORST), "no route"),
        (route(status=RouteStatus.NONE, model=None, why_not=(WhyNot("a/b", "too slow", ""),)), "too slow"),
        (
            route(status=RouteStatus.NONE, model=None, why_not=(WhyNot("a/b", "below floor", ""),)),
            "below floor",
        ),
    ],
)
def test_each_status_has_a_word_and_a_shape(decided: Route, word: str) -> None:
    state = words.state(decided)
    assert state.word == word
    assert len(state.shape) == 1


def test_an_inconclusive_route_says_how_many_items_are_missing() -> None:
    decided = route(status=RouteStatus.INSUFFICIENT, more_items=1310)
    assert words.state(decided).detail == "needs about 1,310 more items"


def test_marks_tell_pick_eligible_excluded_barred_failed_and_not_run() -> None:
    standings = {standing.model: standing for standing in STANDINGS}
    models = [*standings, "cirrus/new"]
    assert {model: words.mark(model, standings.get(model), ROUTE) for model in models} == {
        "aurora/lite": Mark.PICK,
        "borealis/max": Mark.ELIGIBLE,
        "borealis/swift": Mark.ELIGIBLE,
        "cirrus/nano": Mark.EXCLUDED,
        "cirrus/pro": Mark.BARRED,
        "cirrus/down": Mark.FAILED,
        "cirrus/new": Mark.NOT_RUN,
    }


def test_unknown_is_a_word_and_free_is_not_unknown() -> None:
    assert (words.usd(None), words.usd(0), words.seconds(None)) == ("unknown", "free", "unknown")
    assert (words.score(None), words.span(None, None)) == ("–", "–")


@given(st.floats(min_value=1e-9, max_value=1e7))
def test_a_price_is_never_shown_as_zero(amount: float) -> None:
    shown = words.usd(amount)
    assert float(shown.removeprefix("$").replace(",", "")) == pytest.approx(amount, rel=0.051)


@given(st.floats(min_value=0, max_value=1))
def test_a_perfect_score_still_shows_an_interval_below_it(low: float) -> None:
    shown_low, shown_high = words.span(low, 1.0).split("–")
    assert shown_high == "1.000"
    assert float(shown_low) <= low
    assert (shown_low == "1.000") == (low == 1.0)


def test_a_dearer_route_says_so() -> None:
    assert (words.saving(0.84), words.saving(-0.2), words.saving(None)) == ("84% cheaper", "20% dearer", "")
    assert (words.signed(-0.0121), words.signed(-0.0001)) == ("−0.012", "±0.000")


def test_the_rule_and_its_limits_are_sentences() -> None:
    strict = Organisation(
        "bank",
        "Bank",
        policy=Policy(regions=("eu", "on-prem")),
        p95_s=10,
        floor=0.9,
        rule=DecisionRule(delta=0.02, multiplicity="bonferroni"),
    )
    assert words.rule(strict) == (
        "Cheapest model proven to be no more than 0.02 worse than the best allowed model "
        "(paired, error 5% for all rivals together)."
    )
    assert words.limits(strict) == [
        "Score of at least 0.9",
        "p95 of at most 10 s, unless a task says otherwise",
        "Only regions eu, on-prem",
    ]
    assert words.limits(Organisation("free", "Free")) == ["No restrictions"]
