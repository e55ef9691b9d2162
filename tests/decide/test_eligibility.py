"""Who may be routed to, and who may be certified."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from whichmodel.analyse.evidence import REFUSED, Evidence
from whichmodel.domain import Model, Organisation, Policy, Route, RouteStatus, Workload

MakeEvidence = Callable[..., Evidence]
Decide = Callable[..., Route]
EU = Model(
    id="a/eu",
    inspect_name="a/eu",
    vendor="a",
    region="eu",
    data_classes=("public", "personal"),
    licence="MIT",
)
US = replace(EU, id="b/us", vendor="b", region="us", data_classes=("public",), licence=None)


@pytest.mark.parametrize(
    ("policy", "text"),
    [
        (Policy(vendors=("a", "c")), "its vendor is b; allowed: a, c"),
        (Policy(regions=("eu",)), "its region is us; allowed: eu"),
        (Policy(licences=("MIT",)), "its licence is unknown; allowed: MIT"),
        (Policy(data_classes=("public", "personal")), "it is not cleared for personal data"),
    ],
)
def test_a_policy_bars_a_model_and_says_why(
    evidence_of: MakeEvidence, decided: Decide, policy: Policy, text: str
) -> None:
    evidence = evidence_of({"a/eu": np.ones(400), "b/us": np.ones(400)})
    found = decided(evidence, Organisation("o", "O", policy=policy), {"a/eu": EU, "b/us": US})
    assert found.model == "a/eu"
    assert [(r.model, r.reason, r.text) for r in found.why_not] == [("b/us", "policy", text)]


def test_a_rule_in_the_own_process_is_within_every_policy(evidence_of: MakeEvidence, decided: Decide) -> None:
    rule = Model(id="rule/extract", inspect_name="rule/extract", vendor="rule", baseline=True)
    strict = Policy(vendors=(), regions=("eu",), data_classes=("personal",), licences=())
    found = decided(
        evidence_of({"rule/extract": np.ones(400)}),
        Organisation("o", "O", policy=strict),
        {"rule/extract": rule},
    )
    assert found.model == "rule/extract"


def test_nobody_left_is_no_route(evidence_of: MakeEvidence, decided: Decide) -> None:
    evidence = evidence_of({"a/eu": np.ones(400), "b/us": np.ones(400)})
    organisation = Organisation("o", "O", p95_s=0.5, policy=Policy(regions=("eu",)))
    found = decided(evidence, organisation, {"a/eu": EU, "b/us": US})
    assert (found.model, found.status, found.fallbacks) == (None, RouteStatus.NONE, ())
    assert found.why == "no model may be used: 1 too slow, 1 barred by policy"
    assert (found.score, found.saving, found.cost_per_1k_usd) == (None, None, None)


def test_the_best_of_those_allowed_is_not_called_the_best_of_all(
    evidence_of: MakeEvidence, decided: Decide
) -> None:
    weak, strong = np.arange(800) % 5 > 0, np.arange(800) % 40 > 0
    evidence = evidence_of({"a/eu": weak, "b/us": strong, "c/eu": np.arange(800) % 3 > 0})
    policy = Organisation("o", "O", policy=Policy(regions=("eu",)))
    known = {"a/eu": EU, "b/us": US, "c/eu": replace(EU, id="c/eu")}
    assert decided(evidence, policy, known).why.startswith("best score of the models that may be used, and")
    anyone = decided(evidence, Organisation("o", "O"), known)
    assert (anyone.model, anyone.why) == ("b/us", "best score, and no other is shown to be as good")


def test_what_was_measured_but_is_not_configured_any_more_is_not_routed_to(
    evidence_of: MakeEvidence, decided: Decide
) -> None:
    found = decided(evidence_of({"a/eu": np.ones(400), "z/old": np.ones(400)}), None, {"a/eu": EU})
    why_not = found.why_not[0]
    assert (why_not.reason, why_not.text) == ("not configured", "it is not configured in bench.yaml")


def test_configured_models_without_an_outcome_are_named(evidence_of: MakeEvidence, decided: Decide) -> None:
    other = replace(US, id="c/new")
    elsewhere = replace(US, id="c/coder", tasks=("coding",))
    painter = replace(US, id="c/painter", answers="image")
    known = {model.id: model for model in (EU, other, elsewhere, painter)}
    found = decided(evidence_of({"a/eu": np.ones(400)}), None, known)
    assert [(r.model, r.reason) for r in found.why_not] == [("c/new", "not measured")]


def test_a_p95_above_the_objective_bars(evidence_of: MakeEvidence, decided: Decide) -> None:
    slow = np.where(np.arange(400) % 10 == 0, 9.0, 1.0)
    evidence = evidence_of({"a/x": np.ones(400), "b/slow": np.ones(400)}, latency={"b/slow": slow})
    found = decided(evidence, Organisation("o", "O", p95_s=4.0))
    assert (found.model, found.why) == ("a/x", "single: the only model that may be used here")
    assert found.why_not[0].text == "p95 is 9.0 s over 300 answers, above 4 s"


def test_a_p95_that_is_not_proven_bars_beside_one_that_is(evidence_of: MakeEvidence, decided: Decide) -> None:
    often = np.where(np.arange(400) % 25 == 0, 9.0, 1.0)
    evidence = evidence_of({"a/x": np.ones(400), "b/y": np.ones(400)}, latency={"b/y": often})
    found = decided(evidence, Organisation("o", "O", p95_s=4.0))
    assert (found.model, found.why_not[0].reason) == ("a/x", "too slow")
    assert found.why_not[0].text == "12 of 300 answers took over 4 s: that does not yet prove p95 under it"


def test_where_no_p95_is_proven_the_route_is_not_certified(
    evidence_of: MakeEvidence, decided: Decide
) -> None:
    often = np.where(np.arange(400) % 25 == 0, 9.0, 1.0)
    found = decided(
        evidence_of({"a/x": np.ones(400)}, latency={"a/x": often}), Organisation("o", "O", p95_s=4.0)
    )
    assert (found.model, found.status) == ("a/x", RouteStatus.PROVISIONAL)
    assert "does not yet prove p95" in found.why


def test_an_unknown_latency_keeps_no_objective(evidence_of: MakeEvidence, decided: Decide) -> None:
    found = decided(
        evidence_of({"a/x": np.ones(400)}, latency={"a/x": np.nan}), Organisation("o", "O", p95_s=4.0)
    )
    assert (found.status, found.why_not[0].reason) == (RouteStatus.NONE, "too slow")


@pytest.mark.parametrize(
    ("share", "status", "reason"),
    [
        (0.95, RouteStatus.CERTIFIED, None),
        (0.81, RouteStatus.PROVISIONAL, None),
        (0.60, RouteStatus.NONE, "below floor"),
    ],
)
def test_a_floor_certifies_bars_or_leaves_open(
    evidence_of: MakeEvidence, decided: Decide, share: float, status: RouteStatus, reason: str | None
) -> None:
    scores = (np.random.default_rng(1).permutation(800) < 800 * share).astype(float)
    organisation = Organisation("o", "O", floor=0.1, workloads=(Workload("extraction", 10, floor=0.8),))
    found = decided(evidence_of({"a/x": scores}), organisation)
    assert found.status is status
    if reason:
        assert found.why_not[0].reason == reason
    elif status is RouteStatus.PROVISIONAL:
        assert "is not shown above the floor of 80%" in found.why


def test_a_model_that_refuses_over_one_in_twenty_is_not_ranked(
    evidence_of: MakeEvidence, decided: Decide
) -> None:
    evidence = evidence_of({"a/x": np.ones(400), "b/shy": np.ones(400)})
    state, score = evidence.state.copy(), evidence.score.copy()
    state[:24, 1], score[:24, 1] = REFUSED, 0.0
    found = decided(replace(evidence, state=state, score=score))
    assert found.why_not[0].reason == "low coverage"
    assert found.why_not[0].text == "of 400 items 24 refused: under 95% answered, so it is not ranked"


def test_a_model_whose_every_item_failed_says_so(evidence_of: MakeEvidence, decided: Decide) -> None:
    found = decided(evidence_of({"a/x": np.ones(400), "b/down": np.full(400, np.nan)}))
    assert (found.model, found.why_not[0].text) == ("a/x", "no score: all 400 items failed")
    assert found.why_not[0].difference is None
