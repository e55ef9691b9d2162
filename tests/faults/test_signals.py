"""A run that is interrupted, terminated or killed: what had ended is kept, and nothing is paid twice."""

from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path

import pytest
from faults.ground import Entrant, Ground, ground

from benchmarks.rig.killing import campaign

ITEMS, CONNECTIONS = 120, 4
ONLY = ("--models", "acme/m", "--yes")


def _until(process: subprocess.Popen[str], found: Ground, answers: int) -> None:
    """Wait until the server has answered so many requests."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        if len([e for e in found.requests() if e["written"]]) >= answers:
            return
        time.sleep(0.05)
    raise AssertionError("the run made no progress")


@pytest.mark.parametrize(("signum", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_run_goes_on_and_pays_nothing_twice(tmp_path: Path, signum: int, code: int) -> None:
    with ground(tmp_path, [Entrant("m", connections=CONNECTIONS)], items=ITEMS, latency_s=0.1) as found:
        process = found.start(*ONLY)
        _until(process, found, 20)
        process.send_signal(signum)
        _, err = process.communicate(timeout=30)
        assert process.returncode == code, err
        kept = found.rows()
        paid = found.requests()
        assert len(kept) >= 20 - CONNECTIONS
        assert set(kept.status) == {"scored"}
        again = found.run(*ONLY, "--json")
        assert again.code == 0, again.err
        assert again.document["cells"]["known"] >= len(kept)
        repeated = {e["prompt"] for e in paid} & {e["prompt"] for e in found.requests()[len(paid) :]}
        assert len(repeated) <= CONNECTIONS
        assert len(found.requests()) == ITEMS + len(repeated)
        rows = found.rows()
        assert (len(rows), rows.cell_key.nunique(), set(rows.score)) == (ITEMS, ITEMS, {1.0})


def test_kill_9_twice_loses_nothing_and_pays_nothing_twice(tmp_path: Path) -> None:
    """The long campaign of fifty kills is `benchmarks/kills.py`."""
    found = campaign(tmp_path, 2, seed=3)
    assert found.faults == []
    assert found.unscored == 0
