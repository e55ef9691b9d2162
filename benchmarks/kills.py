"""`kill -9` in the middle of a campaign, and three runs with ten viewers on one results folder.

Kills: 0 finished samples lost or paid twice, and no more repeats than requests were in flight at the kills.
Soak: nobody is shut out, and what a viewer sees is at most 5 s old.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks.contestants import ours
from benchmarks.rig import machine
from benchmarks.rig.killing import CONNECTIONS, Campaign, Kill, campaign
from benchmarks.rig.server import MODELS
from benchmarks.rig.soaking import VIEWERS, Soak, soak

OLDEST_S = 5.0


def main() -> None:
    """The kills, then the soak; exit code 1 where something does not hold."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=5, help="0 = none; the full campaign has 50")
    parser.add_argument(
        "--minutes", type=float, default=0.5, help="of the soak; 0 = none; the full one has 10"
    )
    parser.add_argument("--seed", type=int, default=0, help="of the moments of the kills")
    options = parser.parse_args()
    print(machine.described([ours.version()]))
    faults: list[str] = []
    if options.kills:
        with tempfile.TemporaryDirectory() as folder:
            faults += _show_campaign(campaign(Path(folder), options.kills, seed=options.seed, told=_tell))
    if options.minutes:
        with tempfile.TemporaryDirectory() as folder:
            faults += _show_soak(soak(Path(folder), options.minutes), options.minutes)
    sys.exit("; ".join(faults) or None)


def _tell(number: int, kill: Kill) -> None:
    print(
        f"kill {number}: {kill.after_s:.1f} s after the start, {kill.asked} asked, "
        f"{kill.unanswered} unanswered, {kill.unwritten} answered and unwritten",
        file=sys.stderr,
    )


def _show_campaign(found: Campaign) -> list[str]:
    oldest = max((kill.oldest_unwritten_s for kill in found.kills), default=0.0)
    unwritten = sum(kill.unwritten for kill in found.kills)
    print(
        f"\n{len(found.kills)} kills, {found.items:,} items, {found.requests:,} requests, "
        f"{CONNECTIONS} connections\n"
        f"finished samples lost            {found.lost}\n"
        f"finished samples paid twice      {found.paid_twice}\n"
        f"items scored twice, unscored     {found.scored_twice}, {found.unscored}\n"
        f"repeats                          {found.repeats}\n"
        f"requests in flight at the kills  {found.in_flight}, of which {unwritten} had been answered "
        f"(the oldest {oldest * 1000:.0f} ms before) and were not written down\n"
        f"{'; '.join(found.faults) or 'holds'}"
    )
    return found.faults


def _show_soak(found: Soak, minutes: float) -> list[str]:
    sizes = f"{len(MODELS)} runs at a time and {VIEWERS} viewers for {minutes:g} minutes"
    print(f"\n{sizes}: {found.runs} runs ended")
    for name, values, unit in (
        ("age of what is seen", found.ages_s, "s"),
        ("opening and one query", [1000 * value for value in found.queries_s], "ms"),
    ):
        p50, p95, most = np.percentile(values, [50, 95, 100]) if len(values) else [float("nan")] * 3
        print(f"{name:22} p50 {p50:.2f} {unit}, p95 {p95:.2f} {unit}, most {most:.2f} {unit}")
    faults = [
        *(f"a run: {words}" for words in found.broken),
        *(f"a viewer: {words}" for words in sorted(set(found.errors))),
        *([f"{found.missing} answered samples are not shown"] if found.missing else []),
        *([] if found.ages_s else ["no viewer saw anything"]),
    ]
    if late := sum(age > OLDEST_S for age in found.ages_s):
        faults.append(f"{late:,} of {len(found.ages_s):,} looks missed an answer older than {OLDEST_S:.0f} s")
    looks, errors = len(found.queries_s), len(found.errors)
    print(f"{looks:,} looks, {errors} errors of viewers, {len(found.broken)} of runs")
    print("; ".join(faults) or "holds")
    return faults


if __name__ == "__main__":
    main()
