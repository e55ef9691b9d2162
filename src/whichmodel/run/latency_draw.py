"""Which prompts a latency pass sends: of every task in turn, in the order that all models share. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest

from whichmodel.domain import Bank, Item, Model
from whichmodel.plan import Plan, Skipped, Work, order

FOREIGN = "its items are asked by a foreign solver, in several calls"

RECORDS = "replay/"
"""Inspect's names of answers that were recorded elsewhere."""


def draw(banks: Sequence[Bank], models: Sequence[Model], n: int, sent: Mapping[str, int]) -> Plan:
    """n prompts for each model, as work by task.

    sent: settings hash -> calls so far. A model goes on behind them, so that a prompt comes again only when
    all of them were sent. Rules and records are left out: nobody is waited for.
    """
    usable = [bank for bank in banks if bank.card.inspect_task is None]
    skipped = [Skipped(bank.card.name, FOREIGN) for bank in banks if bank.card.inspect_task is not None]
    work = [
        part
        for model in models
        if not (model.baseline or model.inspect_name.startswith(RECORDS))
        for part in _of_model([b for b in usable if model.takes(b.card)], model, n, sent)
    ]
    return Plan(tuple(work), tuple(skipped), 0)


def _of_model(banks: Sequence[Bank], model: Model, n: int, sent: Mapping[str, int]) -> list[Work]:
    columns = [[(bank, item) for item in order(bank.items)] for bank in banks]
    prompts = [prompt for row in zip_longest(*columns) for prompt in row if prompt is not None]
    if not prompts:
        return []
    start = sent.get(model.settings_hash, 0)
    chosen = [prompts[(start + number) % len(prompts)] for number in range(n)]
    parts: dict[str, tuple[Bank, list[Item]]] = {}
    for bank, item in chosen:
        parts.setdefault(bank.card.name, (bank, []))[1].append(item)
    return [Work(replace(bank, items=tuple(items)), model, None) for bank, items in parts.values()]
