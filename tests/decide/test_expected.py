"""The objective of the least expected cost, errors priced in (DECISION section 5)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from whichmodel.analyse.evidence import Evidence
from whichmodel.decide.expected import stakes
from whichmodel.domain import DecisionRule, Organisation, Route, RouteStatus, Workload

MakeEvidence = Callable[..., Evidence]
Decide = Callable[..., Route]
RULE = DecisionRule(objective="expected_cost")


def _right(n: int, share: float, seed: int = 0) -> np.ndarray:
    return (np.random.default_rng(seed).permutation(n) < round(n * share)).astype(float)


def _priced(error_usd: str, **changes: object) -> Organisation:
    return Organisation("o", "O", rule=RULE, error_cost_usd=Decimal(error_usd), **changes)  # type: ignore[arg-type]


def _two(make: MakeEvidence, n: int = 1600) -> Evidence:
    """A dear model that is right on 95% and one at a hundredth of its cost that is right on 85%."""
    big = _right(n, 0.95)
    small = big * (np.random.default_rng(2).random(n) < 0.85 / 0.95)
    return make({"a/big": big, "b/small": small}, cost={"a/big": 0.02, "b/small": 0.0002})


def test_the_price_of_an_error_decides_which_model_is_cheapest(
    evidence_of: MakeEvidence, decided: Decide
) -> None:
    """0.1 more errors a request: worth it from 0.0198 / 0.1 = 0.198 USD an error."""
    cheap, dear = (decided(_two(evidence_of), _priced(price)) for price in ("0.05", "1"))
    assert (cheap.model, cheap.status) == ("b/small", RouteStatus.CERTIFIED)
    assert (dear.model, dear.status) == ("a/big", RouteStatus.CERTIFIED)
    assert dear.why.startswith("least expected cost: $7")
    assert "with errors at $1.00 each; the best with 100%, expected loss $0.00" in dear.why
    assert dear.why_not[0].reason == "inferior"
    assert "more for 1,000 requests than a/big, errors included" in dear.why_not[0].text


def test_a_workloads_own_price_of_an_error_comes_first(evidence_of: MakeEvidence, decided: Decide) -> None:
    own = (Workload("invoices", 10, error_cost_usd=Decimal("1")),)
    assert decided(_two(evidence_of), _priced("0.05", workloads=own)).model == "a/big"


def test_an_unknown_cost_never_wins(evidence_of: MakeEvidence, decided: Decide) -> None:
    big = _right(1600, 0.95)
    scores = {"a/big": big, "b/unpriced": np.ones(1600)}
    found = decided(evidence_of(scores, cost={"a/big": 0.02, "b/unpriced": None}), _priced("5"))
    assert (found.model, found.why_not[0].reason) == ("a/big", "unknown cost")
    nobody = decided(evidence_of(scores, cost=dict.fromkeys(scores)), _priced("5"))
    assert (nobody.status, nobody.cost_per_1k_usd) == (RouteStatus.PROVISIONAL, None)
    assert nobody.why == "best estimate, not certified: no model's cost is known, so no expected cost is"


def test_a_small_bank_is_not_certified_and_says_how_many_items_are_missing(
    evidence_of: MakeEvidence, decided: Decide
) -> None:
    found = decided(_two(evidence_of, 100), _priced("0.2"))
    assert found.status is RouteStatus.INSUFFICIENT
    assert found.more_items is not None
    assert found.more_items >= 200
    strict = replace(_priced("0.2"), rule=replace(RULE, delta=0.01))
    near = decided(_two(evidence_of, 400), strict)
    assert near.status is RouteStatus.PROVISIONAL
    assert near.why.startswith("best estimate, not certified: its expected cost is the least with ")


def test_equal_models_share_the_chance_of_being_best(evidence_of: MakeEvidence) -> None:
    right = _right(500, 0.9)
    found = stakes(evidence_of({"a/x": right, "b/y": right}), (0, 1), 1.0)
    assert found is not None
    assert found.probability_best(0) + found.probability_best(1) == pytest.approx(1)
    assert found.best == 0
    assert found.loss(0) == pytest.approx(found.loss(1))


def test_a_posterior_of_few_right_answers_is_not_certain(evidence_of: MakeEvidence) -> None:
    """20 of 20: the posterior mean is 21/22 and the draws reach beyond one error in a hundred."""
    found = stakes(evidence_of({"a/x": np.ones(20)}, cost={"a/x": 0.0}), (0,), 1.0)
    assert found is not None
    assert found.cost(0) == pytest.approx(1 / 22)
    assert found.interval(0)[1] > 0.08


def test_the_chance_of_being_best_is_what_it_says(evidence_of: MakeEvidence) -> None:
    """Where a model is said to be the best with 60 to 80%, it is about so often."""
    rng = np.random.default_rng(4)
    hits, said = [], []
    for _ in range(500):
        skill = 0.75 + rng.uniform(-0.15, 0.15, 2)
        hard = rng.random((120, 1))
        scores = (0.5 * hard + 0.5 * rng.random((120, 2)) < skill).astype(float)
        found = stakes(evidence_of({"a": scores[:, 0], "b": scores[:, 1]}), (0, 1), 1.0)
        assert found is not None
        truth = _chance(skill)
        chance = found.probability_best(0)
        if 0.6 < chance < 0.8 or 0.2 < chance < 0.4:
            said.append(max(chance, 1 - chance))
            hits.append((truth[0] > truth[1]) == (chance > 0.5))
    assert len(hits) > 50
    assert abs(np.mean(hits) - np.mean(said)) < 0.15


def _chance(skill: np.ndarray) -> np.ndarray:
    """P(0.5 U + 0.5 V < s) of two uniform numbers."""
    return np.where(skill < 0.5, 2 * skill**2, 1 - 2 * (1 - skill) ** 2)
