"""The direct way of a single-turn task: one question, one answer, one score, on Inspect's own objects.

Inspect's `eval` carries what agents need (sandboxes, tools, transcripts of many turns) and spends most of a
sample's CPU on it. Here each item is one call of the provider's `ModelAPI` and one of the scorer, and what
comes out is the same `EvalSample`, in the same kind of log.
"""

from __future__ import annotations

import asyncio
import traceback
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from inspect_ai.event import ModelEvent
from inspect_ai.log import EvalError, EvalSample
from inspect_ai.model import ChatMessageUser, GenerateConfig, ModelOutput, ModelUsage
from inspect_ai.scorer import Score

from whichmodel.domain import Item, Model
from whichmodel.estimate import worst_answer, worst_judging
from whichmodel.providers.modes import answered
from whichmodel.record import LOOP_LAG, from_sample
from whichmodel.run.call import Attempt, Called, OverBudget, Question
from whichmodel.run.connect import asked_of
from whichmodel.run.desk import Desk
from whichmodel.run.job import Emit, Job, Report
from whichmodel.run.lane import Stopped
from whichmodel.run.logfile import LogFile
from whichmodel.run.provenance import provenance
from whichmodel.scoring.bridge import (
    JUDGE_ROLE,
    about_image,
    judge,
    messages,
    said,
    sample_metadata,
    target_text,
)


async def run_direct(job: Job, emit: Emit, desk: Desk) -> Report:
    """Measure a job's items; each sample is emitted as it ends."""
    run = _Running(job, emit, desk)
    try:
        await run.all()
    except BaseException:
        run.log.close(whole=False)
        raise
    run.log.close(whole=not run.left)
    return Report(job.name, left=run.left, stopped=run.caller.lane.stopped or run.judge_stopped)


