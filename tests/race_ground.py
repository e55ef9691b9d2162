"""A project whose models cost money, answered by models of the demo panel, for races over small banks."""

from __future__ import annotations

import json
import subprocess
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from faults.ground import CARD, DATED, KEY, environment, write_task
from program import Bench, Done

from whichmodel.domain import Bank
from whichmodel.registry.banks import bank
from whichmodel.registry.cards import read_card
from whichmodel.simulator.faults import Faults
from whichmodel.simulator.serve import serve

COLOURS = ("red", "green", "blue")
SKILLED = {"best": "aurora-grand", "good": "cirrus-pro", "poor": "aurora-lite", "weak": "cirrus-nano"}
"""Name in bench.yaml -> the model of the panel that answers: two that are as good, and two that are not."""
RATES = {"best": 25, "good": 12, "poor": 12, "weak": 10}
"""USD for a million tokens of output."""
ONE = ("--processes", "1")
RULE = {"delta": 0.12, "min_items": 60, "looks_start": 20}


@dataclass
class Ground:
    """The project, while its models can be asked."""

    bench: Bench
    address: str
    tasks: tuple[str, ...]
    models: list[str] = field(default_factory=list)

    @property
    def results(self) -> Path:
        """Where outcomes go."""
        return self.bench.folder / "results"

    def race(self, *args: str, tasks: Sequence[str] = ()) -> Done:
        """`bench run --until-decided` of all tasks, or of these."""
        return self.bench(*self.command(*args, tasks=tasks), env=environment(), timeout=120)

    def run(self, *args: str) -> Done:
        """`bench run` of all tasks."""
        return self.bench(
            "run", "--tasks", self.paths(), "--yes", *ONE, *args, env=environment(), timeout=120
        )

    def start(self, *args: str) -> subprocess.Popen[str]:
        """A race in the background."""
        return self.bench.start(*self.command(*args), env=environment())

    def command(self, *args: str, tasks: Sequence[str] = ()) -> tuple[str, ...]:
        """The race's arguments. One worker: most of a small race is the start of its processes."""
        return ("run", "--until-decided", "--tasks", self.paths(tasks), "--yes", *ONE, *args)

    def paths(self, tasks: Sequence[str] = ()) -> str:
        """The tasks as they are named on the command line."""
        return ",".join(f"./tasks/reasoning/{name}" for name in tasks or self.tasks)

    def asked(self) -> Counter[tuple[str, str]]:
        """(wire name, prompt) -> how often the server was asked it."""
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(f"{self.address}/requests", timeout=30) as reply:
            return Counter((entry["model"], entry["prompt"]) for entry in json.load(reply))

    def configure(self, models: Sequence[str], **organisation: Any) -> None:
        """bench.yaml with these models of SKILLED. organisation: what else stands under it."""
        self.models = list(models)
        write_config(self.bench.folder, self.models, f"{self.address}/v1", self.tasks, organisation)


@contextmanager
def ground(
    folder: Path,
    *,
    models: Sequence[str] = tuple(SKILLED),
    tasks: Mapping[str, int] | None = None,
    latency_s: float = 0.01,
    faults: Sequence[Faults] = (),
    **organisation: Any,
) -> Iterator[Ground]:
    """The project in an empty folder. tasks: name -> number of items."""
    sizes = tasks or {"sorting": 240}
    banks: list[Bank] = []
    for name, count in sizes.items():
        options = {"labels": list(COLOURS)}
        card = {**CARD, "title": name, "category": "reasoning", "options": options, "max_tokens": 512}
        write_task(folder, name, card, _items(name, count))
        banks.append(bank(read_card(folder / "tasks" / "reasoning" / name)))
    aliases = {f"acme-{name}": wire for name, wire in SKILLED.items()}
    with serve(banks, faults=faults, latency_s=latency_s, aliases=aliases) as addresses:
        root = addresses["openai"].removesuffix("/v1")
        made = Ground(Bench(folder), root, tuple(sizes))
        made.configure(models, **organisation)
        yield made


def write_config(
    folder: Path, models: Sequence[str], address: str, tasks: Sequence[str], organisation: Mapping[str, Any]
) -> None:
    """bench.yaml of these models."""
    workloads = [{"task": task, "requests_per_month": 1000} for task in tasks]
    lab = {"title": "Lab", "workloads": workloads, "decision": RULE, **organisation}
    document = {
        "default_organisation": "lab",
        "models": [_model(name, address) for name in models],
        "organisations": {"lab": lab},
    }
    (folder / "bench.yaml").write_text(yaml.safe_dump(document, sort_keys=False))


def _model(name: str, address: str) -> dict[str, Any]:
    price = {"source": "test", "dated": DATED, "input_per_mtok": 1, "output_per_mtok": RATES[name]}
    return {
        "id": f"acme/{name}",
        "inspect_name": f"openai-api/demo/acme-{name}",
        "base_url": address,
        "key_env": KEY,
        "max_connections": 8,
        "price": price,
    }


def _items(task: str, count: int) -> list[dict[str, Any]]:
    return [
        {
            "id": f"{task}-{n:04d}",
            "input": f"{task}: which colour is thing {n}? Answer red, green or blue.",
            "target": COLOURS[n % 3],
            "reference": COLOURS[n % 3],
        }
        for n in range(count)
    ]
