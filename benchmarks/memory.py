"""Peak memory of one run, all its processes together, as its items grow. Goal: below 1 GB, and flat."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks.contestants import ours
from benchmarks.rig import machine, sheet
from benchmarks.rig.measured import bench_run

GOAL_MB = 1_000
FLAT = 1.1
"""The largest run's peak by the smallest's, at most."""
CONNECTIONS = 64
FULL = (10_000, 30_000, 100_000)
HEADINGS = ("items", "peak MB", "x smallest", "samples/s", "goal")


def peak_mb(count: int) -> tuple[float, float]:
    """Peak of the tree's resident memory in MB, and samples a second from start to end."""
    run = bench_run(count, connections=CONNECTIONS, delay_s=0.0)
    return run.ended.peak_mb, count / (run.ended.ended_s - run.ended.started_s)


def main() -> None:
    """A run a size, the smallest first."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=lambda text: [int(part) for part in text.split(",")])
    parser.add_argument("--full", action="store_true", help=f"{', '.join(f'{n:,}' for n in FULL)} items")
    options = parser.parse_args()
    sizes = sorted(options.sizes or (FULL if options.full else (2_000, 6_000)))
    print(machine.described([ours.version()]))
    peaks, rows = list[float](), list[list[str]]()
    for size in sizes:
        peak, rate = peak_mb(size)
        peaks.append(peak)
        growth = peak / peaks[0]
        met = peak < GOAL_MB and growth <= FLAT
        goal = f"< {GOAL_MB:,} MB, <= {FLAT} x: {'met' if met else 'MISSED'}"
        rows.append([f"{size:,}", f"{peak:,.0f}", f"{growth:.2f}", f"{rate:,.0f}", goal])
    print(f"\n{sheet.plain(HEADINGS, rows)}")
    if not options.full:
        print("\nA short series; `--full` goes to 100,000 items.")


if __name__ == "__main__":
    main()
