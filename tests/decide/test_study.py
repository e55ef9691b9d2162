"""What is said of a task's policies together."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from answered import answered

from whichmodel.analyse.agreement.replay import Terms
from whichmodel.decide.error_target import family
from whichmodel.decide.study import Study, study, terms_of
from whichmodel.domain import AgreementPolicy, Model, Organisation, Policy, Workload

N = 400
NAMES = ("a/a", "b/b", "c/c", "d/few")
MODELS = {name: Model(id=name, inspect_name=name, vendor=name[0]) for name in NAMES}
BANK = answered(
    {name: ["x"] * N for name in NAMES},
    scores={
        "a/a": [1.0] * 360 + [0.0] * 40,
        "b/b": [1.0] * 320 + [0.0] * 80,
        "c/c": [1.0] * 380 + [0.0] * 20,
        "d/few": [1.0] * 20 + [float("nan")] * 380,
    },
)
PAIR = AgreementPolicy("pair", "invoices", ("a/a", "b/b"), 2)


def found(organisation: Organisation, *policies: AgreementPolicy) -> Study:
    return study(BANK, policies or (PAIR,), Terms(), MODELS, organisation)


def test_the_best_single_model_is_allowed_configured_and_measured_on_the_whole_bank() -> None:
    everyone = Organisation("acme", "ACME")
    assert (found(everyone).best_single, found(everyone).of) == ("c/c", 3)
    assert found(Organisation("acme", "ACME", policy=Policy(vendors=("a", "b")))).best_single == "a/a"
    gone = {name: model for name, model in MODELS.items() if name != "c/c"}
    assert study(BANK, [PAIR], Terms(), gone, everyone).best_single == "a/a"
    assert found(Organisation("acme", "ACME", policy=Policy(vendors=()))).best_single is None


def test_a_policy_of_models_that_may_not_be_used_says_so() -> None:
    one = found(Organisation("acme", "ACME", policy=Policy(vendors=("a",)))).policies[0]
    assert one.forbidden.startswith("b/b: ")
    gone = study(BANK, [PAIR], Terms(), {"a/a": MODELS["a/a"]}, Organisation("acme", "ACME")).policies[0]
    assert gone.forbidden == "b/b: it is not configured any more"
    assert found(Organisation("acme", "ACME")).policies[0].forbidden == ""


def test_the_strong_model_is_named_once_where_it_is_the_best_single_one() -> None:
    [one] = found(Organisation("acme", "ACME"), replace(PAIR, otherwise="c/c")).policies
    assert [row.name for row in one.against] == ["c/c"]
    [other] = found(Organisation("acme", "ACME"), replace(PAIR, otherwise="a/a")).policies
    assert [row.name for row in other.against] == ["a/a", "c/c"]
    [people] = found(Organisation("acme", "ACME")).policies
    assert [row.name for row in people.against] == ["c/c", "a person"]


def test_a_model_measured_on_few_items_is_compared_on_those_and_shrinks_nothing_else() -> None:
    [one] = found(Organisation("acme", "ACME")).policies
    assert one.figures.items == N
    [few] = found(Organisation("acme", "ACME"), replace(PAIR, otherwise="d/few")).policies
    assert (few.figures.items, few.figures.left_out) == (20, N - 20)


def test_every_pair_of_models_is_told_once() -> None:
    policies = family("invoices", NAMES[:3], None)
    pairs = [(pair.a, pair.b) for pair in found(Organisation("acme", "ACME"), *policies).together]
    assert pairs == [("a/a", "b/b"), ("a/a", "c/c"), ("b/b", "c/c")]


@pytest.mark.parametrize(
    ("own", "general", "error"), [(None, None, None), (None, "2", 2.0), ("0.5", "2", 0.5), ("0", "2", 0.0)]
)
def test_a_task_s_own_cost_of_an_error_comes_first(
    own: str | None, general: str | None, error: float | None
) -> None:
    organisation = Organisation(
        "acme",
        "ACME",
        workloads=(Workload("extraction", 10, error_cost_usd=Decimal(own) if own else None),),
        error_cost_usd=Decimal(general) if general else None,
        reviewer_error=0.1,
    )
    assert terms_of(organisation, "invoices", "extraction") == Terms(None, 0.1, error)
