"""What holds of every decision, whatever was measured."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from whichmodel.analyse.evidence import Evidence, Measured
from whichmodel.domain import DecisionRule, Model, Organisation, Policy, Route, RouteStatus, Workload

MakeEvidence = Callable[..., Evidence]
Decide = Callable[..., Route]
FAST = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
NAMES = ("a/w", "b/x", "c/y", "d/z")
RULES = st.sampled_from(
    [
        DecisionRule(),
        DecisionRule(reference="incumbent"),
        DecisionRule(reference="min_quality", min_quality=0.7),
        DecisionRule(multiplicity="bonferroni"),
        DecisionRule(objective="expected_cost"),
    ]
)


@st.composite
def banks(draw: st.DrawFn) -> tuple[np.ndarray, dict[str, float | None]]:
    """Scores of 400 items by four models that share the items' difficulty, and their costs."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    skill = np.array(draw(st.lists(st.sampled_from([0.6, 0.85, 0.9, 0.92]), min_size=4, max_size=4)))
    scores = (0.8 * rng.random((400, 1)) + 0.2 * rng.random((400, 4)) < skill).astype(float)
    costs = draw(st.lists(st.sampled_from([None, 0.0, 0.001, 0.0011, 0.01]), min_size=4, max_size=4))
    return scores, dict(zip(NAMES, costs, strict=True))


def _organisation(rule: DecisionRule, **changes: object) -> Organisation:
    served = (Workload("invoices", 1000, incumbent="a/w"),)
    made = Organisation("o", "O", workloads=served, rule=rule, error_cost_usd=Decimal("0.05"))
    return replace(made, **changes)  # type: ignore[arg-type]


@given(bank=banks(), rule=RULES, vendors=st.sets(st.sampled_from("abcd")))
@FAST
def test_a_barred_model_is_named_nowhere_in_a_route(
    evidence_of: MakeEvidence, decided: Decide, bank: tuple, rule: DecisionRule, vendors: set[str]
) -> None:
    scores, cost = bank
    allowed = Policy(vendors=tuple(sorted(vendors)))
    evidence = evidence_of(dict(zip(NAMES, scores.T, strict=True)), cost=cost)
    found = decided(evidence, _organisation(rule, policy=allowed))
    named = {found.model, *found.fallbacks, *found.ties, found.challenger, found.baseline_model} - {None}
    named |= {part.model for part in found.split}
    assert {str(name)[0] for name in named} <= vendors
    assert (found.model is None) == (found.status is RouteStatus.NONE)
    assert {r.model for r in found.why_not if r.reason == "policy"} == {
        n for n in NAMES if n[0] not in vendors
    }


@given(bank=banks(), rule=RULES)
@FAST
def test_a_certified_route_is_not_shown_inferior_and_costs_no_more_than_the_other_certified(
    evidence_of: MakeEvidence, decided: Decide, bank: tuple, rule: DecisionRule
) -> None:
    scores, cost = bank
    evidence = evidence_of(dict(zip(NAMES, scores.T, strict=True)), cost=cost)
    found = decided(evidence, _organisation(replace(rule, reference="best")))
    if found.status is not RouteStatus.CERTIFIED:
        return
    routed = int(NAMES.index(str(found.model)))
    kept = scores[:300].mean(axis=0)
    assert rule.objective == "expected_cost" or kept[routed] >= kept.max() - found.delta
    assert found.more_items is None
    for reason in found.why_not:
        assert reason.reason in {
            "dearer", "waits", "unknown cost", "inferior", "not shown non-inferior",
        }  # fmt: skip


@given(bank=banks(), rule=RULES, order=st.permutations(range(4)))
@FAST
def test_other_names_for_the_models_permute_the_result(
    evidence_of: MakeEvidence, decided: Decide, bank: tuple, rule: DecisionRule, order: list[int]
) -> None:
    """Names break ties alone: with costs that differ, the same model is routed under any name."""
    scores, _ = bank
    other = dict(zip(NAMES, (NAMES[k] for k in order), strict=True))
    cost = dict(zip(NAMES, (0.01, 0.005, 0.002, 0.0007), strict=True))
    columns = dict(zip(NAMES, scores.T, strict=True))
    plain = _organisation(rule)
    one = decided(evidence_of(columns, cost=cost), plain)
    renamed = {other[n]: columns[n] for n in sorted(NAMES, key=lambda n: other[n])}
    served = (Workload("invoices", 1000, incumbent=other["a/w"]),)
    two = decided(
        evidence_of(renamed, cost={other[n]: c for n, c in cost.items()}), replace(plain, workloads=served)
    )
    scored = {round(float(scores[:300, k].mean()), 12) for k in range(4)}
    if len(scored) == 4:
        assert (other.get(str(one.model)), one.status) == (two.model, two.status)


