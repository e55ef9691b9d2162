"""The truth about every request, for whoever wants to prove what was measured of it."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import asdict, dataclass


@dataclass(slots=True)
class Entry:
    """One request. Moments are monotonic seconds, comparable across processes of one machine."""

    at: float
    """When it was read."""
    path: str
    """Where it was posted to."""
    model: str
    prompt: str
    """SHA-256 of the prompt."""
    number: int
    """How many requests of this model came before."""
    in_flight: int
    """Requests of this model being answered at that moment, this one included."""
    begun: float | None = None
    """When it got a place to be worked on. None = it never got one, or places are not counted."""
    fault: str | None = None
    """The fault that struck it. None = none."""
    status: int | None = None
    """The HTTP status that was sent. None = none was."""
    first: float | None = None
    """When the first bytes of the reply's body were written. None = never."""
    written: float | None = None
    """When its last byte was written. None = the reply never ended by itself."""

    @property
    def start(self) -> float:
        """From when on its latency runs."""
        return self.at if self.begun is None else self.begun


class Journal:
    """Entries in the order in which requests were read."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._read: Counter[str] = Counter()
        self._open: Counter[str] = Counter()

    def begin(self, path: str, model: str, prompt: str, at: float) -> Entry:
        """A request was read at this moment."""
        self._open[model] += 1
        entry = Entry(at, path, model, prompt, self._read[model], self._open[model])
        self._read[model] += 1
        self._entries.append(entry)
        return entry

    def end(self, entry: Entry) -> None:
        """The request is over, however it ended."""
        self._open[entry.model] -= 1

    def dump(self) -> list[dict[str, object]]:
        """All entries as JSON."""
        return [asdict(entry) for entry in self._entries]


def written(entry: Entry) -> None:
    """The last byte was written now."""
    entry.written = time.monotonic()
    if entry.first is None:
        entry.first = entry.written
