"""A lane to one model: how many requests may be in flight, and whether any may be sent at all.

The limit starts at one, so that a wrong key costs one request; the first answer opens it. A 429 halves it and
holds all requests back for as long as the provider asks; each answer lets it grow again.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress

NEVER_ANSWERED, ANSWERED_BEFORE = 3, 10
"""Samples in a row that failed for good after which a model is stopped: before its first answer and later."""
SHRINK = 0.5


class Stopped(Exception):
    """Nothing more is sent to this model; the message says why."""


class Watcher:
    """Told what happens in a lane, so that others who ask the same model learn of it; does nothing itself."""

    def first_answer(self) -> None:
        """The model has answered for the first time."""

    def limited(self, sent_at: float, retry_after_s: float | None) -> None:
        """A 429 came to a request sent at that time of the loop."""

    def left(self) -> None:
        """A place was given back."""


class Lane:
    """most: requests in flight at the same time, at most. on_stop: told the reason, once."""

    def __init__(self, most: int, on_stop: Callable[[str], None] = lambda _: None) -> None:
        self.most = most
        self.share = most
        """Of `most`, the places that may be used now, where others ask the same model."""
        self.watcher = Watcher()
        self._on_stop = on_stop
        self.limit = 1.0
        self.in_flight = 0
        self.stopped: str | None = None
        self.turn = asyncio.Lock()
        """Held by the job whose items are being sent, so that tasks end one after another."""
        self._answered = False
        self._first = asyncio.Lock()
        self._failed_in_a_row = 0
        self._resume_at = 0.0
        self._shrunk_at = 0.0
        self._waiting: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """As long as the model has never answered, one sample at a time, its retries included."""
        async with AsyncExitStack() as stack:
            if not self._answered:
                await stack.enter_async_context(self._first)
            if self._answered:
                await stack.aclose()
            yield

    @property
    def _places(self) -> int:
        return min(int(self.limit), self.share)

    async def enter(self) -> float:
        """Wait for a place; the loop's time at which it was given. Raises Stopped."""
        loop = asyncio.get_running_loop()
        while True:
            if self.stopped is not None:
                raise Stopped(self.stopped)
            pause = self._resume_at - loop.time()
            if pause > 0:
                await asyncio.sleep(pause)
            elif self.in_flight < self._places:
                self.in_flight += 1
                return loop.time()
            else:
                await self._wait()

    async def _wait(self) -> None:
        place = asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        try:
            await place
        except asyncio.CancelledError:
            with suppress(ValueError):
                self._waiting.remove(place)
            if place.done() and not place.cancelled():
                self._wake(1)
            raise

    def leave(self) -> None:
        """Give the place back."""
        self.in_flight -= 1
        self._wake(max(0, self._places - self.in_flight))
        self.watcher.left()

    def resize(self, share: int) -> None:
        """So many places may be used from now on; those that are in use beyond it are given back in time."""
        self.share = share
        self._wake(max(0, self._places - self.in_flight))

    def _wake(self, places: int) -> None:
        while self._waiting and places > 0:
            place = self._waiting.popleft()
            if not place.done():
                place.set_result(None)
                places -= 1

    def answered(self) -> None:
        """An answer came: the limit opens at the first one and grows by one a full round after that."""
        self._failed_in_a_row = 0
        if not self._answered:
            self.open()
            self.watcher.first_answer()
        else:
            self.limit = min(float(self.most), self.limit + 1 / self.limit)
        self._wake(self._places - self.in_flight)

    def open(self) -> None:
        """The model is known to answer: its limit is all that it allows."""
        if not self._answered:
            self._answered = True
            self.limit = float(self.most)
            self._wake(self._places - self.in_flight)

    def limited(self, sent_at: float, retry_after_s: float | None, *, told: bool = False) -> None:
        """A 429 to a request sent at that time of the loop: fewer in flight, none before the provider's time.

        Requests sent before the last shrinking do not shrink it again. told: the request was another's.
        """
        now = asyncio.get_running_loop().time()
        if sent_at >= self._shrunk_at:
            self.limit = max(1.0, min(self.limit, self.share) * SHRINK)
            self._shrunk_at = now
        if retry_after_s is not None:
            self._resume_at = max(self._resume_at, now + retry_after_s)
        if not told:
            self.watcher.limited(sent_at, retry_after_s)

    def gave_up(self, why: str) -> None:
        """A sample has failed, and not by its own fault; too many in a row stop the lane."""
        self._failed_in_a_row += 1
        patience = ANSWERED_BEFORE if self._answered else NEVER_ANSWERED
        if self._failed_in_a_row >= patience:
            self.stop(f"{self._failed_in_a_row} samples in a row failed, the last with {why}")

    def stop(self, reason: str) -> None:
        """Send nothing more; the first reason stays."""
        if self.stopped is None:
            self.stopped = reason
            self._on_stop(reason)
        self._wake(len(self._waiting))
