"""A project with real models, at whose addresses the simulator breaks what a test asks it to break.

Every item's right answer is `ANSWER`, which is what the panel says of anything where no model draws: a score
below 1 would be a failure that became an answer.
"""

from __future__ import annotations

import json
import subprocess
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import yaml
from program import Bench, Done

from whichmodel.domain import Bank
from whichmodel.registry.banks import bank
from whichmodel.registry.cards import read_card
from whichmodel.simulator.faults import Faults
from whichmodel.simulator.serve import serve
from whichmodel.store import read

ANSWER = (
    "red like a tomato that has had the whole summer to ripen on the wall of a warm old house in the south"
)
"""Long enough that half a stream of it is half an answer."""
KEY, SECRET = "ACME_API_KEY", "planted-key-7c1f"
TASK, PICTURES = "colours", "pictures"
DATED = date(2026, 1, 1)
PRICE = {"source": "test", "dated": DATED, "input_per_mtok": 1, "output_per_mtok": 10}
PROTOCOLS: Mapping[str, tuple[str, str, str]] = {
    "chat": ("openai-api/demo/", "", "openai"),
    "responses": ("openai/", "gpt-6-", "openai"),
    "anthropic": ("anthropic/", "claude-", "anthropic"),
    "google": ("google/", "gemini-", "google"),
    "hf": ("hf-inference-providers/", "org/", "hf"),
    "openai-images": ("openai-images/", "draws-", "openai-images"),
    "google-images": ("google-images/", "gemini-draws-", "google-images"),
    "hf-images": ("hf-images/", "org/draws-", "hf-images"),
}
"""Protocol -> what stands before a model's wire name in Inspect's, before its own name there, its address."""
CARD = {
    "category": "classification",
    "title": "Colours",
    "description": "Names a colour.",
    "version": "1",
    "licence": "Apache-2.0",
    "source": "generated",
    "metric": "share of right labels",
    "scorer": "choice",
    "options": {"labels": [ANSWER, "green", "blue"]},
    "items": "items.jsonl",
    "max_tokens": 64,
}
DRAWN = {
    **CARD,
    "category": "image-prompt",
    "scorer": "image",
    "options": {},
    "answers": "image",
    "judged": True,
}


@dataclass(frozen=True)
class Entrant:
    """A model that takes part, and what goes wrong with its requests."""

    name: str
    protocol: str = "chat"
    faults: tuple[Faults, ...] = ()
    """For its requests alone, whatever their `wire` says."""
    connections: int = 4

    @property
    def id(self) -> str:
        """In bench.yaml."""
        return f"acme/{self.name}"

    @property
    def wire(self) -> str:
        """In requests."""
        return PROTOCOLS[self.protocol][1] + self.name

    @property
    def draws(self) -> bool:
        """Whether it answers with pictures."""
        return self.protocol.endswith("images")


