"""A latency pass: models asked one after another, few requests at a time, so that this program is never late.

What a run under load records is bent by queues and by the program's own event loop. Here nothing else runs:
no scoring, no second model, and what is written is written between two calls.
"""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count, groupby
from pathlib import Path

from inspect_ai.model import Model as InspectModel
from inspect_ai.model import ModelOutput, ModelUsage, get_model

from whichmodel.domain import Model, Timing
from whichmodel.plan import Plan, Work
from whichmodel.providers.failures import Failure, Kind
from whichmodel.run.connect import asked_of, inspect_model
from whichmodel.run.job import Job, Limits
from whichmodel.run.lag import LoopLag
from whichmodel.run.latency_call import Call, timed_call
from whichmodel.run.latency_lines import Lines
from whichmodel.store import Store

LIMITS = Limits(attempt_s=120, call_s=120, retries=0)
"""A call is sent once: what a second attempt took would be no latency of the model."""
UNBOUND = 1000
"""Inspect's own limit of requests in flight, which is never met: waiting for it would count as latency."""
FAILED_IN_A_ROW = 3
"""Calls that failed one after another, after which a model is asked no more."""


@dataclass(slots=True)
class LatencyPass:
    """One pass in the making. `tell` is called with each model and the number of its calls."""

    plan: Plan
    run_id: str
    results: Path
    store: Store
    concurrency: int = 1
    """Requests in flight at the same time, at most, of all models together."""
    tell: Callable[[Model, int], None] = lambda model, calls: None
    limits: Limits = LIMITS
    timings: list[Timing] = field(default_factory=list)
    stopped: dict[str, str] = field(default_factory=dict)
    """Model -> why it was asked no more."""
    _stored: int = 0
    _terminated: bool = False

    def run(self) -> None:
        """Carry the plan out. On an interrupt, what has ended is stored before it goes on upwards."""
        lines = Lines(self.results / "logs" / self.run_id)
        before = signal.getsignal(signal.SIGTERM)
        try:
            asyncio.run(self._all(lines))
        finally:
            lines.close()
            self._store()
            self.store.publish()
            if threading.current_thread() is threading.main_thread():
                # The loop has put the system's handling in the place of whoever heard the signal before.
                signal.signal(signal.SIGTERM, before)
            if self._terminated:
                signal.raise_signal(signal.SIGTERM)

    async def _all(self, lines: Lines) -> None:
        self._heed_sigterm()
        await _warm_up()
        for model_id, works in groupby(self.plan.work, key=lambda work: work.model.id):
            await _Asking(self, list(works), lines, self.stopped, model_id).all()
            self._store()

    def _heed_sigterm(self) -> None:
        """A signal ends the pass between two steps, as Ctrl-C does."""
        everything = asyncio.current_task()
        assert everything is not None

        def end() -> None:
            self._terminated = True
            everything.cancel()

        if threading.current_thread() is threading.main_thread():
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, end)

    def _store(self) -> None:
        """While no request is in flight, since the database keeps the loop waiting."""
        self.store.ingest_timings(self.timings[self._stored :])
        self._stored = len(self.timings)


class _Asking:
    """One model's calls."""

    def __init__(
        self, of: LatencyPass, works: list[Work], lines: Lines, stopped: dict[str, str], model_id: str
    ) -> None:
        self._of, self._works, self._lines = of, works, lines
        self._stopped, self._model_id = stopped, model_id
        self._failed_in_a_row = 0
        self._resume_at = 0.0
        self._lag = LoopLag()

    async def all(self) -> None:
        calls = self._calls()
        model = self._works[0].model
        self._of.tell(model, sum(len(work.bank.items) for work in self._works))
        try:
            async with self._connected() as inspect, asyncio.TaskGroup() as group:
                for _ in range(self._of.concurrency):
                    group.create_task(self._consume(inspect, calls))
        except* OSError as errors:
            raise errors.exceptions[0] from None

    def _connected(self) -> InspectModel:
        work = self._works[0]
        folder = self._of.results / "logs" / self._of.run_id
        job = Job(
            run_id=self._of.run_id,
            name="latency",
            work=work,
            folder=str(folder),
            log_ref=f"logs/{self._of.run_id}",
            artifacts=str(self._of.results / "artifacts"),
            connections=UNBOUND,
            limits=self._of.limits,
        )
        return inspect_model(work.model, job, asked_of(work).model_args)

    def _calls(self) -> Iterator[Call]:
        numbers = count()
        for work in self._works:
            told = asked_of(work)
            for item in work.bank.items:
                yield Call(self._of.run_id, next(numbers), work, item, told, self._of.concurrency)

    async def _consume(self, inspect: InspectModel, calls: Iterator[Call]) -> None:
        loop = asyncio.get_running_loop()
        for call in calls:
            while (pause := self._resume_at - loop.time()) > 0 and self._model_id not in self._stopped:
                await asyncio.sleep(pause)
            if self._model_id in self._stopped:
                return
            timed = await timed_call(inspect, call, self._lag)
            self._of.timings.append(timed.timing)
            self._lines.write(timed.timing)
            await asyncio.to_thread(self._lines.sync)
            self._heed(timed.failure)

    def _heed(self, found: Failure | None) -> None:
        """What a failure means for the calls that are still to be sent."""
        self._failed_in_a_row = self._failed_in_a_row + 1 if found else 0
        if found is None:
            return
        wait = found.retry_after_s or 0.0
        if found.kind is Kind.FATAL:
            self._stop(found.text)
        elif wait > self._of.limits.call_s:
            self._stop(f"the provider asks to wait for {wait:,.0f} s: {found.text}")
        elif self._failed_in_a_row >= FAILED_IN_A_ROW:
            self._stop(f"{FAILED_IN_A_ROW} calls in a row failed, the last with {found.text}")
        self._resume_at = max(self._resume_at, asyncio.get_running_loop().time() + wait)

    def _stop(self, reason: str) -> None:
        self._stopped.setdefault(self._model_id, reason)


async def _warm_up() -> None:
    """Let Inspect load what it loads at its first call, on a model in this process that costs nothing."""
    output = ModelOutput.from_content("mockllm", "ready")
    output.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
    await get_model("mockllm/model", custom_outputs=[output], memoize=False).generate("ready?")
