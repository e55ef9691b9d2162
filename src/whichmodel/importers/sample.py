"""One answer as a foreign tool tells of it, before task, bank and model have our names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from whichmodel.domain import Status, Usage
from whichmodel.importers.files import File


@dataclass(frozen=True, slots=True)
class Sample:
    """One scored, refused, truncated or failed answer. What a source does not tell stays unknown."""

    place: str
    """Where it stands in its file: a line, or a sample's name."""
    tool: str
    """What wrote the file, with its version where the file names it."""
    task: str
    """The source's own name. "" = it names none."""
    item: str
    model: str
    """The source's own name."""
    status: Status
    score: float | None
    """0 to 1. None if and only if status is failed."""
    scorer: str = ""
    """What scored it: another scorer makes another bank. "" = not told."""
    content: str = ""
    """Hash of the question and the right answer. "" = the source tells neither."""
    settings: str = ""
    """What else was asked of the model. "" = not told."""
    run: str = ""
    """The source's own id of the run: the same cell in another run is another attempt. "" = it has none."""
    epoch: int | None = 1
    """None = the source repeats items without numbering them: they are numbered as they come."""
    parsed: bool | None = None
    answer: str | None = None
    cluster: str | None = None
    stratum: str = ""
    usage: Usage = field(default_factory=Usage)
    cost_usd: Decimal | None = None
    latency_s: float | None = None
    """None = it was not measured: failed, out of a cache, a replay, or not told."""
    ttft_s: float | None = None
    attempts: int = 1
    served_model: str | None = None
    error_class: str | None = None
    error_text: str | None = None
    started_at: datetime | None = None
    """UTC."""
    judge_model: str | None = None
    judge_calls: int | None = None
    """Calls of models that took part in the scoring. None = not told."""
    from_cache: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that is no outcome, and why."""

    file: str
    place: str
    reason: str


Found = Sample | Refused
Read = Callable[[File], Iterator[Found]]
"""A format's way of reading one file, row by row. Raises UsageError for a file it cannot read at all."""
