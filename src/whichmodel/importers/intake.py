"""Samples under our names: tasks, models, epochs; what contradicts or cannot be told apart is turned away."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from whichmodel.errors import UsageError
from whichmodel.importers.files import File
from whichmodel.importers.sample import Read, Refused, Sample

MOST_NAME = 64
"""Characters of a task's name."""
UNNAMED = "unnamed"
"""A task whose own name has no letter and no digit."""
OTHER = "other"
"""The category of a task whose category nobody named."""


@dataclass(frozen=True, slots=True)
class Names:
    """How the source's names become ours."""

    task: str | None = None
    """None = the source's own, made safe."""
    category: str = OTHER
    models: Mapping[str, str] = field(default_factory=dict)
    """Foreign name -> id of a model; others keep their names."""
    taken: Collection[str] = ()
    """Names of tasks that are measured here: their banks are others."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A sample with its task's and its model's name as they are stored."""

    file: File
    sample: Sample
    task: str
    model: str
    epoch: int


@dataclass(slots=True)
class Intake:
    """One pass over files; a second pass makes the same decisions.

    Raises UsageError where names are unusable: one task for several, a name that is taken, two scorers.
    """

    names: Names
    read: Read
    files: Sequence[File]
    repeated: int = 0
    """Samples that are there twice, with the run and the score that they had before."""
    _tasks: dict[str, tuple[str | None, str]] = field(default_factory=dict)
    """Our name -> the source's name, and the scorer; "" = no sample of it was scored so far."""
    _contents: dict[tuple[str, str], str] = field(default_factory=dict)
    _seen: dict[int, tuple[File, float | None]] = field(default_factory=dict)
    _marks: dict[float | None, tuple[File, float | None]] = field(default_factory=dict)
    """One value a score of the file that is read, shared by all its samples."""
    _epochs: Counter[int] = field(default_factory=Counter)

    def __iter__(self) -> Iterator[Accepted | Refused]:
        for file in self.files:
            self._marks = {}
            for found in self.read(file):
                if isinstance(found, Refused):
                    yield found
                elif (taken := self._taken(file, found)) is not None:
                    yield taken

    def _taken(self, file: File, sample: Sample) -> Accepted | Refused | None:
        """None = the very same sample was taken before."""
        if not (sample.item.isprintable() and sample.model.isprintable()):
            return Refused(file.name, sample.place, "its item's or model's name holds a control character")
        task = self._task(sample)
        model = self.names.models.get(sample.model, sample.model)
        known = self._contents.setdefault((task, sample.item), sample.content)
        if known != sample.content:
            reason = (
                f"item {sample.item} has another question or answer than further up: it is of another bank"
            )
            return Refused(file.name, sample.place, reason)
        cell = (task, sample.model, sample.settings, sample.item)
        key = hash((*cell, sample.epoch, sample.run))
        if key in self._seen and not (sample.epoch is None and not sample.run):
            return self._again(file, sample, self._seen[key])
        self._seen[key] = self._marks.setdefault(sample.score, (file, sample.score))
        epoch = sample.epoch
        if epoch is None:
            self._epochs[hash(cell)] += 1
            epoch = self._epochs[hash(cell)]
        return Accepted(file, sample, task, model, epoch)

    def _again(self, file: File, sample: Sample, before: tuple[File, float | None]) -> Refused | None:
        where, score = before
        if sample.run and where is not file and score == sample.score:
            self.repeated += 1
            return None
        differs = "the same score" if score == sample.score else f"another score ({_score(score)})"
        reason = f"item {sample.item} of {sample.model} stands further up with {differs}"
        return Refused(file.name, sample.place, reason)

    def _task(self, sample: Sample) -> str:
        name = self.names.task or safe(sample.task) or (UNNAMED if sample.task else "")
        known, scorer = self._tasks.get(name, (None, ""))
        if known is None:
            self._usable(name)
        elif known != sample.task:
            raise UsageError(
                f"Several tasks would get the name '{name}': '{known}' and '{sample.task}'.",
                where="bench import",
                remedy="Import them one at a time, each with its own --task.",
            )
        elif scorer and sample.scorer and scorer != sample.scorer:
            raise UsageError(
                f"'{sample.task}' is scored by {scorer} in one file and by {sample.scorer} in another.",
                where="bench import",
                remedy="Import them one at a time: other scores are another bank.",
            )
        self._tasks[name] = (sample.task, scorer or sample.scorer)
        return name

    def _usable(self, name: str) -> None:
        if not name:
            raise UsageError(
                "The file does not say which task its rows are of.",
                where="bench import",
                remedy="Add --task NAME.",
            )
        if name in self.names.taken:
            raise UsageError(
                f"'{name}' is the name of a task that `bench run` measures; its bank is another one.",
                where="bench import",
                remedy=f"Take another name: --task {name}-imported.",
            )


def safe(name: str) -> str:
    """A foreign name as a task's name: small letters, digits, - and _, at most 64. "" = nothing is left."""
    plain = re.sub(r"[^a-z0-9_-]+", "-", name.strip().casefold()).strip("-_")
    return plain[:MOST_NAME].rstrip("-_")


def _score(score: float | None) -> str:
    return "none" if score is None else f"{score:g}"
