"""A command in processes of its own: its time, its CPU, the memory of its whole tree."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

SAMPLE_S = 0.1
MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Ended:
    """A command that has ended."""

    code: int
    started_s: float
    """Monotonic clock."""
    ended_s: float
    cpu_s: float
    """User and system time of the process and of all descendants that were waited for."""
    peak_mb: float
    """Largest sum of resident memory over the tree, sampled; shared pages count in each process."""
    output: str
    """What it printed, standard output and error."""
    curve: tuple[tuple[float, float], ...]
    """(moment, CPU seconds of the tree until then), sampled."""

    def cpu_until(self, moment: float) -> float:
        """CPU seconds spent until then, by interpolation between samples."""
        before = (self.started_s, 0.0)
        for after in (*self.curve, (self.ended_s, self.cpu_s)):
            if after[0] >= moment:
                share = (moment - before[0]) / max(after[0] - before[0], 1e-9)
                return before[1] + share * (after[1] - before[1])
            before = after
        return self.cpu_s


@dataclass(slots=True)
class _Sampler:
    process: psutil.Process
    peak: int = 0
    curve: list[tuple[float, float]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def watch(self) -> None:
        """Look at the tree until it is over."""
        while not self.over.wait(SAMPLE_S):
            with suppress(psutil.Error):
                self._look()

    def _look(self) -> None:
        memory, cpu = 0, 0.0
        for process in (self.process, *self.process.children(recursive=True)):
            with suppress(psutil.Error):
                memory += process.memory_info().rss
                cpu += sum(process.cpu_times()[:4])
        self.peak = max(self.peak, memory)
        # A process that has ended and was not yet waited for is missing from the sum for a moment.
        cpu = max(cpu, self.curve[-1][1] if self.curve else 0.0)
        self.curve.append((time.monotonic(), cpu))


def run(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], *, timeout_s: float = 3600
) -> Ended:
    """Run a command to its end. One that takes longer than `timeout_s` is killed and ends with code -9."""
    output = folder / "output.txt"
    with output.open("wb") as file:
        started = time.monotonic()
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
        sampler = _Sampler(psutil.Process(process.pid))
        watching = threading.Thread(target=sampler.watch, daemon=True)
        watching.start()
        alarm = threading.Timer(timeout_s, os.killpg, (process.pid, 9))
        alarm.start()
        _, status, usage = os.wait4(process.pid, 0)
        ended = time.monotonic()
        alarm.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        sampler.over.set()
        watching.join()
    return Ended(
        code=process.returncode,
        started_s=started,
        ended_s=ended,
        cpu_s=usage.ru_utime + usage.ru_stime,
        peak_mb=sampler.peak / MB,
        output=output.read_text(encoding="utf-8", errors="replace"),
        curve=tuple(sampler.curve),
    )
