"""A worker's life: jobs in, outcomes to the journal, reports out; all its models asked at the same time."""

from __future__ import annotations

import asyncio
import signal
from decimal import Decimal
from multiprocessing.connection import Connection
from pathlib import Path

from whichmodel.run.agentic import run_agentic
from whichmodel.run.call import OverBudget
from whichmodel.run.desk import Desk
from whichmodel.run.direct import run_direct
from whichmodel.run.job import Emit, Granted, Job, Report, Reserve, Settle, Stop
from whichmodel.run.secrets import keys_of
from whichmodel.run.spool import Spool

SYNC_S = 0.5
"""Between two orders to the disk to keep what was written, against a power cut."""


async def run_job(job: Job, emit: Emit, desk: Desk) -> Report:
    """Measure one job; every sample that ends is emitted before this returns."""
    if job.work.bank.card.inspect_task:
        return await run_agentic(job, emit, desk.one_eval)
    return await run_direct(job, emit, desk)


async def work(connection: Connection) -> None:
    """Take jobs from the pool until it closes the connection or asks to end."""
    line = _Line(connection)
    desk = Desk(purse=line, tell_stopped=lambda model, reason: line.send(Stop(model, reason)))
    loop = asyncio.get_running_loop()
    everything = asyncio.current_task()
    assert everything is not None
    loop.add_signal_handler(signal.SIGTERM, everything.cancel)
    loop.add_reader(connection.fileno(), line.readable)
    try:
        async with asyncio.TaskGroup() as group:
            while (message := await line.inbox.get()) is not None:
                if isinstance(message, Stop):
                    desk.stop(message.model, message.reason)
                else:
                    group.create_task(_reported(message, desk, line))
    finally:
        await desk.close()


async def _reported(job: Job, desk: Desk, line: _Line) -> None:
    """Run a job and report how it ended, whatever that is."""
    spool = Spool(Path(job.folder), keys_of(job.work))
    syncing = asyncio.create_task(_sync(spool))
    try:
        report = await run_job(job, spool, desk)
    except Exception as error:
        report = Report(job.name, error=words(error))
    finally:
        syncing.cancel()
        spool.close()
    line.send(report)


def words(error: BaseException) -> str:
    """An error in words; of a group, its first."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return f"{type(error).__name__}: {error}"


async def _sync(spool: Spool) -> None:
    while True:
        await asyncio.sleep(SYNC_S)
        await asyncio.to_thread(spool.sync)


class _Line:
    """The connection to the pool, as messages; the purse of jobs under a budget."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.inbox: asyncio.Queue[Job | Stop | None] = asyncio.Queue()
        self._asked: dict[int, tuple[asyncio.Future[bool], Decimal]] = {}
        """Money asked for and not yet granted or refused, by number."""
        self._numbers = 0

    def readable(self) -> None:
        """The pool has sent something, or is gone."""
        try:
            message = self._connection.recv()
        except (EOFError, OSError):
            asyncio.get_running_loop().remove_reader(self._connection.fileno())
            self.inbox.put_nowait(None)
            return
        if isinstance(message, Granted):
            asked, worst = self._asked.pop(message.number)
            if not asked.done():
                asked.set_result(message.granted)
            elif message.granted:
                self.settle(worst, Decimal(0))
        else:
            self.inbox.put_nowait(message)

    def send(self, message: Report | Reserve | Settle | Stop) -> None:
        """Tell the pool."""
        self._connection.send(message)

    async def reserve(self, worst: Decimal) -> None:
        """Set the worst case of one request aside. Raises OverBudget."""
        self._numbers += 1
        asked: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._asked[self._numbers] = asked, worst
        self.send(Reserve(self._numbers, worst))
        if not await asked:
            raise OverBudget("The budget holds no more.")

    def settle(self, worst: Decimal, spent: Decimal) -> None:
        """What was set aside has cost this much."""
        self.send(Settle(worst, spent))
