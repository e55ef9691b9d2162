"""The loopback server as a process of its own, and what it noted."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SERVER = Path(__file__).with_name("server.py")


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request that was read. Times are of the system's monotonic clock, in seconds."""

    model: str
    item: int
    read_s: float
    written_s: float | None
    """When the answer's last byte was handed to the system. None = not yet, or the client had gone."""


@dataclass(frozen=True, slots=True)
class Served:
    """A server that runs."""

    port: int

    @property
    def base_url(self) -> str:
        """As clients of the OpenAI protocol take it."""
        return f"http://127.0.0.1:{self.port}/v1"

    def exchanges(self) -> list[Exchange]:
        """All requests so far, in the order they were read."""
        exchanges: list[tuple[str, int, float, float | None]] = self._notes()["exchanges"]
        return [Exchange(*noted) for noted in exchanges]

    def cpu_s(self) -> float:
        """CPU seconds of the server's process so far."""
        return float(self._notes()["cpu_s"])

    def _notes(self) -> dict[str, Any]:
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(f"http://127.0.0.1:{self.port}/exchanges", timeout=60) as reply:
            notes: dict[str, Any] = json.load(reply)
        return notes


@contextmanager
def serve(delay_s: float = 0.0, *, spread: float = 0.0) -> Iterator[Served]:
    """The server while the block runs. delay_s: the median; spread: see `server.Notes`."""
    command = [sys.executable, str(SERVER), "--delay", str(delay_s), "--spread", str(spread)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield Served(int(process.stdout.readline()))
        finally:
            process.stdin.close()
