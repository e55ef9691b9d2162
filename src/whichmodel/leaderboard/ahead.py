"""Decides ahead what is likely to be looked at, while nobody waits for it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator

from whichmodel.errors import BenchError
from whichmodel.leaderboard.evidence import Stored, stored, view
from whichmodel.leaderboard.places import Places

RUNS = 5
"""Earlier runs of the default organisation."""
LOOK_S = 2.0
"""How often a new snapshot is looked for."""


@contextlib.asynccontextmanager
async def deciding(places: Callable[[], Places]) -> AsyncIterator[None]:
    """For as long as the server lives: every organisation's latest view, then what earlier runs showed."""
    task = asyncio.create_task(_decide(places()))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _decide(places: Places) -> None:
    done: object = None
    while True:
        with contextlib.suppress(BenchError, OSError):
            found = await asyncio.to_thread(stored, places)
            if found.source is not None and found.source.key != done:
                done = found.source.key
                for organisation, run in _likely(found):
                    await asyncio.to_thread(view, found, organisation, run)
        await asyncio.sleep(LOOK_S)


def _likely(found: Stored) -> Iterator[tuple[str, str | None]]:
    """Organisation and run, in the order in which people look at them."""
    default = found.config.default_organisation
    yield default, None
    for name in found.config.organisations:
        if name != default:
            yield name, None
    for run in found.runs[:RUNS]:
        yield default, run.run_id
