"""Speed of this project against its peers: the same items, the same server, the same 64 connections.

Each runs in processes of its own. Samples/s is counted by the server, from the first request it read to the
last answer it wrote, so that imports do not count: the length of a run would decide how much they weigh,
and a slope over two lengths would need every cell twice. What comes before (start) and after (finish)
stands beside it. CPU is user and system time of the whole tree from the first request to the end, finishing
included; the CPU of the start is apart.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks.contestants import Absent, Attempt, Job, bare, inspect_eval, lm_eval, ours, promptfoo
from benchmarks.rig import machine, sheet, tree
from benchmarks.rig.project import environment
from benchmarks.rig.served import Exchange, serve

CONTESTANTS = (bare, inspect_eval, ours, lm_eval, promptfoo)
LARGE = 10_000
"""From this many items on, only these contestants and this delay: all has to fit in 20 minutes."""
LARGE_CONTESTANTS, LARGE_DELAY_MS = (bare, ours, lm_eval), 50
CONNECTIONS = 64
HEADINGS = (
    "contestant",
    "items",
    "delay ms",
    "samples/s",
    "x bare",
    "CPU ms/sample",
    "x bare",
    "peak MB",
    "start s",
    "start CPU s",
    "finish s",
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One contestant at one size and delay."""

    contestant: ModuleType
    items: int
    delay_ms: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What one cell took."""

    rate: float
    """Samples a second, between the first request and the last answer."""
    cpu_ms: float
    """CPU of the tree a sample, from the first request to the end."""
    peak_mb: float
    start_s: float
    """From the command to its first request."""
    start_cpu_s: float
    finish_s: float
    """From the last answer to the end of the command."""
    server_cpu_ms: float
    """CPU of the server's own process a sample; it shares the cores."""


@dataclass(frozen=True, slots=True)
class Result:
    """Figures, or why there are none."""

    cell: Cell
    figures: Figures | None
    reason: str = ""


def cells(sizes: Sequence[int], delays_ms: Sequence[int], wanted: Sequence[ModuleType]) -> list[Cell]:
    """The matrix, without what is left out at large sizes."""
    whole = [Cell(c, size, delay) for size in sizes for delay in delays_ms for c in wanted]
    return [cell for cell in whole if not left_out(cell)]


def left_out(cell: Cell) -> bool:
    """Whether a cell would take too long."""
    small = cell.contestant in LARGE_CONTESTANTS and cell.delay_ms == LARGE_DELAY_MS
    return cell.items >= LARGE and not small


def measure(cell: Cell) -> Result:
    """Run one cell. A contestant that did not get every answer right has a reason and no figures."""
    with tempfile.TemporaryDirectory() as folder, serve(cell.delay_ms / 1000) as served:
        job = Job(Path(folder), cell.items, served.base_url, CONNECTIONS)
        try:
            attempt: Attempt = cell.contestant.prepare(job)
        except Absent as absent:
            return Result(cell, None, f"skipped: {absent}")
        before_s = served.cpu_s()
        ended = tree.run(attempt.command, job.folder, {**environment(), **attempt.environment})
        server_s = served.cpu_s() - before_s
        exchanges = served.exchanges()
        if shortfall := _shortfall(cell, attempt, ended, exchanges):
            return Result(cell, None, shortfall)
    return Result(cell, _figures(cell.items, ended, exchanges, server_s))


def _shortfall(cell: Cell, attempt: Attempt, ended: tree.Ended, exchanges: Sequence[Exchange]) -> str:
    """Why the figures would not count; "" = they do."""
    if ended.code:
        last = (ended.output.strip().splitlines() or ["it printed nothing"])[-1]
        return f"failed with exit code {ended.code}: {last[:200]}"
    if len(exchanges) != cell.items or len({e.item for e in exchanges}) != cell.items:
        return f"failed: {len(exchanges):,} requests for {cell.items:,} items"
    right = attempt.right()
    return "" if right == cell.items else f"failed: {right:,} of {cell.items:,} answers scored as right"


def _figures(items: int, ended: tree.Ended, exchanges: Sequence[Exchange], server_s: float) -> Figures:
    first = min(e.read_s for e in exchanges)
    last = max(e.written_s for e in exchanges if e.written_s is not None)
    start_cpu_s = ended.cpu_until(first)
    return Figures(
        rate=items / (last - first),
        cpu_ms=(ended.cpu_s - start_cpu_s) / items * 1000,
        peak_mb=ended.peak_mb,
        start_s=first - ended.started_s,
        start_cpu_s=start_cpu_s,
        finish_s=ended.ended_s - last,
        server_cpu_ms=server_s / items * 1000,
    )