class _Running:
    """One job under way."""

    def __init__(self, job: Job, emit: Emit, desk: Desk) -> None:
        work = job.work
        self.job, self._emit = job, emit
        self._told = asked_of(work)
        self.caller = desk.caller(work.model, job, job.connections, extra=self._told.model_args)
        self._judge = desk.caller(work.judge, job, job.judge_connections) if work.judge else None
        self.judge_stopped: str | None = None
        self._provenance = provenance(job)
        self.log = LogFile(job, self._told.config)
        self.left = len(work.bank.items)
        self._at_an_end = False

    async def all(self) -> None:
        """As many items at a time as the lane has places; the next job's follow when the last one is sent."""
        items = iter(self.job.work.bank.items)
        lane = self.caller.lane
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
            if self._at_an_end:
                return
            try:
                sample = await self._sample(item)
            except (Stopped, OverBudget):
                self._at_an_end = True
                return
            self._emit(from_sample(sample, self._provenance, log_ref=self.job.log_ref))
            self.log.add(sample)
            self.left -= 1
        turn.give_back()

    async def _sample(self, item: Item) -> EvalSample:
        """One item from question to score. Raises Stopped or OverBudget when it was not asked."""
        began = datetime.now(UTC)
        asked = _Asked(self._question(item))
        score, error = None, None
        try:
            async with asyncio.timeout(self.job.limits.sample_s):
                asked.called = await self.caller.ask(asked.question)
                if asked.called.output is None:
                    error = _failed(asked.called)
                else:
                    score = await self._score(item, answered(asked.called.output), asked)
        except (Stopped, OverBudget) as stop:
            if asked.called is None:
                raise
            self._at_an_end, error = True, _error(stop)
            self.judge_stopped = str(stop) if isinstance(stop, Stopped) else None
        except TimeoutError:
            error = _error(TimeoutError(f"the sample did not end within {self.job.limits.sample_s:g} s"))
        except Exception as problem:
            error = _error(problem)
        return self._recorded(item, began, asked, score, error)

    async def _score(self, item: Item, output: ModelOutput, asked: _Asked) -> Score:
        async def ask(question: str, png: bytes) -> str:
            assert self._judge is not None
            called = await self._judge.ask(self._about(question, png))
            asked.judged.append((question, called))
            if called.output is None:
                raise RuntimeError(
                    f"the vision model failed: {called.failure.text if called.failure else ''}"
                )
            return said(called.output)

        return await judge(output, item, self.job.work.bank.card, ask)

    def _question(self, item: Item) -> Question:
        work, card = self.job.work, self.job.work.bank.card
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

    def _about(self, question: str, png: bytes) -> Question:
        judge_model = self.job.work.judge
        assert judge_model is not None
        worst = worst_judging(judge_model, at=datetime.now(UTC)) if self._charged(judge_model) else None
        return Question([about_image(question, png)], GenerateConfig(), worst=worst or Decimal(0))

    def _charged(self, model: Model) -> bool:
        """Whether the budget has to hold a request to a model."""
        return self.job.budgeted and not model.simulated

    def _recorded(
        self, item: Item, began: datetime, asked: _Asked, score: Score | None, error: EvalError | None
    ) -> EvalSample:
        work, called = self.job.work, asked.called
        output = answered(called.output) if called and called.output else None
        return EvalSample(
            id=item.id,
            epoch=work.epoch,
            input=list(asked.question.messages),
            target=target_text(item),
            messages=[*asked.question.messages, *([output.message] if output and not output.empty else [])],
            output=output or ModelOutput(model=work.model.wire_name),
            scores=None if score is None else {work.bank.card.scorer: score},
            metadata=sample_metadata(item),
            store={} if called is None else {LOOP_LAG: round(called.lag_ms, 1)},
            events=[*self._events(began, asked)],
            role_usage=asked.judge_usage(),
            started_at=began.isoformat(),
            completed_at=datetime.now(UTC).isoformat(),
            total_time=(datetime.now(UTC) - began).total_seconds(),
            uuid=uuid.uuid4().hex[:22],
            error=error,
        )

    def _events(self, began: datetime, asked: _Asked) -> list[ModelEvent]:
        question, called = asked.question, asked.called
        if called is None:
            return []
        events = [self._event(question, attempt) for attempt in called.attempts]
        events[-1].timestamp = began
        events[-1].completed = began + timedelta(seconds=called.waited_s + called.attempts[-1].seconds)
        for text, reply in asked.judged:
            put = Question([ChatMessageUser(content=text)], GenerateConfig())
            events += [self._event(put, attempt, role=JUDGE_ROLE) for attempt in reply.attempts]
        return events

    def _event(self, question: Question, attempt: Attempt, role: str | None = None) -> ModelEvent:
        """An attempt as Inspect records it; a judge's is without the image, which stands in the answer."""
        asked = self.job.work.judge if role else self.job.work.model
        name = asked.inspect_name if asked else ""
        return ModelEvent(
            model=name,
            role=role,
            input=list(question.messages),
            tools=list(question.tools),
            tool_choice=question.tool_choice,
            config=question.config,
            output=attempt.output or ModelOutput(model=name),
            call=None if role else attempt.call,
            error=attempt.failure.text if attempt.failure else None,
            timestamp=attempt.started_at,
            completed=attempt.started_at + timedelta(seconds=attempt.seconds),
            working_start=0,
            working_time=attempt.seconds,
        )


class _Turn:
    """A job's turn in its lane, given back once."""

    def __init__(self, lock: asyncio.Lock) -> None:
        self._lock: asyncio.Lock | None = lock

    def give_back(self) -> None:
        if self._lock is not None:
            self._lock.release()
            self._lock = None


@dataclass(slots=True)
class _Asked:
    """What was asked for one item, and what came of it."""

    question: Question
    called: Called | None = None
    judged: list[tuple[str, Called]] = field(default_factory=list)
    """Each question about an image, and how it went."""

    def judge_usage(self) -> dict[str, ModelUsage]:
        """Tokens of the judge's answers, by Inspect's role."""
        total = ModelUsage()
        for _, called in self.judged:
            if called.output and called.output.usage:
                total = total + called.output.usage
        return {JUDGE_ROLE: total} if self.judged else {}


def _failed(called: Called) -> EvalError:
    text = called.failure.text if called.failure else "no attempt was made"
    return EvalError(message=text, traceback="", traceback_ansi="")


def _error(error: Exception) -> EvalError:
    trace = "".join(traceback.format_exception(error))
    return EvalError(message=f"{type(error).__name__}: {error}", traceback=trace, traceback_ansi=trace)
