"""What the jobs of one worker share: a lane to each model, the loop's watch, the purse."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

from whichmodel.domain import Model
from whichmodel.pricing import price
from whichmodel.providers.usage import call_usage
from whichmodel.run.call import Attempt, Caller, Purse
from whichmodel.run.connect import inspect_model
from whichmodel.run.job import Job
from whichmodel.run.lag import LoopLag
from whichmodel.run.lane import Lane


@dataclass(slots=True)
class Desk:
    """One worker's, for the length of its life."""

    purse: Purse
    """Used by jobs under a budget."""
    tell_stopped: Callable[[str, str], None]
    """Called with model and reason when one is stopped here."""
    opened: Callable[[Model, Lane], None] = lambda model, lane: None
    """Told of each lane before anything is sent through it."""
    lag: LoopLag = field(default_factory=LoopLag)
    one_eval: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Inspect runs one `eval` at a time in a process."""
    _callers: dict[str, Caller] = field(default_factory=dict)
    _stopped: dict[str, str] = field(default_factory=dict)

    def caller(
        self, model: Model, job: Job, connections: int, *, extra: Mapping[str, Any] | None = None
    ) -> Caller:
        """The caller of a model; all jobs that ask it share its lane. extra: arguments of its provider."""
        known = self._callers.get(model.id)
        if known is not None:
            return known
        api = inspect_model(model, job, extra).api
        lane = Lane(connections, on_stop=lambda reason: self.tell_stopped(model.id, reason))
        if reason := self._stopped.get(model.id):
            lane.stop(reason)
        self.opened(model, lane)
        made = Caller(
            api, lane, job.limits, self.lag, self.purse if job.budgeted else None, partial(_cost, model)
        )
        self._callers[model.id] = made
        return made

    async def close(self) -> None:
        """Close all connections."""
        for caller in self._callers.values():
            await caller.api.aclose()

    def stop(self, model_id: str, reason: str) -> None:
        """Another worker has stopped this model."""
        self._stopped[model_id] = reason
        if model_id in self._callers:
            self._callers[model_id].lane.stop(reason)

    def stop_all(self, reason: str) -> None:
        """Nothing more is sent to any model that is asked here."""
        for model_id in list(self._callers):
            self.stop(model_id, reason)


def _cost(model: Model, attempt: Attempt) -> Decimal | None:
    """What an answer cost; of a simulated model nothing was charged."""
    if model.simulated or attempt.output is None:
        return Decimal(0)
    reply = (attempt.call.response if attempt.call else None) or {}
    used = call_usage(attempt.output, reply, model)
    return price(model, used, at=attempt.started_at, seconds=attempt.output.time).usd
