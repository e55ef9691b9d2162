"""A worker's side of what is global: its lanes' shares, pauses and stops, its requests' money."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import Any

from ray.exceptions import ActorUnavailableError

from whichmodel.domain import Model
from whichmodel.run.call import OverBudget
from whichmodel.run.cluster.limits import Limited, News, Opened
from whichmodel.run.cluster.places import Share
from whichmodel.run.desk import Desk
from whichmodel.run.job import Job, Stop
from whichmodel.run.lane import Lane, Stopped, Watcher

AGAIN_S = 1.0
"""Before a call is made again that did not get through."""
LOST = "the actor that keeps the run's limits is gone"
DRIVER_GONE = "the run has ended, or its driver was not heard from"
SETTLE_S = 0.1
"""What requests cost is told at most so much later, or with the next question for money."""


@dataclass(slots=True)
class _Asked:
    """A model that this worker asks."""

    term: int
    share: Share | None = None
    """None = none was given yet."""
    lane: Lane | None = None
    """None = only jobs of Inspect's own ask it so far."""
    let_go: int = 0
    """Version of the last share that was told to be kept to."""
    pinned: int = 0
    """Places of jobs of Inspect's own."""
    changed: asyncio.Event = field(default_factory=asyncio.Event)


class Sharing:
    """Which models this worker asks, and how much of each it may use."""

    def __init__(self, worker: str, limits: Any) -> None:
        self._worker, self._limits = worker, limits
        self._asked: dict[str, _Asked] = {}
        self._jobs: Counter[str] = Counter()
        """Model -> jobs here that ask it."""
        self._lanes: dict[str, Lane] = {}
        self._told: set[asyncio.Task[Any]] = set()
        self._turns: dict[str, asyncio.Lock] = {}
        self._terms = 0
        self._ended = False

    @asynccontextmanager
    async def asking(self, job: Job) -> AsyncIterator[Job]:
        """Have places at a job's models while the block runs; the job with the places it may use."""
        models = {model.id: model for model in (job.work.model, job.work.judge) if model}
        for _, model in sorted(models.items()):
            await self._join(model)
        try:
            if job.work.bank.card.inspect_task:
                async with self._pinned(job, models) as held:
                    yield held
            else:
                judge = job.work.judge
                most = judge.max_connections if judge else 1
                yield replace(job, connections=job.work.model.max_connections, judge_connections=most)
        finally:
            for model_id in models:
                await self._leave(model_id)

    async def _join(self, model: Model) -> None:
        async with self._turns.setdefault(model.id, asyncio.Lock()):
            self._jobs[model.id] += 1
            if self._jobs[model.id] == 1:
                self._terms += 1
                asked = self._asked[model.id] = _Asked(self._terms, lane=self._lanes.get(model.id))
                self._fit(asked)
                await self._limits.join.remote(self._worker, model.id, model.max_connections, asked.term)

    async def _leave(self, model_id: str) -> None:
        async with self._turns[model_id]:
            self._jobs[model_id] -= 1
            if self._jobs[model_id] == 0:
                asked = self._asked.pop(model_id)
                if asked.lane:
                    asked.lane.resize(0)
                await self._limits.leave.remote(self._worker, model_id)

    @asynccontextmanager
    async def _pinned(self, job: Job, models: dict[str, Model]) -> AsyncIterator[Job]:
        """Places that stay for the length of a job of Inspect's own, which takes no fewer meanwhile."""
        held: dict[str, int] = {}
        wanted = {job.work.model.id: job.connections}
        if job.work.judge:
            wanted.setdefault(job.work.judge.id, job.judge_connections)
        try:
            for model_id in sorted(models):
                held[model_id] = await self._pin(model_id, wanted[model_id])
            judging = held[job.work.judge.id] if job.work.judge else 1
            yield replace(job, connections=held[job.work.model.id], judge_connections=judging)
        finally:
            for model_id, places in held.items():
                asked = self._asked[model_id]
                asked.pinned -= places
                self._fit(asked)
                await self._limits.unpin.remote(self._worker, model_id, places)

    async def _pin(self, model_id: str, wanted: int) -> int:
        asked = self._asked[model_id]
        await self._limits.opened.remote(self._worker, model_id)
        while True:
            asked.changed.clear()
            share = asked.share
            free = share.places - asked.pinned - (asked.lane.in_flight if asked.lane else 0) if share else 0
            places = min(wanted, free)
            if share and places > 0:
                asked.pinned += places
                self._fit(asked)
                if await self._limits.pin.remote(self._worker, model_id, share.version, places):
                    return places
                asked.pinned -= places
                self._fit(asked)
            elif not self._ended:
                await asked.changed.wait()
            if self._ended:
                raise Stopped(DRIVER_GONE)

    def opened(self, model: Model, lane: Lane) -> None:
        """A lane of this worker is made; the desk's call."""
        lane.watcher = _Watch(self, model.id)
        self._lanes[model.id] = lane
        if asked := self._asked.get(model.id):
            asked.lane = lane
            self._fit(asked)
        else:
            lane.resize(0)

    def unsent(self, model_id: str) -> Callable[[], None]:
        """A sample has ended and is not yet with the journal: until the call back it keeps its place."""
        lane = self._lanes.get(model_id)
        if lane is None:
            return lambda: None
        lane.in_flight += 1
        return lane.leave

    async def listen(self, desk: Desk) -> None:
        """Heed what other workers have learned, as long as this one lives."""
        known = 0
        while True:
            try:
                known, all_news = await self._limits.news.remote(self._worker, known)
            except ActorUnavailableError:
                await asyncio.sleep(AGAIN_S)
                continue
            except Exception:
                self.stop_all()
                desk.stop_all(LOST)
                return
            for news in all_news:
                self._heed(news, desk)

    def _heed(self, news: News, desk: Desk) -> None:
        if isinstance(news, Stop):
            desk.stop(news.model, news.reason)
            return
        asked, lane = self._asked.get(news.model), self._lanes.get(news.model)
        if isinstance(news, Share):
            if asked and asked.term == news.term:
                asked.share = news
                self._fit(asked)
                self.may_let_go(news.model)
        elif lane and isinstance(news, Opened):
            lane.open()
        elif lane and isinstance(news, Limited):
            sent_at = asyncio.get_running_loop().time() - news.sent_ago_s
            lane.limited(sent_at, news.retry_after_s, told=True)

    def _fit(self, asked: _Asked) -> None:
        if asked.lane:
            asked.lane.resize(max(0, asked.share.places - asked.pinned) if asked.share else 0)
        asked.changed.set()

    def may_let_go(self, model_id: str) -> None:
        """Tell that this worker has come down to its share, once for each share."""
        asked = self._asked.get(model_id)
        if asked is None or asked.share is None or asked.let_go == asked.share.version:
            return
        if asked.pinned + (asked.lane.in_flight if asked.lane else 0) <= asked.share.places:
            asked.let_go = asked.share.version
            self.tell(self._limits.let_go.remote(self._worker, model_id, asked.share.version))

    def answered(self, model_id: str) -> None:
        """The model has answered here for the first time."""
        self.tell(self._limits.opened.remote(self._worker, model_id))

    def limited(self, model_id: str, sent_ago_s: float, retry_after_s: float | None) -> None:
        """A 429 came here."""
        self.tell(self._limits.limited.remote(self._worker, model_id, sent_ago_s, retry_after_s))

    def stop(self, model_id: str, reason: str) -> None:
        """A model was stopped here; the desk's call."""
        if not self._ended:
            self.tell(self._limits.stop.remote(self._worker, model_id, reason))

    def stop_all(self) -> None:
        """The run has ended for this worker: it waits for nothing more, and tells no other to stop."""
        self._ended = True
        for asked in self._asked.values():
            asked.changed.set()

    def tell(self, call: Awaitable[Any]) -> None:
        """Send without waiting; `all_told` waits."""
        task = asyncio.ensure_future(_quietly(call))
        self._told.add(task)
        task.add_done_callback(self._told.discard)

    async def all_told(self) -> None:
        """Return when all that was sent has arrived."""
        await asyncio.gather(*self._told)


