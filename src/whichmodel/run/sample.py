"""What was asked for one item, and what came of it, as the sample that Inspect logs."""

from __future__ import annotations

import traceback
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from inspect_ai.event import ModelEvent
from inspect_ai.log import EvalError, EvalSample
from inspect_ai.model import ChatMessageUser, GenerateConfig, ModelOutput, ModelUsage
from inspect_ai.scorer import Score

from whichmodel.domain import Item
from whichmodel.plan import Work
from whichmodel.providers.modes import answered
from whichmodel.record import FROM_CACHE, LOOP_LAG
from whichmodel.run.call import Attempt, Called, Question
from whichmodel.scoring.bridge import JUDGE_ROLE, sample_metadata, target_text


@dataclass(slots=True)
class Asked:
    """What was asked for one item, and what came of it."""

    question: Question
    began: datetime
    called: Called | None = None
    from_cache: bool = False
    judged: list[tuple[str, Called]] = field(default_factory=list)
    """Each question to the judge, and how it went."""

    def store(self) -> dict[str, Any]:
        """What the sample says of how it was measured."""
        if self.from_cache:
            return {FROM_CACHE: True}
        lag = self.called.lag_ms if self.called else None
        return {} if lag is None else {LOOP_LAG: round(lag, 1)}

    def judge_usage(self) -> dict[str, ModelUsage]:
        """Tokens of the judge's answers, by Inspect's role."""
        total = ModelUsage()
        for _, called in self.judged:
            if called.output and called.output.usage:
                total = total + called.output.usage
        return {JUDGE_ROLE: total} if self.judged else {}


def sample(item: Item, work: Work, asked: Asked, score: Score | None, error: EvalError | None) -> EvalSample:
    """One item from question to score. error None = it has a score."""
    called, now = asked.called, datetime.now(UTC)
    output = answered(called.output) if called and called.output else None
    messages = list(asked.question.messages)
    return EvalSample(
        id=item.id,
        epoch=work.epoch,
        input=messages,
        target=target_text(item),
        messages=[*messages, output.message] if output and not output.empty else messages,
        output=output or ModelOutput(model=work.model.wire_name),
        scores=None if score is None else {work.bank.card.scorer: score},
        metadata=sample_metadata(item),
        store=asked.store(),
        events=[*_events(work, asked)],
        role_usage=asked.judge_usage(),
        started_at=asked.began.isoformat(),
        completed_at=now.isoformat(),
        total_time=(now - asked.began).total_seconds(),
        uuid=uuid.uuid4().hex[:22],
        error=error,
    )


def _events(work: Work, asked: Asked) -> list[ModelEvent]:
    """Every attempt; the last one counts from when the item was begun, waiting included."""
    question, called = asked.question, asked.called
    if called is None:
        return []
    cache = asked.from_cache
    events = [_event(work.model.inspect_name, question, attempt, cache=cache) for attempt in called.attempts]
    events[-1].timestamp = asked.began
    events[-1].completed = asked.began + timedelta(seconds=called.waited_s + called.attempts[-1].seconds)
    judge = work.judge.inspect_name if work.judge else ""
    for text, reply in asked.judged:
        put = Question([ChatMessageUser(content=text)], GenerateConfig())
        events += [_event(judge, put, attempt, role=JUDGE_ROLE) for attempt in reply.attempts]
    return events


def _event(
    name: str, question: Question, attempt: Attempt, *, role: str | None = None, cache: bool = False
) -> ModelEvent:
    """An attempt as Inspect records it; a judge's is without the image, which stands in the answer."""
    return ModelEvent(
        model=name,
        role=role,
        input=list(question.messages),
        tools=list(question.tools),
        tool_choice=question.tool_choice,
        config=question.config,
        output=attempt.output or ModelOutput(model=name),
        call=None if role else attempt.call,
        cache="read" if cache else None,
        error=attempt.failure.text if attempt.failure else None,
        timestamp=attempt.started_at,
        completed=attempt.started_at + timedelta(seconds=attempt.seconds),
        working_start=0,
        working_time=attempt.seconds,
    )


def failed(called: Called) -> EvalError:
    """Why there is no answer."""
    text = called.failure.text if called.failure else "no attempt was made"
    return EvalError(message=text, traceback="", traceback_ansi="")


def eval_error(error: Exception) -> EvalError:
    """An exception as a sample's error."""
    trace = "".join(traceback.format_exception(error))
    return EvalError(message=f"{type(error).__name__}: {error}", traceback=trace, traceback_ansi=trace)
