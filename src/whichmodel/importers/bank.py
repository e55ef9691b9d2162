"""What a first pass learns: each task's items and their hash, and what is known of each model."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from whichmodel.domain import Status, content_hash
from whichmodel.importers.intake import Accepted
from whichmodel.importers.sample import Refused

MOST_LISTED = 1000
"""Refused rows that are kept in memory; all of them are counted, and written to a file."""


@dataclass(slots=True)
class Tally:
    """What comes in of one model on one task."""

    scores: array[float] = field(default_factory=lambda: array("d"))
    clusters: array[int] = field(default_factory=lambda: array("q"))
    """The cluster of each score, or its item where it is in none."""
    failed: int = 0
    unparsed: int = 0
    unpriced: int = 0
    """Answers without a known cost."""
    untimed: int = 0
    """Answers without a known latency."""
    usd: Decimal = Decimal(0)
    """Of known costs."""
    seconds: float = 0.0
    """Sum of known latencies."""

    @property
    def n(self) -> int:
        """Answers with a score."""
        return len(self.scores)

    @property
    def mean(self) -> float | None:
        """Over all answers with a score, repeated ones too; None = there is none."""
        return sum(self.scores) / len(self.scores) if self.scores else None


@dataclass(slots=True)
class Bank:
    """One task as it comes in."""

    source: str
    """The source's own name of the task."""
    scorer: str
    items: dict[str, str] = field(default_factory=dict)
    """Item id -> hash of question and right answer."""
    tallies: dict[str, Tally] = field(default_factory=dict)
    """By model."""
    judged: int = 0
    """Answers that a model helped to score."""
    _clusters: dict[str, int] = field(default_factory=dict)

    @property
    def task_hash(self) -> str:
        """Of all items with their questions and answers, and of the scorer: another bank has another hash."""
        return content_hash(["imported", self.scorer, sorted(self.items.items())])

    def add(self, taken: Accepted) -> None:
        """Count a sample."""
        sample = taken.sample
        self.items.setdefault(sample.item, sample.content)
        self.judged += bool(sample.judge_calls)
        self.scorer = self.scorer or sample.scorer
        tally = self.tallies.setdefault(taken.model, Tally())
        if sample.status is Status.FAILED or sample.score is None:
            tally.failed += 1
            return
        cluster = sample.cluster or sample.item
        tally.scores.append(sample.score)
        tally.clusters.append(self._clusters.setdefault(cluster, len(self._clusters)))
        tally.unparsed += sample.parsed is False
        tally.unpriced += sample.cost_usd is None
        tally.untimed += sample.latency_s is None
        tally.usd += sample.cost_usd or 0
        tally.seconds += sample.latency_s or 0.0


@dataclass(slots=True)
class Survey:
    """All that a first pass over the files found."""

    banks: dict[str, Bank] = field(default_factory=dict)
    """By our name of the task."""
    rows: int = 0
    """Samples that come in."""
    repeated: int = 0
    refused: int = 0
    listed: list[Refused] = field(default_factory=list)
    """The first refused rows."""
    foreign: set[str] = field(default_factory=set)
    """Models under the source's own names."""
    undated: int = 0
    """Samples whose source does not say when they were measured."""

    @property
    def failed(self) -> int:
        """Of the samples that come in, those without a score."""
        return sum(tally.failed for bank in self.banks.values() for tally in bank.tallies.values())

    @property
    def models(self) -> tuple[str, ...]:
        """Ids of all models, in the order of their names."""
        return tuple(sorted({model for bank in self.banks.values() for model in bank.tallies}))


def survey(found: Iterable[Accepted | Refused], told: Callable[[int], None] = lambda rows: None) -> Survey:
    """Count what comes in. told: called with the number of rows read so far."""
    made = Survey()
    for number, one in enumerate(found, start=1):
        told(number)
        if isinstance(one, Refused):
            made.refused += 1
            if len(made.listed) < MOST_LISTED:
                made.listed.append(one)
            continue
        made.rows += 1
        made.foreign.add(one.sample.model)
        made.undated += one.sample.started_at is None
        bank = made.banks.setdefault(one.task, Bank(one.sample.task, one.sample.scorer))
        bank.add(one)
    return made
