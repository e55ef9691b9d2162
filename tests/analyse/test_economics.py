"""Savings, approaches and what they are made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from whichmodel.analyse.economics.approaches import side_by_side
from whichmodel.analyse.economics.choice import averaged, single
from whichmodel.analyse.economics.demand import Care, Demand, reviewed, total_cost
from whichmodel.analyse.economics.figures import DRAWS, Figure, combined, means
from whichmodel.analyse.economics.savings import against, change, summed, with_floors
from whichmodel.analyse.economics.whatif import WhatIf, organisation_if, shares, volumes_if
from whichmodel.analyse.evidence import REFUSED, SCORED, Evidence, Measured
from whichmodel.domain import Organisation, Workload

RNG = np.random.default_rng(7)
BIG, SMALL, TINY = "shop/big", "shop/small", "shop/tiny"
N = 400


def made(
    scores: Mapping[str, Any], costs: Mapping[str, Any], *, task: str = "tickets", refused: Any = None
) -> Evidence:
    """Evidence of one task; a cost is a number, or one an item; NaN = unknown."""
    names = sorted(scores)
    score = np.column_stack([np.asarray(scores[name], dtype=float) for name in names])
    cost = np.column_stack([np.broadcast_to(costs[name], len(score)) for name in names]).astype(float)
    state = np.full(score.shape, SCORED)
    for name, items in (refused or {}).items():
        state[items, names.index(name)] = REFUSED
    return Evidence(
        task=task,
        category="classification",
        task_hash=task,
        judged=False,
        items=tuple(f"i{k}" for k in range(len(score))),
        clusters=np.arange(len(score)),
        measured=tuple(Measured(name, "s", False, False) for name in names),
        score=score,
        cost_usd=np.where(np.isnan(score), np.nan, cost),
        unparsed=np.where(np.isnan(score), np.nan, 0.0),
        state=state,
        latency_s=np.full((*score.shape, 1), 1.0),
        late=np.zeros((*score.shape, 1), dtype=bool),
    )


def rate(share: float, n: int = N) -> np.ndarray:
    """Ones and zeros, the zeros spread evenly."""
    wrong = round((1 - share) * n)
    scores = np.ones(n)
    scores[np.linspace(0, n - 1, wrong).astype(int)] = 0.0
    return scores


def demand(evidence: Evidence, *, route: str | None = SMALL, requests: int = 1000, **changes: Any) -> Demand:
    given_ = {"choosing": len(evidence.items) * 3 // 4, "status": "certified", **changes}
    return Demand(evidence=evidence, requests=requests, route=route, **given_)


@pytest.fixture
def plain() -> Demand:
    """Equal quality, a tenth of the cost."""
    scores = {BIG: rate(0.95), SMALL: rate(0.95)}
    return demand(made(scores, {BIG: RNG.normal(0.010, 0.002, N), SMALL: RNG.normal(0.001, 0.0002, N)}))


def test_a_saving_is_volume_times_the_difference_of_costs_on_items_the_choice_never_saw(
    plain: Demand,
) -> None:
    found = change(plain, SMALL, BIG)
    fresh = plain.evidence.cost_usd[300:]
    expected = 1000 * float((fresh[:, 0] - fresh[:, 1]).mean())
    assert found.saved is not None
    assert found.share is not None
    assert found.saved.value == pytest.approx(expected)
    assert found.saved.low < expected < found.saved.high
    assert (found.n, found.saved.n) == (100, 100)
    assert found.share.value == pytest.approx(1 - fresh[:, 1].sum() / fresh[:, 0].sum())


def test_the_interval_covers_the_true_saving_about_as_often_as_it_says() -> None:
    """Paired costs of 100 items, 300 times over."""
    rng, hits = np.random.default_rng(3), 0
    for _ in range(300):
        big = rng.lognormal(0, 0.5, 100)
        costs = {BIG: big, SMALL: 0.3 * big * rng.lognormal(0, 0.2, 100)}
        one = demand(made({BIG: np.ones(100), SMALL: np.ones(100)}, costs), choosing=100, requests=1)
        true = np.exp(0.125) * (1 - 0.3 * np.exp(0.02))
        saved = change(one, SMALL, BIG).saved
        assert saved is not None
        hits += saved.low <= true <= saved.high
    assert 0.90 <= hits / 300 <= 0.98


def test_a_dearer_route_keeps_its_minus(plain: Demand) -> None:
    there, back = change(plain, SMALL, BIG), change(plain, BIG, SMALL)
    assert there.saved is not None
    assert back.saved is not None
    assert back.saved.value == -there.saved.value
    assert back.saved.high < 0
    assert summed([back]).saved == back.saved
    assert back.share is not None
    assert back.share.value < 0


def test_an_unknown_price_is_unknown_and_named_and_the_sum_says_what_it_holds(plain: Demand) -> None:
    scores = {BIG: rate(0.9), SMALL: rate(0.9)}
    unpriced = demand(made(scores, {BIG: 0.01, SMALL: np.nan}, task="invoices"))
    found = change(unpriced, SMALL, BIG)
    assert (found.saved, found.saved_in_total, found.share) == (None, None, None)
    assert found.unknown == f"price of {SMALL} on invoices unknown"
    assert found.score is not None
    whole = summed([change(plain, SMALL, BIG), found])
    assert (whole.tasks, whole.unknown) == (("tickets",), (found.unknown,))
    assert summed([found]).saved is None


def test_a_model_that_was_not_measured_is_unknown(plain: Demand) -> None:
    found = change(plain, SMALL, "shop/other")
    assert found.unknown == "shop/other was not measured on tickets"
    assert (found.n, found.score) == (0, None)


def test_items_without_a_score_by_both_count_for_neither() -> None:
    big, small = rate(0.9), rate(0.9)
    big[350:360] = np.nan
    found = change(demand(made({BIG: big, SMALL: small}, {BIG: 0.01, SMALL: 0.001})), SMALL, BIG)
    assert found.n == 90


def test_a_model_against_itself_saves_nothing_for_sure(plain: Demand) -> None:
    found = change(plain, BIG, BIG)
    assert found.saved == Figure(0.0, 0.0, 0.0, 100)
    assert found.score == Figure(0.0, 0.0, 0.0, 100)


def test_a_tie_without_a_single_discordant_pair_keeps_an_interval(plain: Demand) -> None:
    found = change(plain, SMALL, BIG)
    assert found.score is not None
    assert found.score.value == 0
    assert found.score.low < -0.02 < 0.02 < found.score.high


# People


def test_refused_answers_go_to_a_person_and_wrong_ones_are_paid_for_once() -> None:
    scores = np.array([1.0, 0.0, 0.0, 1.0])
    evidence = made({SMALL: scores}, {SMALL: 0.01}, refused={SMALL: [2]})
    care = Care(review_usd=3.0, error_usd=40.0, reviewer_error=0.05)
    assert reviewed(evidence, 0).tolist() == [0, 0, 1, 0]
    assert total_cost(evidence, 0, care) == pytest.approx([0.01, 40.01, 0.01 + 3 + 0.05 * 40, 0.01])
    assert total_cost(evidence, 0, Care()) == pytest.approx([0.01] * 4)
    assert care.priced == ("reviews", "unnoticed errors")
    assert Care().priced == ()


def test_a_cheap_model_that_errs_costs_more_once_errors_have_a_price() -> None:
    scores = {BIG: rate(0.99), SMALL: rate(0.93)}
    evidence = made(scores, {BIG: 0.01, SMALL: 0.001})
    free = change(demand(evidence), SMALL, BIG)
    dear = change(demand(evidence, care=Care(error_usd=40.0)), SMALL, BIG)
    assert free.saved is not None
    assert dear.saved is not None
    assert dear.saved_in_total is not None
    assert free.saved_in_total == free.saved == dear.saved
    assert free.saved.low > 0
    assert dear.saved_in_total.high < 0


def test_a_model_that_refuses_costs_more_once_a_review_has_a_price() -> None:
    scores = {BIG: rate(0.95), SMALL: rate(0.95)}
    wrong = np.flatnonzero(scores[SMALL] == 0)
    evidence = made(scores, {BIG: 0.01, SMALL: 0.001}, refused={SMALL: wrong})
    saved = {
        usd: change(demand(evidence, care=Care(review_usd=usd)), SMALL, BIG).saved_in_total
        for usd in (0.01, 4.0)
    }
    assert all(saved.values())
    assert saved[0.01] is not None
    assert saved[4.0] is not None
    assert saved[0.01].value > 0 > saved[4.0].value


def test_a_bank_without_an_error_does_not_make_an_error_s_cost_certain() -> None:
    """100 items without a miss leave room for 3% of errors; a bootstrap of them alone would leave none."""
    scores = {BIG: np.ones(N), SMALL: np.ones(N)}
    evidence = made(scores, {BIG: 0.01, SMALL: 0.001})
    found = change(demand(evidence, care=Care(error_usd=40.0)), SMALL, BIG)
    assert found.saved_in_total is not None
    assert found.saved_in_total.low < -400 < 400 < found.saved_in_total.high


# Two baselines, two floors


@pytest.fixture
def two_tasks() -> list[Demand]:
    """Small is as good on tickets and ten points worse on contracts; tiny gains three on tickets."""
    tickets = made(
        {BIG: rate(0.90), SMALL: rate(0.90), TINY: rate(0.93)}, {BIG: 0.01, SMALL: 0.001, TINY: 0.002}
    )
    contracts = made(
        {BIG: rate(0.95), SMALL: rate(0.85), TINY: rate(0.5)},
        {BIG: 0.05, SMALL: 0.001, TINY: 0.001},
        task="contracts",
    )
    return [demand(tickets, requests=9000), demand(contracts, requests=1000)]


def test_the_best_single_model_has_the_best_volume_weighted_score_on_the_items_of_the_choice(
    two_tasks: list[Demand],
) -> None:
    found = single(two_tasks, {}, {BIG, SMALL, TINY})
    assert found is not None
    assert (found.model, found.n, found.among) == (BIG, 600, 3)
    assert found.score == pytest.approx(0.9 * 0.9 + 0.1 * 0.95, abs=0.005)


def test_it_may_only_be_one_that_policy_allows_on_every_task(two_tasks: list[Demand]) -> None:
    found = single(two_tasks, {"contracts": [BIG]}, {BIG, SMALL, TINY})
    assert found is not None
    assert (found.model, found.among) == (SMALL, 2)
    assert single(two_tasks, {"contracts": [BIG], "tickets": [SMALL]}, {BIG, SMALL}) is None


def test_with_a_floor_a_task_that_would_lose_stays_with_the_baseline(two_tasks: list[Demand]) -> None:
    baseline = dict.fromkeys(("tickets", "contracts"), BIG)
    assert with_floors(two_tasks, baseline) == {"tickets": SMALL, "contracts": BIG}


def test_averaged_quality_saves_more_than_a_floor_for_every_task(two_tasks: list[Demand]) -> None:
    """What contracts lose, tickets gain back; no floor would let them."""
    baseline = dict.fromkeys(("tickets", "contracts"), BIG)
    assert averaged(two_tasks, baseline, {}) == {"tickets": TINY, "contracts": SMALL}
    found = against(two_tasks, baseline, {})
    assert found.averaged is not None
    assert found.averaged.saved is not None
    assert found.floors.saved is not None
    assert found.floors.moved == ("tickets",)
    assert found.averaged.saved.low > found.floors.saved.high
    assert found.averaged.score is not None
    assert found.averaged.score.value >= 0


def test_a_floor_of_its_own_keeps_a_task_where_it_is() -> None:
    scores = {BIG: rate(0.95), SMALL: rate(0.95)}
    evidence = made(scores, {BIG: 0.01, SMALL: 0.001})
    assert with_floors([demand(evidence, floor=0.90)], {"tickets": BIG}) == {"tickets": SMALL}
    assert with_floors([demand(evidence, floor=0.94)], {"tickets": BIG}) == {"tickets": BIG}


@pytest.mark.parametrize("status", ["insufficient", "judge_only"])
def test_a_bank_that_settles_nothing_moves_nothing(plain: Demand, status: str) -> None:
    doubted = demand(plain.evidence, status=status)
    found = against([doubted], {"tickets": BIG}, {})
    assert found.floors.moved == ()
    assert found.routes.moved == ("tickets",)
    assert found.stay == {"tickets": status}


def test_a_route_that_is_the_baseline_is_in_no_doubt(plain: Demand) -> None:
    assert demand(plain.evidence, route=BIG, status="insufficient", floor=1.0).doubt(BIG) == ""


def test_the_averaged_choice_is_the_cheapest_there_is(two_tasks: list[Demand]) -> None:
    """Every way of serving both tasks, tried one by one."""
    baseline = dict.fromkeys(("tickets", "contracts"), BIG)

    def figures(pick: Mapping[str, str]) -> tuple[float, float]:
        cost = score = 0.0
        for d in two_tasks:
            column = d.chosen.column(pick[d.task])
            cost += d.requests * float(d.chosen.cost_usd[:, column].mean())
            score += d.requests * float(d.chosen.score[:, column].mean())
        return cost, score

    ways = [{"tickets": a, "contracts": b} for a in (BIG, SMALL, TINY) for b in (BIG, SMALL, TINY)]
    bar = figures(baseline)[1]
    best = min(figures(way)[0] for way in ways if figures(way)[1] >= bar - 1e-9)
    chosen = averaged(two_tasks, baseline, {})
    assert chosen is not None
    assert figures(chosen)[0] == pytest.approx(best)


def test_a_task_without_a_route_stays_and_is_not_among_the_routes(two_tasks: list[Demand]) -> None:
    bare = [two_tasks[0], demand(two_tasks[1].evidence, route=None)]
    found = against(bare, dict.fromkeys(("tickets", "contracts"), BIG), {})
    assert found.routes.tasks == ("tickets",)
    assert found.floors.moved == ("tickets",)


def test_a_small_bank_is_in_sample(two_tasks: list[Demand]) -> None:
    whole = demand(two_tasks[0].evidence, choosing=N)
    assert not whole.held
    assert change(whole, SMALL, BIG).n == N


# Sums


def test_items_of_two_tasks_are_not_drawn_alike() -> None:
    values = RNG.normal(0, 1, (200, 1))
    one, other = (
        means(made({BIG: np.ones(200)}, {BIG: 1}, task=task), values)[0].draws
        for task in ("tickets", "invoices")
    )
    assert sorted(one) == pytest.approx(sorted(other))
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.15


def test_items_of_a_cluster_are_drawn_together() -> None:
    """Ten copies of each of 20 items say no more than 20 items."""
    twenty = RNG.normal(0, 1, 20)
    evidence = made({BIG: np.ones(200)}, {BIG: 1})
    alone = means(evidence, np.repeat(twenty, 10)[:, None])[0]
    together = means(
        Evidence(**{**vars(evidence), "clusters": np.repeat(np.arange(20), 10)}),
        np.repeat(twenty, 10)[:, None],
    )[0]
    ratio = float(together.draws.std() / alone.draws.std())
    assert ratio == pytest.approx(10**0.5, rel=0.15)
    assert len(together.draws) == DRAWS


@given(
    st.lists(st.tuples(st.floats(-5, 5), st.floats(0, 1), st.floats(0, 0.2), st.floats(0, 0.2)), min_size=1)
)
def test_a_combined_interval_holds_its_value_and_turns_with_the_sign(
    rows: list[tuple[float, float, float, float]],
) -> None:
    parts = [(w, Figure(v, v - below, v + above, 10)) for w, v, below, above in rows]
    found, mirrored = combined(parts), combined([(-w, figure) for w, figure in parts])
    assert found.low <= found.value <= found.high
    assert mirrored.low == pytest.approx(-found.high)
    assert found.n == 10 * len(rows)


# Side by side


def test_the_approaches_stand_on_the_same_items_and_differ_pairwise(two_tasks: list[Demand]) -> None:
    big = dict.fromkeys(("tickets", "contracts"), BIG)
    first, routed, tuned = side_by_side(
        two_tasks,
        {"single": big, "routed": {"tickets": SMALL, "contracts": SMALL}, "tuned": {**big, "tickets": TINY}},
        {"tuned": 1200.0},
    )
    assert first.spend_usd is not None
    assert first.spend_usd.value == pytest.approx(0.9 * 0.01 + 0.1 * 0.05)
    assert (first.score_difference, first.total_difference) == (None, None)
    assert {a.score.n for a in (first, routed, tuned)} == {200}
    assert routed.spend_difference is not None
    assert routed.spend_difference.value == pytest.approx(0.001 - 0.014)
    assert routed.score_difference is not None
    assert routed.score_difference.value == pytest.approx(-0.01, abs=0.005)
    assert tuned.fixed_usd == pytest.approx(1200 / (12 * 10_000))
    assert tuned.total_usd is not None
    assert tuned.spend_usd is not None
    assert tuned.total_usd.value == pytest.approx(tuned.spend_usd.value + 0.01)


def test_an_approach_without_a_price_keeps_its_quality() -> None:
    evidence = made({BIG: rate(0.9), SMALL: rate(0.9)}, {BIG: 0.01, SMALL: np.nan})
    _, routed = side_by_side(
        [demand(evidence)], {"single": {"tickets": BIG}, "routed": {"tickets": SMALL}}, {}
    )
    assert (routed.spend_usd, routed.total_usd, routed.total_difference) == (None, None, None)
    assert routed.unknown == f"price of {SMALL} on tickets unknown"
    assert routed.score.value == pytest.approx(0.9, abs=0.01)
    assert routed.score.low < routed.score.value < routed.score.high


def test_approaches_that_share_no_item_cannot_be_set_side_by_side(plain: Demand) -> None:
    named = {"single": {"tickets": BIG}, "routed": {"tickets": "shop/other"}}
    assert side_by_side([plain], named, {}) == ()


# What if


@given(st.integers(0, 10**7), st.lists(st.integers(0, 10**6), min_size=1, max_size=8))
def test_shared_requests_add_up_and_follow_the_volumes(requests: int, volumes: list[int]) -> None:
    given_ = shares(requests, volumes)
    if sum(volumes):
        assert sum(given_) == requests
        exact = [requests * v / sum(volumes) for v in volumes]
        assert all(abs(a - b) < 1 + 1e-6 for a, b in zip(given_, exact, strict=True))
    else:
        assert given_ == tuple(volumes)


def test_what_if_changes_every_task_and_nothing_else() -> None:
    own = Organisation(
        "acme", "ACME", workloads=(Workload("tickets", 10, floor=0.5, p95_s=3.0), Workload("x", 30))
    )
    changed = organisation_if(own, WhatIf(floor=0.9))
    assert [w.floor for w in changed.workloads] == [0.9, 0.9]
    assert changed.workloads[0].p95_s == 3.0
    assert organisation_if(own, WhatIf()) == own
    assert volumes_if((10, 30), WhatIf(times=2)) == (20, 60)
    assert volumes_if((10, 30), WhatIf(requests=100)) == (25, 75)
    assert WhatIf(times=2, floor=0.9).said() == ("2 times the volume", "a floor of 0.9 for every task")
