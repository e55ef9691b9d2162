"""How often a race certifies a model that is worse by exactly the margin, and what would break that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest
from scipy import stats
from tracks import Floats, bank, raced, track

from whichmodel.analyse.evidence import Evidence
from whichmodel.analyse.paired import floor_z, paired_sums
from whichmodel.decide.boundaries import boundary, looks
from whichmodel.decide.contest import Contest
from whichmodel.decide.race import Settled, step
from whichmodel.decide.race.bar import bar_z
from whichmodel.domain import DecisionRule, RouteStatus

MakeEvidence = Callable[..., Evidence]
RULE = DecisionRule()
TIMES = 2000
BANK = 1000
LOOKS = np.array(looks(BANK))
CERTIFY = np.array(boundary(tuple(LOOKS / BANK), RULE.alpha))
ALPHA = RULE.alpha + 2 * np.sqrt(RULE.alpha * (1 - RULE.alpha) / TIMES)
"""The level, and two standard errors of a rate over so many replications."""


def _binary(psi: float, rng: np.random.Generator, shape: tuple[int, int]) -> Floats:
    """Differences of two models that disagree on psi of the items, the first worse by the margin."""
    lost = (psi + RULE.delta) / 2
    return np.asarray(rng.choice([-1.0, 0.0, 1.0], p=[lost, 1 - psi, psi - lost], size=shape))


def _graded(rng: np.random.Generator, shape: tuple[int, int]) -> Floats:
    """Differences of scores in quarters, the first model worse by the margin."""
    return np.asarray(rng.choice([-0.5, -0.25, 0.0, 0.25, 0.5], p=[0.08, 0.16, 0.6, 0.12, 0.04], size=shape))


def _z(d: Floats) -> Floats:
    """The floor-score z at each look, a row a replication."""
    total, squares = d.cumsum(axis=1)[:, LOOKS - 1], (d**2).cumsum(axis=1)[:, LOOKS - 1]
    return floor_z(LOOKS.astype(float), total, squares, RULE.delta)


@pytest.mark.parametrize("psi", [0.03, 0.06, 0.12, 0.28])
def test_false_certification_at_the_edge_is_within_the_level(psi: float) -> None:
    d = _binary(psi, np.random.default_rng(1), (TIMES, BANK))
    assert (_z(d) >= CERTIFY).any(axis=1).mean() <= ALPHA


def test_false_certification_of_graded_scores_is_within_the_level() -> None:
    d = _graded(np.random.default_rng(2), (TIMES, BANK))
    assert (_z(d) >= CERTIFY).any(axis=1).mean() <= ALPHA


def test_peeking_at_the_fixed_boundary_errs_twice_as_often_and_more() -> None:
    d = _binary(0.12, np.random.default_rng(1), (TIMES, BANK))
    assert (_z(d) >= 1.645).any(axis=1).mean() > 0.12


def test_a_whole_race_of_two_keeps_the_level_too() -> None:
    """A cheap model, worse by the margin, against a dear one: 500 banks through `step`."""
    rng = np.random.default_rng(3)
    false = sum(_first_wins(_edge_bank(rng, BANK)) for _ in range(500))
    assert false / 500 <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 500)


def _edge_bank(rng: np.random.Generator, items: int) -> Floats:
    return bank([0.87, 0.90], items, rng)


def _first_wins(score: Floats, **changes: Any) -> bool:
    found = step(track(score, [1.0, 5.0], **changes), RULE)
    assert isinstance(found, Settled)
    return found.status is RouteStatus.CERTIFIED and found.model == "a/0"


def test_clustered_items_keep_the_level_and_counting_them_as_single_ones_does_not() -> None:
    """Clusters of five that share their difference in large part; 250 banks."""
    rng = np.random.default_rng(4)
    clusters = np.repeat(np.arange(BANK // 5), 5)
    honest = naive = 0
    for _ in range(250):
        score, order = _clustered(rng, clusters), rng.permutation(BANK)
        honest += _first_wins(score[order], clusters=clusters[order])
        naive += _first_wins(score[order])
    assert honest / 250 <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 250)
    assert naive / 250 > 0.10


def _clustered(rng: np.random.Generator, clusters: np.ndarray) -> Floats:
    """The first model is worse by the margin on average; a cluster goes to one of the two as a whole."""
    shared = rng.choice([-1, 0, 1], p=[0.125, 0.78, 0.095], size=clusters.max() + 1)[clusters]
    own = rng.choice([-1, 0, 1], p=[0.125, 0.78, 0.095], size=len(clusters))
    d = np.where(rng.random(len(clusters)) < 0.9, shared, own)
    return np.column_stack([d == 1, d == -1]).astype(float) + 0.0


def test_few_clusters_certify_no_more_often() -> None:
    """Forty clusters of ten: the spread between few clusters is known badly."""
    rng = np.random.default_rng(5)
    clusters = np.repeat(np.arange(40), 10)
    false = sum(
        _first_wins(_clustered(rng, clusters)[(order := rng.permutation(400))], clusters=clusters[order])
        for _ in range(300)
    )
    assert false / 300 <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 300)


def test_fifty_equal_answers_certify_nothing() -> None:
    right = np.ones((BANK, 2))
    found = step(track(right, [1.0, 5.0], [50, 50]), replace(RULE, min_items=50))
    assert not isinstance(found, Settled)


def test_pairing_is_by_item() -> None:
    """Two models that answer alike are told to be equal; with one's items shuffled they are not."""
    one = bank([0.85], BANK, 6)
    alike = np.hstack([one, np.abs(one - (np.arange(BANK)[:, None] % 50 == 0))])
    assert _first_wins(alike)
    shuffled = alike.copy()
    shuffled[:, 0] = np.random.default_rng(0).permutation(alike[:, 0])
    before, after = (raced(score, [1.0, 5.0], RULE)[1].sum() for score in (alike, shuffled))
    assert after > 1.5 * before


