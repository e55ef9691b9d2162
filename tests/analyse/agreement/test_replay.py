"""One policy, item by item."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from answered import answered
from hypothesis import given, settings
from hypothesis import strategies as st

from whichmodel.analyse.agreement.replay import Replay, Terms, agreement, alone, replay
from whichmodel.analyse.answers import Answers
from whichmodel.domain import AgreementPolicy

MODELS = ("a/a", "b/b", "c/c")
TERMS = Terms(review_usd=1.5, reviewer_error=0.02, error_usd=4.0)


def policy(
    models: tuple[str, ...] = MODELS, quorum: int = 2, otherwise: str | None = None
) -> AgreementPolicy:
    return AgreementPolicy("p", "invoices", models, quorum, otherwise)


BANK = answered(
    {
        "a/a": ["x", "x", "x", "", "x"],
        "b/b": ["x", "y", "y", "", "x"],
        "c/c": ["x", "y", "z", "", "z"],
        "d/strong": ["x", "x", "x", "x", "y"],
    },
    ["x", "x", "x", "x", "y"],
    cost={"a/a": 0.001, "b/b": 0.002, "c/c": 0.003, "d/strong": 0.1},
)


def test_what_a_quorum_gives_goes_out_and_the_rest_is_asked_elsewhere() -> None:
    found = replay(BANK, policy(otherwise="d/strong"), TERMS)
    assert found.agreed.tolist() == [True, True, False, False, True]
    assert found.course.score.tolist() == [1, 0, 1, 1, 0]
    assert found.course.wrong.tolist() == [0, 1, 0, 0, 1]
    assert found.course.paid_usd == pytest.approx([0.006, 0.006, 0.106, 0.106, 0.006])
    assert found.course.total_usd == pytest.approx([0.006, 4.006, 0.106, 0.106, 4.006])


def test_a_person_answers_at_the_reviewer_s_price_and_error_rate() -> None:
    found = replay(BANK, policy(quorum=3), TERMS)
    assert found.agreed.tolist() == [True, False, False, False, False]
    assert found.course.score == pytest.approx([1, 0.98, 0.98, 0.98, 0.98])
    assert found.course.paid_usd == pytest.approx([0.006, 1.506, 1.506, 1.506, 1.506])
    assert found.course.total_usd == pytest.approx([0.006] + [1.506 + 0.02 * 4] * 4)
    assert np.isinf(found.latency_s[1:]).all()


def test_a_model_that_was_asked_already_is_neither_paid_nor_waited_for_twice() -> None:
    inside = replay(BANK, policy(("a/a", "b/b", "d/strong"), 3, "d/strong"), TERMS)
    assert inside.course.paid_usd == pytest.approx([0.103] * 5)
    assert inside.latency_s.tolist() == [1.0] * 5
    outside = replay(BANK, policy(("a/a", "b/b"), 2, "d/strong"), TERMS)
    assert outside.latency_s.tolist() == [1.0, 2.0, 2.0, 2.0, 1.0]


def test_unknown_costs_stay_unknown() -> None:
    nothing = replay(BANK, policy(), Terms())
    assert np.isnan(nothing.course.total_usd).all()
    assert np.isnan(nothing.course.paid_usd[~nothing.agreed]).all()
    assert not np.isnan(nothing.course.paid_usd[nothing.agreed]).any()
    free = answered({"a/a": ["x"], "b/b": ["x"]}, ["x"], cost={"b/b": float("nan")})
    assert np.isnan(replay(free, policy(("a/a", "b/b")), TERMS).course.paid_usd).all()


def test_an_item_without_a_score_of_one_model_is_left_out_and_never_wrong() -> None:
    nan = float("nan")
    scores = {"a/a": [1.0, nan, 1.0], "b/b": [1.0, 1.0, 1.0], "d/strong": [1.0, 1.0, nan]}
    bank = answered({name: ["x"] * 3 for name in scores}, scores=scores)
    found = replay(bank, policy(("a/a", "b/b"), 2, "d/strong"), TERMS)
    assert found.counts.tolist() == [True, False, False]
    assert found.agreed.tolist() == [True, False, False]
    assert np.isnan(found.course.wrong[1:]).all()
    assert replay(bank, policy(("a/a", "b/b")), TERMS).counts.tolist() == [True, False, True]


def test_two_groups_of_one_size_agree_on_nothing() -> None:
    code = np.array([[0, 0, 1, 1], [0, 0, 0, 1], [-1, -1, -1, -1], [0, 0, 1, 2]])
    agreed, speaker = agreement(code, 2)
    assert agreed.tolist() == [False, True, False, True]
    assert speaker[[1, 3]].tolist() == [0, 0]


def test_right_is_a_threshold_where_scores_are_continuous() -> None:
    scores = {"a/a": [0.95, 0.8], "b/b": [0.95, 0.8]}
    bank = answered({name: ["x", "y"] for name in scores}, scores=scores)
    strict = replay(bank, policy(("a/a", "b/b")), TERMS)
    loose = replay(bank, policy(("a/a", "b/b")), Terms(right=0.9))
    assert strict.course.wrong.tolist() == [1, 1]
    assert loose.course.wrong.tolist() == [0, 1]
    assert loose.course.score.tolist() == [0.95, 0.8]


def test_a_mean_of_a_thousand_rounded_parts_is_still_right() -> None:
    almost = sum([0.1] * 10)
    assert almost < 1
    bank = answered({"a/a": ["x"]}, scores={"a/a": [almost]})
    assert alone(bank, "a/a", TERMS).wrong.tolist() == [0]


def test_a_model_that_was_not_measured_is_an_error() -> None:
    with pytest.raises(ValueError, match="not in tuple"):
        replay(BANK, policy(("a/a", "x/none")), TERMS)


@st.composite
def banks(draw: st.DrawFn) -> Answers:
    n = draw(st.integers(1, 25))
    words = st.lists(st.sampled_from(["x", "y", "z", ""]), min_size=n, max_size=n)
    names = ["a/a", "b/b", "c/c", "d/d"][: draw(st.integers(2, 4))]
    return answered(
        {**{name: draw(words) for name in names}, "s/strong": draw(words)},
        draw(words),
        cost={name: draw(st.floats(0, 0.01)) for name in (*names, "s/strong")},
        clusters=draw(st.lists(st.integers(0, 5), min_size=n, max_size=n)),
    )


def _asked(bank: Answers) -> tuple[str, ...]:
    return tuple(model for model in bank.evidence.models if model != "s/strong")


def _slowly(bank: Answers, rule: AgreementPolicy, terms: Terms) -> list[tuple[float, float]]:
    """What goes out and what it costs, one item after another, straight from the formula."""
    evidence, found = bank.evidence, []
    for row in range(len(evidence.items)):
        asked = [evidence.column(model) for model in rule.models]
        votes = Counter(code for code in bank.code[row, asked].tolist() if code >= 0).most_common()
        cost = sum(float(evidence.cost_usd[row, column]) for column in asked)
        led = votes and votes[0][1] >= rule.quorum and (len(votes) == 1 or votes[1][1] < votes[0][1])
        if led:
            speaker = next(column for column in asked if bank.code[row, column] == votes[0][0])
            score = float(evidence.score[row, speaker])
            total = cost + (1 - score) * (terms.error_usd or 0)
        elif rule.otherwise is None:
            score = 1 - terms.reviewer_error
            total = cost + (terms.review_usd or 0) + terms.reviewer_error * (terms.error_usd or 0)
        else:
            strong = evidence.column(rule.otherwise)
            score = float(evidence.score[row, strong])
            total = cost + float(evidence.cost_usd[row, strong]) + (1 - score) * (terms.error_usd or 0)
        found.append((score, total))
    return found


@settings(max_examples=150, deadline=None)
@given(banks(), st.integers(2, 4), st.booleans())
def test_every_item_is_as_the_formula_says(bank: Answers, quorum: int, cascade: bool) -> None:
    models = _asked(bank)
    rule = policy(models, min(quorum, len(models)), "s/strong" if cascade else None)
    found = replay(bank, rule, TERMS)
    slow = _slowly(bank, rule, TERMS)
    assert found.course.score == pytest.approx([score for score, _ in slow])
    assert found.course.total_usd == pytest.approx([total for _, total in slow])


@settings(max_examples=100, deadline=None)
@given(banks())
def test_a_larger_quorum_accepts_no_item_that_a_smaller_one_does_not(bank: Answers) -> None:
    models = _asked(bank)
    found: list[Replay] = [replay(bank, policy(models, q), TERMS) for q in range(2, len(models) + 1)]
    for loose, strict in pairwise(found):
        assert not (strict.agreed & ~loose.agreed).any()


@settings(max_examples=100, deadline=None)
@given(banks(), st.randoms(use_true_random=False))
def test_the_order_of_the_models_changes_nothing_where_the_answer_alone_is_scored(
    bank: Answers, random: object
) -> None:
    models = list(_asked(bank))
    there = replay(bank, policy(tuple(models)), TERMS)
    back = replay(bank, policy(tuple(reversed(models))), TERMS)
    assert there.agreed.tolist() == back.agreed.tolist()
    assert there.course.score.tolist() == back.course.score.tolist()
