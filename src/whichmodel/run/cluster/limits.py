"""What is one for the whole run, in an actor: its money, each model's places and pauses, who is stopped.

Workers ask for money once a request where there is a budget, and else speak of changes alone; what they
have to know of each other they fetch with `news`, which waits until there is some.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal

from whichmodel.run.budget import Budget, Claim
from whichmodel.run.cluster.places import Places, Share
from whichmodel.run.job import Stop

LEFT_ALONE_S = 3_600.0
"""Without a word from anybody for so long, the run is over."""
ROTATE_S = 1.0
"""Between two turns where more workers ask a model than it has places."""
NEWS_S = 5.0
"""A call for news returns empty-handed after so long, so that a dead caller leaves none behind."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The model has answered."""

    model: str


@dataclass(frozen=True, slots=True)
class Limited:
    """A 429 to another worker's request."""

    model: str
    sent_ago_s: float
    """When that request was sent."""
    retry_after_s: float | None


News = Share | Opened | Limited | Stop


@dataclass(frozen=True, slots=True)
class State:
    """What the run's driver asks for."""

    stopped: Mapping[str, str]
    """Model -> why nothing more is sent to it."""
    spent: Decimal
    """USD settled, as the budget counts them."""


@dataclass(slots=True)
class _Member:
    """One worker."""

    news: list[News] = field(default_factory=list)
    """Not yet sent."""
    batch: int = 0
    """How many times news were sent."""
    sent: list[News] = field(default_factory=list)
    """The last of them, until the worker says that it has them."""
    there_is_some: asyncio.Event = field(default_factory=asyncio.Event)
    reserved: list[Decimal] = field(default_factory=list)


class Limits:
    """The actor. Workers are known by name, from their first call to `gone`."""

    def __init__(self, budget: Decimal | None) -> None:
        """budget: USD for the run. None = no limit."""
        self._budget = Budget(budget)
        self._members: dict[str, _Member] = {}
        self._gone: set[str] = set()
        self._places: dict[str, Places] = {}
        self._stopped: dict[str, str] = {}
        self._turns: asyncio.Task[None] | None = None
        self._heard = time.monotonic()

    async def reserve(self, worker: str, worst: Decimal) -> bool:
        """Set the worst case of a request aside. False = the budget does not hold it."""
        asked: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._budget.claim(Claim(worst, lambda granted: self._grant(worker, asked, worst, granted)))
        return await asked

    def _grant(self, worker: str, asked: asyncio.Future[bool], worst: Decimal, granted: bool) -> bool:
        if worker in self._gone or asked.done():
            return False
        asked.set_result(granted)
        if granted:
            self._member(worker).reserved.append(worst)
        return True

    async def settle(self, worker: str, settled: list[tuple[Decimal, Decimal]]) -> None:
        """Requests have ended: what was set aside for each, and what it cost."""
        if worker in self._gone:
            return
        for worst, spent in settled:
            self._member(worker).reserved.remove(worst)
            self._budget.settle(worst, spent)

    async def join(self, worker: str, model: str, most: int, term: int) -> None:
        """A worker begins to ask a model; its share comes as news, with the term."""
        if worker in self._gone:
            return
        places = self._places.setdefault(model, Places(model, most))
        if model in self._stopped:
            self._tell(worker, Stop(model, self._stopped[model]))
        if places.opened:
            self._tell(worker, Opened(model))
        self._share(places.join(worker, term))

    async def leave(self, worker: str, model: str) -> None:
        """It has nothing in flight there and asks no more."""
        self._share(self._places[model].leave(worker))

    async def let_go(self, worker: str, model: str, version: int) -> None:
        """It has come down to the share of that version."""
        self._share(self._places[model].let_go(worker, version))

    async def pin(self, worker: str, model: str, version: int, places: int) -> bool:
        """Keep places for a job of Inspect's own. False = try again with the next share."""
        return self._places[model].pin(worker, version, places)

    async def unpin(self, worker: str, model: str, places: int) -> None:
        """That job has ended."""
        self._share(self._places[model].unpin(worker, places))

    async def opened(self, worker: str, model: str) -> None:
        """The model has answered a worker."""
        places = self._places[model]
        if not places.opened:
            for other in places.members:
                self._tell(other, Opened(model))
            self._share(places.open())

    async def limited(self, worker: str, model: str, sent_ago_s: float, retry_after_s: float | None) -> None:
        """A 429: others who ask the model pause too, and halve their limit unless they just did."""
        for other in self._places[model].members:
            if other != worker:
                self._tell(other, Limited(model, sent_ago_s, retry_after_s))

    async def stop(self, worker: str, model: str, reason: str) -> None:
        """A model is stopped everywhere."""
        if model not in self._stopped:
            self._stopped[model] = reason
            for other in self._members:
                if other != worker:
                    self._tell(other, Stop(model, reason))

    async def news(self, worker: str, known: int) -> tuple[int, list[News]]:
        """What a worker has to know, as soon as there is anything; the number of this batch.

        known: the last batch that it has. One whose reply was lost on the way is sent again.
        """
        self._heard = time.monotonic()
        if worker in self._gone:
            return known, []
        member = self._member(worker)
        if member.batch == known:
            with suppress(TimeoutError):
                async with asyncio.timeout(NEWS_S):
                    await member.there_is_some.wait()
        if member.batch == known and member.news:
            member.there_is_some.clear()
            member.batch, member.sent, member.news = known + 1, member.news, []
        return member.batch, member.sent if member.batch > known else []

    async def gone(self, worker: str) -> None:
        """A worker is dead: what it had in flight may have been billed, its places are free."""
        self._gone.add(worker)
        member = self._members.pop(worker, _Member())
        for worst in member.reserved:
            self._budget.settle(worst, worst)
        for places in self._places.values():
            self._share(places.leave(worker))

    async def state(self) -> State:
        """What the driver asks for."""
        self._heard = time.monotonic()
        if self._turns is None:
            self._turns = asyncio.create_task(self._take_turns())
        return State(dict(self._stopped), self._budget.spent)

    def _member(self, worker: str) -> _Member:
        if worker not in self._members:
            member = self._members[worker] = _Member()
            member.news += [Stop(model, reason) for model, reason in self._stopped.items()]
            if member.news:
                member.there_is_some.set()
        return self._members[worker]

    def _tell(self, worker: str, news: News) -> None:
        member = self._member(worker)
        member.news.append(news)
        member.there_is_some.set()

    def _share(self, shares: Mapping[str, Share]) -> None:
        for worker, share in shares.items():
            self._tell(worker, share)

    async def _take_turns(self) -> None:
        while True:
            await asyncio.sleep(ROTATE_S)
            if time.monotonic() - self._heard > LEFT_ALONE_S:
                os._exit(0)
            for places in self._places.values():
                if places.starving:
                    self._share(places.rotate())
