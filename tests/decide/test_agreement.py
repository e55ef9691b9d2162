"""When an agreement policy may stand before a route."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from answered import answered

from whichmodel.analyse.answers import Answers
from whichmodel.analyse.evidence import Evidence
from whichmodel.decide.agreement import adopted
from whichmodel.decide.table import table
from whichmodel.domain import (
    AgreementPolicy,
    DecisionRule,
    Model,
    Organisation,
    Policy,
    Route,
    RouteStatus,
    Workload,
)

Decide = Callable[..., Route]
CASCADE = AgreementPolicy("cascade", "invoices", ("a/a", "b/b"), 2, "c/strong")
REVIEW = AgreementPolicy("review", "invoices", ("a/a", "b/b"), 2)
NAMES = ("a/a", "b/b", "c/strong")
MODELS = {
    name: Model(id=name, inspect_name=name, vendor=name[0], region="us" if name == "b/b" else "eu")
    for name in NAMES
}


def bank(n: int = 1200, *, alike: float = 0.02, skill: float = 0.9, **options: Any) -> Answers:
    """Two cheap models right on `skill` of the items, the strong one on .97.

    alike: share of items on which the cheap ones give one wrong answer.
    """
    rng = np.random.default_rng(3)
    fooled = rng.random(n) < alike
    said = {
        name: np.where(fooled, "trap", np.where(rng.random(n) < skill, "right", f"wrong {name}")).tolist()
        for name in NAMES[:2]
    }
    said["c/strong"] = np.where(rng.random(n) < 0.97, "right", "miss").tolist()
    given = {"cost": {"c/strong": 0.05}, **options}
    return answered(said, ["right"] * n, **given)


def acme(*policies: AgreementPolicy, **changes: Any) -> Organisation:
    return Organisation("acme", "ACME", agreements=policies, **changes)


def before(there: Answers, organisation: Organisation, decided: Decide) -> Route:
    return adopted(decided(there.evidence, organisation, MODELS), there, MODELS, organisation)


def test_a_policy_as_good_as_the_routed_model_and_cheaper_stands_before_it(decided: Decide) -> None:
    route = before(bank(), acme(CASCADE), decided)
    assert (route.model, route.agreement) == ("c/strong", CASCADE)
    assert route.why.endswith(
        "; before it the policy cascade: as good within 3 points, 78% cheaper (300 held-out items)"
    )


def test_the_route_s_own_figures_stay_those_of_its_model(decided: Decide) -> None:
    organisation = acme(CASCADE)
    plain = decided(bank().evidence, organisation, MODELS)
    route = before(bank(), organisation, decided)
    assert replace(route, agreement=None, why=plain.why) == plain


def test_models_that_fall_for_the_same_trap_are_not_as_good(decided: Decide) -> None:
    assert before(bank(alike=0.08), acme(CASCADE), decided).agreement is None


def test_a_policy_that_saves_nothing_is_not_taken(decided: Decide) -> None:
    dear = bank(cost={"a/a": 0.03, "b/b": 0.03, "c/strong": 0.05})
    assert before(dear, acme(CASCADE), decided).agreement is None


def test_an_unknown_cost_is_never_cheap(decided: Decide) -> None:
    unpriced = bank(cost={"a/a": float("nan"), "c/strong": 0.05})
    assert before(unpriced, acme(CASCADE), decided).agreement is None
    assert before(bank(), acme(REVIEW), decided).agreement is None


def test_a_person_is_dear_beside_a_strong_model_and_cheap_beside_its_errors(decided: Decide) -> None:
    priced = {"review_cost_usd": Decimal("0.10"), "error_cost_usd": Decimal("20")}
    dear = acme(REVIEW, review_cost_usd=Decimal("1.50"), error_cost_usd=Decimal("20"))
    assert before(bank(), dear, decided).agreement is None
    assert before(bank(alike=0.0), acme(REVIEW, **priced), decided).agreement == REVIEW


def test_an_error_that_costs_more_than_the_strong_model_saves_keeps_the_policy_away(decided: Decide) -> None:
    """As good within 3 points and cheaper to ask, but not once its errors are paid for."""
    assert before(bank(), acme(CASCADE, error_cost_usd=Decimal("0.01")), decided).agreement == CASCADE
    assert before(bank(), acme(CASCADE, error_cost_usd=Decimal("20")), decided).agreement is None


def test_of_several_the_cheapest_that_passes_is_taken(decided: Decide) -> None:
    third = replace(CASCADE, name="three", models=NAMES, quorum=2)
    assert before(bank(), acme(third, CASCADE), decided).agreement == CASCADE


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"policy": Policy(regions=("eu",))}, "a model runs where none may"),
        ({"p95_s": 1.5}, "two calls in a row take 2 s"),
        ({"floor": 0.97}, "the score is not shown to be above the floor"),
        ({"workloads": (Workload("invoices", 10, floor=0.97),)}, "nor above the task's own floor"),
        ({"rule": DecisionRule(holdout=0.0)}, "nothing is held out"),
        ({"rule": DecisionRule(min_items=5000)}, "the bank is small"),
    ],
)
def test_what_bars_a_model_bars_a_policy(decided: Decide, changes: dict[str, Any], why: str) -> None:
    organisation = acme(CASCADE, **changes)
    certified = replace(
        decided(bank().evidence, acme(CASCADE), MODELS), status=RouteStatus.CERTIFIED, model="c/strong"
    )
    assert adopted(certified, bank(), MODELS, organisation).agreement is None, why


def test_only_a_certified_route_has_a_policy_before_it(decided: Decide) -> None:
    certified = decided(bank().evidence, acme(CASCADE), MODELS)
    for status in (RouteStatus.PROVISIONAL, RouteStatus.INSUFFICIENT, RouteStatus.JUDGE_ONLY):
        held = replace(certified, status=status)
        assert adopted(held, bank(), MODELS, acme(CASCADE)) == held


@pytest.mark.parametrize(
    "policy",
    [
        replace(CASCADE, models=("a/a", "x/none")),
        replace(CASCADE, otherwise="x/none"),
        replace(CASCADE, task="receipts"),
    ],
)
def test_a_policy_that_cannot_be_replayed_here_changes_nothing(
    decided: Decide, policy: AgreementPolicy
) -> None:
    plain = decided(bank().evidence, acme(policy), MODELS)
    assert before(bank(), acme(policy), decided) == plain


def test_answers_of_another_bank_or_none_at_all_change_nothing(decided: Decide) -> None:
    plain = decided(bank().evidence, acme(CASCADE), MODELS)
    other = bank()
    other = replace(other, evidence=replace(other.evidence, task_hash="invoices-2"))
    assert adopted(plain, other, MODELS, acme(CASCADE)) == plain
    assert adopted(plain, None, MODELS, acme(CASCADE)) == plain


def _spoilt(there: Answers) -> Answers:
    """On the last quarter both cheap models give the same wrong answer each fifth time."""
    n = len(there.evidence.items)
    code, score = there.code.copy(), there.evidence.score.copy()
    code[3 * n // 4 :: 5, :2], score[3 * n // 4 :: 5, :2] = 99, 0
    return replace(there, code=code, evidence=replace(there.evidence, score=score))


def test_a_holdout_that_speaks_against_it_keeps_it_away(decided: Decide) -> None:
    assert before(_spoilt(bank()), acme(CASCADE), decided).agreement is None


def test_the_table_carries_it(evidence_of: Callable[..., Evidence]) -> None:
    there = bank()
    _, found = table(
        [there.evidence],
        MODELS,
        acme(CASCADE),
        now=datetime(2026, 11, 24, tzinfo=UTC),
        simulated=False,
        answers={"invoices": there},
    )
    assert [route.agreement for route in found.routes] == [CASCADE]


def test_a_bank_at_the_margin_is_adopted_no_more_often_than_alpha(decided: Decide) -> None:
    """200 banks whose policy is worse by just the margin: the test holds for it as for a model."""
    rng, n, taken = np.random.default_rng(11), 1200, 0
    there = bank(n)
    plain = decided(there.evidence, acme(CASCADE), MODELS)
    for _ in range(200):
        strong = rng.random(n) < 0.97
        fooled = rng.random(n) < 0.03 / 0.97
        code = np.column_stack([fooled, fooled, np.where(strong, 0, 2)]).astype(np.int64)
        score = (code == 0).astype(np.float64)
        score[~strong & ~fooled, :2], code[~strong & ~fooled, :2] = 0, 2
        made = Answers(replace(there.evidence, score=score), code, 1)
        taken += adopted(plain, made, MODELS, acme(CASCADE)).agreement is not None
    assert 0 < taken / 200 <= 0.05 + 2 * (0.05 * 0.95 / 200) ** 0.5
