"""The items of a task whose data set is on the Hugging Face hub: rows drawn in a fixed order, then mapped."""

from __future__ import annotations

import random
from dataclasses import replace

from whichmodel.domain import HubDataset, Item, TaskCard
from whichmodel.errors import TaskError
from whichmodel.registry import hub, rows
from whichmodel.registry.mapping import MappedRow, columns, item, matches


def drawn(card: TaskCard, seed: int, count: int) -> tuple[TaskCard, tuple[Item, ...], int | None]:
    """A card that says which commit its items come from, the items, and the seed where it mattered.

    Raises TaskError where the set cannot be had, read or mapped.
    """
    dataset = card.hub
    assert dataset is not None
    receipt, files = hub.files(dataset)
    table = rows.read(files, columns(dataset))
    places = _places(dataset, table)
    window = draw(len(places), seed=seed, size=card.count, count=count, key=_key(dataset))
    chosen = [places[place] for place in window]
    names = {**receipt.names, **table.names}
    items = tuple(
        item(card.name, dataset, MappedRow(place, cells, names))
        for place, cells in zip(chosen, table.take(chosen), strict=True)
    )
    others = len(places) >= 2 * card.count
    return replace(card, source=receipt.source), items, seed if others else None


def draw(total: int, *, seed: int, size: int, count: int, key: str) -> list[int]:
    """Places of `count` rows in an order that depends on the key alone; the seed says where it is entered.

    Each seed begins `size` places further on, as long as the rows last, so that banks of two seeds have no
    row in common; after the last whole bank it begins anew. A larger count begins with the rows of a smaller.
    """
    order = list(range(total))
    random.Random(key).shuffle(order)
    start = (seed % max(1, total // size)) * size
    return [order[(start + step) % total] for step in range(min(count, total))]


def _places(dataset: HubDataset, table: rows.Rows) -> list[int]:
    """The rows that the card's `where` takes."""
    everything = range(len(table))
    if not dataset.where:
        return list(everything)
    try:
        found = [place for place, row in enumerate(table.take(everything)) if matches(dataset, row)]
    except ValueError as error:
        raise TaskError(f"`where`: {error}.", where=f"hf://{dataset.repo}: dataset.where") from error
    if not found:
        raise TaskError(
            "No row is as `where` asks.",
            where=f"hf://{dataset.repo}: dataset.where",
            remedy="Compare its values with the data set's page; numbers and text differ.",
        )
    return found


def _key(dataset: HubDataset) -> str:
    return f"{dataset.repo}|{dataset.config}|{dataset.split}"
