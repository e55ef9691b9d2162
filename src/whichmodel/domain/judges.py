"""Models that take part in scoring: who judges what, and whom they should not judge unnoticed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from whichmodel.domain.identity import content_hash
from whichmodel.domain.model import Model
from whichmodel.domain.task import Bank, TaskCard

JUDGE = "judge"
"""The scorer whose score is a text judge's."""
_FAMILIES = (
    "claude", "command", "deepseek", "falcon", "gemini", "gemma", "glm", "gpt", "granite", "grok", "kimi",
    "llama", "mistral", "mixtral", "nova", "olmo", "phi", "qwen", "yi",
)  # fmt: skip
_FAMILY = re.compile(rf"(?<![a-z])({'|'.join(_FAMILIES)})(?![a-z])")


@dataclass(frozen=True, slots=True)
class Judges:
    """The judges of a run."""

    vision: Model | None = None
    """Answers questions about images. None = nobody does."""
    text: Model | None = None
    """Grades texts by a rubric. None = nobody does."""
    by_task: Mapping[str, Model] = field(default_factory=dict)
    """Task -> who grades its texts, in place of `text`."""
    readability: frozenset[str] = frozenset()
    """Tasks whose summaries a text judge reads besides; it has no part in their score."""

    def of(self, card: TaskCard) -> Model | None:
        """Who takes part in scoring a task. None = nobody does, or nobody can."""
        if card.judged and card.scorer != JUDGE:
            return self.vision
        reads = card.judged or card.name in self.readability
        return self.by_task.get(card.name, self.text) if reads else None

    def missing(self, card: TaskCard) -> str:
        """What a task lacks of judges; "" = nothing."""
        if not card.judged or self.of(card) is not None:
            return ""
        if card.scorer == JUDGE:
            return "no text judge is configured to grade the answers"
        return "no vision model is configured to check the images"


NOBODY = Judges()


def judged_by(bank: Bank, judges: Judges) -> Bank:
    """The bank with the judge in its identity where the score is the judge's: another judge, another bank."""
    judge = judges.of(bank.card) if bank.card.scorer == JUDGE else None
    if judge is None:
        return bank
    return replace(bank, task_hash=content_hash([bank.task_hash, judge.settings_hash]))


def kinship(judge: str, model: str, vendors: Mapping[str, str]) -> str:
    """What a judge and the model it grades have in common, in words; "" = nothing that the names tell.

    judge, model: ids. vendors: of the ids whose vendor is not their first part.
    """
    if judge == model:
        return "itself"
    vendor = vendors.get(judge, judge.partition("/")[0])
    if vendor == vendors.get(model, model.partition("/")[0]):
        return f"its own vendor {vendor}"
    shared = set(_FAMILY.findall(judge.casefold())) & set(_FAMILY.findall(model.casefold()))
    return f"its own family {min(shared)}" if shared else ""
