"""A small bank measured on models of the demo panel, without the command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pandas as pd

from whichmodel.domain import Bank, Item, TaskCard
from whichmodel.plan import make
from whichmodel.registry.banks import task_hash
from whichmodel.run.budget import Budget
from whichmodel.run.measure import Measurement
from whichmodel.run.progress import Summary
from whichmodel.simulator import panel, serve
from whichmodel.simulator.faults import Faults
from whichmodel.store import Store, read

CARD = TaskCard(
    name="labels",
    category="classification",
    title="",
    description="",
    version="1",
    licence="",
    source="",
    metric="",
    scorer="choice",
    options={"labels": ["red", "green", "blue"]},
    folder=Path("."),
)


def bank(count: int) -> Bank:
    colours = ("red", "green", "blue")
    items = tuple(
        Item(
            id=f"i{n}",
            input=f"Thing {n} has which colour? Answer red, green or blue.",
            target=colours[n % 3],
            reference=colours[n % 3],
            metadata={"labels": list(colours)},
        )
        for n in range(count)
    )
    return Bank(CARD, items, task_hash(CARD, items), 0)


def measure(
    results: Path,
    names: Sequence[str],
    *,
    count: int = 20,
    faults: Sequence[Faults] = (),
    budget: Decimal | None = None,
    charged: bool = False,
) -> Summary:
    """Measure the demo panel's models on a small bank; charged = as if they were real."""
    small = bank(count)
    with serve.serve([small], faults=faults) as addresses:
        by_id = {m.id: replace(m, simulated=not charged) for m in panel.models(addresses)}
        models = [by_id[name] for name in names]
        store = Store(results)
        done = store.done((small.task_hash, m.settings_hash) for m in models)
        plan = make([small], models, done)
        return Measurement(plan, "run-1", results, store, 2, Budget(budget), lambda _: None).run()


def rows(results: Path, kind: str = "simulated") -> pd.DataFrame:
    reader = read(results)
    assert reader is not None
    return reader.outcomes("real" if kind == "real" else "simulated")
