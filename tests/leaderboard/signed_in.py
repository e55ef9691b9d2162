"""A store with two organisations, one of them with secrets planted, and the real server over it."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import httpx
from routing_table import PLAIN, TABLE
from rows import START, outcome

from whichmodel.config import load_config
from whichmodel.domain import Outcome
from whichmodel.export.stored import file, known_models
from whichmodel.export.table import to_json
from whichmodel.leaderboard import serve
from whichmodel.store import Run, Store

SECONDS = 240.0
SECRET = "plantedsecret"
"""Stands in whatever is Nord's own: task, workload, price, answer, title, command."""
PRIVATE = f"{SECRET}-contracts"
MODELS = ("aurora/lite", "borealis/max")
ANN, BEA, EVE = "ann@acme.example", "Bea@Nord.example", "eve@elsewhere.example"
CONFIG = """\
default_organisation: acme
leaderboard:
  sign_in: {sign_in}
models:
  - {{id: aurora/lite, base_url: "http://127.0.0.1:9/v1"}}
  - {{id: borealis/max, base_url: "http://127.0.0.1:9/v1"}}
organisations:
  acme:
    title: ACME shop
    viewers: ["*@acme.example"]
    token_env: ACME_TOKEN
    workloads: [{{task: invoices, requests_per_month: 1000}}]
  {secret}:
    title: Nord {secret}
    viewers: [bea@nord.example]
    private_tasks: [{private}]
    workloads: [{{task: {private}, requests_per_month: 987654}}, {{task: invoices, requests_per_month: 10}}]
    prices:
      aurora/lite: {{source: {secret} contract, dated: 2026-01-01, input_per_mtok: 0.123}}
"""


@dataclass(frozen=True)
class Running:
    """The server and the files it reads."""

    port: int
    results: Path
    config: Path
    password: str
    log: Path

    @property
    def url(self) -> str:
        return serve.url(self.port)


def rows() -> list[Outcome]:
    """Two models on a shared task and on Nord's own; one model less good than the other."""
    return [
        outcome(
            item,
            task=task,
            category="extraction",
            task_hash=f"bank-{task}",
            model=model,
            settings_hash=f"s-{model}",
            run_id=run,
            started_at=START,
            score=float(item % (7 if model == MODELS[0] else 9) > 0),
            answer_norm=SECRET if task == PRIVATE else "a",
            cost_usd=Decimal("0.001"),
        )
        for task, run in (("invoices", "r20261120-1"), (PRIVATE, f"r20261120-{SECRET}"))
        for model in MODELS
        for item in range(60)
    ]


def write(folder: Path, sign_in: str) -> Path:
    """Store, tables and configuration in a folder; the configuration."""
    config, results = folder / "bench.yaml", folder / "results"
    config.write_text(CONFIG.format(sign_in=sign_in, secret=SECRET, private=PRIVATE), encoding="utf-8")
    outcomes = rows()
    store = Store(results)
    store.ingest(outcomes)
    for run_id in sorted({row.run_id for row in outcomes}):
        command = f"bench run --org {SECRET}" if SECRET in run_id else "bench run --tasks invoices"
        store.put_run(Run(run_id, START, START, False, command, 120, 120, 0, "finished"))
    store.publish()
    return config


def write_table(results: Path, organisation: str, task: str = "invoices") -> None:
    """A routing table as `bench route` leaves it."""
    table = replace(TABLE, organisation=organisation, routes=(replace(PLAIN, task=task),))
    path = file(results, organisation)
    path.parent.mkdir(parents=True, exist_ok=True)
    models = known_models(load_config(results.parent / "bench.yaml"), simulated=True)
    path.write_text(to_json(table, models), encoding="utf-8")


@contextmanager
def running(
    folder: Path,
    sign_in: str,
    *,
    warm: bool = False,
    port: int = 0,
    secrets_file: Path | None = None,
    names: tuple[str, ...] = (),
    variables: Mapping[str, str] | None = None,
) -> Iterator[Running]:
    """The server over a folder of its own, started as `bench leaderboard` starts it."""
    config = write(folder, sign_in)
    with socket.socket() as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        free.bind((serve.HOST, port))
        port = int(free.getsockname()[1])
    password = serve.password()
    site = Running(port, folder / "results", config, password, folder / "server.log")
    command = serve.command(site.results, config, port, names=names, secrets_file=secrets_file)
    environment = {**serve.environment(password), **(variables or {})}
    with site.log.open("w") as log:
        server = subprocess.Popen(command, env=environment, cwd=folder, stdout=log, stderr=log)
        try:
            with ThreadPoolExecutor(1) as beside:  # Playwright keeps an event loop in this thread
                if warm:
                    beside.submit(serve.warm, port, password=password, seconds=SECONDS).result()
            _wait(site)
            yield site
        finally:
            server.terminate()
            server.wait(10)


def _wait(site: Running) -> None:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(f"{site.url}/_stcore/health", trust_env=False).status_code == 200:
                return
        time.sleep(0.1)
    raise AssertionError(site.log.read_text(encoding="utf-8"))
