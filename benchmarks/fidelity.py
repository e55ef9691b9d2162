"""Latency fidelity: what this project records against what the server knows, at 32 connections.

The server's truth is the time from reading a request to handing over its answer's last byte. What a client
records is bent by its own event loop; the goal is a p50 within 5% and a p95 within 10%. It holds for the
calls of `bench latency` and their time to the first content, at one and at three at a time.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks.contestants import ours
from benchmarks.rig import machine, sheet
from benchmarks.rig.measured import Run, bench_run
from whichmodel.registry import bank, find
from whichmodel.run.latency import LatencyPass
from whichmodel.run.latency_draw import draw
from whichmodel.simulator import panel, serve
from whichmodel.store import Store

CONNECTIONS = 32
DELAY_S = 0.5
SPREAD = 0.4
"""Sigma of the lognormal delay: p95 is about twice the median."""
GOALS = {50: 0.05, 95: 0.10}
"""Percentile -> largest share that the recorded one may differ by."""
PASS_MODELS = ("demo-aurora/lite", "demo-cirrus/nano")
"""By the panel's ids, of the protocols whose first event has content."""
HEADINGS = ("delay", "percentile", "server ms", "recorded ms", "ratio", "goal")


@dataclass(frozen=True, slots=True)
class Fidelity:
    """One percentile of one distribution."""

    percentile: int
    served_s: float
    recorded_s: float

    @property
    def ratio(self) -> float:
        """Recorded by the server's truth; 1 = faithful."""
        return self.recorded_s / self.served_s

    @property
    def met(self) -> bool:
        """Whether it is within its goal."""
        return abs(self.ratio - 1) <= GOALS[self.percentile]


def fidelity(run: Run) -> list[Fidelity]:
    """Both sides' percentiles of the same requests."""
    served = [e.written_s - e.read_s for e in run.exchanges if e.written_s is not None]
    recorded = run.outcomes.latency_s
    return [Fidelity(p, float(np.percentile(served, p)), float(np.percentile(recorded, p))) for p in GOALS]


def passes(calls: int, concurrency: int) -> Iterator[tuple[str, Fidelity]]:
    """`bench latency`: what it recorded against what the server noted."""
    [card] = find(["tickets"])
    items = bank(card, seed=0)
    with TemporaryDirectory() as folder, serve.serve([items], latency_s=DELAY_S) as addresses:
        models = [model for model in panel.models(dict(addresses)) if model.id in PASS_MODELS]
        drawn = draw([items], models, calls, {})
        results = Path(folder)
        made = LatencyPass(drawn, "pass", results, Store(results), concurrency=concurrency)
        made.run()
        truth = httpx.get(f"{addresses['google']}/requests").json()
    for model in models:
        wire = model.inspect_name.rpartition("/")[2]
        sent = [entry for entry in truth if entry["model"] == wire]
        rows = [row for row in made.timings if row.model == model.id]
        sides = {
            "first": ("first", [row.ttft_s for row in rows if row.ttft_s is not None]),
            "whole": ("written", [row.latency_s for row in rows if row.latency_s is not None]),
        }
        for what, (mark, recorded) in sides.items():
            served = [entry[mark] - entry["at"] for entry in sent]
            for p in GOALS:
                found = Fidelity(p, float(np.percentile(served, p)), float(np.percentile(recorded, p)))
                yield f"{model.id}, {concurrency} at a time, {what}", found


def main() -> None:
    """A fixed and a lognormal delay."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=2_000)
    parser.add_argument("--calls", type=int, default=40)
    options = parser.parse_args()
    print(machine.described([ours.version()]))
    rows = []
    for name, spread in ((f"fixed {DELAY_S * 1000:.0f} ms", 0.0), (f"lognormal, sigma {SPREAD}", SPREAD)):
        run = bench_run(options.items, connections=CONNECTIONS, delay_s=DELAY_S, spread=spread)
        rows += [_row(name, found) for found in fidelity(run)]
    for concurrency in (1, 3):
        rows += [_row(name, found) for name, found in passes(options.calls, concurrency)]
    print(f"\n{sheet.plain(HEADINGS, rows)}")


def _row(name: str, found: Fidelity) -> list[str]:
    goal = f"within {GOALS[found.percentile]:.0%}: {'met' if found.met else 'MISSED'}"
    times = [f"{found.served_s * 1000:.1f}", f"{found.recorded_s * 1000:.1f}"]
    return [name, f"p{found.percentile}", *times, f"{found.ratio:.3f}", goal]


if __name__ == "__main__":
    main()
