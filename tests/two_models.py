"""Two models on tasks of each verdict, with answers of every kind; and a third on a task of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from rows import FAILED, START, outcome

from whichmodel.domain import Outcome, Status
from whichmodel.store import Run, Store

BIG, FAST, SOLO = "local/big", "local/fast", "local/solo"
CONFIG = """\
default_organisation: acme
models:
  - {id: local/big, base_url: "http://127.0.0.1:9/v1", vendor: big, region: us}
  - {id: local/fast, base_url: "http://127.0.0.1:9/v1", vendor: small, region: eu}
  - {id: local/solo, base_url: "http://127.0.0.1:9/v1", vendor: small, region: eu}
organisations:
  acme: {title: ACME}
  wide: {title: Wide, decision: {delta: 0.2}}
"""
TASKS = ("invoices", "memos", "tickets")
"""A tie, not told apart, big better."""
RUNS = ("run-1", "run-2")
"""The second brings the second half of the tickets."""


def answers(big: str = BIG, fast: str = FAST, solo: str = SOLO) -> list[Outcome]:
    """The outcomes of all three."""
    return [*_invoices(big, fast), *_memos(big, fast), *_tickets(big, fast), *_labels(solo)]


def _answer(n: int, task: str, model: str, right: bool, dear: bool, **changes: Any) -> Outcome:
    usual: dict[str, Any] = {
        "task": task,
        "task_hash": f"bank-{task}",
        "model": model,
        "score": float(right),
        "cost_usd": Decimal("0.01") * (8 + n % 5) / 10 if dear else Decimal("0.0016") * (7 + n % 7) / 10,
        "latency_s": (1 + n * 37 % 100 / 100) * (2 if dear else 1),
        "run_id": RUNS[0],
    }
    return outcome(n, **{**usual, **changes})


def _invoices(big: str, fast: str) -> Iterator[Outcome]:
    """320 items, enough to be certified; they differ on i0 and i1 alone, once each way."""
    for n in range(320):
        wrong = n % 20 == 10
        yield _answer(n, "invoices", big, not wrong and n != 1, True)
        yield _answer(n, "invoices", fast, not wrong and n != 0, False)


def _memos(big: str, fast: str) -> Iterator[Outcome]:
    """30 items in two epochs, answers of the fast one half right; costs of the fast one unknown."""
    unknown: dict[str, Any] = {"cost_usd": None, "price_source": None, "price_date": None}
    for n in range(30):
        for epoch in (1, 2):
            yield _answer(n, "memos", big, n % 2 == 0, True, epoch=epoch)
            yield _answer(n, "memos", fast, epoch == 1, False, epoch=epoch, **unknown)


def _tickets(big: str, fast: str) -> Iterator[Outcome]:
    """60 items in threads of two; of the fast one i3 failed, i4 was refused, i5 was cut off."""
    ended = {4: Status.REFUSED, 5: Status.TRUNCATED}
    for n in range(60):
        late = {"run_id": RUNS[1], "started_at": START + timedelta(days=1)} if n >= 30 else {}
        thread = f"thread-{n // 2}"
        yield _answer(n, "tickets", big, n % 10 > 0, True, cluster_id=thread, **late)
        status = ended.get(n, Status.SCORED)
        row = _answer(n, "tickets", fast, n % 2 == 0 and n not in ended, False, cluster_id=thread, **late)
        yield replace(row, **FAILED) if n == 3 else replace(row, status=status)


def _labels(solo: str) -> Iterator[Outcome]:
    for n in range(20):
        yield _answer(n, "labels", solo, True, False)


def publish(results: Path, outcomes: list[Outcome]) -> Path:
    """Store them with their runs; the snapshot."""
    database = Store(results)
    database.ingest(outcomes)
    for place, run_id in enumerate(sorted({row.run_id for row in outcomes})):
        started = START + timedelta(days=place)
        ended = started + timedelta(minutes=5)
        database.put_run(Run(run_id, started, ended, False, "bench run", 1, 1, 0, "finished"))
    return database.publish()


def project(folder: Path) -> Path:
    """A project's folder with configuration and results."""
    (folder / "bench.yaml").write_text(CONFIG, encoding="utf-8")
    publish(folder / "results", answers())
    return folder