async def _quietly(call: Awaitable[Any]) -> None:
    """The driver notices when the limits are gone."""
    with suppress(Exception):
        await call


class _Watch(Watcher):
    """Passes on what happens in a lane."""

    def __init__(self, sharing: Sharing, model_id: str) -> None:
        self._sharing, self._model_id = sharing, model_id

    def first_answer(self) -> None:
        self._sharing.answered(self._model_id)

    def limited(self, sent_at: float, retry_after_s: float | None) -> None:
        ago = asyncio.get_running_loop().time() - sent_at
        self._sharing.limited(self._model_id, ago, retry_after_s)

    def left(self) -> None:
        self._sharing.may_let_go(self._model_id)


class Purse:
    """The run's budget, as this worker's jobs see it."""

    def __init__(self, worker: str, limits: Any) -> None:
        self._worker, self._limits = worker, limits
        self._settled: list[tuple[Decimal, Decimal]] = []

    async def reserve(self, worst: Decimal) -> None:
        """Set the worst case of one request aside. Raises OverBudget."""
        self._flush()
        asked = asyncio.ensure_future(self._limits.reserve.remote(self._worker, worst))
        try:
            granted = await asyncio.shield(asked)
        except asyncio.CancelledError:
            asked.add_done_callback(partial(self._unwanted, worst))
            raise
        except Exception as error:
            raise Stopped(LOST) from error
        if not granted:
            raise OverBudget("The budget holds no more.")

    def _unwanted(self, worst: Decimal, asked: asyncio.Future[bool]) -> None:
        if not asked.cancelled() and asked.exception() is None and asked.result():
            self.settle(worst, Decimal(0))

    def settle(self, worst: Decimal, spent: Decimal) -> None:
        """What was set aside has cost this much."""
        if not self._settled:
            asyncio.get_running_loop().call_later(SETTLE_S, self._flush)
        self._settled.append((worst, spent))

    def _flush(self) -> None:
        if self._settled:
            settled, self._settled = self._settled, []
            self._limits.settle.remote(self._worker, settled)
