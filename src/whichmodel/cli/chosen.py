"""Which of the models that can be asked a run is about: new ones alone, and named ones that take no task."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from whichmodel.cli.output import document, note
from whichmodel.cli.project import ModelPanel, Project
from whichmodel.domain import Model, TaskCard


def only_new(
    project: Project,
    panel: ModelPanel,
    cards: Sequence[TaskCard],
    *,
    as_json: bool,
    begun: Collection[str] = (),
) -> ModelPanel | None:
    """The panel with just the models that take one of the tasks and have no outcome on any of them.

    None = there is none, which is then said. begun: settings hashes of models that count as new all the same.
    """
    able = tuple(m for m in panel.models if not m.baseline and any(m.takes(card) for card in cards))
    new = replace(panel, models=able).only_new(project.settings_measured(cards) - set(begun))
    if new.models:
        note(f"New: {', '.join(model.id for model in new.models)}.")
        return new
    if as_json:
        document({"run_id": None, "new_models": [], "configured": len(able)})
    else:
        note(f"Nothing new: all {len(able):,} configured models are measured.")
    return None


def takes_none(names: Collection[str], models: Sequence[Model], cards: Sequence[TaskCard]) -> list[str]:
    """A line for each model that was asked for by name and takes none of the tasks."""
    lines = []
    for model in models:
        reasons = dict.fromkeys(model.not_taken(card) for card in cards)
        if model.id in names and "" not in reasons:
            lines.append(f"{model.id} takes none of these tasks: {'; '.join(reasons)}.")
    return lines
