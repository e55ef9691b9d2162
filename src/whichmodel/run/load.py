"""A load measurement: closed-loop steps, each with so many requests in flight, until nothing more is gained.

Each of a step's workers sends its next request as soon as the one before has ended. The window opens when
every worker has had its first answer, which is left out, and closes after a number of calls or of seconds;
what is then still in flight is waited for, so that slow answers keep their latency.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

from inspect_ai.model import Model as InspectModel

from whichmodel.domain import Item, Timing
from whichmodel.domain.load import LoadCalls
from whichmodel.plan import Work, order
from whichmodel.providers.failures import Failure, Kind
from whichmodel.run.connect import asked_of, inspect_model
from whichmodel.run.job import Job, Limits
from whichmodel.run.lag import LoopLag
from whichmodel.run.latency import LIMITS, UNBOUND
from whichmodel.run.latency_call import Call, timed_call

ROUNDS = 10
"""Calls that a worker makes in a step, at least, however few calls are asked for."""
AFTER_FAILURE_S = 0.5
"""A worker whose call failed waits that long, so that failures do not come in thousands."""
LONGEST_WAIT_S = 10.0
"""A worker waits no longer for a provider that asks for time: the step has a window to keep."""
FAILED_IN_A_ROW = 10
"""Calls that failed one after another, after which a step ends."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a step is, and how far the steps go."""

    calls: int = 200
    """Calls of a step's window, at most; never fewer than ROUNDS for each worker."""
    seconds: float = 20.0
    """Length of a step's window, at most."""
    most: int = 64
    """Requests in flight in the last step, at most."""

    def calls_at(self, concurrency: int) -> int:
        """Calls of the window of a step, at most."""
        return max(self.calls, ROUNDS * concurrency)

    def steps(self) -> list[int]:
        """1, 2, 4, 8 and so on, the last being `most`."""
        doubled = [2**power for power in range(self.most.bit_length()) if 2**power < self.most]
        return [*doubled, self.most]

    def most_calls(self) -> int:
        """Calls of all steps, warm-up included, at most."""
        return sum(self.calls_at(step) + 2 * step for step in self.steps())


@dataclass(slots=True)
class LoadPass:
    """One model under rising load. `heed` takes each step's calls and says why to stop, None = go on."""

    work: Work
    run_id: str
    results: Path
    pace: Pace
    heed: Callable[[LoadCalls], str | None]
    limits: Limits = LIMITS
    ended: str = "the most that was asked for"
    """Why no further step was made."""

    def run(self) -> None:
        """Make the steps. Nothing is written."""
        asyncio.run(self._steps())

    async def _steps(self) -> None:
        calls = self._calls()
        async with self._connected() as inspect:
            for concurrency in self.pace.steps():
                step = _Step(concurrency, self.pace, inspect, calls)
                made = await step.all()
                stop = self.heed(made)
                if step.fatal or stop:
                    self.ended = step.fatal or stop or ""
                    return

    def _connected(self) -> InspectModel:
        job = Job(
            run_id=self.run_id,
            name="load",
            work=self.work,
            folder=str(self.results / "load"),
            log_ref="load",
            artifacts=str(self.results / "artifacts"),
            connections=UNBOUND,
            limits=self.limits,
        )
        return inspect_model(self.work.model, job, asked_of(self.work).model_args)

    def _calls(self) -> Iterator[Call]:
        """Prompts in the order that all models share, again from its start when all were sent."""
        told, items = asked_of(self.work), order(self.work.bank.items)
        for number in count():
            item: Item = items[number % len(items)]
            yield Call(self.run_id, number, self.work, item, told, 0)


@dataclass(slots=True)
class _Step:
    """Workers that send one call after another, and the window in which these count."""

    concurrency: int
    pace: Pace
    inspect: InspectModel
    calls: Iterator[Call]
    fatal: str | None = None
    _lag: LoopLag = field(default_factory=LoopLag)
    _warm: int = 0
    _opened: float | None = None
    _cpu: float = 0.0
    _closed: float | None = None
    _busy: float = 0.0
    _sent: int = 0
    _failed_in_a_row: int = 0
    _made: list[tuple[float, Timing]] = field(default_factory=list)

    async def all(self) -> LoadCalls:
        async with asyncio.TaskGroup() as group:
            for _ in range(self.concurrency):
                group.create_task(self._consume())
        self._close()
        opened = self._opened or 0.0
        return LoadCalls(
            concurrency=self.concurrency,
            timings=tuple(timing for _, timing in self._made),
            ended_s=tuple(ended - opened for ended, _ in self._made),
            window_s=(self._closed or 0.0) - opened,
            busy=self._busy,
        )

    async def _consume(self) -> None:
        first = await self._call()
        self._warm += 1
        if self._warm == self.concurrency:
            self._open()
        await self._rest(first)
        while not self._over():
            counted = self._opened is not None and self._place()
            if not self._over():
                await self._rest(await self._call(counted=counted))

    def _over(self) -> bool:
        return self._closed is not None

    def _place(self) -> bool:
        """Whether the next call is one of the window; the one after the last closes it."""
        assert self._opened is not None
        full = self._sent >= self.pace.calls_at(self.concurrency)
        if full or time.perf_counter() - self._opened >= self.pace.seconds:
            self._close()
            return False
        self._sent += 1
        return True

    def _open(self) -> None:
        self._opened, self._cpu = time.perf_counter(), time.process_time()

    def _close(self) -> None:
        if self._closed is not None:
            return
        self._closed = time.perf_counter()
        if self._opened is None:
            self._opened = self._closed
        seconds = self._closed - self._opened
        self._busy = (time.process_time() - self._cpu) / seconds if seconds > 0 else 0.0

    async def _call(self, *, counted: bool = False) -> Failure | None:
        timed = await timed_call(
            self.inspect, replace(next(self.calls), concurrency=self.concurrency), self._lag
        )
        if counted:
            self._made.append((time.perf_counter(), timed.timing))
        found = timed.failure
        self._failed_in_a_row = self._failed_in_a_row + 1 if found else 0
        if found and found.kind is Kind.FATAL:
            self.fatal = found.text
        elif found and self._failed_in_a_row >= FAILED_IN_A_ROW:
            self.fatal = f"{FAILED_IN_A_ROW} calls in a row failed, the last with {found.text}"
        if self.fatal:
            self._close()
        return found

    async def _rest(self, found: Failure | None) -> None:
        if found is not None:
            await asyncio.sleep(min(found.retry_after_s or AFTER_FAILURE_S, LONGEST_WAIT_S))
