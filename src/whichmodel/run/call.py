"""One question to one model: attempts within their deadlines, each recorded, none hidden in an SDK."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Protocol

from inspect_ai.model import (
    ChatMessage,
    GenerateConfig,
    ModelAPI,
    ModelCall,
    ModelOutput,
)
from inspect_ai.tool import ToolChoice, ToolInfo

from whichmodel.providers.failures import Failure, Kind, failure, here, no_answer
from whichmodel.run.job import Limits
from whichmodel.run.lag import LoopLag
from whichmodel.run.lane import Lane, Stopped

FIRST_WAIT_S, MOST_WAIT_S = 0.5, 30.0
"""Back-off before the second attempt, doubled for each further one up to the most; half of it is drawn."""
PATIENCE = 2
"""A provider that says "too many requests" is asked this many times as often as one in trouble."""


class OverBudget(Exception):
    """The run's budget does not hold another request."""


class Purse(Protocol):
    """The run's budget, as a worker sees it."""

    async def reserve(self, worst: Decimal) -> None:
        """Set the worst case of one request aside. Raises OverBudget."""

    def settle(self, worst: Decimal, spent: Decimal) -> None:
        """What was set aside has cost this much."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is sent."""

    messages: Sequence[ChatMessage]
    config: GenerateConfig
    tools: tuple[ToolInfo, ...] = ()
    tool_choice: ToolChoice = "none"
    worst: Decimal = Decimal(0)
    """The most one attempt can cost, USD."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request."""

    started_at: datetime
    seconds: float
    output: ModelOutput | None = None
    """None = nothing came that could be read. What came beside a failure is no answer, and may be charged."""
    call: ModelCall | None = None
    """What went over the wire, where the provider's code tells."""
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Called:
    """How a question went."""

    attempts: tuple[Attempt, ...]
    waited_s: float
    """Before the last attempt: places, back-off, failed attempts."""
    lag_ms: float | None
    """Worst delay of the event loop during the last attempt. None = nothing was asked."""

    @property
    def output(self) -> ModelOutput | None:
        """The answer. None = every attempt failed."""
        return self.attempts[-1].output if self.attempts and self.failure is None else None

    @property
    def failure(self) -> Failure | None:
        """Why there is none."""
        return self.attempts[-1].failure if self.attempts else None


class Caller:
    """Puts questions to one model through its lane."""

    def __init__(
        self,
        api: ModelAPI,
        lane: Lane,
        limits: Limits,
        lag: LoopLag,
        purse: Purse | None,
        cost: Callable[[Attempt], Decimal | None],
    ) -> None:
        """cost: what an answer cost, None = unknown."""
        self.api, self.lane = api, lane
        self._limits, self._lag, self._purse, self._cost = limits, lag, purse, cost

    async def ask(self, question: Question, started: Callable[[], None] = lambda: None) -> Called:
        """The answer, or the failure that remains after all attempts.

        started: called when the first request gets its place, since deadlines count from there. Raises
        Stopped or OverBudget where nothing was sent.
        """
        async with self.lane.alone():
            return await self._ask(question, started)

    async def _ask(self, question: Question, started: Callable[[], None]) -> Called:
        began, first_sent = time.perf_counter(), None
        attempts: list[Attempt] = []
        called: Called | None = None
        while True:
            try:
                waited, attempt, lag_ms = await self._attempt(
                    question, began, started if called is None else None
                )
            except (Stopped, OverBudget):
                if called is None:
                    raise
                return called
            first_sent = first_sent or began + waited
            attempts.append(attempt)
            called = Called(tuple(attempts), waited, lag_ms)
            if attempt.failure is None:
                self.lane.answered()
                return called
            pause = self._pause(attempt.failure, len(attempts), time.perf_counter() - first_sent)
            if pause is None:
                return called
            await asyncio.sleep(pause)

    async def _attempt(
        self, question: Question, began: float, started: Callable[[], None] | None
    ) -> tuple[float, Attempt, float]:
        sent_at = await self.lane.enter()
        try:
            if started:
                started()
            if self._purse:
                await self._purse.reserve(question.worst)
            waited = time.perf_counter() - began
            with self._lag.watch() as span:
                attempt = await self._settled(question)
            if attempt.failure:
                self._heed(attempt.failure, sent_at)
            return waited, attempt, span.worst_ms
        finally:
            self.lane.leave()

    def _heed(self, found: Failure, sent_at: float) -> None:
        wait = found.retry_after_s or 0.0
        if found.kind is Kind.FATAL:
            self.lane.stop(found.text)
        elif wait > self._limits.call_s:
            self.lane.stop(f"the provider asks to wait for {wait:,.0f} s: {found.text}")
        elif found.kind is Kind.LIMITED:
            self.lane.limited(sent_at, found.retry_after_s)

    async def _settled(self, question: Question) -> Attempt:
        """One request, its money settled however it ends: one that was called off may have been billed."""
        try:
            attempt = await self._send(question)
        except BaseException:
            if self._purse:
                self._purse.settle(question.worst, question.worst)
            raise
        self._settle(question, attempt)
        return attempt

    async def _send(self, question: Question) -> Attempt:
        """One request within its deadline."""
        started_at, started = datetime.now(UTC), time.perf_counter()
        call = None
        try:
            async with asyncio.timeout(self._limits.attempt_s):
                result = await self.api.generate(
                    list(question.messages), list(question.tools), question.tool_choice, question.config
                )
            output, call = result if isinstance(result, tuple) else (result, None)
            if isinstance(output, Exception):
                raise output
        except Exception as error:
            seconds = time.perf_counter() - started
            return Attempt(started_at, seconds, call=call, failure=self._judge(error))
        seconds = time.perf_counter() - started
        if output.time is None:
            output.time = call.time if call and call.time else seconds
        return Attempt(started_at, seconds, output, call, no_answer(self.api, output))

    def _judge(self, error: Exception) -> Failure:
        if isinstance(error, TimeoutError) and not str(error):
            return Failure(Kind.PASSING, f"TimeoutError: no answer within {self._limits.attempt_s:g} s")
        return failure(self.api, error)

    def _settle(self, question: Question, attempt: Attempt) -> None:
        """Book what came; an attempt that got no whole reply may have been billed, so its worst case is."""
        if self._purse is None:
            return
        spent: Decimal | None = None
        if attempt.output is not None:
            spent = self._cost(attempt)
        elif attempt.failure and attempt.failure.status is not None:
            spent = Decimal(0)
        self._purse.settle(question.worst, question.worst if spent is None else spent)

    def _pause(self, found: Failure, tried: int, elapsed_s: float) -> float | None:
        """Seconds until the next attempt. None = there is none."""
        if found.kind is Kind.FATAL:
            return None
        if found.kind is Kind.PERMANENT:
            if found.broken and not here(self.api):
                self.lane.gave_up(found.text)
            return None
        most = self._limits.retries * (PATIENCE if found.kind is Kind.LIMITED else 1)
        step = min(MOST_WAIT_S, FIRST_WAIT_S * 2.0 ** (tried - 1))
        pause = max(found.retry_after_s or 0.0, step * random.uniform(0.5, 1.0))
        if tried > most or elapsed_s + pause > self._limits.call_s:
            self.lane.gave_up(found.text)
            return None
        return pause
