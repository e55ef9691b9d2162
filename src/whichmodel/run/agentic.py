"""Tasks with a solver and a scorer of their own run by Inspect's `eval`, one at a time in a process."""

from __future__ import annotations

import asyncio
from contextvars import ContextVar

from inspect_ai import eval_async
from inspect_ai.hooks import Hooks, SampleEnd, hooks
from inspect_ai.log import EvalLog, EvalSample

from whichmodel.record import from_sample
from whichmodel.run.connect import inspect_model
from whichmodel.run.job import Emit, Job, Report
from whichmodel.run.provenance import provenance
from whichmodel.scoring.bridge import JUDGE_ROLE
from whichmodel.scoring.foreign import foreign_task

LOG_BUFFER = 10
"""Samples between two writes of a log; the journal of single outcomes covers what lies between."""

_listener: ContextVar[Listener] = ContextVar("listener")


class Listener:
    """Turns the samples of one job into outcomes as they end."""

    def __init__(self, job: Job, emit: Emit) -> None:
        self._job = job
        self._emit = emit
        self.error: Exception | None = None

    def sample_ended(self, sample: EvalSample) -> None:
        """Emit the outcome; an error is kept for the end of the job, since Inspect swallows it."""
        try:
            self._emit(from_sample(sample, provenance(self._job), log_ref=self._job.log_ref))
        except Exception as error:
            self.error = error


@hooks(name="whichmodel", description="Emits each finished sample as an outcome.")
class SampleHooks(Hooks):
    """Inspect's call when a sample has ended, passed to the listener of the running job."""

    async def on_sample_end(self, data: SampleEnd) -> None:
        """Tell the job's listener."""
        if listener := _listener.get(None):
            listener.sample_ended(data.sample)


async def run_agentic(job: Job, emit: Emit, one_at_a_time: asyncio.Lock) -> Report:
    """Measure one job by `eval`; every sample that ends is emitted before this returns."""
    listener = Listener(job, emit)
    async with one_at_a_time:
        token = _listener.set(listener)
        try:
            log = await _evaluate(job)
        finally:
            _listener.reset(token)
    if listener.error is not None:
        raise listener.error
    if log.status == "success":
        return Report(job.name)
    reason = log.error.message if log.error else f"the evaluation ended as {log.status}"
    return Report(job.name, error=reason)


async def _evaluate(job: Job) -> EvalLog:
    work = job.work
    [log] = await eval_async(
        foreign_task(work.bank, provenance(job).to_metadata()),
        model=inspect_model(work.model, job),
        model_roles={JUDGE_ROLE: inspect_model(work.judge, job)} if work.judge else None,
        log_dir=job.folder,
        log_format="eval",
        log_buffer=LOG_BUFFER,
        log_realtime=False,
        log_images=False,
        log_level="error",
        score_display=False,
        ctl_server=False,
        fail_on_error=False,
        retry_on_error=0,
        time_limit=int(job.limits.sample_s),
        max_samples=job.connections,
    )
    return log
