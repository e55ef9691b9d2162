"""A worker on a node: an actor that runs jobs as a local one does, and gives each sample to the journal.

What it shares with other workers it learns from the run's `Limits`; where the driver is gone it finishes what
is in flight, hands it over, and ends.
"""

from __future__ import annotations

import asyncio
import gc
import os
import threading
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ray.exceptions import ActorUnavailableError

from whichmodel.domain import Outcome
from whichmodel.plan import Work
from whichmodel.run.cluster.journal import SILENT_S, Line, Place, mark
from whichmodel.run.cluster.keys import read_secrets
from whichmodel.run.cluster.parcels import ARTIFACTS, LOGS, Piece, pieces, remove, whole_if_small
from whichmodel.run.cluster.sharing import DRIVER_GONE, LOST, Purse, Sharing
from whichmodel.run.desk import Desk
from whichmodel.run.job import Job, Report
from whichmodel.run.lane import Stopped
from whichmodel.run.pool import GENERATIONS
from whichmodel.run.secrets import keys_of
from whichmodel.run.spool import line_of
from whichmodel.run.worker import run_job, words

ASK_S = 2.0
"""Between two questions whether to go on."""
LOCAL_FILE = "file:"
NO_JOB_S = 600.0
GOODBYE_S = 5.0
AGAIN_S = 1.0
"""Before a batch that the journal did not take is sent again."""


@dataclass(frozen=True, slots=True)
class Seat:
    """Where and for whom a worker works."""

    name: str
    """Unique in the run."""
    node: str
    """Ray's id of it."""
    folder: str
    """For logs and images until they are carried away."""
    secret_file: str | None = None
    """Keys in dotenv format. None = the node's environment has them."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A job that has ended, and its files if they are small."""

    report: Report
    pieces: list[Piece] | None
    """All of its files. None = they are to be fetched."""

    @property
    def gave_up(self) -> str | None:
        """Why the worker left items that nothing is wrong with. None = it did not."""
        stopped = self.report.stopped or ""
        return next((reason for reason in (DRIVER_GONE, LOST) if reason in stopped), None)


