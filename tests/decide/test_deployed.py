"""A deployed table beside the decision of today."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from whichmodel.analyse.evidence import Evidence, Measured
from whichmodel.analyse.standings import standings
from whichmodel.decide.advice import command, open_models
from whichmodel.decide.deployed import changes, findings
from whichmodel.decide.funnel import funnel
from whichmodel.decide.route import decided as whole
from whichmodel.decide.table import table
from whichmodel.domain import Model, Organisation, Policy, RouteStatus, RoutingTable, Workload

MakeEvidence = Callable[..., Evidence]
NOW = datetime(2026, 11, 24, tzinfo=UTC)
MODELS = {name: Model(name, name, name[0], region="eu") for name in ("a/big", "b/small", "c/bad")}
PLAIN = Organisation("acme", "ACME")


def _bank(make: MakeEvidence, **changes: object) -> Evidence:
    rng = np.random.default_rng(0)
    right = (rng.random(800) < 0.9).astype(float)
    small = right.copy()
    small[np.flatnonzero(right)[:9:3]] = 0
    scores = {"a/big": right, "b/small": small, "c/bad": right * (rng.random(800) < 0.8)}
    given: dict[str, object] = {
        "cost": {"a/big": 0.01, "b/small": 0.001, "c/bad": 0.0001},
        "measured": tuple(
            Measured(name, MODELS[name].settings_hash, False, False, ("r1",)) for name in scores
        ),
        **changes,
    }
    return make(scores, **given)


def _decide(
    bank: Evidence, organisation: Organisation = PLAIN, last: RoutingTable | None = None
) -> RoutingTable:
    return table([bank], MODELS, organisation, now=NOW, simulated=False, previous=last)[1]


def _found(
    deployed: RoutingTable, bank: Evidence, organisation: Organisation = PLAIN
) -> list[tuple[str, str]]:
    today = _decide(bank, organisation, deployed)
    rows = standings(bank, MODELS)
    return [(f.kind, f.text) for f in findings(deployed, today, rows, MODELS, NOW)]


def _with(deployed: RoutingTable, **changes: object) -> RoutingTable:
    return replace(deployed, routes=(replace(deployed.routes[0], **changes),))  # type: ignore[arg-type]


def test_a_table_that_still_holds_has_no_finding(evidence_of: MakeEvidence) -> None:
    bank = _bank(evidence_of)
    assert _found(_decide(bank), bank) == []


def test_an_expired_table_says_when(evidence_of: MakeEvidence) -> None:
    bank = _bank(evidence_of)
    old = replace(_decide(bank), expires_at=NOW - timedelta(days=1))
    assert _found(old, bank) == [
        ("expired", "the table expired on 2026-11-23: measure anew, then decide again")
    ]


@pytest.mark.parametrize(
    ("model", "organisation", "kind"),
    [
        ("c/bad", PLAIN, "inferior"),
        ("b/small", Organisation("acme", "ACME", policy=Policy(vendors=("a",))), "banned"),
        ("b/small", Organisation("acme", "ACME", p95_s=0.5), "too slow"),
        ("c/bad", Organisation("acme", "ACME", floor=0.85), "below floor"),
        ("z/gone", PLAIN, "not measured"),
    ],
)
def test_a_regressed_route_is_found(
    evidence_of: MakeEvidence, model: str, organisation: Organisation, kind: str
) -> None:
    bank = _bank(evidence_of)
    [(found, text)] = _found(_with(_decide(bank), model=model), bank, organisation)
    assert found == kind
    assert text


def test_a_cost_that_became_unknown_is_found(evidence_of: MakeEvidence) -> None:
    bank = _bank(evidence_of)
    deployed = _decide(bank)
    unknown = bank.cost_usd.copy()
    unknown[:, :] = np.nan
    kinds = [kind for kind, _ in _found(_with(deployed, model="a/big"), replace(bank, cost_usd=unknown))]
    assert kinds == ["unpriced"]


def test_other_settings_are_found(evidence_of: MakeEvidence) -> None:
    old = tuple(Measured(name, "older", False, False, ("r1",)) for name in MODELS)
    bank = _bank(evidence_of, measured=old)
    [(kind, text)] = _found(_decide(bank), bank)
    assert kind == "not measured"
    assert text.startswith("its settings are new")


def test_a_task_that_is_not_measured_any_more_is_found(evidence_of: MakeEvidence) -> None:
    bank = _bank(evidence_of)
    gone = _with(_decide(bank), task="letters")
    assert [kind for kind, _ in _found(gone, bank)] == ["not measured"]


def test_changes_name_what_a_gateway_would_notice(evidence_of: MakeEvidence) -> None:
    bank = _bank(evidence_of)
    today = _decide(bank)
    assert [change.aspects for change in changes(today, today)] == [()]
    before = _with(today, model="a/big", status=RouteStatus.PROVISIONAL, fallbacks=())
    assert changes(before, today)[0].aspects == ("model", "status", "fallbacks")
    other = _with(today, task="letters")
    assert [(c.task, c.aspects) for c in changes(other, today)] == [
        ("invoices", ("new",)),
        ("letters", ("gone",)),
    ]


def test_the_funnel_counts_down_to_the_route(evidence_of: MakeEvidence) -> None:
    bank = _bank(evidence_of)
    served = Organisation("acme", "ACME", workloads=(Workload("invoices", 1, floor=0.85),))
    found = whole(bank, standings(bank, MODELS), MODELS, served)
    assert found.choice is not None
    stages = funnel(found.field, found.choice.pick)
    assert [stage.left for stage in stages] == [3, 3, 3, 3, 2, 2, 1]
    assert stages[4].lost == ("c/bad",)
    nobody = whole(bank, standings(bank, MODELS), MODELS, replace(PLAIN, policy=Policy(vendors=())))
    assert [stage.left for stage in funnel(nobody.field, None)] == [3, 0, 0, 0, 0, 0, 0]


def test_a_cheaper_model_that_is_open_is_named_with_what_would_settle_it(evidence_of: MakeEvidence) -> None:
    big = np.random.default_rng(1).random(400) < 0.9
    near = big.copy()
    near[np.flatnonzero(big)[:120:10]] = False
    near[np.flatnonzero(~big)[:20:2]] = True
    bank = evidence_of({"a/big": big, "b/small": near}, cost={"a/big": 0.01, "b/small": 0.001})
    found = whole(bank, standings(bank, MODELS), MODELS, PLAIN)
    assert found.choice is not None
    [near_by] = open_models(found.field, found.choice.pick, found.items)
    assert (found.route.model, near_by.model) == ("a/big", "b/small")
    assert 0 < near_by.more_items < 2000


def test_the_advice_asks_for_more_items_of_the_task_first_where_the_bank_has_no_more() -> None:
    assert command("invoices", None, 100, None) == ()
    assert command("invoices", 50, 100, None) == ("bench run --tasks invoices",)
