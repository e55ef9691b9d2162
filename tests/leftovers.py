"""What a harness that was killed leaves behind: nothing, soon."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Mapping, Sequence

import psutil

PATIENCE_S = 30.0
"""On a quiet machine a second is more than enough."""
LEAST = 3
"""Processes of a sandbox at work."""


def still_there(processes: Sequence[psutil.Process], patience_s: float = PATIENCE_S) -> list[int]:
    """Those that have not ended by then."""
    until = time.monotonic() + patience_s
    while (left := [p.pid for p in processes if _runs(p)]) and time.monotonic() < until:
        time.sleep(0.05)
    return left


def left_after(
    command: Sequence[str], number: signal.Signals, env: Mapping[str, str] | None = None
) -> tuple[list[set[int]], list[int]]:
    """Kill a harness once it has printed a line: whose its sandbox's processes were, and which stayed."""
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as harness:
        assert harness.stdout is not None
        assert harness.stdout.readline().strip()
        until = time.monotonic() + PATIENCE_S
        while len(inside := psutil.Process(harness.pid).children(recursive=True)) < LEAST:
            assert time.monotonic() < until
            time.sleep(0.05)
        users = [set(p.uids()) for p in inside]
        harness.send_signal(number)
        harness.wait(PATIENCE_S)
    return users, still_there(inside)


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
