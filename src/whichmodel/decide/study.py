"""What there is to say of a task's agreement policies: figures, comparisons, errors in common, a test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from whichmodel.analyse.agreement.figures import Against, Figures, against, figures
from whichmodel.analyse.agreement.replay import Course, Replay, Terms, alone, person, replay
from whichmodel.analyse.agreement.together import Together, together
from whichmodel.analyse.answers import Answers
from whichmodel.analyse.costs import mean_cost
from whichmodel.decide.error_target import ErrorVerdict, verdicts
from whichmodel.domain import AgreementPolicy, Model, Organisation, policy_reason


@dataclass(frozen=True, slots=True)
class Studied:
    """One policy."""

    policy: AgreementPolicy
    figures: Figures
    against: tuple[Against, ...]
    """The model asked otherwise, the best single model, and a person where one reviews."""
    forbidden: str
    """Why the organisation may not use it. "" = it may."""
    tested: ErrorVerdict | None
    """None = no error was asked for."""


@dataclass(frozen=True, slots=True)
class Study:
    """The policies of one task."""

    task: str
    items: int
    epochs: int
    """Stored of the task; the first is what counts here."""
    best_single: str | None
    """The highest mean score of all that are allowed and measured on the whole bank. None = there is none."""
    of: int
    """Models that it is the best of."""
    terms: Terms
    policies: tuple[Studied, ...]
    together: tuple[Together, ...]
    """Every two models of the policies."""
    simulated: bool


def terms_of(organisation: Organisation, task: str, category: str) -> Terms:
    """What reviews and errors cost an organisation on a task."""
    workload = organisation.workload(task, category)
    own = workload.error_cost_usd if workload else None
    error = organisation.error_cost_usd if own is None else own
    review = organisation.review_cost_usd
    return Terms(
        review_usd=None if review is None else float(review),
        reviewer_error=organisation.reviewer_error,
        error_usd=None if error is None else float(error),
    )


def study(
    answers: Answers,
    policies: Sequence[AgreementPolicy],
    terms: Terms,
    models: Mapping[str, Model],
    organisation: Organisation,
    *,
    max_error: float | None = None,
) -> Study:
    """Replay the policies of one task. models: as configured, by id.

    max_error: error given agreement that is put to the test. Raises ValueError for a model without outcomes
    on the task, UsageError for more than five policies under a test.
    """
    single = _singles(answers, models, organisation)
    best = single[0] if single else None
    tests = verdicts(answers, policies, max_error, organisation.rule, terms) if max_error else ()
    replays = [replay(answers, policy, terms) for policy in policies]
    named = dict.fromkeys(model for policy in policies for model in policy.models)
    return Study(
        task=answers.evidence.task,
        items=len(answers.evidence.items),
        epochs=answers.epochs,
        best_single=best,
        of=len(single),
        terms=terms,
        policies=tuple(
            Studied(
                policy=policy,
                figures=figures(found),
                against=_against(found, answers, best, terms, organisation.rule.delta),
                forbidden=forbidden(policy, models, organisation),
                tested=test,
            )
            for policy, found, test in zip(policies, replays, tests or [None] * len(policies), strict=True)
        ),
        together=together(answers, list(named), terms),
        simulated=answers.evidence.simulated,
    )


def forbidden(policy: AgreementPolicy, models: Mapping[str, Model], organisation: Organisation) -> str:
    """What bars one of a policy's models, in words; "" = nothing."""
    names = (name for name in (*policy.models, policy.otherwise) if name is not None)
    reasons = ((name, _barred(models.get(name), organisation)) for name in names)
    return next((f"{name}: {reason}" for name, reason in reasons if reason), "")


def _barred(model: Model | None, organisation: Organisation) -> str | None:
    return "it is not configured any more" if model is None else policy_reason(model, organisation.policy)


def _against(
    found: Replay, answers: Answers, best: str | None, terms: Terms, delta: float
) -> tuple[Against, ...]:
    rest = found.policy.otherwise
    others = dict.fromkeys(name for name in (rest, best) if name is not None)
    courses: list[Course] = [alone(answers, name, terms) for name in others]
    if rest is None:
        courses.append(person(len(answers.evidence.items), terms))
    return tuple(row for course in courses if (row := against(found, course, delta)) is not None)


def _singles(answers: Answers, models: Mapping[str, Model], organisation: Organisation) -> list[str]:
    """Models that could answer alone: allowed, and with a score on nearly all items; the best first."""
    evidence, found = answers.evidence, []
    for column, name in enumerate(evidence.models):
        score = evidence.score[:, column]
        known = float((~np.isnan(score)).mean())
        if known < organisation.rule.min_coverage or _barred(models.get(name), organisation):
            continue
        cost = mean_cost(evidence, column)
        found.append((-round(float(np.nanmean(score)), 12), np.inf if cost is None else cost, name))
    return [name for _, _, name in sorted(found)]
