"""Ingest and read-back of outcomes: the time of a batch against the time of one row, and rows a second."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from rows import outcome

from whichmodel.store import Store, read

ROWS, BATCH = 100_000, 10_000


def main() -> None:
    """Ingest, publish and read one panel; print each as a ratio to the ingest."""
    rows = [outcome(number) for number in range(ROWS)]
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        times = {"ingest": _timed(lambda: [store.ingest(rows[i : i + BATCH]) for i in range(0, ROWS, BATCH)])}
        times["publish"] = _timed(store.publish)
        reader = read(Path(folder))
        assert reader is not None
        times["read a panel"] = _timed(lambda: reader.outcomes("real"))
        times["done cells"] = _timed(lambda: store.done([("bank-1", "settings-1")]))
    for name, seconds in times.items():
        ratio, rate = seconds / times["ingest"], ROWS / seconds
        print(f"{name:14} {seconds:6.2f} s  {ratio:6.3f} x ingest  {rate:10,.0f} rows/s")


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
