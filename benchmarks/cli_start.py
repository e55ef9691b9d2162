"""How long a key press and a look at the help take: `bench --help` and a completion against Python alone."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

TIMES = 15
MOST_MS = 300.0
"""`bench --help`, at most."""
PROGRAM = [sys.executable, "-m", "whichmodel.cli"]
ASKED: Mapping[str, tuple[Sequence[str], Mapping[str, str]]] = {
    "python -c pass": ([sys.executable, "-c", "pass"], {}),
    "bench --help": ([*PROGRAM, "--help"], {}),
    "bench <TAB>": (PROGRAM, {"_BENCH_COMPLETE": "bash_complete", "COMP_LINE": "bench "}),
    "bench run --tasks ex<TAB>": (
        PROGRAM,
        {"_BENCH_COMPLETE": "bash_complete", "COMP_LINE": "bench run --tasks ex"},
    ),
}


def median_ms(command: Sequence[str], env: Mapping[str, str], folder: Path) -> float:
    """The median wall time of a program's whole life, ms."""
    took = []
    for _ in range(TIMES):
        start = time.perf_counter()
        subprocess.run(command, cwd=folder, env={**os.environ, **env}, capture_output=True, check=True)
        took.append((time.perf_counter() - start) * 1000)
    return statistics.median(took)


def main() -> None:
    """Print the medians, and fail where the help takes too long."""
    with tempfile.TemporaryDirectory() as folder:
        found = {name: median_ms(*asked, Path(folder)) for name, asked in ASKED.items()}
    bare = found["python -c pass"]
    for name, took in found.items():
        print(f"{name:26} {took:6.0f} ms  {took / bare:5.1f} x Python")
    if found["bench --help"] > MOST_MS:
        sys.exit(f"bench --help takes {found['bench --help']:.0f} ms; {MOST_MS:.0f} at most")


if __name__ == "__main__":
    main()