def rows(results: Sequence[Result]) -> list[list[str]]:
    """Results as rows of text, ratios against the bare loop at the same size and delay."""
    floor = {(r.cell.items, r.cell.delay_ms): r.figures for r in results if r.cell.contestant is bare}
    return [_row(r, r.figures, floor.get((r.cell.items, r.cell.delay_ms))) for r in results if r.figures]


def _row(result: Result, found: Figures, floor: Figures | None) -> list[str]:
    return [
        result.cell.contestant.TITLE,
        f"{result.cell.items:,}",
        str(result.cell.delay_ms),
        f"{found.rate:,.0f}",
        f"{found.rate / floor.rate:.2f}" if floor else "-",
        f"{found.cpu_ms:.2f}",
        f"{found.cpu_ms / floor.cpu_ms:.1f}" if floor else "-",
        f"{found.peak_mb:,.0f}",
        f"{found.start_s:.1f}",
        f"{found.start_cpu_s:.1f}",
        f"{found.finish_s:.1f}",
    ]


def missing(results: Sequence[Result], sizes: Sequence[int], delays_ms: Sequence[int]) -> Iterator[str]:
    """A line for whatever has no figures, and why."""
    by_reason: dict[tuple[str, str], list[str]] = {}
    for result in results:
        if result.figures is None:
            where = f"{result.cell.items:,} items at {result.cell.delay_ms} ms"
            by_reason.setdefault((result.cell.contestant.TITLE, result.reason), []).append(where)
    for (title, reason), places in by_reason.items():
        yield f"{title}: {reason} ({', '.join(places)})"
    kept = [size for size in sizes if size >= LARGE]
    if kept:
        names = ", ".join(c.TITLE for c in LARGE_CONTESTANTS)
        yield (
            f"Left out for time: at {', '.join(f'{size:,}' for size in kept)} items "
            f"all but {names} at {LARGE_DELAY_MS} ms (asked: {', '.join(map(str, delays_ms))} ms)."
        )


def versions(wanted: Sequence[ModuleType]) -> list[str]:
    """Of the contestants that are here."""
    found = []
    for contestant in wanted:
        try:
            found.append(contestant.version())
        except Absent:
            continue
    return found


def page(where: str, results: Sequence[Result], gaps: Sequence[str]) -> str:
    """The figures as a section of docs/reference/benchmarks.md."""
    server = [r.figures.server_cpu_ms for r in results if r.figures]
    notes = [
        *gaps,
        *([f"The server itself took {max(server):.2f} CPU ms a sample at most."] if server else []),
    ]
    listed = "\n".join(f"- {note}" for note in notes)
    return f"{where}\n\n{sheet.markdown(HEADINGS, rows(results))}\n\n{listed}\n"


def main() -> None:
    """The matrix, cell by cell, and then all in one table."""
    options = _options()
    sizes, delays = _matrix(options)
    wanted = [c for c in CONTESTANTS if c.__name__.rpartition(".")[2] in options.contestants]
    where = machine.described(versions(wanted))
    started, results = time.monotonic(), list[Result]()
    for cell in cells(sizes, delays, wanted):
        result = measure(cell)
        results.append(result)
        said = f"{result.figures.rate:,.0f} samples/s" if result.figures else result.reason
        print(f"{cell.contestant.TITLE}, {cell.items:,} items, {cell.delay_ms} ms: {said}", file=sys.stderr)
    gaps = list(missing(results, sizes, delays))
    print(f"{where}\n\n{sheet.plain(HEADINGS, rows(results))}\n")
    print("\n".join([*gaps, f"{time.monotonic() - started:,.0f} s in all."]))
    if options.markdown:
        sheet.put(options.markdown, "harness", page(where, results, gaps))
    sys.exit(any(r.reason.startswith("failed") for r in results))


def _options() -> argparse.Namespace:
    names = [c.__name__.rpartition(".")[2] for c in CONTESTANTS]
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="500 items at 50 ms, to see that all works")
    parser.add_argument("--full", action="store_true", help="20,000 items too, for some: 20 minutes at most")
    parser.add_argument("--sizes", type=_numbers, help="items, such as 2000,20000; default: 2000")
    parser.add_argument("--delays", type=_numbers, default=[0, 50, 500], help="ms, such as 0,50,500")
    parser.add_argument(
        "--contestants", type=lambda text: text.split(","), default=names, help=", ".join(names)
    )
    parser.add_argument("--markdown", type=Path, help="file for the figures as Markdown, between its marks")
    options = parser.parse_args()
    if unknown := set(options.contestants) - set(names):
        parser.error(f"no such contestant: {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    return options


def _matrix(options: argparse.Namespace) -> tuple[list[int], list[int]]:
    """Sizes and delays in ms."""
    if options.quick:
        return [500], [50]
    return options.sizes or ([2_000, 20_000] if options.full else [2_000]), options.delays


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


if __name__ == "__main__":
    main()
