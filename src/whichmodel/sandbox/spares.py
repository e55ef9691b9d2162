"""Sandboxes started ahead, each used once: a verdict need not wait for its sandbox to start.

A spare holds no candidate until it is taken, and whoever takes it ends it: no candidate ever runs where
another one ran. Spares are started on the event loop's thread, with which they die; they end when the loop
is shut down, when nobody took one for a while, and with this process, however it ends.
"""

from __future__ import annotations

import asyncio
import os
import weakref
from collections.abc import AsyncIterator
from weakref import WeakKeyDictionary

from whichmodel.sandbox import availability
from whichmodel.sandbox.launch import Sandbox

MOST = 4
"""Spares of one loop, where it has as many processors."""
IDLE_S = 20.0
"""Without a session for so long, spares are ended."""


class Spares:
    """The spares of one event loop."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._ready: list[Sandbox] = []
        self._taken = 0
        self._idle: asyncio.TimerHandle | None = None
        self._refill: asyncio.Handle | None = None
        self._ending: set[asyncio.Task[None]] = set()
        self._until: AsyncIterator[None] | None = None
        # The loop may be dropped without being shut down, or the interpreter may end before it is.
        weakref.finalize(self, _end_all, self._ready, os.getpid())

    async def take(self) -> Sandbox:
        """A sandbox that nobody used, started ahead where there is one. Raises SandboxMissing."""
        if self._until is None:
            self._until = self._until_shut_down()
            await anext(self._until)
        self._taken += 1
        loop = asyncio.get_running_loop()
        if self._taken > 1 and self._refill is None:  # A loop that asks once does not ask again.
            self._refill = loop.call_soon(self._start_one)
        if self._idle is not None:
            self._idle.cancel()
        self._idle = loop.call_later(IDLE_S, self._let_go)
        while self._ready:
            spare = self._ready.pop(0)
            if spare.process.poll() is None:
                return spare
            spare.stop()
        return availability.start()

    def _let_go(self) -> None:
        """End all spares while the loop goes on."""
        while self._ready:
            task = asyncio.get_running_loop().create_task(self._ready.pop().end())
            self._ending.add(task)
            task.add_done_callback(self._ending.discard)

    def close(self) -> None:
        """End all spares at once."""
        for handle in (self._idle, self._refill):
            if handle is not None:
                handle.cancel()
        self._idle = self._refill = None
        _end_all(self._ready, os.getpid())

    def _start_one(self) -> None:
        """One at a time, so that the loop serves others in between."""
        self._refill = None
        if len(self._ready) < self._most:
            try:
                self._ready.append(availability.start())
            except OSError:  # The machine has no room for it; whoever needs a sandbox tries anew.
                return
        if len(self._ready) < self._most:
            self._refill = asyncio.get_running_loop().call_soon(self._start_one)

    async def _until_shut_down(self) -> AsyncIterator[None]:
        # `asyncio.run` closes generators that are under way before it closes their loop.
        try:
            yield
        finally:
            self.close()
            self._until = None


_OF: WeakKeyDictionary[asyncio.AbstractEventLoop, Spares] = WeakKeyDictionary()


def spares() -> Spares:
    """Those of the running loop."""
    return _OF.setdefault(asyncio.get_running_loop(), Spares(min(MOST, os.cpu_count() or 1)))


def _end_all(ready: list[Sandbox], owner: int) -> None:
    # A forked child has the list, too, but not the sandboxes.
    if os.getpid() == owner:
        while ready:
            ready.pop().stop()
