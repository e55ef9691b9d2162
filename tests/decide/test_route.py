"""The route of one task."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from whichmodel.analyse.evidence import Evidence
from whichmodel.domain import DecisionRule, Organisation, Route, RouteStatus, SwitchRule, Workload

MakeEvidence = Callable[..., Evidence]
Decide = Callable[..., Route]
IN_FUNCTION = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}


def _twin(right: np.ndarray, disagree: float, seed: int) -> np.ndarray:
    """A model of the same skill that answers differently on a share of the items, half each way."""
    rng = np.random.default_rng(seed)
    other = right.copy()
    for value in (True, False):
        where = np.flatnonzero(right == value)
        flip = rng.choice(where, size=round(len(right) * disagree / 2), replace=False)
        other[flip] = not value
    return other


def _right(n: int, share: float, seed: int = 0) -> np.ndarray:
    right = np.zeros(n, dtype=bool)
    right[: round(n * share)] = True
    return np.random.default_rng(seed).permutation(right)


def _ruled(**rule: object) -> Organisation:
    return Organisation("acme", "ACME", rule=DecisionRule(**rule))  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(5))
def test_of_two_equal_models_the_cheaper_one_is_certified(
    evidence_of: MakeEvidence, decided: Decide, seed: int
) -> None:
    big = _right(1500, 0.9, seed)
    scores = {"a/big": big, "b/small": _twin(big, 0.06, seed)}
    found = decided(evidence_of(scores, cost={"a/big": 0.01, "b/small": 0.001}))
    assert (found.status, found.model) == (RouteStatus.CERTIFIED, "b/small")
    assert found.why == "same quality, 90% cheaper than a/big"
    assert (found.fallbacks, found.more_items, found.figures) == (("a/big",), None, "holdout")
    assert [reason.reason for reason in found.why_not] == ["dearer"]


def test_the_figures_come_from_items_that_the_choice_never_saw(
    evidence_of: MakeEvidence, decided: Decide
) -> None:
    """Three quarters all right, the last quarter half: the choice saw 100%, the figures say 50%."""
    scores = np.concatenate([np.ones(900), np.tile([0.0, 1.0], 150)])
    found = decided(evidence_of({"a/x": scores, "b/y": scores}, cost={"a/x": 0.002, "b/y": 0.001}))
    assert (found.score, found.n, found.figures) == (0.5, 300, "holdout")
    assert found.saving == pytest.approx(0.0), "of equal scores the cheaper one is the best estimate itself"
    assert found.why == "same quality, 50% cheaper than a/x"


def test_a_bank_too_small_for_a_holdout_gives_figures_in_sample(
    evidence_of: MakeEvidence, decided: Decide
) -> None:
    found = decided(evidence_of({"a/x": np.ones(199), "b/y": np.ones(199)}))
    assert (found.figures, found.n) == ("in-sample", 199)
    larger = decided(evidence_of({"a/x": np.ones(200), "b/y": np.ones(200)}))
    assert (larger.figures, larger.n) == ("holdout", 50)


@pytest.mark.parametrize("n", [20, 100, 299])
def test_a_small_bank_is_never_certified_and_says_what_is_missing(
    evidence_of: MakeEvidence, decided: Decide, n: int
) -> None:
    big = _right(n, 0.9)
    found = decided(evidence_of({"a/big": big, "b/small": _twin(big, 0.1, 1)}))
    assert found.status is RouteStatus.INSUFFICIENT
    assert found.more_items is not None
    assert found.more_items >= 300 - n
    assert found.why.startswith("cannot tell yet: about ")
    assert found.why.endswith(" more items would settle it")
    assert found.model in {"a/big", "b/small"}


def test_the_items_that_are_missing_settle_it_four_times_in_five(
    evidence_of: MakeEvidence, decided: Decide
) -> None:
    """A pair that disagrees on 10% of 250 items; the bank of the size it names certifies most of the time."""
    rng = np.random.default_rng(5)

    def bank(n: int) -> dict[str, np.ndarray]:
        kind = rng.random(n)
        return {"a/big": (kind < 0.9).astype(float), "b/small": ((kind < 0.85) | (kind > 0.95)).astype(float)}

    first = decided(evidence_of(bank(250)))
    assert first.status is RouteStatus.INSUFFICIENT
    assert first.more_items is not None
    certified = [
        decided(evidence_of(bank(250 + first.more_items))).status is RouteStatus.CERTIFIED for _ in range(60)
    ]
    assert sum(certified) / 60 >= 0.7


def test_a_route_to_a_worse_model_is_rarely_certified(evidence_of: MakeEvidence, decided: Decide) -> None:
    """The cheap model is worse by exactly the margin: at most about 5% of 400 banks certify it."""
    rng = np.random.default_rng(8)
    wrong = 0
    for _ in range(400):
        kind = rng.random(500)
        scores = {"a/big": kind < 0.9, "b/small": (kind < 0.835) | (kind > 0.965)}
        found = decided(evidence_of(scores, cost={"a/big": 0.01, "b/small": 0.001}))
        wrong += found.status is RouteStatus.CERTIFIED and found.model == "b/small"
    assert wrong / 400 <= 0.08


def test_an_unknown_cost_is_never_cheaper(evidence_of: MakeEvidence, decided: Decide) -> None:
    big = _right(1500, 0.9)
    scores = {"a/big": big, "b/small": _twin(big, 0.04, 2), "c/mid": _twin(big, 0.04, 3)}
    found = decided(evidence_of(scores, cost={"a/big": 0.01, "b/small": None, "c/mid": 0.009}))
    assert (found.model, found.status) == ("c/mid", RouteStatus.CERTIFIED)
    reasons = {reason.model: reason.reason for reason in found.why_not}
    assert reasons == {"a/big": "dearer", "b/small": "unknown cost"}


def test_where_no_cost_is_known_the_score_decides_and_the_saving_is_unknown(
    evidence_of: MakeEvidence, decided: Decide
) -> None:
    big = _right(1500, 0.9)
    worse = _twin(big, 0.04, 2)
    worse[np.flatnonzero(worse[:1000])[:3]] = False
    found = decided(evidence_of({"a/big": big, "b/small": worse}, cost={"a/big": None, "b/small": None}))
    assert (found.model, found.cost_per_1k_usd, found.saving) == ("a/big", None, None)
    assert found.why == "same quality; the saving against b/small is unknown, as the cost of a/big is"


def test_costs_that_cannot_be_told_apart_leave_the_choice_to_the_score(
    evidence_of: MakeEvidence, decided: Decide
) -> None:
    better = _right(1500, 0.9)
    worse = better.copy()
    worse[np.flatnonzero(better[:1000])[:5]] = False
    found = decided(evidence_of({"a/x": worse, "b/y": better}, cost={"a/x": 0.00100, "b/y": 0.00102}))
    assert (found.model, found.ties) == ("b/y", ("a/x",))
    assert "a tie" in found.why_not[0].text


def test_a_free_rule_that_is_good_enough_is_routed(evidence_of: MakeEvidence, decided: Decide) -> None:
    right = _right(1200, 0.95)
    found = decided(
        evidence_of({"a/x": right, "rule/extract": right}, cost={"a/x": 0.001, "rule/extract": 0.0})
    )
    assert (found.model, found.cost_per_1k_usd) == ("rule/extract", 0.0)
    assert found.why == "same quality, free, where a/x is not"


def test_a_single_model_is_said_to_be_single(evidence_of: MakeEvidence, decided: Decide) -> None:
    found = decided(evidence_of({"a/x": _right(400, 0.8)}))
    assert (found.status, found.why) == (
        RouteStatus.CERTIFIED,
        "single: the only model that may be used here",
    )


def test_the_margin_is_raised_on_a_small_bank_and_the_headline_says_so(
    evidence_of: MakeEvidence, decided: Decide
) -> None:
    big = _right(600, 0.8)
    scores = {"a/big": big, "b/small": _twin(big, 0.16, 2)}
    cost = {"a/big": 0.01, "b/small": 0.001}
    found = decided(evidence_of(scores, cost=cost))
    assert (found.delta, found.delta_asked) == (0.05, 0.03)
    assert found.delta_achievable == pytest.approx(0.047, abs=0.003)
    if found.status is RouteStatus.CERTIFIED:
        assert found.why.endswith("(within 5 points: too few items for the 3 points asked for)")
    large = _right(800, 0.8)
    whole = decided(evidence_of({"a/big": large, "b/small": _twin(large, 0.16, 2)}, cost=cost))
    assert whole.delta == 0.03


def test_a_judged_task_is_judge_only(evidence_of: MakeEvidence, decided: Decide) -> None:
    big = _right(1500, 0.9)
    found = decided(evidence_of({"a/x": big, "b/y": _twin(big, 0.04, 1)}, judged=True))
    assert found.status is RouteStatus.JUDGE_ONLY
    assert found.why.startswith("same quality")
    assert found.why.endswith(", as scored by a model that no human labels check yet")


def test_more_items_are_not_said_to_settle_what_only_labels_can(
    evidence_of: MakeEvidence, decided: Decide
) -> None:
    small = _right(150, 0.9)
    found = decided(evidence_of({"a/x": small, "b/y": _twin(small, 0.2, 1)}, judged=True))
    assert found.status is RouteStatus.JUDGE_ONLY
    assert found.more_items is None
    assert found.why == "best estimate, as scored by a model that no human labels check yet"


def test_too_many_failed_items_leave_a_route_provisional(evidence_of: MakeEvidence, decided: Decide) -> None:
    right = _right(1000, 0.9).astype(float)
    right[:750:30] = np.nan
    found = decided(evidence_of({"a/x": right}))
    assert found.status is RouteStatus.PROVISIONAL
    text = "97.5% of its items have a score, 98% needed to certify it"
    assert found.why == f"best estimate, not certified: a/x: {text}"


def test_the_incumbent_is_the_reference_where_the_rule_says_so(
    evidence_of: MakeEvidence, decided: Decide
) -> None:
    """b/old is five points behind a/big; c/new is as good as b/old and cheaper than both."""
    big = _right(1500, 0.95)
    old = big & ~_right(1500, 0.06, 9)
    scores = {"a/big": big, "b/old": old, "c/new": _twin(old, 0.02, 4)}
    cost = {"a/big": 0.02, "b/old": 0.01, "c/new": 0.001}
    served = (Workload("extraction", 1000, incumbent="b/old"),)
    rule = DecisionRule(reference="incumbent", switch=SwitchRule(runs=1))
    by_incumbent = Organisation("a", "A", workloads=served, rule=rule)
    found = decided(evidence_of(scores, cost=cost), by_incumbent)
    assert (found.status, found.model) == (RouteStatus.CERTIFIED, "c/new")
    assert found.why.startswith("as good as today's b/old, ")
    assert found.monthly_usd == pytest.approx(1.0)
    assert found.baseline_monthly_usd == pytest.approx(20.0)
    assert decided(evidence_of(scores, cost=cost)).model == "a/big"


def test_an_incumbent_that_was_not_measured_is_named(evidence_of: MakeEvidence, decided: Decide) -> None:
    served = (Workload("invoices", 1000, incumbent="z/gone"),)
    rule = DecisionRule(reference="incumbent")
    found = decided(
        evidence_of({"a/x": _right(400, 0.9)}), Organisation("a", "A", workloads=served, rule=rule)
    )
    assert found.why.endswith("(today's z/gone was not measured: compared with all instead)")


def test_without_a_certificate_the_incumbent_stays_unless_it_is_inferior(
    evidence_of: MakeEvidence, decided: Decide
) -> None:
    served = Organisation("a", "A", workloads=(Workload("invoices", 1000, incumbent="b/old"),))
    big = _right(250, 0.9)
    near = {"a/big": big, "b/old": big & ~_right(250, 0.02, 3)}
    far = {"a/big": big, "b/old": big & ~_right(250, 0.4, 3)}
    assert decided(evidence_of(near), served).model == "b/old"
    assert decided(evidence_of(far), served).model == "a/big"


def test_a_bar_is_a_reference_too(evidence_of: MakeEvidence, decided: Decide) -> None:
    scores = {"a/big": _right(1000, 0.95), "b/small": _right(1000, 0.85), "c/bad": _right(1000, 0.5)}
    cost = {"a/big": 0.01, "b/small": 0.002, "c/bad": 0.001}
    found = decided(evidence_of(scores, cost=cost), _ruled(reference="min_quality", min_quality=0.8))
    assert (found.status, found.model) == (RouteStatus.CERTIFIED, "b/small")
    assert found.why == "reaches 80%, 80% cheaper than a/big"
    assert {r.model: r.reason for r in found.why_not} == {"a/big": "dearer", "c/bad": "inferior"}


def test_bonferroni_divides_the_level_by_the_rivals(evidence_of: MakeEvidence, decided: Decide) -> None:
    scores = {name: _right(400, 0.9) for name in ("a/1", "b/2", "c/3", "d/4", "e/5")}
    found = decided(evidence_of(scores), _ruled(multiplicity="bonferroni"))
    assert found.alpha == pytest.approx(0.0125)


def test_the_first_fallback_is_from_another_vendor(evidence_of: MakeEvidence, decided: Decide) -> None:
    right = _right(1200, 0.9)
    scores = {"a/1": right, "a/2": right, "b/3": right, "b/4": right, "c/5": right & ~_right(1200, 0.3, 2)}
    cost = {"a/1": 0.001, "a/2": 0.002, "b/3": 0.004, "b/4": 0.003, "c/5": 0.0005}
    found = decided(evidence_of(scores, cost=cost))
    assert found.model == "a/1"
    assert found.fallbacks == ("b/4", "a/2", "b/3")


SCORES = st.lists(st.tuples(*[st.sampled_from([0.0, 0.5, 1.0])] * 3), min_size=4, max_size=30).map(
    lambda rows: np.tile(np.array(rows), (20, 1))
)


@given(scores=SCORES, order=st.permutations(range(3)))
@example(scores=np.zeros((80, 3)), order=[0, 2, 1])
@example(scores=np.zeros((80, 3)), order=[2, 1, 0])
@example(scores=np.tile([[1.0, 0.0, 0.5], [0.0, 1.0, 0.5]], (40, 1)), order=[1, 0, 2])
@settings(max_examples=30, **IN_FUNCTION)  # type: ignore[arg-type]
def test_the_order_of_models_changes_nothing(
    evidence_of: MakeEvidence, decided: Decide, scores: np.ndarray, order: list[int]
) -> None:
    names, cost = ["a/x", "b/y", "c/z"], {"a/x": 0.01, "b/y": 0.001, "c/z": 0.001}
    one = decided(evidence_of({name: scores[:, k] for k, name in enumerate(names)}, cost=cost))
    other = decided(evidence_of({names[k]: scores[:, k] for k in order}, cost=cost))
    assert (one.model, one.status, one.why, one.fallbacks) == (
        other.model,
        other.status,
        other.why,
        other.fallbacks,
    )
    assert [r.text for r in one.why_not] == [r.text for r in other.why_not]


@given(scores=SCORES)
@settings(max_examples=40, **IN_FUNCTION)  # type: ignore[arg-type]
def test_at_the_same_cost_a_worse_model_is_never_certified_before_a_better_one(
    evidence_of: MakeEvidence, decided: Decide, scores: np.ndarray
) -> None:
    names = ("a/x", "b/y", "c/z")
    found = decided(evidence_of({n: scores[:, k] for k, n in enumerate(names)}), _ruled(holdout=0.0))
    means = dict(zip(names, scores.mean(axis=0), strict=True))
    if found.status is RouteStatus.CERTIFIED:
        assert means[str(found.model)] >= max(means.values()) - 1e-9


@given(scores=SCORES, margins=st.tuples(st.floats(0.01, 0.2), st.floats(0.01, 0.2)))
@settings(max_examples=30, **IN_FUNCTION)  # type: ignore[arg-type]
def test_a_wider_margin_never_makes_the_certified_route_dearer(
    evidence_of: MakeEvidence, decided: Decide, scores: np.ndarray, margins: tuple[float, float]
) -> None:
    cost = {"a/x": 0.01, "b/y": 0.005, "c/z": 0.001}
    evidence = evidence_of({n: scores[:, k] for k, n in enumerate(cost)}, cost=cost)
    narrow, wide = (decided(evidence, _ruled(delta=delta)) for delta in sorted(margins))
    if narrow.status is RouteStatus.CERTIFIED:
        assert wide.status is RouteStatus.CERTIFIED
        assert cost[str(wide.model)] <= cost[str(narrow.model)]


def test_a_model_with_few_items_takes_no_part(evidence_of: MakeEvidence, decided: Decide) -> None:
    right = _right(1000, 0.9)
    base = evidence_of({"a/x": right, "b/new": right})
    state, score = base.state.copy(), base.score.copy()
    state[50:, 1], score[50:, 1] = 0, np.nan
    found = decided(replace(base, state=state, score=score))
    assert (found.model, found.status) == ("a/x", RouteStatus.CERTIFIED)
    assert (found.why_not[0].reason, found.why_not[0].text) == (
        "few items",
        "measured on 50 items, 300 needed to compare it",
    )
