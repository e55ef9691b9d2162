"""What was measured of each task and model, and why the rest was not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from whichmodel.domain import Model, Standing, policy_reason
from whichmodel.views.board import View


class Measured(StrEnum):
    """How far a task was measured on a model."""

    WHOLE = "measured"
    PART = "in part"
    RACED = "raced"
    """In part, since a race asked no more."""
    FAILED = "failed"
    NOT_RUN = "not run"
    POLICY = "policy"
    CANNOT = "cannot be asked"
    UNFIT = "made for other tasks"
    """Draws where text is wanted, or names the tasks that it takes."""


ILL = frozenset({Measured.PART, Measured.FAILED, Measured.NOT_RUN})
"""What a run would mend."""


@dataclass(frozen=True, slots=True)
class Covered:
    """One task and model."""

    task: str
    model: str
    state: Measured
    n: int
    """Items with a score."""
    planned: int
    """Items that were asked."""
    most: int
    """Items that the model asked most was asked on this task."""
    why: str
    """What is missing and why, in words. "" = nothing is."""

    @property
    def ill(self) -> bool:
        """Whether a run would bring what is missing."""
        return self.state in ILL


@dataclass(frozen=True, slots=True)
class Coverage:
    """All tasks and models of a panel of which something was measured."""

    tasks: tuple[str, ...]
    models: tuple[str, ...]
    cells: Mapping[tuple[str, str], Covered]
    """(task, model) -> how far; every pair of the two."""
    new: tuple[str, ...]
    """Configured models, allowed by the policy, of which nothing was measured."""
    unused: tuple[str, ...]
    """Tasks, or categories, with a workload and without any measurement."""

    @property
    def fit(self) -> tuple[Covered, ...]:
        """Without pairs of a model and a task that it is not made for."""
        return tuple(cell for cell in self.cells.values() if cell.state is not Measured.UNFIT)

    @property
    def missing(self) -> tuple[Covered, ...]:
        """What a run would bring."""
        return tuple(cell for cell in self.cells.values() if cell.ill)


def coverage(view: View, absent: Mapping[str, str] | None = None) -> Coverage:
    """How far a view's tasks and models are measured.

    absent: model -> why it cannot be asked from here, where that is known.
    """
    tasks = tuple(route.task for route in view.routes)
    models = tuple(sorted({standing.model for standing in view.standings}))
    found = {(standing.task, standing.model): standing for standing in view.standings}
    most = {task: max((s.planned for s in view.standings if s.task == task), default=0) for task in tasks}
    cells = {
        (task, model): _covered(view, task, model, found.get((task, model)), most[task], absent or {})
        for task in tasks
        for model in models
    }
    return Coverage(tasks, models, cells, _new(view, models), _unused(view))


def _covered(
    view: View, task: str, model: str, standing: Standing | None, most: int, absent: Mapping[str, str]
) -> Covered:
    if standing is None or not standing.planned:
        state, why = _not_run(view, task, model, absent)
        return Covered(task, model, state, 0, 0, most, why)
    state, why = _run(standing, most, raced=view.route(task).raced)
    return Covered(task, model, state, standing.n, standing.planned, most, why)


def _run(standing: Standing, most: int, *, raced: bool) -> tuple[Measured, str]:
    failed = f"{standing.failed:,} of {standing.planned:,} failed" if standing.failed else ""
    if not standing.n:
        return Measured.FAILED, failed or "no item has a score"
    if standing.failed or (standing.planned < most and not raced):
        fewer = f"{standing.planned:,} of {most:,} items asked" if standing.planned < most else ""
        return Measured.PART, ", ".join(filter(None, (fewer, failed)))
    if standing.planned < most:
        return Measured.RACED, f"its race ended after {standing.planned:,} of {most:,} items"
    return Measured.WHOLE, ""


def _not_run(view: View, task: str, model: str, absent: Mapping[str, str]) -> tuple[Measured, str]:
    known = view.models.get(model)
    if known is None:
        return Measured.CANNOT, "it is not configured any more"
    if why := policy_reason(known, view.organisation.policy):
        return Measured.POLICY, why
    card = view.cards.get(task)
    if why := known.not_taken(card) if card else _not_made_for(known, view, task):
        return Measured.UNFIT, why
    if why := absent.get(model, ""):
        return Measured.CANNOT, why
    return Measured.NOT_RUN, "no run has asked it yet"


def _not_made_for(model: Model, view: View, task: str) -> str:
    """As `Model.not_taken`, for a task without a card."""
    made_for = model.tasks and not {task, view.route(task).category} & set(model.tasks)
    return f"it is made for {', '.join(model.tasks)}" if made_for else ""


def _new(view: View, measured: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(
        model.id
        for model in view.models.values()
        if model.id not in measured
        and not model.baseline
        and policy_reason(model, view.organisation.policy) is None
    )


def _unused(view: View) -> tuple[str, ...]:
    measured = {name for route in view.routes for name in (route.task, route.category)}
    return tuple(w.task for w in view.organisation.workloads if w.task not in measured)