@dataclass(frozen=True)
class Ground:
    """The project, while its models can be asked."""

    bench: Bench
    addresses: Mapping[str, str]
    entrants: Mapping[str, Entrant]

    @property
    def results(self) -> Path:
        """Where outcomes go."""
        return self.bench.folder / "results"

    def run(self, *args: str, env: dict[str, str] | None = None) -> Done:
        """`bench run` of both tasks."""
        return self.bench("run", "--tasks", self.tasks, *args, env=environment(env), timeout=120)

    def start(self, *args: str) -> subprocess.Popen[str]:
        """`bench run` of both tasks, in the background."""
        return self.bench.start("run", "--tasks", self.tasks, *args, env=environment())

    @property
    def tasks(self) -> str:
        """The project's own tasks."""
        return ",".join(f"./{path.parent}" for path in _relative(self.bench.folder))

    def requests(self, name: str | None = None) -> list[dict[str, Any]]:
        """The server's own log, of one entrant or of all, in the order in which requests were read."""
        root = self.addresses["anthropic"]
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(f"{root}/requests", timeout=30) as reply:
            entries: list[dict[str, Any]] = json.load(reply)
        return [e for e in entries if name is None or e["model"] == self.entrants[name].wire]

    def rows(self, name: str | None = None) -> pd.DataFrame:
        """Every row of the newest snapshot."""
        found = stored(self.results)
        return found if name is None else found[found.model == f"acme/{name}"]


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The one key that all entrants share."""
    return {KEY: SECRET, **(more or {})}


def stored(results: Path) -> pd.DataFrame:
    """Every row of the newest snapshot, repeated attempts at a cell among them."""
    reader = read(results)
    assert reader is not None
    with duckdb.connect(str(reader.snapshot), read_only=True) as connection:
        return connection.execute("SELECT * FROM outcomes WHERE NOT baseline ORDER BY started_at").df()


@contextmanager
def ground(
    folder: Path,
    entrants: Sequence[Entrant],
    *,
    items: int = 6,
    pictures: int = 2,
    latency_s: float | None = 0.02,
    **defaults: float,
) -> Iterator[Ground]:
    """The project in an empty folder. items, pictures: of the two tasks; defaults: as in bench.yaml."""
    write_task(folder, TASK, CARD, _colours(items))
    banks: list[Bank] = []
    if any(entrant.draws for entrant in entrants):
        write_task(folder, PICTURES, DRAWN, _pictures(pictures))
        banks = [bank(read_card(folder / "tasks/image-prompt" / PICTURES))]
    aliases = {e.wire: "aurora-canvas" if e.draws else "aurora-lite" for e in entrants}
    faults = [Faults(**{**_fields(f), "wire": e.wire}) for e in entrants for f in e.faults]
    canned = None if banks else ANSWER
    with serve(banks, faults=faults, latency_s=latency_s, canned=canned, aliases=aliases) as addresses:
        write_config(folder, entrants, addresses, **defaults)
        yield Ground(Bench(folder), addresses, {e.name: e for e in entrants})


def _fields(fault: Faults) -> dict[str, Any]:
    return {name: getattr(fault, name) for name in Faults.__dataclass_fields__}


def write_task(folder: Path, name: str, card: Mapping[str, Any], items: Sequence[Mapping[str, Any]]) -> Path:
    """A task of the project's own; its folder."""
    task = folder / "tasks" / str(card["category"]) / name
    task.mkdir(parents=True)
    (task / "task.yaml").write_text(yaml.safe_dump({"name": name, **card, "count": len(items)}))
    (task / "items.jsonl").write_text("".join(json.dumps(item) + "\n" for item in items))
    return task


def write_config(
    folder: Path, entrants: Sequence[Entrant], addresses: Mapping[str, str], **defaults: float
) -> None:
    """bench.yaml with these models, and one that looks at pictures where any is drawn."""
    models = [_model(entrant, addresses) for entrant in entrants]
    if any(entrant.draws for entrant in entrants):
        models.append(_eye(addresses))
    document = {
        "default_organisation": "lab",
        "models": models,
        "defaults": defaults,
        "organisations": {
            "lab": {"title": "Lab", "workloads": [{"task": "classification", "requests_per_month": 1000}]}
        },
    }
    (folder / "bench.yaml").write_text(yaml.safe_dump(document, sort_keys=False))


def _model(entrant: Entrant, addresses: Mapping[str, str]) -> dict[str, Any]:
    prefix, _, key = PROTOCOLS[entrant.protocol]
    price = {"source": "test", "dated": DATED, "per_image": 0.01} if entrant.draws else PRICE
    return {
        "id": entrant.id,
        "inspect_name": prefix + entrant.wire,
        "base_url": addresses[key],
        "key_env": KEY,
        "max_connections": entrant.connections,
        "price": price,
        **({"answers": "image"} if entrant.draws else {}),
    }


def _eye(addresses: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": "acme/eye",
        "inspect_name": "openai-api/demo/cirrus-eye",
        "base_url": addresses["openai"],
        "key_env": KEY,
        "vision": True,
        "tasks": ["vision"],
        "price": PRICE,
    }


def _colours(count: int) -> list[dict[str, Any]]:
    return [
        {"id": f"i{n:04d}", "input": f"Which colour is thing {n}? Answer with the colour.", "target": ANSWER}
        for n in range(count)
    ]


def _pictures(count: int) -> list[dict[str, Any]]:
    spec = {"include": [{"class": "dog", "count": 3, "color": "red"}], "exclude": []}
    return [
        {"id": f"p{n}", "input": f"Three red dogs, number {n}", "target": 3, "metadata": {"spec": spec}}
        for n in range(count)
    ]


def _relative(folder: Path) -> list[Path]:
    return sorted(path.relative_to(folder) for path in folder.glob("tasks/*/*/task.yaml"))
