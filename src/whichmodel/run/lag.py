"""How far behind its clock the event loop is, since a late loop bends the latencies it records."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

TICK_S = 0.05


@dataclass(slots=True)
class Watch:
    """One watched span."""

    worst_ms: float = 0.0


class LoopLag:
    """One ticker for all spans that are watched at the same time in one event loop."""

    def __init__(self) -> None:
        self._spans: dict[int, Watch] = {}
        self._ticker: asyncio.Task[None] | None = None

    @contextmanager
    def watch(self) -> Iterator[Watch]:
        """Watch the loop for the length of the block; `worst_ms` is its largest delay."""
        span = Watch()
        self._spans[id(span)] = span
        if self._ticker is None or self._ticker.done():
            self._ticker = asyncio.get_running_loop().create_task(self._tick())
        try:
            yield span
        finally:
            del self._spans[id(span)]

    async def _tick(self) -> None:
        while self._spans:
            due = time.perf_counter() + TICK_S
            await asyncio.sleep(TICK_S)
            late_ms = max(0.0, (time.perf_counter() - due) * 1000)
            for span in self._spans.values():
                span.worst_ms = max(span.worst_ms, late_ms)
