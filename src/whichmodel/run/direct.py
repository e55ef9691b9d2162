"""The direct way of a single-turn task: one question, one answer, one score, on Inspect's own objects.

Inspect's `eval` carries what agents need (sandboxes, tools, transcripts of many turns) and spends most of a
sample's CPU on it. Here each item is one call of the provider's `ModelAPI` and one of the scorer, and what
comes out is the same `EvalSample`, in the same kind of log.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path

from inspect_ai.log import EvalSample
from inspect_ai.model import GenerateConfig, ModelOutput
from inspect_ai.scorer import Score

from whichmodel.domain import Item, Model, TaskCard
from whichmodel.errors import ScoringFailed
from whichmodel.estimate import worst_answer, worst_judging
from whichmodel.providers.images import FOLDER
from whichmodel.providers.modes import answered
from whichmodel.providers.replay import ITEM
from whichmodel.record import from_sample
from whichmodel.run.cache import ResponseCache, question_key
from whichmodel.run.call import Attempt, Called, OverBudget, Question
from whichmodel.run.connect import asked_of, judging_config
from whichmodel.run.desk import Desk
from whichmodel.run.job import Emit, Job, Report
from whichmodel.run.lane import Stopped
from whichmodel.run.logfile import LogFile
from whichmodel.run.provenance import provenance
from whichmodel.run.sample import Asked, eval_error, failed, sample
from whichmodel.scoring.bridge import (
    about,
    judge,
    messages,
    said,
)


async def run_direct(job: Job, emit: Emit, desk: Desk) -> Report:
    """Measure a job's items; each sample is emitted as it ends."""
    run = _Running(job, emit, desk)
    try:
        await run.all()
    except BaseException:
        run.close(whole=False)
        raise
    run.close(whole=not run.left)
    return Report(job.name, left=run.left, stopped=run.stopped)


class _Running:
    """One job under way."""

    def __init__(self, job: Job, emit: Emit, desk: Desk) -> None:
        work = job.work
        self._job, self._emit = job, emit
        self._told = asked_of(work)
        self._caller = desk.caller(work.model, job, job.connections, extra=self._told.model_args)
        self._judge = desk.caller(work.judge, job, job.judge_connections) if work.judge else None
        self._provenance = provenance(job)
        self._log = LogFile(job, self._told.config)
        self._cache = ResponseCache(Path(job.cache)) if job.cache else None
        self.left = len(work.bank.items)
        self._at_an_end = False

    @property
    def _card(self) -> TaskCard:
        return self._job.work.bank.card

    @property
    def stopped(self) -> str | None:
        """Why nothing more was asked. None = it was, or the budget held no more."""
        judge = self._judge if self._card.judged else None
        if self._caller.lane.stopped is None and judge and judge.lane.stopped:
            return f"its judge was stopped: {judge.lane.stopped}"
        return self._caller.lane.stopped

    def close(self, *, whole: bool) -> None:
        """Close the files. whole: the job ran to its end."""
        self._log.close(whole=whole)
        if self._cache:
            self._cache.close()

    async def all(self) -> None:
        """As many items at a time as the lane has places; the next job's follow when the last one is sent."""
        items = iter(self._job.work.bank.items)
        lane = self._caller.lane
        await lane.turn.acquire()
        turn = _Turn(lane.turn)
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(min(lane.most, self.left)):
                    group.create_task(self._consume(items, turn))
        finally:
            turn.give_back()

    async def _consume(self, items: Iterator[Item], turn: _Turn) -> None:
        for item in items:
            if self._at_an_end or self.stopped:
                return
            try:
                ended = await self._sample(item)
            except (Stopped, OverBudget):
                self._at_an_end = True
                return
            self._emit(from_sample(ended, self._provenance, log_ref=self._job.log_ref))
            self._log.add(ended)
            self.left -= 1
        turn.give_back()

    async def _sample(self, item: Item) -> EvalSample:
        """One item from question to score. Raises Stopped or OverBudget when it was not asked."""
        ITEM.set((self._job.work.bank.card.name, item.id))
        FOLDER.set(Path(self._job.artifacts))
        asked = Asked(self._question(item), datetime.now(UTC))
        score, error = None, None
        try:
            async with asyncio.timeout(None) as deadline:
                asked.called = await self._answer(asked, partial(_start, deadline, self._job.limits.sample_s))
                if asked.called.output is None:
                    error = failed(asked.called)
                else:
                    score = await self._score(item, answered(asked.called.output), asked)
        except (Stopped, OverBudget) as stop:
            if asked.called is None:
                raise
            self._at_an_end, error = True, eval_error(stop)
        except TimeoutError:
            error = eval_error(TimeoutError(f"the sample did not end within {self._job.limits.sample_s:g} s"))
        except Exception as problem:
            error = eval_error(problem)
        return sample(item, self._job.work, asked, score, error)

    async def _answer(self, asked: Asked, started: Callable[[], None]) -> Called:
        """What the cache keeps, or else the model's answer, which is kept if there is a cache."""
        if self._cache is None:
            return await self._caller.ask(asked.question, started)
        key = question_key(self._job.work, asked.question)
        if kept := self._cache.get(key):
            asked.from_cache = True
            return Called((Attempt(datetime.now(UTC), 0.0, *kept),), waited_s=0.0, lag_ms=None)
        called = await self._caller.ask(asked.question, started)
        if called.output is not None and not called.output.empty:
            self._cache.put(key, called.output, called.attempts[-1].call)
        return called

    async def _score(self, item: Item, output: ModelOutput, asked: Asked) -> Score:
        async def ask(question: str, png: bytes | None) -> str:
            assert self._judge is not None
            try:
                called = await self._judge.ask(self._about(question, png))
            except (Stopped, OverBudget) as stop:
                if self._card.judged:
                    raise
                raise ScoringFailed(f"The judge was not asked: {stop}") from stop
            asked.judged.append((question, called))
            if called.output is None:
                why = called.failure.text if called.failure else "it gave no answer"
                raise ScoringFailed(f"The judge failed: {why}")
            return said(called.output)

        return await judge(output, item, self._card, ask if self._judge else None)

    def _question(self, item: Item) -> Question:
        work, card = self._job.work, self._job.work.bank.card
        worst = (
            worst_answer(work.model, card, item, at=datetime.now(UTC)) if self._charged(work.model) else None
        )
        told = self._told
        return Question(
            messages(item, card.system),
            told.config,
            told.tools,
            told.tool_choice or "none",
            worst or Decimal(0),
        )

    def _about(self, question: str, png: bytes | None) -> Question:
        judge_model = self._job.work.judge
        assert judge_model is not None
        characters = len(question) if png is None else None
        worst = None
        if self._charged(judge_model):
            worst = worst_judging(judge_model, at=datetime.now(UTC), characters=characters)
        config = GenerateConfig() if characters is None else judging_config(judge_model)
        return Question([about(question, png)], config, worst=worst or Decimal(0))

    def _charged(self, model: Model) -> bool:
        """Whether the budget has to hold a request to a model."""
        return self._job.budgeted and not model.simulated


def _start(deadline: asyncio.Timeout, seconds: float) -> None:
    """A sample's time runs from its first request; waiting for a place is not its own."""
    deadline.reschedule(asyncio.get_running_loop().time() + seconds)


class _Turn:
    """A job's turn in its lane, given back once."""

    def __init__(self, lock: asyncio.Lock) -> None:
        self._lock: asyncio.Lock | None = lock

    def give_back(self) -> None:
        if self._lock is not None:
            self._lock.release()
            self._lock = None
