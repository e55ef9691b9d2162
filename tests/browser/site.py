"""Generated outcomes in a real results folder, and the real server over it."""

from __future__ import annotations

import random
import shutil
import socket
import subprocess
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from rows import FAILED, START, outcome

from whichmodel.domain import Model, Outcome
from whichmodel.leaderboard import serve
from whichmodel.leaderboard.evidence import stored, view
from whichmodel.leaderboard.places import Places
from whichmodel.providers.baselines import BASELINES
from whichmodel.simulator import panel
from whichmodel.store import Run, Store
from whichmodel.views.board import View

CONFIG = Path(__file__).resolve().parents[2] / "bench.yaml"
TASKS = {
    "functions": "coding",
    "puzzles": "reasoning",
    "invoices": "extraction",
    "meetings": "summarization",
    "composition": "image-prompt",
    "tickets": "classification",
    "technical": "translation",
}
ITEMS = 400
UNPRICED = ("demo-borealis/swift", "puzzles")
"""Model and task whose costs are unknown."""
NOT_RUN = ("demo-cirrus/nano", "technical")
RUNS = ("r20261120-1", "r20261121-2")
"""The second run brings the last third of the items."""
PATIENCE_MS = 60_000
"""For whatever a page shows or takes: seconds at most on a quiet machine."""


def measured() -> list[Outcome]:
    """The demo panel and the rules on a task of each category."""
    models = [model for model in (*panel.models({}), *BASELINES) if not model.vision]
    return [
        _answer(model, task, category, item)
        for model in models
        for task, category in TASKS.items()
        if _takes(model, task, category)
        for item in range(ITEMS)
    ]


def _takes(model: Model, task: str, category: str) -> bool:
    drawn = category == "image-prompt"
    asked = not model.tasks or bool({task, category} & set(model.tasks))
    return asked and drawn == (model.answers == "image") and (model.id, task) != NOT_RUN


def _answer(model: Model, task: str, category: str, item: int) -> Outcome:
    """One answer: right with the model's skill, harder items harder for all; one in 300 fails."""
    luck = random.Random(f"{model.id}|{task}|{item}")
    hard = random.Random(f"{task}|{item}").random() < 0.2
    skill = next((m.skill.get(category, 0.5) for m in panel.PANEL if m.id == model.id), 0.55)
    run = int(item >= ITEMS * 2 // 3)
    dollars = model.price.output_per_mtok or model.price.per_image if model.price else None
    cost = (dollars or Decimal(0)) * luck.randint(200, 400) / 10**6
    row = outcome(
        item,
        task=task,
        category=category,
        task_hash=f"bank-{task}",
        model=model.id,
        settings_hash=model.settings_hash,
        simulated=model.simulated,
        baseline=model.baseline,
        run_id=RUNS[run],
        started_at=START + timedelta(days=run),
        score=float(luck.random() < skill - 0.1 * hard),
        latency_s=luck.lognormvariate(-1.5, 0.35),
        cost_usd=None if (model.id, task) == UNPRICED else cost,
    )
    return replace(row, **FAILED) if luck.random() < 1 / 300 else row


def publish(results: Path, outcomes: Sequence[Outcome]) -> Path:
    """Store outcomes with their runs in a results folder; the snapshot."""
    database = Store(results)
    database.ingest(outcomes)
    for run_id in {row.run_id for row in outcomes}:
        rows = [row for row in outcomes if row.run_id == run_id]
        started, simulated = rows[0].started_at, any(row.simulated for row in rows)
        ended = started + timedelta(minutes=5)
        database.put_run(Run(run_id, started, ended, simulated, "bench run", 1, 1, 0, "finished"))
    return database.publish()


@dataclass(frozen=True)
class Site:
    """The running server and the files it shows."""

    url: str
    results: Path
    config: Path

    def decided(self, organisation: str = "acme") -> View:
        """What it must show, decided here."""
        return view(stored(Places(self.results, self.config)), organisation, None)

    @contextmanager
    def showing(self, snapshot: Path | None) -> Iterator[None]:
        """Another snapshot in place of the usual one; None = nothing was measured."""
        pointer = self.results / "snapshots" / "current"
        usual = pointer.read_text(encoding="utf-8")
        if snapshot is None:
            pointer.unlink()
        else:
            pointer.write_text(str(snapshot), encoding="utf-8")
        try:
            yield
        finally:
            pointer.write_text(usual, encoding="utf-8")

    @contextmanager
    def configured(self, text: str) -> Iterator[None]:
        """Another configuration in place of the usual one."""
        usual = self.config.read_text(encoding="utf-8")
        self.config.write_text(text, encoding="utf-8")
        try:
            yield
        finally:
            self.config.write_text(usual, encoding="utf-8")


@contextmanager
def serving(folder: Path) -> Iterator[Site]:
    """The server over a folder with results and configuration of its own."""
    config = folder / "bench.yaml"
    shutil.copyfile(CONFIG, config)
    publish(folder / "results", measured())
    with socket.socket() as free:
        free.bind((serve.HOST, 0))
        port = int(free.getsockname()[1])
    command = serve.command(folder / "results", config, port)
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen(
            command, env=serve.environment(), cwd=folder, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            with ThreadPoolExecutor(1) as beside:  # Playwright keeps an event loop in this thread
                beside.submit(serve.warm, port).result()
            yield Site(serve.url(port), folder / "results", config)
        finally:
            server.terminate()
            server.wait(10)
