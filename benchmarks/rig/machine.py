"""Where and when a benchmark ran, without naming the machine."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import psutil


def described(versions: Iterable[str]) -> str:
    """Date, processor, cores, memory, Python and libraries, as one sentence a line."""
    memory_gb = psutil.virtual_memory().total / 1e9
    load, cores = os.getloadavg()[0], len(os.sched_getaffinity(0))
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {_processor()}, {cores} cores, {memory_gb:.0f} GB, "
        f"load {load:.1f} at the start.\n"
        f"Python {platform.python_version()}, {', '.join(versions)}."
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, "") or platform.processor() or f"unknown processor ({platform.machine()})"
