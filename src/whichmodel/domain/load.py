"""What an endpoint sustains: steps of `bench load`, each with so many requests in flight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from whichmodel.domain.timing import Timing

RISING = 1.05
"""A step sustains more than those before it when its answers a second are at least this factor of theirs."""
MOST_FAILED = 0.10
"""Share of failed calls above which a step sustains nothing."""
BUSY = 0.8
"""Share of one core's time from which this program may be what held a step back."""


@dataclass(frozen=True, slots=True)
class LoadCalls:
    """The calls of one step, warm-up left out, as they were made."""

    concurrency: int
    timings: tuple[Timing, ...]
    """Of calls that were sent in the window, in the order in which they ended."""
    ended_s: tuple[float, ...]
    """When each ended, in seconds from the start of the window; some end after it."""
    window_s: float
    """Length of the window in which answers are counted."""
    busy: float
    """Share of one core's time that this program took in the window."""


@dataclass(frozen=True, slots=True)
class LoadStep:
    """The figures of one step. An answer of any kind counts, a failure never does."""

    concurrency: int
    """Requests in flight at the same time."""
    calls: int
    """Sent in the window, failed ones included; n of everything below."""
    failed: int
    errors: Mapping[str, int]
    """Class of error -> calls."""
    answers: int
    """That ended within the window."""
    window_s: float
    requests_per_s: float
    """answers / window_s."""
    input_tokens_per_s: float | None
    """Of those answers. None = one of them came without a count."""
    output_tokens_per_s: float | None
    p50_s: float | None
    """From sending to the whole answer, over all answers to calls of the window. None = too few."""
    p95_s: float | None
    p95_low_s: float | None
    """95% interval of p95. None = too few calls for that end."""
    p95_high_s: float | None
    ttft_p50_s: float | None
    """To the first content of streamed answers. None = too few, or nothing was streamed."""
    ttft_p95_s: float | None
    loop_lag_ms: float | None
    """Median over calls of the worst delay of this program's own event loop. None = no call."""
    busy: float
    """Share of one core's time that this program took."""

    @property
    def broken(self) -> bool:
        """So many calls failed that the step sustains nothing."""
        return self.calls == 0 or self.failed / self.calls > MOST_FAILED

    @property
    def own_limit(self) -> bool:
        """This program may be what held the step back, so that the endpoint sustains at least this much."""
        return self.busy >= BUSY

    @property
    def tokens_per_s(self) -> float | None:
        """Input and output together. None = not counted."""
        if self.input_tokens_per_s is None or self.output_tokens_per_s is None:
            return None
        return self.input_tokens_per_s + self.output_tokens_per_s


@dataclass(frozen=True, slots=True)
class Load:
    """One measurement of an endpoint, as it is kept under results/load."""

    model: str
    settings_hash: str
    task: str
    """Whose prompts were sent."""
    task_hash: str
    started_at: datetime
    """UTC."""
    simulated: bool
    steps: tuple[LoadStep, ...]
    p95_limit_s: float | None
    """The objective that was asked for. None = none was."""
    knee: int | None
    """Concurrency of the step to run at. None = no step holds."""
    ended: str
    """Why no further step was made."""
    repeated: int
    """Calls whose prompt had been sent before: a prefix cache answers those faster."""
    version: int = 1

    @property
    def sustained(self) -> LoadStep | None:
        """The step at the knee. None = no step holds."""
        return next((step for step in self.steps if step.concurrency == self.knee), None)


def rises(steps: Sequence[LoadStep]) -> bool:
    """Whether the last step sustains more than each of those before it."""
    *before, last = steps
    most = max((step.requests_per_s for step in before if not step.broken), default=0.0)
    return not last.broken and last.requests_per_s >= RISING * most


def knee(steps: Sequence[LoadStep], p95_s: float | None) -> LoadStep | None:
    """The step to run an endpoint at; None = no step holds.

    With an objective, the highest step whose p95 holds it; without one, the lowest step after which answers
    a second rise no more.
    """
    held = [step for step in steps if not step.broken]
    if p95_s is not None:
        held = [step for step in held if step.p95_s is not None and step.p95_s <= p95_s]
        return max(held, key=lambda step: step.concurrency, default=None)
    most = max((step.requests_per_s for step in held), default=0.0)
    return next((step for step in held if step.requests_per_s * RISING >= most and most > 0), None)
