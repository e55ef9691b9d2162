"""Stores with a history: the same models measured in several runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
from browser.site import publish
from rows import START, outcome

from whichmodel.config import load_config
from whichmodel.domain import Outcome
from whichmodel.store import Reader
from whichmodel.views.source import Source

MODELS = ("a/one", "b/two", "c/three", "d/late")
CONFIG = "default_organisation: acme\nmodels:\n" + "".join(
    f'  - {{id: {model}, base_url: "http://127.0.0.1:9/v1", price: '
    "{input_per_mtok: 1, output_per_mtok: 2, dated: 2026-11-01, source: list}}\n"
    for model in MODELS
)
CONFIG += """\
organisations:
  acme: {title: ACME}
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """What one run asked of one model."""

    run: int
    model: str
    skill: float = 0.998
    """Chance of a right answer to an item that is not hard."""
    usd: float = 0.001
    epoch: int = 1
    served: str = "served-1"
    items: tuple[int, int] = (0, 300)
    """From the first to before the last."""


def answers(tasks: Sequence[str], asked: Iterable[Asked], seed: int, hashes: dict[str, str]) -> list[Outcome]:
    """Items of which one in 12 is hard for everyone; costs scatter by a fifth."""
    found = []
    for one in asked:
        for task in tasks:
            luck = np.random.default_rng([seed, one.run, MODELS.index(one.model), tasks.index(task)])
            hard = np.random.default_rng([seed, tasks.index(task)]).random(1000) < 1 / 12
            first, last = one.items
            for item in range(first, last):
                skill = 0.01 if hard[item] else one.skill
                found.append(
                    outcome(
                        item,
                        task=task,
                        task_hash=f"bank-{task}",
                        model=one.model,
                        settings_hash=hashes[one.model],
                        served_model=f"{one.model}-{one.served}",
                        epoch=one.epoch,
                        score=float(luck.random() < skill),
                        cost_usd=Decimal(str(round(one.usd * luck.uniform(0.8, 1.2), 8))),
                        run_id=f"r{one.run}",
                        started_at=START + timedelta(days=one.run),
                    )
                )
    return found


def source(folder: Path, tasks: Sequence[str], asked: Iterable[Asked], seed: int = 0) -> Source:
    """A store of these runs, r1, r2, ..., a day apart, and its configuration."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bench.yaml").write_text(CONFIG)
    config = load_config(folder / "bench.yaml")
    hashes = {model.id: model.settings_hash for model in config.models}
    rows = answers(tasks, asked, seed, hashes)
    keyed = [replace(row, key=f"{row.run_id}-{row.key}") for row in rows]
    return Source(config, folder / "results", Reader(publish(folder / "results", keyed)))
