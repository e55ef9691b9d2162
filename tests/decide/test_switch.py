"""Hysteresis: when a routed model gives way, and how a new one is rolled out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from whichmodel.analyse.evidence import Evidence, Measured
from whichmodel.domain import (
    DecisionRule,
    Organisation,
    Policy,
    Route,
    RouteStatus,
    Share,
    SwitchRule,
    Workload,
)

MakeEvidence = Callable[..., Evidence]
Decide = Callable[..., Route]
RIGHT = np.random.default_rng(3).permutation(np.arange(1200) < 1080).astype(float)
NAMED = Organisation("o", "O", workloads=(Workload("invoices", 1000, incumbent="a/old"),))


def _evidence(make: MakeEvidence, *runs: str, old: float = 0.010, new: float = 0.005) -> Evidence:
    """Two models that answer alike; the runs that measured both."""
    measured = tuple(Measured(name, "s1", False, False, runs) for name in ("a/old", "b/new"))
    return make({"a/old": RIGHT, "b/new": RIGHT}, cost={"a/old": old, "b/new": new}, measured=measured)


def test_a_cheaper_model_waits_for_a_second_run_and_then_takes_over(
    evidence_of: MakeEvidence, decided: Decide
) -> None:
    first = decided(_evidence(evidence_of, "r1"), NAMED)
    assert (first.model, first.status, first.incumbent) == ("a/old", RouteStatus.CERTIFIED, "a/old")
    assert (first.challenger, first.challenger_runs) == ("b/new", ("r1",))
    assert first.why == (
        "a/old stays: b/new is as good and 50% cheaper, shown in one run of the 2 that it takes to change"
    )
    assert [(r.reason, r.text) for r in first.why_not] == [
        ("waits", "as good, and 50% cheaper than a/old in one run; 2 are needed")
    ]
    second = decided(_evidence(evidence_of, "r1", "r2"), NAMED, previous=first)
    assert (second.model, second.incumbent, second.challenger) == ("b/new", "a/old", None)
    assert second.why == "same quality, 50% cheaper than a/old"


def test_deciding_twice_on_the_same_outcomes_is_one_run(evidence_of: MakeEvidence, decided: Decide) -> None:
    first = decided(_evidence(evidence_of, "r1"), NAMED)
    assert decided(_evidence(evidence_of, "r1"), NAMED, previous=first) == first
    second = decided(_evidence(evidence_of, "r1", "r2"), NAMED, previous=first)
    assert decided(_evidence(evidence_of, "r1", "r2"), NAMED, previous=second) == second


def test_less_than_a_tenth_cheaper_changes_nothing_in_any_number_of_runs(
    evidence_of: MakeEvidence, decided: Decide
) -> None:
    found, runs = None, []
    for k in range(4):
        runs.append(f"r{k}")
        found = decided(_evidence(evidence_of, *runs, new=0.0093), NAMED, previous=found)
        assert (found.model, found.challenger) == ("a/old", None)
    assert found is not None
    assert found.why_not[0].text == "as good, at 0.93 times the cost: a/old gives way at 10% less"


def test_one_run_is_enough_where_the_rule_says_so(evidence_of: MakeEvidence, decided: Decide) -> None:
    quick = replace(NAMED, rule=DecisionRule(switch=SwitchRule(runs=1)))
    found = decided(_evidence(evidence_of, "r1"), quick)
    assert (found.model, found.incumbent) == ("b/new", "a/old")


def test_without_a_model_of_today_the_cheapest_is_taken_at_once(
    evidence_of: MakeEvidence, decided: Decide
) -> None:
    found = decided(_evidence(evidence_of, "r1"))
    assert (found.model, found.incumbent) == ("b/new", None)


def test_a_certified_route_of_the_last_table_holds_like_a_named_model(
    evidence_of: MakeEvidence, decided: Decide
) -> None:
    last = decided(_evidence(evidence_of, "r1", old=0.004))
    assert last.model == "a/old"
    found = decided(_evidence(evidence_of, "r1", "r2"), previous=last)
    assert (found.model, found.challenger, found.challenger_runs) == ("a/old", "b/new", ("r2",))
    uncertain = replace(last, status=RouteStatus.PROVISIONAL)
    assert decided(_evidence(evidence_of, "r1", "r2"), previous=uncertain).model == "b/new"


def test_todays_model_gives_way_at_once_where_it_is_certified_no_more(
    evidence_of: MakeEvidence, decided: Decide
) -> None:
    last = decided(_evidence(evidence_of, "r1", old=0.004))
    worse = np.where(np.arange(1200) % 8 == 0, 0.0, RIGHT)
    both = evidence_of({"a/old": worse, "b/new": RIGHT}, cost={"a/old": 0.004, "b/new": 0.005})
    assert decided(both, previous=last).model == "b/new"
    barred = Organisation("o", "O", policy=Policy(vendors=("b",)))
    assert decided(_evidence(evidence_of, "r1", old=0.004), barred, previous=last).model == "b/new"
    floor = Organisation("o", "O", floor=0.85)
    sunk = evidence_of({"a/old": worse, "b/new": RIGHT}, cost={"a/old": 0.004, "b/new": 0.005})
    assert decided(sunk, floor, previous=last).model == "b/new"


def test_an_unknown_cost_does_not_hold_a_route(evidence_of: MakeEvidence, decided: Decide) -> None:
    both = evidence_of({"a/old": RIGHT, "b/new": RIGHT}, cost={"a/old": None, "b/new": 0.005})
    assert decided(both, NAMED).model == "b/new"


def test_a_waiting_challenger_stays_it_where_another_is_as_cheap(
    evidence_of: MakeEvidence, decided: Decide
) -> None:
    def three(*runs: str, c: float) -> Evidence:
        names = ("a/old", "b/new", "c/new")
        measured = tuple(Measured(name, "s1", False, False, runs) for name in names)
        cost = {"a/old": 0.01, "b/new": 0.005, "c/new": c}
        return evidence_of(dict.fromkeys(names, RIGHT), cost=cost, measured=measured)

    first = decided(three("r1", c=0.0052), NAMED)
    assert first.challenger == "b/new"
    second = decided(three("r1", "r2", c=0.0046), NAMED, previous=first)
    assert second.model == "b/new"


@pytest.mark.parametrize("switch", [SwitchRule(), SwitchRule(saving=0.0, runs=1)])
def test_identical_models_that_are_measured_anew_hardly_ever_change_places(
    evidence_of: MakeEvidence, decided: Decide, switch: SwitchRule
) -> None:
    """15 tasks of three identical models, each with fresh items in each of six runs: at most .17 of 15 routes
    change a run. Without hysteresis, which a rule of one run and no saving comes to, over 3 do."""
    rng = np.random.default_rng(11)
    names, runs, changed = ("a/1", "b/2", "c/3"), 6, 0
    organisation = Organisation("o", "O", rule=DecisionRule(switch=switch, holdout=0.0, min_items=200))
    for _ in range(15):
        last: Route | None = None
        for run in range(runs + 1):
            hard = rng.random(400)
            scores = {n: (hard + rng.normal(0, 0.01, 400) < 0.9).astype(float) for n in names}
            paid = np.column_stack([rng.gamma(4, 0.00025, 400) for _ in names])
            measured = tuple(Measured(n, "s1", False, False, (f"r{run}",)) for n in names)
            evidence = evidence_of(scores, cost_usd=paid, measured=measured, task_hash=f"bank-{run}")
            held = switch.runs > 1
            found = decided(evidence, organisation, previous=last if held else None)
            assert found.status is RouteStatus.CERTIFIED
            changed += last is not None and found.model != last.model
            last = found
    a_run = changed / runs
    assert a_run <= 0.17 if switch.runs > 1 else a_run > 3


def test_a_new_route_is_rolled_out_beside_todays_model(evidence_of: MakeEvidence, decided: Decide) -> None:
    slowly = replace(
        NAMED,
        workloads=(Workload("invoices", 1000, incumbent="a/old", rollout=0.1),),
        rule=DecisionRule(switch=SwitchRule(runs=1)),
    )
    first = decided(_evidence(evidence_of, "r1"), slowly)
    assert first.split == (Share("a/old", 0.9), Share("b/new", 0.1))
    assert decided(_evidence(evidence_of, "r1"), slowly, previous=first) == first
    later = decided(_evidence(evidence_of, "r1", "r2"), slowly, previous=first)
    assert (later.model, later.incumbent, later.split) == ("b/new", "b/new", ())
    barred = replace(slowly, policy=Policy(vendors=("b",)))
    assert decided(_evidence(evidence_of, "r1"), barred).split == ()
