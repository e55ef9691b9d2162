"""Tasks that Inspect runs by their own solver and scorer: their items, and the task cut to some of them."""

from __future__ import annotations

import importlib
from collections.abc import Mapping

from inspect_ai import Task
from inspect_ai.dataset import Sample

from whichmodel.domain import Bank, Item, Json, TaskCard, content_hash
from whichmodel.errors import TaskError


def foreign_bank(card: TaskCard) -> Bank:
    """The items of a foreign task; their ids are those of its dataset, else 1, 2, ...

    The hash covers prompts, targets and the version of the task. Raises TaskError when it cannot be loaded.
    """
    samples = _load(card).dataset
    items = tuple(
        Item(id=_id(sample, number), input=_text(sample), target=sample.target)
        for number, sample in enumerate(samples, start=1)
    )
    asked = [card.inspect_task, card.version, [[i.id, i.input, i.target] for i in items]]
    return Bank(card, items, content_hash(asked))


def foreign_task(bank: Bank, metadata: Mapping[str, Json]) -> Task:
    """The foreign task with the items of the bank alone."""
    task = _load(bank.card)
    wanted = {item.id for item in bank.items}
    for number, sample in enumerate(task.dataset, start=1):
        sample.id = _id(sample, number)
    task.dataset = task.dataset.filter(lambda sample: str(sample.id) in wanted)
    task.metadata = {**(task.metadata or {}), **metadata}
    return task


def _load(card: TaskCard) -> Task:
    assert card.inspect_task is not None
    package, _, name = card.inspect_task.partition("/")
    try:
        made = getattr(importlib.import_module(f"{package}.{card.folder.name}"), name)()
    except Exception as error:
        raise TaskError(
            f"The task raised {type(error).__name__}: {error}.",
            where=card.inspect_task,
            remedy="Its data may have to be downloaded first; `inspect eval` shows what it needs.",
        ) from error
    if not isinstance(made, Task):
        raise TaskError(f"This is a {type(made).__name__}, not a task.", where=card.inspect_task)
    return made


def _id(sample: Sample, number: int) -> str:
    return str(number if sample.id is None else sample.id)


def _text(sample: Sample) -> str:
    if isinstance(sample.input, str):
        return sample.input
    return "\n".join(message.text for message in sample.input)
