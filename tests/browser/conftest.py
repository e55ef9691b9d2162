"""A results folder of generated outcomes, the real server over it, and a real Chromium."""

from __future__ import annotations

import os
import random
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from whichmodel.domain import Cell, Model, Outcome, Status, content_hash
from whichmodel.leaderboard import serve
from whichmodel.providers.baselines import BASELINES
from whichmodel.registry import all_cards
from whichmodel.simulator import panel
from whichmodel.store import Run, Store

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = "/usr/bin/chromium"
START = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
ITEMS = 400
UNPRICED = ("demo-borealis/swift", "reasoning")
"""Model and category whose costs are unknown."""
NOT_RUN = ("demo-cirrus/nano", "translation")


def outcome(model: Model, task: str, category: str, item: int, run: int) -> Outcome:
    """One answer: right with the model's skill, harder items harder for all."""
    luck = random.Random(f"{model.id}|{task}|{item}|{run}")
    skill = next((m.skill.get(category, 0.5) for m in panel.PANEL if m.id == model.id), 0.55)
    hard = random.Random(f"{task}|{item}").random()
    right = luck.random() < (skill if hard > 0.2 else max(0.0, skill - 0.1))
    failed = luck.random() < 0.003
    cell = Cell(task, content_hash(task), model.id, model.settings_hash, f"{task}-{item:04d}")
    price = model.price.output_per_mtok or model.price.per_image if model.price else None
    cost = Decimal(0) if model.baseline else (price or Decimal(1)) * Decimal(luck.randint(200, 400)) / 10**6
    unpriced = (model.id, category) == UNPRICED
    return Outcome(
        key=content_hash([cell.key, run], length=32),
        cell_key=cell.key,
        task=task,
        task_hash=cell.task_hash,
        category=category,
        item_id=cell.item_id,
        cluster_id=cell.item_id,
        stratum="",
        epoch=1,
        model=model.id,
        settings_hash=model.settings_hash,
        requested_model=model.inspect_name,
        served_model=model.inspect_name,
        fingerprint=None,
        status=Status.FAILED if failed else Status.SCORED,
        parsed=None if failed else True,
        score=None if failed else float(right),
        judge_score=None,
        human_score=None,
        answer_norm=None,
        input_tokens=300,
        cached_tokens=0,
        cache_write_tokens=0,
        output_tokens=100,
        reasoning_tokens=0,
        images=None,
        cost_usd=None if unpriced or failed else cost,
        judge_cost_usd=Decimal(0),
        price_source=None if unpriced else panel.SOURCE,
        price_date=panel.DATED,
        latency_s=None if failed else luck.lognormvariate(-1.5, 0.35),
        ttft_s=None,
        queue_s=0.0,
        attempts=1,
        loop_lag_ms=0.0,
        error_class="APIConnectionError" if failed else None,
        error_text="connection reset" if failed else None,
        output_ref=None,
        log_ref=None,
        run_id=f"r2026112{run}-0300",
        started_at=START + timedelta(days=run - 4),
        simulated=model.simulated,
        baseline=model.baseline,
    )


def measured() -> list[Outcome]:
    """The demo panel and the rules on every bundled task; the last third of the items in a second run."""
    models = [model for model in (*panel.models({}), *BASELINES) if not model.vision]
    cells = ((model, card) for model in models for card in all_cards() if model.takes(card))
    return [
        outcome(model, card.name, card.category, item, 3 if item < ITEMS * 2 // 3 else 4)
        for model, card in cells
        if (model.id, card.category) != NOT_RUN
        for item in range(ITEMS)
    ]


def store(results: Path, outcomes: list[Outcome]) -> Path:
    """A results folder with these outcomes and their runs; its snapshot."""
    database = Store(results)
    database.ingest(outcomes)
    for run_id in {row.run_id for row in outcomes}:
        rows = [row for row in outcomes if row.run_id == run_id]
        started = rows[0].started_at
        run = Run(
            run_id,
            started,
            started + timedelta(minutes=5),
            True,
            "bench run",
            len(rows),
            len(rows),
            0,
            "finished",
        )
        database.put_run(run)
    return database.publish()


@dataclass(frozen=True)
class Site:
    """The running server and the files it shows."""

    url: str
    results: Path
    config: Path

    @contextmanager
    def showing(self, snapshot: Path | None) -> Iterator[None]:
        """Another snapshot in place of the usual one; None = nothing was measured."""
        pointer = self.results / "snapshots" / "current"
        usual = pointer.read_text()
        if snapshot is None:
            pointer.unlink()
        else:
            target = pointer.parent / f"bench-{content_hash(str(snapshot))}.duckdb"
            shutil.copyfile(snapshot, target)
            pointer.write_text(target.name)
        try:
            yield
        finally:
            pointer.write_text(usual)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One server for all tests, over the generated results."""
    folder = tmp_path_factory.mktemp("site")
    config = folder / "bench.yaml"
    shutil.copyfile(ROOT / "bench.yaml", config)
    store(folder / "results", measured())
    with socket.socket() as free:
        free.bind((serve.HOST, 0))
        port = free.getsockname()[1]
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen(
            serve.command(folder / "results", config, port),
            env=serve.environment(),
            cwd=folder,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            serve.warm(port)
            yield Site(serve.url(port), folder / "results", config)
        finally:
            server.terminate()
            server.wait(10)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium; absence skips with the command that mends it, and fails under CI."""
    if not Path(CHROMIUM).exists():
        reason = f"no browser at {CHROMIUM}; `apt-get install -y chromium` brings it"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield chromium
        chromium.close()


Build = Callable[[list[Outcome]], Path]


@pytest.fixture
def snapshot_of(tmp_path: Path) -> Build:
    """Outcomes -> a snapshot of their own."""
    return lambda outcomes: store(tmp_path / "other", outcomes)


@pytest.fixture
def failures() -> list[Outcome]:
    """A run in which nothing got a score."""
    model = panel.models({})[0]
    rows = [outcome(model, "invoices", "extraction", item, 4) for item in range(60)]
    return [
        replace(row, status=Status.FAILED, score=None, parsed=None, cost_usd=None, latency_s=None)
        for row in rows
    ]
