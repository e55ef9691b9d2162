"""One timed call: a streaming request that is sent once, and what was seen of its reply."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from inspect_ai.model import ContentImage, ModelOutput, StreamEvent
from inspect_ai.model import Model as InspectModel
from tenacity import RetryError

from whichmodel.domain import Ended, FirstKind, Item, Model, Timing, Usage, content_hash
from whichmodel.domain.timing import rate
from whichmodel.plan import Work
from whichmodel.pricing import price, ten_places
from whichmodel.providers.failures import Failure, failure
from whichmodel.providers.modes import Asked
from whichmodel.providers.usage import call_usage
from whichmodel.run.lag import LoopLag
from whichmodel.scoring.bridge import messages

STOPPED = {"content_filter": Ended.REFUSED, "max_tokens": Ended.TRUNCATED, "model_length": Ended.TRUNCATED}
NOTHING = "(no content)"
"""What Inspect writes where a reply of Google's has no part."""
MAX_WRAPS, MOST_CLASS = 4, 80


class NoAnswer(Exception):
    """The reply came and holds nothing."""


@dataclass(frozen=True, slots=True)
class Call:
    """What is to be sent."""

    run_id: str
    number: int
    """Of this model's calls in this pass."""
    work: Work
    item: Item
    told: Asked
    concurrency: int

    @property
    def key(self) -> str:
        """Content key of the call's row."""
        return content_hash([self.run_id, self.work.model.settings_hash, self.number], length=32)


@dataclass(frozen=True, slots=True)
class Timed:
    """How a call went."""

    timing: Timing
    failure: Failure | None
    """None = an answer came."""


@dataclass(slots=True)
class _Stream:
    """What was seen of a streamed reply; called with each of its parts."""

    began: float
    first_s: float | None = None
    kind: FirstKind | None = None
    deltas: int = 0

    async def __call__(self, event: StreamEvent) -> None:
        if event.type == "retry":
            return
        if self.first_s is None:
            self.first_s, self.kind = time.perf_counter() - self.began, event.type
        self.deltas += 1


async def timed_call(inspect: InspectModel, call: Call, lag: LoopLag) -> Timed:
    """Send one request and time it. Whatever goes wrong is the call's failure."""
    put, told = messages(call.item, call.work.bank.card.system), call.told
    started_at = datetime.now(UTC)
    seen = _Stream(time.perf_counter())
    with lag.watch() as span:
        try:
            output = await inspect.generate(
                put, tools=told.tools, tool_choice=told.tool_choice, config=told.config, on_stream=seen
            )
            seconds = time.perf_counter() - seen.began
            if output.stop_reason not in STOPPED and not _has_content(output):
                raise NoAnswer("the reply holds no answer at all")
        except Exception as error:
            found, output = failure(inspect.api, _cause(error)), None
    lag_ms = round(span.worst_ms, 1)
    if output is None:
        failed = replace(
            _sent(call, started_at, lag_ms),
            error_class=found.text.partition(":")[0][:MOST_CLASS],
            error_text=found.text,
        )
        return Timed(failed, found)
    return Timed(_answered(call, started_at, lag_ms, output, seconds, seen), None)


def _cause(error: Exception) -> Exception:
    """What the provider raised, out of what Inspect wraps it in; its own wrapping quotes the request."""
    for _ in range(MAX_WRAPS):
        inner = error.__cause__
        wraps = isinstance(error, RetryError) or type(error).__name__ == "ModelGenerateError"
        if not wraps or not isinstance(inner, Exception):
            break
        error = inner
    return error


def _has_content(output: ModelOutput) -> bool:
    """Whether there is anything that could have been streamed or drawn."""
    if output.empty:
        return False
    content = output.message.content
    drawn = isinstance(content, list) and any(isinstance(part, ContentImage) for part in content)
    said = output.completion not in ("", NOTHING)
    return bool(said or output.message.tool_calls or drawn)


def _answered(
    call: Call, started_at: datetime, lag_ms: float, output: ModelOutput, seconds: float, seen: _Stream
) -> Timing:
    used = _usage(output, call.work.model)
    cost = price(call.work.model, used, at=started_at, seconds=seconds)
    return replace(
        _sent(call, started_at, lag_ms),
        status=STOPPED.get(output.stop_reason, Ended.ANSWERED),
        served_model=output.model or None,
        streamed=True if seen.deltas else False if _has_content(output) else None,
        first_kind=seen.kind,
        deltas=seen.deltas,
        ttft_s=seen.first_s,
        latency_s=seconds,
        tokens_per_s=rate(
            output_tokens=used.output,
            reasoning_tokens=used.reasoning,
            first_kind=seen.kind,
            deltas=seen.deltas,
            ttft_s=seen.first_s,
            latency_s=seconds,
        ),
        input_tokens=used.input,
        cached_tokens=used.cached,
        cache_write_tokens=used.cache_write,
        output_tokens=used.output,
        reasoning_tokens=used.reasoning,
        cost_usd=ten_places(cost.usd),
        price_source=cost.source or None,
        price_date=cost.dated,
    )


def _usage(output: ModelOutput, model: Model) -> Usage:
    """The counts of a reply. Prompts are text alone; a model that draws tells its pictures' own tokens."""
    used = replace(call_usage(output, {}, model), image_input=0)
    return used if model.answers == "image" else replace(used, image_output=0)


def _sent(call: Call, started_at: datetime, lag_ms: float) -> Timing:
    """What is known of any call: as it stands it says that the call failed."""
    work, model = call.work, call.work.model
    return Timing(
        key=call.key,
        run_id=call.run_id,
        number=call.number,
        task=work.bank.card.name,
        task_hash=work.bank.task_hash,
        item_id=call.item.id,
        model=model.id,
        settings_hash=model.settings_hash,
        requested_model=model.wire_name,
        served_model=None,
        status=Ended.FAILED,
        streamed=None,
        first_kind=None,
        deltas=None,
        ttft_s=None,
        latency_s=None,
        tokens_per_s=None,
        input_tokens=None,
        cached_tokens=None,
        cache_write_tokens=None,
        output_tokens=None,
        reasoning_tokens=None,
        cost_usd=None,
        price_source=None,
        price_date=None,
        loop_lag_ms=lag_ms,
        cold=call.number < call.concurrency,
        concurrency=call.concurrency,
        hour_utc=started_at.hour,
        error_class=None,
        error_text=None,
        started_at=started_at,
        simulated=model.simulated,
    )
