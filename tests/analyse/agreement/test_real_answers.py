"""Answers that real models gave: how far they agree, and how far they are wrong together."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import real_answers
from scipy import stats

from whichmodel.analyse.agreement.figures import against, figures
from whichmodel.analyse.agreement.replay import Terms, alone, replay
from whichmodel.analyse.agreement.together import Together, together
from whichmodel.analyse.answers import Answers
from whichmodel.analyse.intervals import Interval
from whichmodel.domain import AgreementPolicy


@pytest.fixture(scope="module")
def gsm8k(real_data: Path) -> Answers:
    return real_answers.gsm8k(real_data)


@pytest.fixture(scope="module")
def wnut17(real_data: Path) -> Answers:
    return real_answers.wnut17(real_data)


def _told(pair: Together) -> tuple[float, float, int]:
    """Wrong together, the same if independent, and the share with one answer, all in percent."""
    assert pair.same is not None
    return round(100 * pair.both.mean, 1), round(100 * pair.independent, 1), round(100 * pair.same.mean)


def _percent(rate: Interval) -> list[float]:
    return [round(100 * end, 1) for end in (rate.low, rate.mean, rate.high)]


def test_gsm8k_s_four_models_are_wrong_together_more_often_than_by_chance(gsm8k: Answers) -> None:
    names = [f"openai/{name}" for name in real_answers.GSM8K]
    found = together(gsm8k, names, Terms())
    assert [_told(pair) for pair in found] == [
        (56.1, 47.7, 8),
        (58.6, 51.1, 8),
        (40.5, 34.3, 8),
        (49.4, 39.8, 12),
        (37.8, 26.7, 21),
        (38.0, 28.6, 10),
    ]
    assert all(pair.correlated and pair.n == 1319 for pair in found)


def test_gpt_4_and_mixtral_are_wrong_together_half_as_often_again_as_by_chance(real_data: Path) -> None:
    [pair] = together(there := real_answers.routellm(real_data), there.evidence.models, Terms())
    assert _told(pair) == (6.1, 4.0, 21)
    assert pair.correlated
    seen = figures(replay(there, AgreementPolicy("both", "gsm8k", there.evidence.models, 2), Terms()))
    assert (seen.accepted, seen.wrong) == (793, 17)
    assert seen.error is not None
    assert _percent(seen.error) == [1.3, 2.1, 3.4]
    assert seen.coverage is not None
    assert round(seen.coverage.mean, 3) == 0.601


def test_one_model_asked_in_two_ways_makes_the_same_mistakes(real_data: Path) -> None:
    """With and without a chain of thought: a third of what both get wrong is one and the same answer."""
    there = real_answers.big_bench_hard(real_data)
    [pair] = together(there, there.evidence.models, Terms())
    assert (pair.n, *_told(pair)) == (2937, 14.5, 9.6, 33)
    assert pair.correlated


def test_seven_systems_fail_on_the_same_sentences_and_often_with_the_same_answer(wnut17: Answers) -> None:
    found = together(wnut17, wnut17.evidence.models, Terms())
    assert len(found) == 21
    assert all(pair.correlated for pair in found)
    both, chance, same = zip(*(_told(pair) for pair in found), strict=True)
    assert (min(both), max(both)) == (38.3, 41.6)
    assert (min(chance), max(chance)) == (21.0, 24.8)
    assert (min(same), np.median(same), max(same)) == (36, 44, 56)


def test_a_looser_quorum_accepts_more_and_errs_more_on_real_answers(wnut17: Answers) -> None:
    names, found = wnut17.evidence.models, []
    for quorum in (7, 6, 5, 4):
        seen = figures(replay(wnut17, AgreementPolicy("", "wnut17", names, quorum), Terms()))
        assert seen.coverage is not None
        assert seen.error is not None
        found.append((round(seen.coverage.mean, 3), round(seen.error.mean, 3)))
    assert found == [(0.382, 0.153), (0.555, 0.211), (0.678, 0.276), (0.795, 0.329)]


def test_a_cascade_of_two_cheap_models_matches_the_strong_one_on_gsm8k(gsm8k: Answers) -> None:
    """With 1, 1 and 30 as prices: they agree on .29 of the problems, and what goes out scores as the strong
    model's answers do, to within a point and a half."""
    price = {"openai/6b_verification": 1.0, "openai/175b_finetuning": 1.0, "openai/175b_verification": 30.0}
    cost = np.array([[price.get(name, np.nan) for name in gsm8k.evidence.models]] * 1319)
    priced = replace(gsm8k, evidence=replace(gsm8k.evidence, cost_usd=cost))
    cheap = ("openai/6b_verification", "openai/175b_finetuning")
    policy = AgreementPolicy("two", "gsm8k", cheap, 2, "openai/175b_verification")
    found = replay(priced, policy, Terms())
    seen = figures(found)
    assert seen.coverage is not None
    assert seen.error is not None
    assert round(seen.coverage.mean, 3) == 0.289
    assert [round(100 * x, 1) for x in (seen.error.low, seen.error.mean, seen.error.high)] == [
        15.8,
        19.7,
        24.0,
    ]
    row = against(found, alone(priced, "openai/175b_verification", Terms()), 0.03)
    assert row is not None
    assert row.paid_ratio is not None
    assert round(row.difference.value, 4) == -0.0015
    assert -0.015 < row.difference.low < row.difference.high < 0.012
    assert row.paid_ratio.value == pytest.approx((2 + (1 - 381 / 1319) * 30) / 30)
    assert row.paid_ratio.low < row.paid_ratio.value < row.paid_ratio.high < 0.81
    assert row.z > stats.norm.ppf(0.95)
