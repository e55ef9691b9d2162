"""How long it takes to decide 30 models x 40 tasks x 1,000 items, and what memory 2,000,000 outcomes need.

    .venv/bin/python benchmarks/decision_speed.py [--models 30] [--tasks 40] [--items 1000] [--rows 2000000]

Invented outcomes, kept in a real database, are read back as `bench route` reads them. Beside seconds stand
those of the processor, which a busy machine does not stretch. Ends with 1 where a goal is missed.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks.rig import machine
from benchmarks.rig.invented import outcomes, stored
from whichmodel.analyse.evidence import collected, columns
from whichmodel.decide.table import table
from whichmodel.domain import Model, Organisation
from whichmodel.store import read

GOAL_S = 2.0
GOAL_MIB = 1024


def decided(folder: Path, models: int) -> dict[str, tuple[float, float]]:
    """Seconds, and those of the processor, to read, to collect and to decide what a folder holds."""
    names = [f"vendor/model{n}" for n in range(models)]
    known = {name: Model(name, name, f"vendor{n % 7}") for n, name in enumerate(names)}
    reader = read(folder)
    assert reader is not None
    start = _now()
    frames = list(reader.evidence("real", columns()))
    read_at = _now()
    evidence = collected(frames, known, set())
    gathered = _now()
    organisation = Organisation("acme", "ACME")
    _, found = table(evidence, known, organisation, now=datetime.now(UTC), simulated=False)
    ended = _now()
    assert all(route.model for route in found.routes)
    moments = {"read": (start, read_at), "collect": (read_at, gathered), "decide": (gathered, ended)}
    return {name: (b[0] - a[0], b[1] - a[1]) for name, (a, b) in moments.items()}


def _now() -> tuple[float, float]:
    """The clock, and what this process has had of the processor."""
    return time.perf_counter(), time.process_time()


def _peak_mib(folder: Path, results: multiprocessing.Queue[float]) -> None:
    reader = read(folder)
    assert reader is not None
    evidence = collected(reader.evidence("real", columns()), {}, set())
    names = {name for task in evidence for name in task.models}
    known = {name: Model(name, name, "vendor") for name in names}
    table(evidence, known, Organisation("acme", "ACME"), now=datetime.now(UTC), simulated=False)
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    results.put(int(status.partition("VmHWM:")[2].split()[0]) / 1024)


def peak_mib(folder: Path) -> float:
    """Peak memory of a process that reads and decides and does nothing else."""
    context = multiprocessing.get_context("spawn")
    results: multiprocessing.Queue[float] = context.Queue()
    process = context.Process(target=_peak_mib, args=(folder, results))
    process.start()
    process.join()
    return results.get(timeout=5)


def main() -> int:
    """Time the panel, then the memory of the large one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=int, default=30)
    parser.add_argument("--tasks", type=int, default=40)
    parser.add_argument("--items", type=int, default=1000)
    parser.add_argument("--rows", type=int, default=2_000_000)
    options = parser.parse_args()
    print(machine.described([f"numpy {np.__version__}", f"duckdb {duckdb.__version__}"]))
    rng = np.random.default_rng(0)
    models, tasks, items = options.models, options.tasks, options.items
    with tempfile.TemporaryDirectory() as folder:
        stored(Path(folder), outcomes(models, tasks, items, rng=rng))
        times = decided(Path(folder), models)
    print(f"\n{models} models x {tasks} tasks x {items:,} items, {models * tasks * items:,} rows")
    print(f"{'':8} {'s':>6} {'cpu s':>6} {'x read':>6}")
    for name, (seconds, busy) in times.items():
        print(f"{name:8} {seconds:6.2f} {busy:6.2f} {busy / times['read'][1]:6.2f}")
    fast = min(times["decide"]) <= GOAL_S
    print(f"goal: decided in <= {GOAL_S:g} s of the processor: {'met' if fast else 'MISSED'}")
    with tempfile.TemporaryDirectory() as folder:
        many = options.rows // (models * tasks)
        stored(Path(folder), outcomes(models, tasks, many, rng=rng))
        peak = peak_mib(Path(folder))
    small = peak < GOAL_MIB
    print(f"\n{models * tasks * many:,} rows: peak {peak:,.0f} MiB, goal < {GOAL_MIB:,}: ", end="")
    print("met" if small else "MISSED")
    return 0 if fast and small else 1


if __name__ == "__main__":
    sys.exit(main())
