"""Agreement policies against an error that is asked for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from answered import answered
from scipy import stats

from whichmodel.analyse.agreement.replay import Terms
from whichmodel.analyse.answers import Answers
from whichmodel.decide.error_target import ErrorVerdict, accepted_needed, family, verdicts
from whichmodel.domain import AgreementPolicy, DecisionRule
from whichmodel.errors import UsageError

RULE = DecisionRule()
MODELS = ("a/a", "b/b", "c/c")


def bank(choosing: tuple[int, int], holdout: tuple[int, int], *, n: int = 800) -> Answers:
    """Two models that agree on so many items of each part (three quarters, one quarter), so many wrong."""
    cut = n - n // 4
    a, b = [], []
    for size, (accepted, wrong) in ((cut, choosing), (n - cut, holdout)):
        a += ["wrong"] * wrong + ["right"] * (size - wrong)
        b += ["wrong"] * wrong + ["right"] * (accepted - wrong) + ["other"] * (size - accepted)
    return answered({"a/a": a, "b/b": b}, ["right"] * n)


def verdict(there: Answers, target: float = 0.02, rule: DecisionRule = RULE) -> ErrorVerdict:
    [found] = verdicts(there, family("invoices", ("a/a", "b/b"), None), target, rule, Terms())
    return found


def test_few_enough_errors_on_both_parts_are_confirmed() -> None:
    found = verdict(bank((500, 3), (170, 2)))
    assert found.verdict == "confirmed"
    assert found.choosing.upper == pytest.approx(stats.beta.ppf(0.95, 4, 497))
    assert found.why == "3 of 500 accepted are wrong, at most 1.6% (95%); on the holdout 2 of 170"


def test_an_upper_bound_above_the_target_cannot_be_told_and_says_how_many_are_missing() -> None:
    found = verdict(bank((500, 6), (170, 1)))
    assert (found.verdict, found.choosing.upper > 0.02) == ("cannot tell", True)
    needed = accepted_needed(6 / 500, 0.02, 0.05)
    assert needed is not None
    assert found.more_accepted == pytest.approx(needed / 0.75 - 670, abs=10)
    assert f"needs about {found.more_accepted:,} more accepted items" in found.why


def test_an_error_that_is_not_under_the_target_needs_no_more_items_but_fewer_errors() -> None:
    found = verdict(bank((500, 12), (170, 4)))
    assert (found.verdict, found.more_accepted) == ("cannot tell", None)
    assert "more items would hardly show it" in found.why


def test_an_error_shown_above_the_target_is_not_confirmed() -> None:
    assert verdict(bank((500, 25), (170, 1))).verdict == "not confirmed"


def test_a_holdout_that_speaks_against_it_undoes_what_the_choice_showed() -> None:
    good = (500, 3)
    assert verdict(bank(good, (170, 3))).verdict == "confirmed"
    assert verdict(bank(good, (170, 5))).verdict == "cannot tell"
    assert verdict(bank(good, (170, 15))).verdict == "not confirmed"
    assert verdict(bank(good, (0, 0))).verdict == "cannot tell"


def test_a_bank_too_small_for_a_holdout_confirms_nothing() -> None:
    small = bank((110, 0), (0, 0), n=160)
    found = verdict(small, 0.05)
    assert (found.holdout, found.verdict) == (None, "cannot tell")
    assert "no holdout" in found.why


def test_no_error_among_a_few_is_no_proof() -> None:
    found = verdict(bank((60, 0), (20, 0)))
    assert found.verdict == "cannot tell"
    assert found.choosing.upper == pytest.approx(1 - 0.05 ** (1 / 60))


def test_nothing_accepted_is_nothing_told() -> None:
    found = verdict(bank((0, 0), (0, 0)))
    assert (found.verdict, found.why) == ("cannot tell", "nothing is accepted")


def test_a_family_runs_from_all_models_down_to_the_majority_and_at_most_five() -> None:
    assert [p.quorum for p in family("t", MODELS, None)] == [3, 2]
    assert [p.quorum for p in family("t", MODELS[:2], None)] == [2]
    assert [p.quorum for p in family("t", tuple("abcd"), None)] == [4, 3]
    assert [p.quorum for p in family("t", tuple("abcdefghijklm"), None)] == [13, 12, 11, 10, 9]


def _three(unanimous: int, n: int = 800) -> Answers:
    """All three agree on so many items and are right, two of them on all the others and are wrong a tenth."""
    odd = ["wrong" if k % 10 == 0 else "right" for k in range(n - unanimous)]
    order = np.random.default_rng(0).permutation(n)
    a = np.array(["right"] * unanimous + odd)[order].tolist()
    c = np.array(["right"] * unanimous + ["other"] * (n - unanimous))[order].tolist()
    return answered({"a/a": a, "b/b": a, "c/c": c}, ["right"] * n)


def test_a_looser_quorum_is_tested_only_behind_a_stricter_one_that_passed() -> None:
    safe, loose = verdicts(_three(700), family("invoices", MODELS, None), 0.03, RULE, Terms())
    assert (safe.verdict, loose.verdict) == ("confirmed", "confirmed")
    safe, loose = verdicts(_three(40), family("invoices", MODELS, None), 0.03, RULE, Terms())
    assert safe.verdict == "cannot tell"
    assert (loose.verdict, loose.why) == ("cannot tell", "not tested, since 3 of 3 did not pass")


def test_families_share_alpha_and_a_chain_does_not() -> None:
    chain = family("invoices", MODELS, None)
    assert {one.alpha for one in verdicts(_three(700), chain, 0.03, RULE, Terms())} == {0.05}
    beside = AgreementPolicy("pair", "invoices", ("a/a", "b/b"), 2)
    found = verdicts(_three(700), (beside, *chain), 0.03, RULE, Terms())
    assert {one.alpha for one in found} == {0.025}
    assert [one.policy for one in found] == [beside, *chain]


def test_more_than_five_policies_are_refused() -> None:
    six = [AgreementPolicy(f"p{k}", "invoices", ("a/a", "b/b"), 2) for k in range(6)]
    with pytest.raises(UsageError, match="at most 5"):
        verdicts(_three(700), six, 0.03, RULE, Terms())


def test_clustered_items_take_more_to_show_the_same() -> None:
    single = bank((500, 3), (170, 2))
    together = replace(single.evidence, clusters=np.arange(800) // 4)
    found = verdict(replace(single, evidence=together))
    assert found.choosing.upper > verdict(single).choosing.upper


@pytest.mark.parametrize(("rate", "target"), [(0.0, 0.02), (0.01, 0.02), (0.019, 0.05), (0.1, 0.2)])
def test_so_many_accepted_items_show_it_four_times_in_five_and_a_few_less_do_not(
    rate: float, target: float
) -> None:
    needed = accepted_needed(rate, target, 0.05)
    assert needed is not None

    def power(n: int) -> float:
        wrong = np.arange(n + 1)
        upper = stats.beta.ppf(0.95, wrong[:-1] + 1, n - wrong[:-1])
        return float(stats.binom.pmf(wrong[:-1], n, rate)[upper <= target].sum())

    assert power(needed) >= 0.8
    assert power(needed - 1) < 0.8


def test_what_is_not_under_the_target_is_not_there_to_be_shown() -> None:
    assert accepted_needed(0.02, 0.02, 0.05) is None
    assert accepted_needed(0.0199999, 0.02, 0.05) is None


def test_at_the_edge_a_family_is_confirmed_no_more_often_than_alpha() -> None:
    """2,000 banks in which the error given agreement is just what is asked for, for both quorums."""
    rng, confirmed, target, plain = np.random.default_rng(5), 0, 0.05, _three(400, 400)
    for _ in range(2000):
        wrong = (rng.random(400) < target).astype(np.int64)
        code = np.column_stack([wrong, wrong, np.where(rng.random(400) < 0.7, wrong, 2)])
        scored = replace(plain.evidence, score=(code == 0).astype(np.float64))
        there = Answers(scored, code, 1)
        found = verdicts(there, family("invoices", MODELS, None), target, RULE, Terms())
        confirmed += any(one.verdict == "confirmed" for one in found)
    assert confirmed / 2000 <= 0.05
