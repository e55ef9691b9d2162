"""Verdicts on model-written code: cold sandboxes against spares, alternating in one run.

`functions`: the task's reference answers before its hidden cases, one sandbox a verdict. `humaneval`: the
canonical completions before the data set's own tests, two sandboxes a verdict. Goal: 20 verdicts/s on 2
cores.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import os
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks.contestants import ours
from benchmarks.rig import machine, sheet
from whichmodel import sandbox
from whichmodel.domain import Answer, Item, Verdict
from whichmodel.registry import bank, find
from whichmodel.sandbox import spares
from whichmodel.scoring import code, tests

ROOT = Path(__file__).resolve().parents[1]
GOAL = 20
"""Verdicts a second."""
PAUSE_S = 0.15
"""Between verdicts that are asked for one at a time: an answer comes now and then."""
HEADINGS = ("what", "spares", "verdicts/s", "x cold", "one at a time, ms", "x cold", "goal")
Score = Callable[[Answer, Item, dict[str, float]], Awaitable[Verdict]]
Work = Sequence[tuple[Answer, Item]]


def functions(count: int) -> Work:
    """Reference answers of the bundled task."""
    (card,) = find(["functions"])
    return [(Answer(item.reference), item) for item in bank(card, count=count).items]


def humaneval(count: int) -> Work:
    """Canonical completions. () = the data is not here."""
    folder = Path(os.environ.get("WHICHMODEL_REAL_DATA", ROOT.parent / "shared" / "data"))
    file = folder / "humaneval" / "HumanEval.jsonl.gz"
    if not file.is_file():
        return ()
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        problems = [json.loads(line) for line in lines][:count]
    return [
        (
            Answer(p["canonical_solution"]),
            Item(
                p["task_id"],
                p["prompt"],
                {"entry_point": p["entry_point"], "check": p["test"]},
                metadata={"prompt": p["prompt"]},
            ),
        )
        for p in problems
    ]


async def rate(score: Score, work: Work) -> float:
    """Verdicts a second, all asked for at once."""
    began = time.perf_counter()
    verdicts = await asyncio.gather(*(score(answer, item, {}) for answer, item in work))
    assert {v.score for v in verdicts} == {1.0}, "a right answer was judged wrong"
    return len(work) / (time.perf_counter() - began)


async def latency_ms(score: Score, work: Work) -> float:
    """Median of verdicts that are asked for one at a time."""
    taken = []
    for answer, item in work:
        began = time.perf_counter()
        await score(answer, item, {})
        taken.append(1e3 * (time.perf_counter() - began))
        await asyncio.sleep(PAUSE_S)
    return statistics.median(taken)


def measured(score: Score, work: Work, rounds: int) -> dict[bool, tuple[float, float]]:
    """With spares or without -> medians of verdicts/s and ms, cold and warm by turns."""
    found: dict[bool, list[tuple[float, float]]] = {False: [], True: []}
    most = spares.MOST
    for _ in range(rounds):
        for warm in (False, True):
            spares.MOST = most if warm else 0
            found[warm].append((asyncio.run(rate(score, work)), asyncio.run(latency_ms(score, work[:12]))))
    spares.MOST = most
    return {
        warm: (statistics.median(r for r, _ in each), statistics.median(ms for _, ms in each))
        for warm, each in found.items()
    }


def main() -> None:
    """Both sets; exit code 1 where no sandbox is to be had."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--items", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    available = sandbox.available()
    if not available.ok:
        sys.exit(f"{available.reason} {available.remedy}")
    print(machine.described([ours.version(), f"sandboxes by {available.way}"]))
    rows = []
    for name, score, work in (
        ("functions", code.score, functions(options.items)),
        ("humaneval", tests.score, humaneval(options.items)),
    ):
        if not work:
            print(f"{name}: skipped, its data is not here; set WHICHMODEL_REAL_DATA to where it is")
            continue
        found = measured(score, work, options.rounds)
        cold_rate, cold_ms = found[False]
        for warm, (per_s, ms) in found.items():
            goal = f">= {GOAL}/s: {'met' if per_s >= GOAL else 'MISSED'}" if warm else ""
            ratios = [f"{per_s / cold_rate:.2f}", f"{ms / cold_ms:.2f}"]
            rows.append(
                [name, "yes" if warm else "no", f"{per_s:.1f}", ratios[0], f"{ms:.1f}", ratios[1], goal]
            )
    print(f"\n{sheet.plain(HEADINGS, rows)}")


if __name__ == "__main__":
    main()
