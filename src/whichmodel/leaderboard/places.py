"""Which files the pages show: arguments behind `--` of the server's command, else the CLI's variables."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Places:
    """The results folder and the configuration."""

    results: Path
    config: Path

    def arguments(self) -> list[str]:
        """As `places` reads them back."""
        return ["--results", str(self.results), "--config", str(self.config)]


def places(argv: Sequence[str] | None = None) -> Places:
    """The places named by arguments, by BENCH_RESULTS and BENCH_CONFIG, or the usual ones."""
    parser = argparse.ArgumentParser(prog="leaderboard_app.py", add_help=False)
    parser.add_argument("--results", type=Path, default=Path(os.environ.get("BENCH_RESULTS", "results")))
    parser.add_argument("--config", type=Path, default=Path(os.environ.get("BENCH_CONFIG", "bench.yaml")))
    named, _ = parser.parse_known_args(sys.argv[1:] if argv is None else argv)
    return Places(named.results, named.config)
