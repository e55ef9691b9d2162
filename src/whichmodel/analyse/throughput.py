"""One step of a load measurement in figures: what came back in its window, and how long it took."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from whichmodel.analyse.timing import percentile
from whichmodel.domain import Ended, Timing
from whichmodel.domain.load import LoadCalls, LoadStep

Floats = NDArray[np.float64]


def summarise(made: LoadCalls) -> LoadStep:
    """The figures of a step.

    Throughput counts the answers that ended within the window. Latency is over every answer to a call of the
    window, those that ended after it included, so that the slow ones are not cut off.
    """
    answered = [t for t in made.timings if t.status is not Ended.FAILED]
    within = [
        t
        for t, ended in zip(made.timings, made.ended_s, strict=True)
        if t.status is not Ended.FAILED and ended <= made.window_s
    ]
    failed = [t for t in made.timings if t.status is Ended.FAILED]
    latency, first = _known(t.latency_s for t in answered), _known(t.ttft_s for t in answered)
    lags = _known(t.loop_lag_ms for t in made.timings)
    p95 = percentile(latency, 0.95)
    return LoadStep(
        concurrency=made.concurrency,
        calls=len(made.timings),
        failed=len(failed),
        errors=dict(Counter(t.error_class or "unknown" for t in failed).most_common()),
        answers=len(within),
        window_s=made.window_s,
        requests_per_s=len(within) / made.window_s if made.window_s > 0 else 0.0,
        input_tokens_per_s=_rate([t.input_tokens for t in within], made.window_s),
        output_tokens_per_s=_rate([t.output_tokens for t in within], made.window_s),
        p50_s=percentile(latency, 0.5).value,
        p95_s=p95.value,
        p95_low_s=p95.low,
        p95_high_s=p95.high,
        ttft_p50_s=percentile(first, 0.5).value,
        ttft_p95_s=percentile(first, 0.95).value,
        loop_lag_ms=float(np.median(lags)) if len(lags) else None,
        busy=made.busy,
    )


def repeated(timings: Sequence[Timing]) -> int:
    """Calls whose prompt had been sent before."""
    return len(timings) - len({t.item_id for t in timings})


def _rate(counts: Sequence[int | None], seconds: float) -> float | None:
    known = [count for count in counts if count is not None]
    if not known or len(known) < len(counts) or seconds <= 0:
        return None
    return sum(known) / seconds


def _known(values: Iterable[float | None]) -> Floats:
    return np.array([value for value in values if value is not None], dtype=np.float64)
