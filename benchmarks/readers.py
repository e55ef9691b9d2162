"""A reader at ten million outcomes: how soon new rows are seen, and how long each page's queries take.

    .venv/bin/python benchmarks/readers.py [--models 40] [--tasks 50] [--items 5000] [--runs 6] [--part 4000]

The same for a fifth of the items, and the ratio of the two. A refresh is one part of rows, as many as a run
brings in half a minute, taken into the database and published: of a new model, and of cells that were asked
before. Medians of five; beside seconds by the clock those of the processor, which a busy machine does not
change. Ends with 1 where a goal is missed: a refresh within 2 s, a query within 1 s by the clock. Needs some
12 GB of disk.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from rows import outcome

from benchmarks.rig import machine
from benchmarks.rig.many import Size, stored
from whichmodel.analyse.evidence import columns
from whichmodel.domain import Outcome
from whichmodel.store import Reader, Store, snapshots

ROUNDS = 5
REFRESH_S, QUERY_S = 2.0, 1.0
AHEAD = "decided ahead: "
"""How what nobody waits for begins."""


@dataclass(frozen=True, slots=True)
class Time:
    """Of one thing, medians in seconds."""

    clock: float
    processor: float


def timed(work: Callable[[], object], rounds: int = ROUNDS) -> Time:
    """How long it takes."""
    clock, processor = [], []
    for _ in range(rounds):
        begun, used = time.perf_counter(), time.process_time()
        work()
        clock.append(time.perf_counter() - begun)
        processor.append(time.process_time() - used)
    return Time(statistics.median(clock), statistics.median(processor))


def refreshes(store: Store, size: Size, part: int) -> dict[str, Time]:
    """New rows until they are seen."""

    def new_model(number: int) -> list[Outcome]:
        each = -(-part // size.tasks)
        return [
            _row(n // each, size.models + number, n % each, attempt=0, run=size.name(size.runs - 1))
            for n in range(part)
        ]

    def asked_again(number: int) -> list[Outcome]:
        tasks, models = size.tasks, size.models
        return [
            _row(n % tasks, n // tasks % models, n // (tasks * models) % size.items, attempt=9 + number)
            for n in range(part)
        ]

    found = {}
    for name, made in (("of a new model", new_model), ("asked again", asked_again)):
        parts = iter([made(number) for number in range(ROUNDS)])
        found[f"refresh, {name}"] = timed(lambda p=parts: _seen(store, next(p)))  # type: ignore[misc]
    return found


def _row(task: int, model: int, item: int, *, attempt: int, run: str = "run-1") -> Outcome:
    return outcome(
        attempt=attempt,
        task=f"task{task}",
        task_hash=f"bank{task}",
        item_id=f"item{item}",
        model=f"vendor/model{model}",
        settings_hash=f"settings{model}",
        run_id=run,
    )


def _seen(store: Store, rows: Sequence[Outcome]) -> None:
    store.ingest(rows)
    if snapshots.current(store.results) is None or not Reader(store.publish()).runs():
        raise RuntimeError("nothing is seen")


def queries(reader: Reader, size: Size) -> dict[str, Callable[[], object]]:
    """What the pages ask, by page."""
    two = ["vendor/model1", "vendor/model2"]
    runs = [size.name(run) for run in range(size.runs)]
    few = [f"item{n}" for n in range(40)]
    wanted = columns()

    def evidence(**chosen: Any) -> Callable[[], int]:
        return lambda: sum(len(frame) for frame in reader.evidence("real", wanted, **chosen))

    return {
        "every page: panels": reader.panels,
        "every page: runs": reader.runs,
        "compare: two models": evidence(models=two),
        "compare: of one task": evidence(models=two, tasks=["task3"]),
        "compare: 40 items": evidence(models=two, tasks=["task3"], items=few),
        "compare: a sample": lambda: reader.of_item("real", "task3", "item77", two),
        "explain: one task": evidence(tasks=["task3"]),
        "changes: brought": lambda: reader.brought("real"),
        "changes: last run": lambda: reader.again("real", runs[:-1], runs[-1:]),
        "changes: first run": lambda: reader.again("real", runs[:1], runs[1:]),
        "health: failing": lambda: reader.failing("real"),
        "health: of a run": lambda: reader.failing("real", until_run=runs[len(runs) // 2]),
        "health: spent": lambda: reader.spent("real"),
        "health: served": lambda: reader.served("real"),
        "health: unpriced": reader.unpriced,
        "status: measured": reader.measured,
        "report: failures": lambda: reader.failures("real"),
        "measured on": lambda: reader.measured_on("real"),
        f"{AHEAD}all tasks": evidence(),
    }


def measured(folder: Path, size: Size, part: int) -> dict[str, Time]:
    """All of it at one size."""
    begun = time.perf_counter()
    store = stored(folder, size)
    made = time.perf_counter() - begun
    whole = timed(store.publish, rounds=1)
    reader = Reader(store.publish())
    print(
        f"{size.cells:,} cells, {store.path.stat().st_size / 1e6:,.0f} MB, made in {made:.0f} s; "
        f"first snapshot {whole.clock:.1f} s ({whole.processor:.1f} s of the processor)",
        flush=True,
    )
    found = refreshes(store, size, part)
    reader = Reader(snapshots.current(folder) or reader.snapshot)
    for name, query in queries(reader, size).items():
        found[name] = timed(query, rounds=1 if name.startswith(AHEAD) else ROUNDS)
    return found


def report(small: dict[str, Time], large: dict[str, Time]) -> bool:
    """Print both; whether every goal is met."""
    print(f"\n{'':28} {'a fifth':>16} {'all':>16} {'ratio':>6} {'goal':>5}")
    print(f"{'':28} {'s':>8} {'cpu s':>7} {'s':>8} {'cpu s':>7} {'cpu':>6}")
    held = True
    for name, time_ in large.items():
        goal = None if name.startswith(AHEAD) else REFRESH_S if name.startswith("refresh") else QUERY_S
        missed = goal is not None and time_.clock > goal
        held &= not missed
        few = small[name]
        print(
            f"{name:28} {few.clock:8.2f} {few.processor:7.2f} {time_.clock:8.2f} {time_.processor:7.2f} "
            f"{time_.processor / max(few.processor, 1e-3):6.1f} "
            f"{'    -' if goal is None else f'{goal:5.1f}'}{' MISSED' if missed else ''}"
        )
    return held


def main() -> int:
    """Make both stores, one after the other, and ask them."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    for name, default in (("models", 40), ("tasks", 50), ("items", 5000), ("runs", 6), ("part", 4000)):
        parser.add_argument(f"--{name}", type=int, default=default)
    options = parser.parse_args()
    print(machine.described([f"duckdb {duckdb.__version__}"]), "\n", flush=True)
    found = []
    for items in (options.items // 5, options.items):
        size = Size(options.models, options.tasks, items, options.runs)
        with tempfile.TemporaryDirectory() as folder:
            found.append(measured(Path(folder), size, options.part))
    return 0 if report(*found) else 1


if __name__ == "__main__":
    sys.exit(main())
