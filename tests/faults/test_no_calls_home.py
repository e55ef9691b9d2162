"""No connection is made but to configured providers, by any process of any command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from faults.ground import Entrant, ground
from program import Bench

WATCH = """\
import json, os, socket, sys

_into = os.environ["WATCHED_CONNECTIONS"]


def _note(event, args):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        where = args[1] if event in ("socket.connect", "socket.sendto") else args[0]
        if isinstance(where, (str, bytes)) and event == "socket.connect":
            return  # a local socket of the system
        host = where[0] if isinstance(where, tuple) else where
        port = where[1] if isinstance(where, tuple) and len(where) > 1 else None
        with open(_into, "a") as file:
            file.write(json.dumps([os.getpid(), event, str(host), port]) + "\\n")


sys.addaudithook(_note)
"""
LOCAL = ("127.0.0.1", "localhost", "::1")


class Watched:
    """Python's own audit events of each process that inherits the environment."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        (folder / "sitecustomize.py").write_text(WATCH)
        self._file = folder / "connections.jsonl"

    @property
    def env(self) -> dict[str, str]:
        return {"PYTHONPATH": str(self.folder), "WATCHED_CONNECTIONS": str(self._file)}

    def seen(self) -> list[tuple[int, str, str, int | None]]:
        if not self._file.exists():
            return []
        return [tuple(json.loads(line)) for line in self._file.read_text().splitlines()]


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    return Watched(tmp_path / "watch")


def test_a_run_talks_to_its_providers_alone(tmp_path: Path, watched: Watched) -> None:
    names = ("chat", "responses", "anthropic", "google", "hf")
    folder = tmp_path / "project"
    folder.mkdir()
    with ground(folder, [Entrant(name, name) for name in names], items=3) as found:
        ended = found.run("--yes", "--processes", "2", env=watched.env)
        assert ended.code == 0, ended.err
        port = int(found.addresses["anthropic"].rpartition(":")[2])
        for args in (("status",), ("models",), ("prices",), ("route",), ("export", "litellm"), ("tasks",)):
            assert found.bench(*args, env={**watched.env, "ACME_API_KEY": "none"}).code == 0, args
    seen = watched.seen()
    assert {host for _, _, host, _ in seen} <= set(LOCAL)
    connected = [(pid, to) for pid, event, _, to in seen if event == "socket.connect"]
    assert {to for _, to in connected} == {port}
    assert len({pid for pid, _ in connected}) >= 2, "the workers were watched"


def test_the_demo_talks_to_its_own_server_alone(tmp_path: Path, watched: Watched) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    bench = Bench(folder)
    assert bench("init").code == 0
    ended = bench("demo", "--tasks", "tickets", "--limit", "5", env=watched.env)
    assert ended.code in (0, 3), ended.err
    seen = watched.seen()
    assert seen
    assert {host for _, _, host, _ in seen} <= set(LOCAL)
