"""A run that shares what it measures while it goes on, from a thread of its own: nothing waits for it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from whichmodel.config import Config
from whichmodel.errors import BenchError
from whichmodel.remote.place import place
from whichmodel.remote.push import push
from whichmodel.store import Store

EVERY_S = 30.0
"""Between the end of a push and the next one."""
REMEDY = "What was measured is kept here; `bench store push` brings it."


@dataclass(slots=True)
class _Beside:
    """Pushes from time to time until it is told to end."""

    config: Config
    results: Path
    say: Callable[[str], None]
    every: float
    over: threading.Event = field(default_factory=threading.Event)
    said: str = ""

    def work(self) -> None:
        """Until the run is over; a store that is away is told of once, and tried again."""
        while not self.over.wait(self.every):
            self.once()

    def once(self) -> None:
        """One push; whatever goes wrong is said, and never raised."""
        try:
            here = place(self.config, Store(self.results))
            done = push(here) if here else None
        except BenchError as error:
            self._tell(str(error))
            return
        except Exception as error:
            # Whatever it is, the run is worth more than its sharing; other texts might quote what is secret.
            self._tell(f"{type(error).__name__}. {REMEDY}")
            return
        if done and done.closed:
            self._tell(f"The store denies writing in {', '.join(done.closed)}. {REMEDY}")

    def _tell(self, text: str) -> None:
        if text != self.said:
            self.said = text
            self.say(f"Not shared yet: {text}" + ("" if "bench store push" in text else f" {REMEDY}"))


@contextmanager
def sharing(
    config: Config, results: Path, say: Callable[[str], None], every: float = EVERY_S
) -> Iterator[None]:
    """Share what comes in while the block runs, and the rest at its end, however the block ends.

    An interrupted block shares nothing more: whoever interrupts it wants it to end. say: called with what a
    user should know, at most once for the same trouble. Never raises because of the store.
    """
    if config.store is None:
        yield
        return
    beside = _Beside(config, results, say, every)
    thread = threading.Thread(target=beside.work, name="sharing", daemon=True)
    thread.start()
    try:
        yield
    except Exception:
        _end(beside, thread)
        raise
    except BaseException:
        beside.over.set()
        say(f"Not all is shared: {REMEDY}")
        raise
    _end(beside, thread)


def _end(beside: _Beside, thread: threading.Thread) -> None:
    beside.over.set()
    thread.join()
    beside.once()
