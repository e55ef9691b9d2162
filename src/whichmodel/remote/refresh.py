"""The local database kept fresh from the shared store where somebody is about to read it.

A reader never waits long for a store that is away, and never fails because of it: what is here is shown, and
how old it is.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from whichmodel.config import Config
from whichmodel.errors import BenchError
from whichmodel.remote.place import place
from whichmodel.remote.pull import pull
from whichmodel.store import Store

FILE = "shared.json"
"""In the results folder: when the store was read last."""
FRESH = timedelta(seconds=60)
"""What was read so lately is not read again for a page."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """How fresh the database is; times in UTC."""

    address: str
    read_at: datetime | None = None
    """When all that could be read was read last. None = never."""
    tried_at: datetime | None = None
    """When it was tried last."""
    error: str = ""
    """Why that failed, or what of it could not be read. "" = it did not."""

    def age(self, now: datetime) -> str:
        """How old what is here is, where something is amiss; "" = it is fresh. It names no place."""
        if not self.error:
            return ""
        if self.read_at is None:
            return "The shared store was never read."
        minutes = (now - self.read_at).total_seconds() / 60
        age = f"{minutes:,.0f} min" if minutes < 120 else f"{minutes / 60:,.0f} h"
        return f"The shared store was read {age} ago, and cannot be read now."

    def told(self, now: datetime) -> str:
        """The same with the reason."""
        return f"{self.age(now)} {self.error}".strip()


_FRESHNESS = TypeAdapter(Freshness)


def known(results: Path, address: str) -> Freshness:
    """What the results folder says of a store; nothing was read, where it says nothing."""
    try:
        found = _FRESHNESS.validate_json((results / FILE).read_bytes())
    except (OSError, ValidationError):
        return Freshness(address)
    return found if found.address == address else Freshness(address)


def refresh(config: Config, results: Path, most: timedelta = FRESH) -> Freshness | None:
    """Take in what is new in the shared store, unless that was tried within `most`. None = there is none.

    Never raises because of the store: what went wrong stands in what is returned.
    """
    if config.store is None:
        return None
    before, now = known(results, config.store.address), datetime.now(UTC)
    if before.tried_at and now - before.tried_at < most:
        return before
    try:
        trouble = _pulled(config, results)
    except BenchError as error:
        after = replace(before, tried_at=now, error=str(error))
    else:
        after = replace(before, read_at=now, tried_at=now, error=trouble)
    _keep(results, after)
    return after


def _pulled(config: Config, results: Path) -> str:
    """Pull; what could not be read. "" = everything was."""
    here = place(config, Store(results))
    assert here is not None, "asked for a configuration with a store alone"
    done = pull(here)
    if shut := sorted(here.needed & set(done.closed)):
        return f"These credentials may not read {' and '.join(shut)}."
    return " ".join(done.faults)


def _keep(results: Path, found: Freshness) -> None:
    partial = results / f"{FILE}.{threading.get_ident()}.part"
    partial.write_bytes(_FRESHNESS.dump_json(found))
    partial.replace(results / FILE)


_under_way = threading.Lock()


def refresh_soon(config: Config, results: Path, most: timedelta = FRESH) -> Freshness | None:
    """The same without waiting: it is read beside, for whoever looks next; one reading at a time."""
    if config.store is None:
        return None
    before = known(results, config.store.address)
    due = before.tried_at is None or datetime.now(UTC) - before.tried_at >= most
    if due and _under_way.acquire(blocking=False):
        threading.Thread(target=_beside, args=(config, results, most), daemon=True).start()
    return before


def _beside(config: Config, results: Path, most: timedelta) -> None:
    try:
        refresh(config, results, most)
    finally:
        _under_way.release()