class Worker:
    """The actor. journal and limits: handles of the run's."""

    def __init__(self, seat: Seat, journal: Any, limits: Any) -> None:
        self._seat, self._journal = seat, journal
        read_secrets(seat.secret_file)
        _end_unless(lambda: bool(self._background))
        gc.freeze()
        gc.set_threshold(*GENERATIONS)
        self._sharing = Sharing(seat.name, limits)
        self._desk = Desk(
            purse=Purse(seat.name, limits), tell_stopped=self._sharing.stop, opened=self._sharing.opened
        )
        self._post = Post(seat.name, journal)
        self._jobs: dict[str, asyncio.Task[Report]] = {}
        self._told_to_go_on = time.monotonic()
        self._background: list[asyncio.Task[None]] = []

    async def run(self, job: Job, attempt: int) -> Ended:
        """Measure a job; when this returns, the journal has its samples."""
        if not self._background:
            self._background = [asyncio.create_task(each) for each in self._lives()]
        folder = Path(self._seat.folder) / job.name / str(attempt)
        await self._journal.begun.remote(
            self._seat.name, Place(job.name, attempt, self._seat.node, str(folder))
        )
        here = replace(
            job, work=_with_files(job.work), folder=str(folder / LOGS), artifacts=str(folder / ARTIFACTS)
        )
        task = self._jobs[job.name] = asyncio.create_task(self._measured(here))
        try:
            report = await task
        except asyncio.CancelledError:
            report = Report(job.name, error="it was called off")
        await self._post.all_sent()
        await self._sharing.all_told()
        await self._journal.ended.remote(job.name, report.error)
        del self._jobs[job.name]
        return Ended(report, whole_if_small(str(folder)))

    def _lives(self) -> list[Coroutine[Any, Any, None]]:
        return [self._post.carry(), self._sharing.listen(self._desk), self._watch()]

    async def _measured(self, job: Job) -> Report:
        keys = keys_of(job.work)

        def emit(outcome: Outcome) -> None:
            line = Line(job.name, mark(outcome.item_id), line_of(outcome, keys))
            self._post.put(line, self._sharing.unsent(outcome.model))

        try:
            async with self._sharing.asking(job) as shared:
                return await run_job(shared, emit, self._desk)
        except Stopped as stop:
            return Report(job.name, left=len(job.work.bank.items), stopped=str(stop))
        except Exception as error:
            return Report(job.name, error=words(error))

    async def pieces(self, job: str, attempt: int, known: dict[str, int]) -> list[Piece]:
        """What of a job's files is not known yet, as much as travels at once."""
        return pieces(str(Path(self._seat.folder) / job / str(attempt)), known)

    async def remove(self, job: str, attempt: int) -> None:
        """All of a job's files have come."""
        remove(str(Path(self._seat.folder) / job / str(attempt)))

    async def call_off(self) -> None:
        """Break all jobs off; what has ended is with the journal when this returns."""
        tasks = list(self._jobs.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._post.all_sent()

    async def _watch(self) -> None:
        """End when the run has."""
        while await self._may_go_on():
            await asyncio.sleep(ASK_S)
        while self._jobs:
            self._sharing.stop_all()
            self._desk.stop_all(DRIVER_GONE)
            await asyncio.wait(list(self._jobs.values()), timeout=ASK_S)
            await asyncio.sleep(0)
        with suppress(Exception):
            async with asyncio.timeout(GOODBYE_S):
                await self._post.all_sent()
                await self._journal.bye.remote(self._seat.name)
        os._exit(0)

    async def _may_go_on(self) -> bool:
        """A question that does not get through is no answer, until there was none for too long."""
        try:
            go_on = bool(await self._journal.go_on.remote())
        except ActorUnavailableError:
            return time.monotonic() - self._told_to_go_on <= SILENT_S
        except Exception:
            return False
        self._told_to_go_on = time.monotonic()
        return go_on


def _with_files(work: Work) -> Work:
    """The same, its model's recorded answers those that travelled, which lie in the working folder."""
    if (work.model.base_url or "").startswith(LOCAL_FILE):
        return replace(work, model=replace(work.model, base_url=Path.cwd().as_uri()))
    return work


def _end_unless(begun: Callable[[], bool]) -> None:
    """End this process where no job comes: its driver has died before it could give one."""

    def look() -> None:
        if not begun():
            os._exit(0)

    timer = threading.Timer(NO_JOB_S, look)
    timer.daemon = True
    timer.start()


class Post:
    """Finished samples on their way to the journal, in batches that follow each other."""

    def __init__(self, worker: str, journal: Any) -> None:
        self._worker, self._journal = worker, journal
        self._waiting: list[tuple[Line, Callable[[], None]]] = []
        self._sent = 0
        self._some = asyncio.Event()
        self._none = asyncio.Event()
        self._none.set()

    def put(self, line: Line, arrived: Callable[[], None]) -> None:
        """Send a line; arrived: called when the journal has it."""
        self._waiting.append((line, arrived))
        self._some.set()
        self._none.clear()

    async def carry(self) -> None:
        """Send what is put, as long as the worker lives."""
        while True:
            await self._some.wait()
            batch, self._waiting = self._waiting, []
            self._some.clear()
            await self._append([line for line, _ in batch])
            self._sent += len(batch)
            for _, arrived in batch:
                arrived()
            if not self._waiting:
                self._none.set()

    async def _append(self, lines: list[Line]) -> None:
        """Until it is done: a journal that is begun again, or has no room, is asked again."""
        while True:
            try:
                await self._journal.append.remote(self._worker, self._sent + 1, lines)
                return
            except Exception:
                await asyncio.sleep(AGAIN_S)

    async def all_sent(self) -> None:
        """Return when the journal has all that was put."""
        await self._none.wait()
