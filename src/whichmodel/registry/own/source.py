"""The table that a task of one's own is made from: a file, or a split of a set on the hub."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from whichmodel.domain import HubDataset, Json
from whichmodel.errors import TaskError, UsageError
from whichmodel.registry import rows

HUB = "hf://"


@dataclass(frozen=True, slots=True)
class Source:
    """Rows as they were read."""

    name: str
    """The file's name, or the set with its commit."""
    columns: tuple[str, ...]
    rows: Sequence[Mapping[str, Json]]
    licence: str = ""
    """As a set on the hub states it. "" = unknown."""


def opened(
    place: str, *, config: str | None = None, split: str = "test", revision: str | None = None
) -> Source:
    """A table by its path or `hf://organisation/name`; the rest is for sets on the hub.

    Raises UsageError for a file that is not there or of no known kind, TaskError for one that cannot be read.
    """
    if place.startswith(HUB):
        return _from_hub(place, config, split, revision)
    path = Path(place)
    if not path.is_file():
        raise UsageError(
            "There is no such file.", where=place, remedy="Name a file, or hf://organisation/name."
        )
    if rows.kind(path.name) is None:
        raise UsageError(
            "It is not known how to read this file.",
            where=place,
            remedy=f"Give it an ending that says what it is: {', '.join(f'.{kind}' for kind in rows.KINDS)}.",
        )
    table = rows.read([path])
    return _source(path.name, table.take(range(len(table))), table.names, "")


def _from_hub(place: str, config: str | None, split: str, revision: str | None) -> Source:
    from whichmodel.registry import hub

    repo = place.removeprefix(HUB).removeprefix("datasets/").strip("/")
    if repo.count("/") != 1:
        raise UsageError("This names no data set.", where=place, remedy="Write hf://organisation/name.")
    dataset = HubDataset(repo=repo, item={}, config=config, split=split, revision=revision)
    receipt, files = hub.files(dataset)
    table = rows.read(files)
    names = {**receipt.names, **table.names}
    return _source(receipt.source, table.take(range(len(table))), names, receipt.licence)


def _source(
    name: str, found: Sequence[dict[str, Json]], names: Mapping[str, Sequence[str]], licence: str
) -> Source:
    if not found:
        raise TaskError("The table has no rows.", where=name)
    for number, row in enumerate(found, start=1):
        if None in row:
            raise TaskError(
                f"Row {number} has more cells than there are columns.",
                where=name,
                remedy="Put cells that hold the separator or a line break into double quotes.",
            )
        for column, known in names.items():
            place = row.get(column)
            if isinstance(place, int) and 0 <= place < len(known):
                row[column] = known[place]
    columns = tuple(dict.fromkeys(str(column) for row in found for column in row))
    return Source(name, columns, found, licence)
