"""A driver that is killed: the cluster keeps what has ended, and the next run goes on from there."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psutil
from clustered import Ground, bank, joined, measured, requests, simulated
from small_run import rows

from whichmodel.run.cluster.takeover import take_over
from whichmodel.run.recovery import recover
from whichmodel.store import Store

NAMES = ("demo-aurora/grand", "demo-cirrus/nano")
COUNT = 200
DRIVER = """
    import json, sys
    from pathlib import Path
    from types import SimpleNamespace

    _, here, results, addresses, tests = sys.argv
    sys.path.insert(0, tests)
    from clustered import Ground, bank, joined, measured
    from whichmodel.simulator import panel

    if __name__ == "__main__":
        by_id = {model.id: model for model in panel.models(json.loads(addresses))}
        models = [by_id[name] for name in ("demo-aurora/grand", "demo-cirrus/nano")]
        with joined(Ground(SimpleNamespace(address=here)), Path(results)) as cluster:
            measured(cluster, Path(results), models, [bank(200)])
"""


def test_a_killed_driver_s_run_is_taken_over_and_nothing_is_asked_twice(here: Ground, tmp_path: Path) -> None:
    here.have(2)
    script = tmp_path / "driver.py"
    script.write_text(textwrap.dedent(DRIVER))
    results = tmp_path / "results"
    tests = str(Path(__file__).parents[2])
    small = bank(COUNT)
    with simulated([small], NAMES) as (models, addresses):
        arguments = [here.address, str(results), json.dumps(dict(addresses)), tests]
        driver = subprocess.Popen([sys.executable, "-P", str(script), *arguments])
        try:
            _until_lines(driver, results, 60)
        finally:
            driver.send_signal(signal.SIGKILL)
            driver.wait()
        with joined(here, results) as cluster:
            came = take_over(results, 120)
            asked_before = len(requests(addresses))
            store = Store(results)
            recover(results, store)
            store.publish()
            known = len(rows(results))
            assert known == asked_before
            assert came > 0
            assert list(results.glob("logs/*/cluster.json")) == []
            again = measured(cluster, results, models, [small], run_id="run-2")
        assert again.progress.planned == COUNT * len(NAMES) - known
        assert len(requests(addresses)) == len(rows(results)) == COUNT * len(NAMES)
    assert _runs() == []


def _until_lines(driver: subprocess.Popen[bytes], results: Path, lines: int) -> None:
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline and driver.poll() is None:
        if sum(file.read_bytes().count(b"\n") for file in results.glob("logs/*/*/outcomes.jsonl")) >= lines:
            return
        time.sleep(0.1)
    raise AssertionError("the run made no progress")


def _runs() -> list[str]:
    """Actors of runs that are left over."""
    deadline, left = time.monotonic() + 60, [""]
    while left and time.monotonic() < deadline:
        found = [" ".join(p.info["cmdline"] or []) for p in psutil.process_iter(["cmdline"])]
        left = [f for f in found if f.startswith(("ray::Worker", "ray::Journal", "ray::Limits"))]
        time.sleep(0.2)
    return left