@given(bank=banks())
@FAST
def test_a_worse_and_dearer_model_never_changes_the_pick_against_the_incumbent(
    evidence_of: MakeEvidence, decided: Decide, bank: tuple
) -> None:
    scores, cost = bank
    columns = dict(zip(NAMES, scores.T, strict=True))
    plain = _organisation(DecisionRule(reference="incumbent"))
    before = decided(evidence_of(columns, cost=cost), plain)
    more = evidence_of({**columns, "e/bad": np.zeros(400)}, cost={**cost, "e/bad": 1.0})
    after = decided(more, plain)
    assert (before.model, before.status, before.ties) == (after.model, after.status, after.ties)


@given(bank=banks(), rule=RULES)
@FAST
def test_deciding_again_on_the_same_outcomes_changes_nothing(
    evidence_of: MakeEvidence, decided: Decide, bank: tuple, rule: DecisionRule
) -> None:
    scores, cost = bank
    measured = tuple(Measured(name, "s1", False, False, ("r1", "r2")) for name in NAMES)
    evidence = evidence_of(dict(zip(NAMES, scores.T, strict=True)), cost=cost, measured=measured)
    slowly = (Workload("invoices", 1000, incumbent="a/w", rollout=0.2),)
    organisation = _organisation(rule, workloads=slowly)
    first = decided(evidence, organisation)
    assert decided(evidence, organisation, previous=first) == first


def test_every_figure_of_a_route_has_its_interval(evidence_of: MakeEvidence, decided: Decide) -> None:
    rng = np.random.default_rng(1)
    right = rng.random(800) < 0.9
    paid = np.column_stack([0.01 * rng.gamma(4, 0.25, 800), 0.001 * rng.gamma(4, 0.25, 800)])
    worse = right.copy()
    worse[np.flatnonzero(right)[:5]] = False
    found = decided(evidence_of({"a/big": right, "b/small": worse}, cost_usd=paid))
    assert (found.model, found.baseline_model) == ("b/small", "a/big")
    assert found.saving_low is not None
    assert found.saving_high is not None
    assert found.cost_low_per_1k_usd is not None
    assert found.cost_high_per_1k_usd is not None
    assert found.saving_low < float(found.saving or 0) < found.saving_high
    assert found.cost_low_per_1k_usd < float(found.cost_per_1k_usd or 0) < found.cost_high_per_1k_usd
    assert 0.03 < (found.cost_high_per_1k_usd / found.cost_low_per_1k_usd - 1) < 0.4


@pytest.mark.parametrize("size", [1, 4])
def test_costs_of_a_cluster_are_resampled_together(
    evidence_of: MakeEvidence, decided: Decide, size: int
) -> None:
    """Four copies of an item are no more than one: the cost's interval is as wide as that of a quarter."""
    rng = np.random.default_rng(2)
    paid = np.repeat(0.001 * rng.gamma(1, 1, 100), 4)[:, None]
    clusters = np.arange(400) // size
    organisation = Organisation("o", "O", rule=DecisionRule(holdout=0.0))
    found = decided(evidence_of({"a/x": np.ones(400)}, cost_usd=paid, clusters=clusters), organisation)
    width = float(found.cost_high_per_1k_usd or 0) - float(found.cost_low_per_1k_usd or 0)
    error = 1000 * float(paid.std()) / (400 / size) ** 0.5
    assert width == pytest.approx(3.92 * error, rel=0.2)


def test_models_of_no_configuration_are_never_routed(evidence_of: MakeEvidence, decided: Decide) -> None:
    known = {"a/w": Model("a/w", "a/w", "a")}
    found = decided(evidence_of({n: np.ones(400) for n in NAMES}), None, known)
    assert (found.model, found.fallbacks) == ("a/w", ())
