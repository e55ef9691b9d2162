"""Stored answers of tasks, for what rests on models agreeing."""

from __future__ import annotations

from collections.abc import Collection

from whichmodel.analyse.answers import Answers, answers
from whichmodel.domain import Organisation
from whichmodel.scoring import SAME, SCORERS
from whichmodel.store import Panel
from whichmodel.views.source import Source

KEEPS_NONE = frozenset(SCORERS) - frozenset(SAME)
FOREIGN = "the same answer, as its own scorer read it"
"""Of a task that another tool scores."""


def same_answers(source: Source, tasks: Collection[str]) -> dict[str, str]:
    """Task -> what two answers have in common that count as the same; without tasks that keep no answers."""
    if not tasks:
        return {}
    ours = {card.name: card.scorer for card in source.cards.values() if card.scorer in SCORERS}
    return {task: SAME.get(ours.get(task, ""), FOREIGN) for task in tasks if ours.get(task) not in KEEPS_NONE}


def stored_answers(
    source: Source,
    organisation: Organisation,
    panel: Panel,
    tasks: Collection[str],
    *,
    until_run: str | None = None,
) -> dict[str, Answers]:
    """The answers of a panel by task, at the organisation's own prices; without what was not measured."""
    if not tasks:
        return {}
    source = source.of(organisation.name)
    frame = source.reader.outcomes(panel, tasks=sorted(tasks), until_run=until_run)
    found = answers(frame, source.models(panel), source.judged, prices=organisation.prices)
    return {one.evidence.task: one for one in found}
