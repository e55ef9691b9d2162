"""One policy, item by item: what it accepts, what goes out, and what that costs."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from whichmodel.analyse.answers import NOTHING, Answers
from whichmodel.analyse.evidence import Codes, Evidence, Floats
from whichmodel.domain import AgreementPolicy

PERSON = "a person"
ROUNDING = 1e-9
"""What a mean of scores may be off by."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What an organisation pays beside its models, in USD, and what it takes for right. None = unknown,
    which is never 0."""

    review_usd: float | None = None
    """h: one answer given by a person."""
    reviewer_error: float = 0.0
    """e_h: share of those answers that are wrong."""
    error_usd: float | None = None
    """L: one wrong answer that nobody notices."""
    right: float = 1.0
    """Score from which an answer is right."""

    @property
    def lost(self) -> float:
        """L, NaN = unknown."""
        return math.nan if self.error_usd is None else self.error_usd

    def wrong(self, score: Floats) -> Floats:
        """1 for a wrong answer, 0 for a right one, NaN without a score."""
        return np.where(np.isnan(score), np.nan, score < self.right - ROUNDING)


@dataclass(frozen=True, eq=False)
class Course:
    """One way of answering, over the items of some evidence. NaN = no score, or an unknown cost."""

    name: str
    score: Floats
    wrong: Floats
    """Probability that what goes out is wrong: 0 or 1 for a model, the reviewer's error rate for a person."""
    paid_usd: Floats
    """Models and people, for one request."""
    measured: NDArray[np.bool_]
    """A model answered, so that `wrong` is one draw; else it is the reviewer's known error rate."""
    error_usd: float
    """What an error costs. NaN = unknown."""

    @property
    def total_usd(self) -> Floats:
        """What is paid, and what the error costs."""
        return self.paid_usd + self.wrong * self.error_usd


@dataclass(frozen=True, eq=False)
class Replay:
    """A policy over the items on which each of its models has a score."""

    policy: AgreementPolicy
    course: Course
    rest: Course
    """Who is asked otherwise, over all items."""
    agreed: NDArray[np.bool_]
    """By item of the evidence: enough models gave one answer. False also where an item is left out."""
    clusters: Codes
    models_usd: Floats
    """Cost of the models that are always asked. NaN = unknown, or left out."""
    latency_s: Floats
    """The slowest of those, then whoever is asked otherwise. NaN = unknown; infinite = a person."""

    @property
    def counts(self) -> NDArray[np.bool_]:
        """The items that count."""
        return ~np.isnan(self.course.score)


def replay(answers: Answers, policy: AgreementPolicy, terms: Terms) -> Replay:
    """Replay a policy.

    An item on which a model of the policy, or the one asked otherwise, has no score is left out. Raises
    ValueError when one of them was not measured.
    """
    evidence = answers.evidence
    columns = [evidence.column(model) for model in policy.models]
    asked = evidence.score[:, columns]
    rest = _rest(answers, policy, terms)
    agreed, speaker = agreement(answers.code[:, columns], policy.quorum)
    said = np.take_along_axis(asked, speaker[:, None], axis=1)[:, 0]
    score = np.where(agreed, said, rest.score)
    left_out = np.isnan(asked).any(axis=1) | np.isnan(rest.score)
    models_usd = np.where(left_out, np.nan, evidence.cost_usd[:, columns].sum(axis=1))
    course = Course(
        name=policy.name,
        score=np.where(left_out, np.nan, score),
        wrong=np.where(left_out, np.nan, np.where(agreed, terms.wrong(said), rest.wrong)),
        paid_usd=models_usd + np.where(agreed, 0.0, rest.paid_usd),
        measured=agreed | rest.measured,
        error_usd=rest.error_usd,
    )
    latency_s = _latency(evidence, columns, policy.otherwise, agreed)
    return Replay(policy, course, rest, agreed & ~left_out, evidence.clusters, models_usd, latency_s)


def _latency(
    evidence: Evidence, columns: list[int], otherwise: str | None, agreed: NDArray[np.bool_]
) -> Floats:
    """All of a policy's models are asked at once; who was asked already is not waited for again."""
    latency = evidence.latency_s[:, :, 0]
    first: Floats = latency[:, columns].max(axis=1)
    if otherwise is None:
        return np.where(agreed, first, np.inf)
    column = evidence.column(otherwise)
    return first if column in columns else first + np.where(agreed, 0.0, latency[:, column])


def agreement(code: Codes, quorum: int) -> tuple[NDArray[np.bool_], Codes]:
    """Whether the largest group of equal answers has the quorum, and the first model in that group.

    code: items x models. Two largest groups of one size agree on nothing, so that a quorum of half is safe.
    """
    same = (code[:, :, None] == code[:, None, :]) & (code != NOTHING)[:, :, None]
    votes = same.sum(axis=2)
    most = votes.max(axis=1)
    alone = (votes == most[:, None]).sum(axis=1) == most
    return (most >= quorum) & alone, votes.argmax(axis=1)


def alone(answers: Answers, model: str, terms: Terms) -> Course:
    """One model asked for everything, its errors unnoticed. Raises ValueError when it was not measured."""
    column = answers.evidence.column(model)
    score = answers.evidence.score[:, column]
    paid = answers.evidence.cost_usd[:, column]
    return Course(model, score, terms.wrong(score), paid, np.ones(len(score), dtype=bool), terms.lost)


def person(items: int, terms: Terms) -> Course:
    """A person who answers everything."""
    wrong = np.full(items, terms.reviewer_error)
    paid = np.full(items, np.nan if terms.review_usd is None else terms.review_usd)
    return Course(PERSON, 1 - wrong, wrong, paid, np.zeros(items, dtype=bool), terms.lost)


def _rest(answers: Answers, policy: AgreementPolicy, terms: Terms) -> Course:
    """Who answers where the models do not agree; a model that was asked already is not paid twice."""
    if policy.otherwise is None:
        return person(len(answers.evidence.items), terms)
    found = alone(answers, policy.otherwise, terms)
    if policy.otherwise not in policy.models:
        return found
    return replace(found, paid_usd=np.zeros_like(found.score))
