"""Whom a run may ask: the policy of the organisation that it decides for, applied before any call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from whichmodel.cli.output import note
from whichmodel.cli.project import ModelPanel
from whichmodel.domain import Judges, Model, Organisation, Policy, policy_reason
from whichmodel.errors import UsageError
from whichmodel.plan import Barred


def permitted(panel: ModelPanel, organisation: Organisation) -> tuple[ModelPanel, tuple[Barred, ...]]:
    """The panel without the models and judges that the organisation's policy bars, and who these are.

    Simulated models and rules send nothing anywhere and stay. Raises UsageError where only rules are left.
    """
    if panel.simulated:
        return panel, ()
    policy = organisation.policy
    asked = (*panel.models, *_judges(panel.judges))
    reasons = {model.id: reason for model in asked if (reason := policy_reason(model, policy))}
    left = tuple(model for model in panel.models if model.id not in reasons)
    barred = tuple(Barred(name, reason) for name, reason in sorted(reasons.items()))
    if len(left) < len(panel.models) and all(model.baseline for model in left):
        said = "; ".join(f"{one.model}: {one.reason}" for one in barred)
        raise UsageError(
            f"The policy of {organisation.name} bars every model that could be asked: {said}.",
            where="bench run",
            remedy="Another --org, or --all-models: they are measured, and never routed to.",
        )
    return replace(panel, models=left, judges=_without(panel.judges, policy)), barred


def tell(barred: Sequence[Barred], organisation: Organisation) -> None:
    """Who is not asked, and why: one line a reason."""
    by_reason: dict[str, list[str]] = {}
    for one in barred:
        by_reason.setdefault(one.reason, []).append(one.model)
    for reason, models in by_reason.items():
        note(f"Not asked, by the policy of {organisation.name}: {', '.join(models)}: {reason}.")


def _judges(judges: Judges) -> tuple[Model, ...]:
    named = (judges.vision, judges.text, *judges.by_task.values())
    return tuple(model for model in named if model is not None)


def _without(judges: Judges, policy: Policy) -> Judges:
    """The judges that the policy allows: they read the same items as the models."""

    def allowed(model: Model | None) -> Model | None:
        return model if model is not None and policy_reason(model, policy) is None else None

    by_task = {task: model for task, model in judges.by_task.items() if allowed(model)}
    return replace(judges, vision=allowed(judges.vision), text=allowed(judges.text), by_task=by_task)
