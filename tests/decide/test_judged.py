"""Judged tasks: what human labels put right, and how many they have to be (DECISION section 6)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from whichmodel.analyse.evidence import Evidence
from whichmodel.analyse.paired import floor_z, label_pairs, pairs
from whichmodel.analyse.ppi import estimate
from whichmodel.domain import DecisionRule, JudgeRule, Organisation, Route, RouteStatus

MakeEvidence = Callable[..., Evidence]
Decide = Callable[..., Route]
DELTA = 0.03
CRITICAL = 1.6449


def _bank(rng: np.random.Generator, n: int, kin: float) -> tuple[np.ndarray, np.ndarray]:
    """Truth and judge's scores of a cheap model, 6 points worse, and a rival, n x 2.

    The judge errs on 2% of the answers and favours the cheap one by `kin`.
    """
    rival = rng.random(n) < 0.85
    luck = rng.random(n)
    cheap = np.where(rival, luck >= 0.085, luck < 0.08)
    truth = np.column_stack([cheap, rival]).astype(float)
    judge = np.where(rng.random((n, 2)) < 0.02, 1 - truth, truth)
    favoured = rng.random(n) < kin / (1 - judge[:, 0].mean())
    judge[:, 0] = np.maximum(judge[:, 0], favoured)
    return truth, judge


def _labelled(truth: np.ndarray, labels: int) -> np.ndarray:
    human = np.full_like(truth, np.nan)
    human[:labels] = truth[:labels]
    return human


def test_a_judge_that_prefers_its_kin_certifies_a_worse_model_and_200_labels_prevent_it() -> None:
    """2,000 banks of 2,500 items: about nine in ten uncorrected, at most alpha with 200 labels."""
    rng, banks = np.random.default_rng(0), 2000
    raw = put_right = 0
    for _ in range(banks):
        truth, judge = _bank(rng, 2500, kin=0.05)
        d = judge[:, 0] - judge[:, 1]
        raw += float(floor_z(2500, d.sum(), d @ d, DELTA)) >= CRITICAL
        human = _labelled(truth, 200)
        found = estimate(human[:, 0] - human[:, 1], d, least=DELTA * (1 - DELTA))
        assert found is not None
        put_right += (found.mean + DELTA) / found.error >= CRITICAL
    assert 0.8 < raw / banks < 0.97
    assert put_right / banks <= 0.01


def test_at_the_edge_labels_certify_falsely_at_most_alpha() -> None:
    """The truth is a difference of exactly -delta, judged without bias: 2,000 banks."""
    rng, banks, wrong = np.random.default_rng(1), 2000, 0
    for _ in range(banks):
        truth, judge = _bank(rng, 800, kin=0.0)
        lift = rng.random(800) < DELTA / (1 - 0.79)
        truth[:, 0] = np.maximum(truth[:, 0], lift)
        judge[:, 0] = np.maximum(judge[:, 0], lift)
        human = _labelled(truth, 150)
        found = estimate(human[:, 0] - human[:, 1], judge[:, 0] - judge[:, 1], least=DELTA * (1 - DELTA))
        assert found is not None
        wrong += (found.mean + DELTA) / found.error >= CRITICAL
    assert wrong / banks <= 0.065


def _judged(
    make: MakeEvidence, labels: int, *, n: int = 1500, both: bool = True, agree: float = 0.98
) -> Evidence:
    """Two equal models, the judge right on most answers, the first items labelled."""
    rng = np.random.default_rng(7)
    right = rng.random(n) < 0.9
    truth = np.column_stack([right, right]).astype(float)
    judge = np.where(rng.random((n, 2)) < 1 - agree, 1 - truth, truth)
    human = _labelled(truth, labels)
    if not both:
        human[:, 1] = np.nan
    scores = {"a/big": judge[:, 0], "b/small": judge[:, 1]}
    cost = {"a/big": 0.01, "b/small": 0.001}
    return make(scores, cost=cost, judged=True, human=human)


def test_enough_labels_certify_a_judged_route(evidence_of: MakeEvidence, decided: Decide) -> None:
    found = decided(_judged(evidence_of, 300))
    assert (found.status, found.model, found.labels) == (RouteStatus.CERTIFIED, "b/small", 300)
    assert (found.n, found.figures) == (300, "in-sample")
    assert found.why == "same quality, 90% cheaper than a/big, put right by 300 human labels"
    assert found.score == pytest.approx(0.9, abs=0.02)


def test_the_score_is_put_right_by_the_labels(evidence_of: MakeEvidence, decided: Decide) -> None:
    """A judge that gives every answer full marks, of which people find a tenth wrong."""
    human = np.full((800, 1), np.nan)
    human[:200, 0] = np.arange(200) % 10 > 0
    found = decided(evidence_of({"a/x": np.ones(800)}, judged=True, human=human))
    assert found.score == pytest.approx(0.9)
    assert found.low is not None
    assert found.low < 0.87
    assert found.why == "single: the only model that may be used here, put right by 200 human labels"


@pytest.mark.parametrize(
    ("labels", "both", "text"),
    [
        (0, True, ", as scored by a model that no human labels check yet"),
        (60, True, ", as scored by a model: up to 40 human labels are missing for 2 models"),
        (300, False, ", as scored by a model: up to 100 human labels are missing for a/big"),
    ],
)
def test_too_few_labels_leave_a_route_judge_only_and_say_how_many_are_missing(
    evidence_of: MakeEvidence, decided: Decide, labels: int, both: bool, text: str
) -> None:
    evidence = _judged(evidence_of, labels, both=both)
    if not both:
        assert evidence.human is not None
        evidence.human[:, :] = evidence.human[:, ::-1]
    found = decided(evidence)
    assert (found.status, found.more_items) == (RouteStatus.JUDGE_ONLY, None)
    assert found.why.endswith(text)


def test_the_number_of_labels_is_the_rules(evidence_of: MakeEvidence, decided: Decide) -> None:
    strict = Organisation("o", "O", rule=DecisionRule(judge=JudgeRule(400, 350)))
    assert decided(_judged(evidence_of, 300), strict).status is RouteStatus.JUDGE_ONLY


def test_labels_of_a_task_that_no_model_judges_change_nothing(
    evidence_of: MakeEvidence, decided: Decide
) -> None:
    right = np.arange(800) % 10 > 0
    human = np.zeros((800, 1))
    plain = decided(evidence_of({"a/x": right}))
    assert decided(evidence_of({"a/x": right}, human=human)) == plain


def test_a_blind_judge_leaves_the_labels_to_themselves(evidence_of: MakeEvidence) -> None:
    """Where the judge says the same of both, the pairs are those of the labelled items alone."""
    rng = np.random.default_rng(3)
    truth = (rng.random((900, 2)) < 0.8).astype(float)
    human = _labelled(truth, 300)
    blind = evidence_of({"a": np.ones(900), "b": np.ones(900)}, judged=True, human=human)
    alone = pairs(evidence_of({"a": truth[:300, 0], "b": truth[:300, 1]}))
    assert label_pairs(blind, DELTA).z(DELTA)[0, 1] == pytest.approx(alone.z(DELTA)[0, 1])


def test_clustered_labels_count_as_their_clusters(evidence_of: MakeEvidence) -> None:
    """Each item stands four times: z is that of a quarter of the labels, not of all."""
    rng = np.random.default_rng(5)
    truth = np.repeat((rng.random((200, 2)) < 0.8).astype(float), 4, axis=0)
    judge = np.repeat((rng.random((200, 2)) < 0.8).astype(float), 4, axis=0)
    human = _labelled(truth, 400)
    whole = evidence_of(
        {"a": judge[:, 0], "b": judge[:, 1]}, judged=True, human=human, clusters=np.repeat(np.arange(200), 4)
    )
    once = evidence_of({"a": judge[::4, 0], "b": judge[::4, 1]}, judged=True, human=human[::4])
    independent = evidence_of({"a": judge[:, 0], "b": judge[:, 1]}, judged=True, human=human)
    z, least, most = (abs(float(label_pairs(e, DELTA).z(DELTA)[0, 1])) for e in (whole, once, independent))
    assert z == pytest.approx(least, rel=0.1)
    assert most > 1.5 * z