@pytest.mark.parametrize("bar", [0.5, 0.8, 0.95])
@pytest.mark.parametrize("kind", ["right or wrong", "often the bar itself", "seldom very low"])
def test_a_model_exactly_at_the_bar_reaches_it_no_more_often_than_the_level(bar: float, kind: str) -> None:
    x = _at_the_bar(bar, kind, np.random.default_rng(7))
    total, squares, cubes = ((x**power).cumsum(axis=1)[:, LOOKS - 1] for power in (1, 2, 3))
    z = bar_z(LOOKS.astype(float), total, squares, cubes, bar)
    assert (z >= CERTIFY).any(axis=1).mean() <= ALPHA


def _at_the_bar(bar: float, kind: str, rng: np.random.Generator) -> Floats:
    """Scores with the bar as their mean, a row a replication."""
    right = (rng.random((TIMES, BANK)) < bar).astype(float)
    if kind == "right or wrong":
        return right
    if kind == "often the bar itself":
        return np.where(rng.random((TIMES, BANK)) < 0.5, bar, right)
    high = min(1.0, bar / 0.98)
    return np.where(rng.random((TIMES, BANK)) < 0.02, (bar - high * 0.98) / 0.02, high)


@pytest.mark.parametrize(("items", "most"), [(50, 0.05), (500, 0.065)])
def test_the_fixed_test_keeps_its_level_at_the_edge(
    evidence_of: MakeEvidence, items: int, most: float
) -> None:
    """`Contest.passes` of a model that is worse by the margin, near the ceiling and away from it."""
    contest = Contest(
        evidence=evidence_of({"a/x": np.ones(2), "b/y": np.ones(2)}),
        pairs=paired_sums(np.ones((2, 2))),
        rivals=(0, 1),
        incumbent=None,
        bar=None,
        delta=RULE.delta,
        alpha=RULE.alpha,
    )
    rng = np.random.default_rng(8)
    for theta in ([0.96, 0.99], [0.87, 0.90]):
        draw = partial(bank, theta, items)
        false = sum(replace(contest, pairs=paired_sums(draw(rng))).passes(0) for _ in range(TIMES))
        assert false / TIMES <= most


def test_the_fixed_test_certifies_falsely_where_wald_does_twice_as_often() -> None:
    """Near the ceiling with 50 items: the ordinary paired z of the same differences."""
    d = _binary(0.03, np.random.default_rng(9), (TIMES, 50))
    mean, spread = d.mean(axis=1), d.std(axis=1, ddof=1)
    wald = (mean + RULE.delta) / np.maximum(spread / np.sqrt(50), 1e-12) >= stats.norm.ppf(0.95)
    floor = floor_z(50.0, d.sum(axis=1), (d**2).sum(axis=1), RULE.delta) >= stats.norm.ppf(0.95)
    assert floor.mean() <= 0.05 < 0.10 < wald.mean()
