"""Drives Inspect over one job and emits each finished sample at once. No globals, no paths of its own."""

from __future__ import annotations

import os
from contextvars import ContextVar
from typing import Any

from inspect_ai import eval as inspect_eval
from inspect_ai.hooks import Hooks, SampleEnd, hooks
from inspect_ai.log import EvalLog, EvalSample
from inspect_ai.model import GenerateConfig, get_model
from inspect_ai.model import Model as InspectModel
from inspect_ai.solver import Generate, Solver, TaskState, solver

import whichmodel.providers.inspect_entry  # noqa: F401  (registers our endpoints)
from whichmodel.domain import Model
from whichmodel.record import LOOP_LAG, Provenance, from_sample
from whichmodel.run.job import Emit, Job, Limits, Report
from whichmodel.run.lag import LoopLag
from whichmodel.scoring.bridge import JUDGE_ROLE, inspect_task
from whichmodel.scoring.foreign import foreign_task

NO_RETRY_ARGUMENT = frozenset({"google", "grok", "mistral", "bedrock"})
"""Providers of Inspect whose SDK takes no `max_retries`; the others' own retries are switched off by it."""
IMAGES = frozenset({"openai-images", "hf-images"})
LOG_BUFFER = 10
"""Samples between two writes of a log; the journal of single outcomes covers what lies between."""

_listener: ContextVar[Listener] = ContextVar("listener")


class Listener:
    """Turns the samples of one job into outcomes as they end."""

    def __init__(self, job: Job, emit: Emit) -> None:
        self._provenance = provenance(job)
        self._log_ref = job.log_ref
        self._emit = emit
        self.error: Exception | None = None

    def sample_ended(self, sample: EvalSample) -> None:
        """Emit the outcome; an error is kept for the end of the job, since Inspect swallows it."""
        try:
            self._emit(from_sample(sample, self._provenance, log_ref=self._log_ref))
        except Exception as error:
            self.error = error


@hooks(name="whichmodel", description="Emits each finished sample as an outcome.")
class SampleHooks(Hooks):
    """Inspect's call when a sample has ended, passed to the listener of the running job."""

    async def on_sample_end(self, data: SampleEnd) -> None:
        """Tell the job's listener."""
        if listener := _listener.get(None):
            listener.sample_ended(data.sample)


def run_job(job: Job, emit: Emit) -> Report:
    """Measure one job; every sample that ends is emitted before this returns."""
    listener = Listener(job, emit)
    token = _listener.set(listener)
    try:
        log = _evaluate(job)
    finally:
        _listener.reset(token)
    if listener.error is not None:
        raise listener.error
    if log.status == "success":
        return Report(job.name)
    reason = log.error.message if log.error else f"the evaluation ended as {log.status}"
    return Report(job.name, error=reason)


def provenance(job: Job) -> Provenance:
    """What the job's log says of itself."""
    work = job.work
    return Provenance(
        run_id=job.run_id,
        task=work.bank.card.name,
        task_hash=work.bank.task_hash,
        category=work.bank.card.category,
        model=work.model,
        judge=work.judge,
        epoch=work.epoch,
        seed=work.bank.seed,
    )


def _evaluate(job: Job) -> EvalLog:
    work = job.work
    roles = {JUDGE_ROLE: _inspect_model(work.judge, job)} if work.judge else None
    metadata = provenance(job).to_metadata()
    if work.bank.card.inspect_task:
        task = foreign_task(work.bank, metadata)
    else:
        task = inspect_task(work.bank, solver=_watched(LoopLag()), metadata=metadata)
    [log] = inspect_eval(
        task,
        model=_inspect_model(work.model, job),
        model_roles=roles,
        log_dir=job.folder,
        log_format="eval",
        log_buffer=LOG_BUFFER,
        log_realtime=False,
        log_images=False,
        log_level="error",
        score_display=False,
        ctl_server=False,
        display="none",
        fail_on_error=False,
        retry_on_error=0,
        time_limit=job.limits.sample_s,
        max_samples=work.model.max_connections,
    )
    return log


@solver
def _watched(lag: LoopLag) -> Solver:
    """One call to the model, with the event loop's delay noted beside it."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        with lag.watch() as span:
            state = await generate(state)
        state.store.set(LOOP_LAG, round(span.worst_ms, 1))
        return state

    return solve


def _inspect_model(model: Model, job: Job) -> InspectModel:
    provider = model.inspect_name.partition("/")[0]
    arguments: dict[str, Any] = {} if provider in NO_RETRY_ARGUMENT else {"max_retries": 0}
    if provider in IMAGES:
        arguments["artifacts"] = job.artifacts
    return get_model(
        model.inspect_name,
        config=_config(model, job.limits),
        base_url=model.base_url,
        api_key=_key(model),
        memoize=False,
        **arguments,
    )


def _config(model: Model, limits: Limits) -> GenerateConfig:
    settings = model.settings
    effort: Any = settings.reasoning_effort
    return GenerateConfig(
        max_connections=model.max_connections,
        max_retries=limits.retries,
        attempt_timeout=limits.attempt_s,
        timeout=limits.call_s,
        temperature=settings.temperature,
        max_tokens=settings.max_tokens,
        reasoning_effort=effort,
    )


def _key(model: Model) -> str | None:
    """The key from the environment; endpoints without one get a word that is no secret."""
    if model.key_env:
        return os.environ.get(model.key_env)
    return "none" if model.base_url else None
