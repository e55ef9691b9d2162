"""A raced task: status and pick are the race's, figures of the items that both were asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from whichmodel.analyse.evidence import NOT_ASKED, Evidence
from whichmodel.decide.race import Fate, Settled, Verdict
from whichmodel.domain import Organisation, Policy, Route, RouteStatus

MakeEvidence = Callable[..., Evidence]
Decide = Callable[..., Route]
RACE = Settled(
    model="b/small",
    status=RouteStatus.CERTIFIED,
    certified=("b/small",),
    inferior=("c/bad",),
    fates=(
        Fate("c/bad", Verdict.INFERIOR, "a/big", 50),
        Fate("b/small", Verdict.CERTIFIED, None, 300),
        Fate("a/big", Verdict.NOT_RACED, None, 300),
    ),
    pairs=(),
    delta=0.03,
    alpha=0.05,
)


@pytest.fixture
def ragged(evidence_of: MakeEvidence) -> Evidence:
    """400 items: a/big was asked 400 of them, b/small 300, c/bad 50."""
    rng = np.random.default_rng(0)
    right = (rng.random(400) < 0.9).astype(float)
    small = right.copy()
    small[np.flatnonzero(right)[:2]] = 0
    scores = {"a/big": right, "b/small": small, "c/bad": right * (rng.random(400) < 0.5)}
    made = evidence_of(scores, cost={"a/big": 0.01, "b/small": 0.001, "c/bad": 0.0001})
    score, state, cost = made.score.copy(), made.state.copy(), made.cost_usd.copy()
    for column, asked in ((1, 300), (2, 50)):
        score[asked:, column], cost[asked:, column] = np.nan, np.nan
        state[asked:, column] = NOT_ASKED
    return replace(made, score=score, state=state, cost_usd=cost)


def test_the_race_decides_in_place_of_the_test_on_the_whole_bank(ragged: Evidence, decided: Decide) -> None:
    found = decided(ragged, race=RACE)
    assert (found.model, found.status, found.raced) == ("b/small", RouteStatus.CERTIFIED, True)
    assert (found.n, found.figures, found.more_items) == (300, "in-sample", None)
    assert found.saving == pytest.approx(0.9)
    reasons = {reason.model: (reason.reason, reason.text) for reason in found.why_not}
    assert reasons["c/bad"] == (
        "inferior",
        "stopped after 50 items: shown to be worse by more than 3 points against a/big",
    )
    assert reasons["a/big"] == ("not raced", "300 items measured: a cheaper one was certified first")
    assert decided(ragged).raced is False


def test_few_items_bar_nobody_in_a_race(ragged: Evidence, decided: Decide) -> None:
    assert "few items" not in {reason.reason for reason in decided(ragged, race=RACE).why_not}


def test_a_race_whose_winner_may_not_be_used_any_more_decides_nothing(
    ragged: Evidence, decided: Decide
) -> None:
    barred = Organisation("o", "O", policy=Policy(vendors=("a",)))
    found = decided(ragged, barred, race=RACE)
    assert (found.model, found.raced) == ("a/big", False)


def test_a_raced_task_that_a_model_judges_stays_judge_only(ragged: Evidence, decided: Decide) -> None:
    assert decided(replace(ragged, judged=True), race=RACE).status is RouteStatus.JUDGE_ONLY


def test_a_race_without_a_certificate_is_provisional(ragged: Evidence, decided: Decide) -> None:
    found = decided(ragged, race=replace(RACE, status=RouteStatus.PROVISIONAL, certified=()))
    assert (found.status, found.model) == (RouteStatus.PROVISIONAL, "b/small")
