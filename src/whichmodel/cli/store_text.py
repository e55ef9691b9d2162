"""What `bench store` says."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

from whichmodel.cli.output import answer, document, note, table

if TYPE_CHECKING:
    from whichmodel.remote.logs import Moved
    from whichmodel.remote.mend import Mended
    from whichmodel.remote.overview import Overview
    from whichmodel.remote.pull import Ahead, Pulled
    from whichmodel.remote.push import Pushed
    from whichmodel.remote.verify import Verified

LINE_S = 5.0
"""Between two lines of progress."""


@contextmanager
def progress(rows: int | None, *, quiet: bool) -> Iterator[Callable[[int], None]]:
    """Says every few seconds how many rows have travelled. rows: how many there are; None = unknown."""
    done, last = 0, time.monotonic()

    def watch(more: int) -> None:
        nonlocal done, last
        done += more
        if not quiet and time.monotonic() - last >= LINE_S:
            last = time.monotonic()
            note(f"{done:,} rows" if rows is None else f"{done:,} of {rows:,} rows")

    yield watch


def size(count: int) -> str:
    """Bytes for people."""
    for unit, power in (("GB", 9), ("MB", 6), ("kB", 3)):
        if count >= 10**power:
            return f"{count / 10**power:.1f} {unit}"
    return f"{count} B"


def counted(tables: Mapping[str, int]) -> str:
    """`1,200 outcomes, 3 runs`."""
    return ", ".join(f"{rows:,} {name}" for name, rows in tables.items() if rows)


def waiting(found: Mapping[str, Mapping[str, int]], address: str) -> None:
    """What a push would give."""
    if not found:
        answer(f"Nothing waits: {address} has all that is here.")
    for space, tables in found.items():
        answer(f"{space}: {counted(tables)} would be given.")


def pushed(done: Pushed, address: str) -> None:
    """What was given."""
    if not done.parts:
        answer(f"Nothing to give: {address} has all that is here.")
        return
    answer(f"Gave {counted(done.rows)} in {done.parts:,} parts, {size(done.bytes)}, to {address}.")


def mended(done: Mended) -> None:
    """What was mended before."""
    answer(f"{done.parts:,} damaged parts were written anew; the rows of {done.again:,} are given again.")


def ahead(found: Sequence[Ahead], closed: Sequence[str], *, as_json: bool) -> None:
    """What a pull would take."""
    if as_json:
        document({"ahead": [asdict(one) for one in found], "closed": list(closed)})
        return
    for one in found:
        rows, held = sum(part.rows for part in one.parts), sum(part.bytes for part in one.parts)
        answer(f"{one.space}: {len(one.parts):,} parts, {rows:,} rows, {size(held)}, would be read.")
    _closed(closed)


def pulled(done: Pulled, address: str) -> None:
    """What was taken."""
    if done.rows.total():
        answer(f"Took {counted(done.rows)} from {done.parts:,} parts, {size(done.bytes)}.")
    elif done.parts:
        answer(f"Read {done.parts:,} parts, {size(done.bytes)}: all of their rows were here already.")
    elif not done.faults:
        answer(f"Nothing new in {address}.")
    if done.dropped:
        answer(f"Dropped {counted(done.dropped)} here that were deleted there; the journal in logs/ stays.")


def moved(done: Moved | None, how: str) -> None:
    """Logs and images that travelled, or would."""
    if done is None:
        return
    if done.files:
        answer(f"{done.files:,} logs and images, {size(done.bytes)}, {how}.")
    if done.waiting:
        note(f"{done.waiting:,} jobs are not over yet; their logs wait.")


def _closed(spaces: Sequence[str]) -> None:
    if spaces:
        note(f"These credentials cannot read {', '.join(spaces)}; nothing of it is here.")


def verified(done: Verified) -> None:
    """The comparison, table by table, and the first rows that differ."""
    headings = ["table", "equal", "differ", "missing here", "only here"]
    rows = [
        [name, *(f"{count:,}" for count in (found.same, found.other, found.missing, found.alone))]
        for name, found in done.tables.items()
    ]
    answer(table(headings, rows, numbers=[1, 2, 3, 4]))
    for name, found in done.tables.items():
        for key in found.keys:
            answer(f"{name}, {key}")
        if found.priced:
            answer(
                f"{found.priced:,} of the equal {name} have another price here: `bench reprice` gives both "
                "sides those of today."
            )
    for fault in done.faults:
        answer(fault)
    _closed(done.closed)


def overview(found: Overview) -> None:
    """Spaces with what lies there, what waits here, when it was read."""
    answer(f"Store: {found.address}")
    headings = ["space", "version", "parts", "rows", "size", "committed", "new there", "waiting here"]
    rows = [
        [
            space.name,
            f"{space.version:,}",
            f"{space.parts:,}",
            f"{space.rows:,}",
            size(space.bytes),
            _at(space.at),
            f"{space.unread_rows:,} rows" if space.unread_rows else "-",
            counted(found.waiting.get(space.name, {})) or "-",
        ]
        for space in found.spaces
    ]
    if rows:
        answer(table(headings, rows, numbers=[1, 2, 3, 4]))
    else:
        for name, tables in found.waiting.items():
            answer(f"{name}: {counted(tables)} wait here.")
    answer(f"Read last: {_at(found.read_at)}.")
    _closed(found.closed)


def _at(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else "never"
