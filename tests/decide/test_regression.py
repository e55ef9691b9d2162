"""What a deployed table promised, against what is measured now: broken promises, and none by mere chance."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from whichmodel.analyse.evidence import Evidence, Measured
from whichmodel.decide.regression import Regression, regression
from whichmodel.decide.table import table
from whichmodel.domain import DecisionRule, Model, Organisation, RouteStatus, RoutingTable, Workload
from whichmodel.store import Again

MakeEvidence = Callable[..., Evidence]
NOW = datetime(2026, 11, 24, tzinfo=UTC)
NAMES = ("a/big", "b/small", "c/late")
MODELS = {name: Model(name, name, name[0]) for name in NAMES}
PLAIN = Organisation("acme", "ACME")
COST = {"a/big": 0.01, "b/small": 0.001, "c/late": 0.02}
ITEMS = 800


def scores(rng: np.random.Generator, items: int = ITEMS, *, lost: float = 0.005) -> dict[str, np.ndarray]:
    """Two models of which the cheap one loses a share of the right answers."""
    right = rng.random(items) < 0.9
    return {"a/big": right * 1.0, "b/small": (right & (rng.random(items) >= lost)) * 1.0}


def bank(make: MakeEvidence, found: Mapping[str, np.ndarray], **changes: object) -> Evidence:
    """r2 measured c/late, and the others were measured before."""
    runs = {"a/big": ("r1",), "b/small": ("r1",), "c/late": ("r2",)}
    given: dict[str, object] = {
        "cost": COST,
        "measured": tuple(Measured(n, MODELS[n].settings_hash, False, False, runs[n]) for n in found),
        **changes,
    }
    return make(found, **given)


def deployed(evidence: Evidence, organisation: Organisation = PLAIN) -> RoutingTable:
    made = table([evidence], MODELS, organisation, now=NOW, simulated=False)[1]
    [route] = made.routes
    assert (route.model, route.status) == ("b/small", RouteStatus.CERTIFIED)
    return made


def found(
    old: RoutingTable, *now: Evidence, organisation: Organisation = PLAIN, again: tuple[Again, ...] = ()
) -> Regression:
    return regression(old, now, again, MODELS, organisation)


def test_what_has_not_changed_holds(evidence_of: MakeEvidence) -> None:
    evidence = bank(evidence_of, scores(np.random.default_rng(0)))
    made = found(deployed(evidence), evidence)
    assert [(p.kind, p.n) for p in made.promises] == [("inferior", ITEMS), ("dearer", ITEMS)]
    assert (made.broken, made.untested) == ((), ())
    assert made.limit == pytest.approx(math.log(2 / 0.05))


def test_a_model_that_got_worse_is_found_and_a_narrowly_missed_certificate_is_not(
    evidence_of: MakeEvidence,
) -> None:
    old = deployed(bank(evidence_of, scores(np.random.default_rng(0))))
    worse = bank(evidence_of, scores(np.random.default_rng(1), lost=0.14))
    [broken] = found(old, worse).broken
    assert (broken.kind, broken.task, broken.model) == ("inferior", "invoices", "b/small")
    assert "points below a/big (800 pairs, 95% interval -" in broken.text
    narrow = bank(evidence_of, scores(np.random.default_rng(2), lost=0.03))
    [today] = table([narrow], MODELS, PLAIN, now=NOW, simulated=False, previous=old)[1].routes
    assert today.model != "b/small"
    assert found(old, narrow).broken == ()


def test_a_better_model_measured_since_overtakes(evidence_of: MakeEvidence) -> None:
    before = scores(np.random.default_rng(0))
    old = deployed(bank(evidence_of, before))
    [broken] = found(old, bank(evidence_of, {**before, "c/late": np.ones(ITEMS)})).broken
    assert broken.kind == "overtaken"
    bars_it = Organisation("acme", "ACME", policy=replace(PLAIN.policy, vendors=("a", "b")))
    assert (
        found(old, bank(evidence_of, {**before, "c/late": np.ones(ITEMS)}), organisation=bars_it).broken == ()
    )


@pytest.mark.parametrize(
    ("organisation", "changes", "kind"),
    [
        (Organisation("acme", "ACME", floor=0.97), {}, "below floor"),
        (Organisation("acme", "ACME", p95_s=2.0), {"latency": {"b/small": np.arange(ITEMS) % 8}}, "too slow"),
        (PLAIN, {"cost": {**COST, "b/small": 0.0013}}, "dearer"),
    ],
)
def test_floor_latency_and_cost_are_promises_too(
    evidence_of: MakeEvidence, organisation: Organisation, changes: dict[str, object], kind: str
) -> None:
    before = scores(np.random.default_rng(0))
    old = deployed(bank(evidence_of, before))
    assert [
        p.kind for p in found(old, bank(evidence_of, before, **changes), organisation=organisation).broken
    ] == [kind]


def test_a_cost_within_a_tenth_of_what_was_stated_is_none(evidence_of: MakeEvidence) -> None:
    before = scores(np.random.default_rng(0))
    old = deployed(bank(evidence_of, before))
    assert found(old, bank(evidence_of, before, cost={**COST, "b/small": 0.00109})).broken == ()


def _again(down: int, up: int, n: int) -> Again:
    """Of n items asked anew so many got worse and better."""
    change, then = up - down, n * 9 // 10
    square = float(down + up)
    return Again(
        "invoices", "b/small", n, n, change, square, n, square, change, n, then, then + change, 0.1, 0.1
    )


def test_the_same_items_answered_worse_are_a_drift(evidence_of: MakeEvidence) -> None:
    evidence = bank(evidence_of, scores(np.random.default_rng(0)))
    old = deployed(evidence)
    assert [p.kind for p in found(old, evidence, again=(_again(60, 5, 300),)).broken] == ["drifted"]
    assert found(old, evidence, again=(_again(14, 9, 300),)).broken == ()


def test_what_promised_nothing_or_is_not_measured_is_named_as_not_tested(evidence_of: MakeEvidence) -> None:
    evidence = bank(evidence_of, scores(np.random.default_rng(0)))
    old = deployed(evidence)
    provisional = replace(old, routes=(replace(old.routes[0], status=RouteStatus.PROVISIONAL),))
    told = [found(provisional, evidence), found(old), found(_named(old, "z/gone"), evidence)]
    assert [[one.text for one in each.untested] for each in told] == [
        ["it was provisional, which promises nothing"],
        ["nothing is measured of the task any more"],
        ["the model is not measured any more"],
    ]
    assert all(each.promises == () for each in told)


def _named(old: RoutingTable, model: str) -> RoutingTable:
    return replace(old, routes=(replace(old.routes[0], model=model),))


def test_only_people_speak_of_judged_tasks_and_only_the_bar_where_that_is_the_reference(
    evidence_of: MakeEvidence,
) -> None:
    before = scores(np.random.default_rng(0))
    old = deployed(bank(evidence_of, before))
    judged = bank(evidence_of, scores(np.random.default_rng(1), lost=0.5), judged=True)
    assert [p.kind for p in found(old, judged).promises] == ["dearer"]
    rule = DecisionRule(reference="min_quality", min_quality=0.6)
    asked = Organisation("acme", "ACME", rule=rule, workloads=(Workload("invoices", 1, floor=0.5),))
    worse = bank(evidence_of, scores(np.random.default_rng(1), lost=0.5))
    assert [p.kind for p in found(old, worse, organisation=asked).broken] == ["below floor"]


def test_a_table_whose_promises_just_hold_is_seldom_called_broken_at_any_look(
    evidence_of: MakeEvidence,
) -> None:
    """Both promises at their edge, looked at after every 100 items: at most 5% may ever raise an alarm."""
    old = deployed(bank(evidence_of, scores(np.random.default_rng(0))))
    least, alarms = 0.03 / 0.9, 0
    for seed in range(200):
        rng = np.random.default_rng([7, seed])
        whole = bank(evidence_of, scores(rng, lost=least))
        cost = whole.cost_usd * rng.lognormal(-0.125, 0.5, whole.cost_usd.shape) * 1.1
        whole = replace(whole, cost_usd=cost)
        alarms += any(found(old, whole.rows(0, look)).broken for look in range(100, ITEMS + 1, 100))
    assert alarms <= 200 * 0.05
