"""The run's journal on the cluster: an actor that has each finished sample's line until the driver took it.

It outlives the driver: a run that is begun again finds it by name and takes what it holds. Its file survives
the actor too, which is begun again by Ray and reads it: one line a sample,
`worker TAB number TAB job TAB mark TAB outcome as JSON`. A worker sends a batch again when it does not know
whether it arrived; the number tells.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from hashlib import blake2b
from pathlib import Path
from typing import IO

from whichmodel.run.cluster.nodes import own_folder

FILE, TAKEN, PLACES = "journal.tsv", "taken", "places.jsonl"
MOST_BYTES = 4 * 2**20
"""Of one take, unless a single line is longer."""
SYNC_S = 0.5
"""Between two orders to the disk to keep what was written."""
SILENT_S = 30.0
"""A driver that has not asked for so long is gone: workers finish what is in flight and stop."""
LEFT_ALONE_S = 7 * 86_400.0
"""A journal that nobody has asked for so long ends; its file stays."""
CHECK_S = 1.0


@dataclass(frozen=True, slots=True)
class Line:
    """A finished sample."""

    job: str
    mark: str
    """Of its item, see `mark`."""
    text: str
    """The outcome as JSON, on one line, without keys."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a job's log and images lie until they are carried to the driver."""

    job: str
    attempt: int
    node: str
    """Ray's id of it."""
    folder: str


def mark(item_id: str) -> str:
    """An item's id in few characters without a blank."""
    return blake2b(item_id.encode(), digest_size=8).hexdigest()


def parse(chunk: bytes) -> list[Line]:
    """The samples of a part of the file that holds whole lines."""
    cells = (line.decode().split("\t", 4) for line in chunk.split(b"\n") if line)
    return [Line(job, found, text) for _, _, job, found, text in cells]


class Journal:
    """The actor. folder: in this user's own on its node; what is in it already is continued."""

    def __init__(self, folder: str, silent_s: float = SILENT_S) -> None:
        """silent_s: the driver is gone after so many seconds without a word."""
        self._folder, self._silent_s = own_folder() / folder, silent_s
        self._continued = self._folder.exists()
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._file: IO[bytes] = _continued(self._folder / FILE)
        self._numbers = _last_numbers(self._folder / FILE)
        self._heard = time.monotonic()
        self._stopped = self._unsynced = False
        self._present: set[str] = set()
        self._ended: dict[str, str | None] = {}
        self._keeping: asyncio.Task[None] | None = None

    async def append(self, worker: str, first: int, lines: Sequence[Line]) -> None:
        """Keep samples, numbered from `first` by their worker; when this returns, they are finished."""
        self._begin()
        new = [(n, line) for n, line in enumerate(lines, first) if n > self._numbers.get(worker, 0)]
        rows = (f"{worker}\t{n}\t{line.job}\t{line.mark}\t{line.text}\n" for n, line in new)
        self._file.write("".join(rows).encode())
        self._file.flush()
        self._unsynced = True
        if new:
            self._numbers[worker] = new[-1][0]

    async def take(self, after: int) -> tuple[int, bytes]:
        """What stands behind a place in the file, as whole lines, and the place behind it.

        The driver's call: it has all up to `after`, and lives.
        """
        self._begin()
        self._heard = time.monotonic()
        (self._folder / TAKEN).write_text(str(after))
        with (self._folder / FILE).open("rb") as file:
            file.seek(after)
            chunk = file.read(MOST_BYTES)
            if chunk and b"\n" not in chunk:
                chunk += file.readline()
        whole = chunk[: chunk.rfind(b"\n") + 1]
        return after + len(whole), whole

    async def hear(self) -> bool:
        """The driver lives. Whether this journal continues one that was there before."""
        self._begin()
        self._heard = time.monotonic()
        return self._continued

    async def taken(self) -> int:
        """The place up to which a driver has taken."""
        file = self._folder / TAKEN
        return int(file.read_text()) if file.exists() else 0

    async def begun(self, worker: str, place: Place) -> None:
        """A worker begins a job."""
        self._begin()
        self._present.add(worker)
        with (self._folder / PLACES).open("a") as file:
            file.write(json.dumps(asdict(place)) + "\n")

    async def ended(self, job: str, error: str | None) -> None:
        """A job has ended. error: None = every sample that was asked for ended."""
        self._ended[job] = error

    async def how_ended(self) -> dict[str, str | None]:
        """Jobs that ended, and the error of each."""
        return dict(self._ended)

    async def places(self) -> list[Place]:
        """All places that logs may lie in."""
        file = self._folder / PLACES
        return [Place(**json.loads(line)) for line in file.read_text().splitlines()] if file.exists() else []

    async def go_on(self) -> bool:
        """A worker's question. False = the driver is not heard, or has ended the run.

        A driver that slept is heard again when it wakes: who asks then may go on.
        """
        return not self._stopped and time.monotonic() - self._heard <= self._silent_s

    async def stop(self) -> None:
        """Workers are to finish what is in flight, and end."""
        self._stopped = True

    async def bye(self, worker: str) -> None:
        """A worker has handed over all it had, and ends."""
        self._present.discard(worker)

    async def present(self) -> set[str]:
        """Workers that have begun a job and not said good-bye; a dead one is among them."""
        return set(self._present)

    async def remove(self) -> None:
        """All was taken: the file has served."""
        self._file.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _begin(self) -> None:
        if self._keeping is None:
            self._keeping = asyncio.create_task(self._keep())

    async def _keep(self) -> None:
        checked = time.monotonic()
        while True:
            await asyncio.sleep(SYNC_S)
            if self._unsynced:
                self._unsynced = False
                with suppress(OSError, ValueError):
                    await asyncio.to_thread(os.fsync, self._file.fileno())
            if time.monotonic() - checked < CHECK_S:
                continue
            checked = time.monotonic()
            if checked - self._heard > LEFT_ALONE_S:
                os._exit(0)


def _continued(path: Path) -> IO[bytes]:
    """The file open for more, without a line that was cut short."""
    if path.exists():
        text = path.read_bytes()
        with path.open("r+b") as file:
            file.truncate(text.rfind(b"\n") + 1)
    return path.open("ab")


def _last_numbers(path: Path) -> dict[str, int]:
    numbers: dict[str, int] = {}
    with path.open("rb") as file:
        for line in file:
            worker, number, _ = line.split(b"\t", 2)
            numbers[worker.decode()] = int(number)
    return numbers
