"""A gateway as a process on loopback that is offered no way out, and requests to it.

Who honours a proxy from the environment finds one that notes each try and answers none. Besides that, each
start of a gateway refuses other hosts itself where its runtime allows it, and says so in its output.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

START_SECONDS = 180.0
ANSWER_SECONDS = 60.0
OUTSIDE = "refused to reach"
"""What a gateway's start prints when something tries to reach another host."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the gateway said."""

    status: int
    body: Any
    headers: Mapping[str, str]


@dataclass(slots=True)
class Gateway:
    """A gateway that runs."""

    port: int
    log: Path
    tried: list[str] = field(default_factory=list)
    """First lines that arrived at the proxy: where the gateway wanted to go."""

    def post(self, path: str, body: Any, headers: Mapping[str, str] | None = None) -> Answer:
        """One request."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_SECONDS)
        try:
            sent = {"content-type": "application/json", **(headers or {})}
            connection.request("POST", path, json.dumps(body), sent)
            reply = connection.getresponse()
            text = reply.read().decode()
            with suppress(json.JSONDecodeError):
                return Answer(reply.status, json.loads(text), dict(reply.headers))
            return Answer(reply.status, text, dict(reply.headers))
        finally:
            connection.close()

    def reached_outside(self) -> set[str]:
        """What it tried to reach: first lines at the proxy, hosts in the gateway's own output."""
        said = self.log.read_text(encoding="utf-8", errors="replace")
        return {*self.tried, *re.findall(rf"{OUTSIDE} (\S+)", said)}

    def listens_elsewhere(self) -> bool:
        """Whether it answers at another address of this machine than the one it was given."""
        with suppress(OSError), socket.create_connection(("127.0.0.2", self.port), timeout=2):
            return True
        return False


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(
    command: Sequence[str], port: int, log: Path, environment: Mapping[str, str]
) -> Iterator[Gateway]:
    """The gateway while the block runs. Its output goes to `log`, and is shown when it does not start."""
    gateway = Gateway(port, log)
    with _proxy(gateway.tried) as proxy, log.open("wb") as output:
        offline = {"HTTP_PROXY": proxy, "HTTPS_PROXY": proxy, "NO_PROXY": "127.0.0.1"}
        offline |= {name.lower(): value for name, value in offline.items()}
        process = subprocess.Popen(
            command,
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env={"PATH": os.environ["PATH"], "HOME": str(log.parent), **offline, **environment},
            cwd=log.parent,
        )
        try:
            _wait(process, gateway)
            yield gateway
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(process: subprocess.Popen[bytes], gateway: Gateway) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", gateway.port), timeout=1):
            return
        time.sleep(0.05)
    raise AssertionError(f"the gateway did not start:\n{gateway.log.read_text(errors='replace')[-4000:]}")


@contextmanager
def _proxy(tried: list[str]) -> Iterator[str]:
    """A proxy that notes what it is asked for and hangs up."""
    listener = socket.create_server(("127.0.0.1", 0))

    def note() -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                with client:
                    client.settimeout(2)
                    tried.append(client.recv(1000).decode(errors="replace").partition("\r\n")[0])

    thread = threading.Thread(target=note, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(5)
