"""A task: a bank of items with a scorer, and what a scorer says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from whichmodel.domain.dataset import HubDataset
from whichmodel.domain.identity import Json

CATEGORIES = (
    "coding",
    "reasoning",
    "extraction",
    "summarization",
    "image-prompt",
    "classification",
    "translation",
)


@dataclass(frozen=True, slots=True)
class Item:
    """One question of a bank."""

    id: str
    input: str
    """The complete user prompt, as it is sent."""
    target: Json
    """What the scorer compares with. Never shown to the model."""
    reference: str = ""
    """One answer that earns the full score, as a model would write it. "" = none is known."""
    stratum: str = ""
    cluster_id: str | None = None
    """Items of one cluster are not independent of each other. None = a cluster of its own."""
    metadata: Mapping[str, Json] = field(default_factory=dict)
    """For the scorer alone."""


@dataclass(frozen=True, slots=True)
class TaskCard:
    """task.yaml: what a task measures, known without importing its code."""

    name: str
    category: str
    title: str
    description: str
    version: str
    licence: str
    source: str
    metric: str
    """What the score is a share or mean of, in words."""
    scorer: str
    """A name in `whichmodel.scoring`."""
    folder: Path
    options: Mapping[str, Json] = field(default_factory=dict)
    """Options of the scorer."""
    system: str = ""
    """System prompt. "" = none is sent."""
    items: str = "generate.py"
    """items.jsonl, `hf://organisation/name`, or generate.py with
    `generate(seed: int, count: int) -> Iterable[Item]`."""
    uses: tuple[str, ...] = ()
    """Sibling task folders whose files the items are made from."""
    count: int = 400
    """Items that are generated or, at most, read."""
    hub: HubDataset | None = None
    """Where `hf://` items come from. None = they stand in the task's own folder."""
    answers: Literal["text", "image"] = "text"
    sandbox: bool = False
    """The scorer runs model-written code."""
    judged: bool = False
    """A model takes part in the scoring (DECISION section 6: judge-only until it is calibrated)."""
    max_tokens: int = 1024
    inspect_task: str | None = None
    """Name of a foreign Inspect task (`inspect_evals/gsm8k`) this card stands for. None = ours."""


@dataclass(frozen=True, slots=True)
class Bank:
    """A card with its items. `task_hash` covers card, prompts, targets and scorer options."""

    card: TaskCard
    items: tuple[Item, ...]
    task_hash: str
    seed: int | None = None
    """Seed of a generated or drawn bank. None = there are no other items."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model gave back, as a scorer sees it."""

    text: str
    images: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """A scorer's finding on one answer."""

    score: float
    parsed: bool
    """False = not in the form that was asked for: counted, and scored 0 unless the scorer can read it."""
    answer_norm: str = ""
    """The answer in normal form: equal answers are equal strings."""
    detail: Mapping[str, Json] = field(default_factory=dict)
    """Per-field or per-demand findings, and `explanation` in words."""
