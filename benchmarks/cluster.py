"""A cluster of several nodes on this machine against the local pool, and a run of which nodes are killed.

Overhead: the same items, as many workers, once by local processes and once by a cluster of two nodes, from
the first sample that ends to the last; the goal is at most 15% more time. The start is printed apart.
Kills: a run of 5,000 items in which three nodes are killed: none lost, none twice, and no more repeats than
requests that may have been in flight.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from clustered import Ground, bank, ground, joined, limited, measured, requests, simulated
from small_run import rows

from benchmarks.contestants import ours
from benchmarks.rig import machine
from whichmodel.domain import Model
from whichmodel.plan import make
from whichmodel.run.budget import Budget
from whichmodel.run.measure import Measurement
from whichmodel.run.progress import Progress
from whichmodel.store import Store

MODELS = ("demo-aurora/grand", "demo-borealis/swift", "demo-cirrus/nano", "demo-aurora/lite")
CONNECTIONS = 16
NODES = 2
GOAL = 1.15
LATENCY_S = 0.2


@dataclass
class Clock:
    """When the first and the last sample ended, as the progress of a run shows it."""

    begun: float = field(default_factory=time.monotonic)
    first: tuple[float, int] | None = None
    last: float = 0.0
    done: int = 0

    def __call__(self, progress: Progress) -> None:
        if progress.done > self.done:
            self.done, self.last = progress.done, time.monotonic()
            self.first = self.first or (self.last, self.done)

    @property
    def rate(self) -> float:
        """Samples a second, the start left out."""
        assert self.first is not None
        return (self.done - self.first[1]) / (self.last - self.first[0])

    @property
    def start_s(self) -> float:
        assert self.first is not None
        return self.first[0] - self.begun


def main() -> None:
    """Both; exit code 1 where something does not hold."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--items", type=int, default=1_000, help="of each of four models, for the overhead")
    parser.add_argument("--rounds", type=int, default=3, help="of the overhead, by turns")
    parser.add_argument("--kill-items", type=int, default=5_000, help="of the run with kills; 0 = none")
    options = parser.parse_args()
    print(machine.described([ours.version()]))
    with tempfile.TemporaryDirectory() as folder, ground() as here:
        here.have(NODES)
        faults = _overhead(here, Path(folder), options.items, options.rounds)
        if options.kill_items:
            faults += _kills(here, Path(folder), options.kill_items)
    sys.exit("; ".join(faults) or None)


def _overhead(here: Ground, folder: Path, items: int, rounds: int) -> list[str]:
    small = bank(items)
    found: list[tuple[Clock, Clock]] = []
    with (
        simulated([small], MODELS, latency_s=LATENCY_S) as (models, _),
        joined(here, folder) as cluster,
    ):
        wide = [limited(model, CONNECTIONS) for model in models]
        for number in range(rounds):
            local = Clock()
            _local(folder / f"local-{number}", wide, items, local)
            spread = Clock()
            measured(cluster, folder / f"cluster-{number}", wide, [small], watch=spread)
            found.append((local, spread))
    print()
    for where, clocks in zip(("local", "cluster"), zip(*found, strict=True), strict=True):
        rates, start = [f"{clock.rate:.1f}" for clock in clocks], median(clock.start_s for clock in clocks)
        print(f"{where:8} {', '.join(rates)} samples/s, first after {start:.1f} s")
    ratios = sorted(local.rate / spread.rate for local, spread in found)
    ratio = median(ratios)
    print(
        f"a sample takes {ratio:.2f} times as long on the cluster, the median of {rounds} rounds "
        f"({ratios[0]:.2f} to {ratios[-1]:.2f}; goal: at most {GOAL})"
    )
    return [] if ratio <= GOAL else [f"the cluster takes {ratio:.2f} times as long"]


def _local(results: Path, models: list[Model], items: int, clock: Clock) -> None:
    plan = make([bank(items)], models, {})
    Measurement(plan, "run-1", results, Store(results), NODES, Budget(), clock).run()


def _kills(here: Ground, folder: Path, count: int) -> list[str]:
    items = count // len(MODELS)
    planned = items * len(MODELS)
    killed: list[int] = []
    small = bank(items)
    with (
        simulated([small], MODELS, latency_s=LATENCY_S) as (models, addresses),
        joined(here, folder) as cluster,
    ):
        wide = [limited(model, CONNECTIONS) for model in models]
        strike = _at([planned // 5, planned // 2, planned * 4 // 5], lambda: _kill(here, killed))
        summary = measured(cluster, folder / "kills", wide, [small], watch=strike)
        asked = len(requests(addresses))
    found = rows(folder / "kills")
    repeats, most = asked - planned, len(killed) * CONNECTIONS * len(MODELS)
    print(
        f"\n{len(killed)} nodes killed in a run of {planned:,} items: {len(found):,} rows, "
        f"{found.key.nunique():,} of them different, {asked:,} requests, {repeats} repeats "
        f"(at most {most} were in flight), {summary.progress.failed} failed, {len(summary.errors)} broken off"
    )
    faults = []
    if len(found) != planned or found.key.nunique() != planned or summary.errors:
        faults.append("samples were lost or counted twice")
    if repeats > most:
        faults.append(f"{repeats} requests were repeated")
    return faults


def _kill(here: Ground, killed: list[int]) -> None:
    here.kill(here.nodes[0])
    here.add()
    killed.append(len(killed))


def _at(counts: list[int], strike: Callable[[], None]) -> Callable[[Progress], None]:
    def watch(progress: Progress) -> None:
        if counts and progress.done >= counts[0]:
            counts.pop(0)
            strike()

    return watch


if __name__ == "__main__":
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    main()
