"""A driver that is killed: the cluster keeps what has ended, and the next run goes on from there."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Mapping
from pathlib import Path

import psutil
from clustered import Ground, bank, joined, measured, requests, simulated, until_lines
from small_run import rows

from whichmodel.run.cluster.journal import SILENT_S
from whichmodel.run.cluster.takeover import take_over
from whichmodel.run.cluster.worker import ASK_S
from whichmodel.run.recovery import recover
from whichmodel.store import Store

NAMES = ("demo-aurora/grand", "demo-cirrus/nano")
COUNT = 200
SLOW_COUNT = 60
"""Of a model whose answers take so long that a run outlasts its driver's sleep."""
DRIVER = """
    import json, sys
    from pathlib import Path
    from types import SimpleNamespace

    _, here, results, addresses, count, tests = sys.argv
    sys.path.insert(0, tests)
    from clustered import Ground, bank, joined, measured
    from whichmodel.simulator import panel

    if __name__ == "__main__":
        by_id = {model.id: model for model in panel.models(json.loads(addresses))}
        models = [by_id[name] for name in ("demo-aurora/grand", "demo-cirrus/nano")]
        with joined(Ground(SimpleNamespace(address=here)), Path(results)) as cluster:
            summary = measured(cluster, Path(results), models, [bank(int(count))])
        print(json.dumps([summary.progress.done, len(summary.errors), len(summary.stopped)]))
"""


def test_a_killed_driver_s_run_is_taken_over_and_nothing_is_asked_twice(here: Ground, tmp_path: Path) -> None:
    here.have(2)
    results = tmp_path / "results"
    small = bank(COUNT)
    with simulated([small], NAMES) as (models, addresses):
        driver = _driver(here, tmp_path, addresses)
        try:
            until_lines(driver, results, 60)
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


def test_a_driver_that_slept_goes_on_with_what_its_workers_left(here: Ground, tmp_path: Path) -> None:
    """As a laptop does whose lid is closed: its workers finish what is in flight and end meanwhile."""
    here.have(2)
    small = bank(SLOW_COUNT)
    with simulated([small], NAMES, latency_s=4.0) as (_, addresses):
        driver = _driver(here, tmp_path, addresses, SLOW_COUNT)
        try:
            until_lines(driver, tmp_path / "results", 2)
            driver.send_signal(signal.SIGSTOP)
            time.sleep(SILENT_S + 3 * ASK_S)
            asked = len(requests(addresses))
            driver.send_signal(signal.SIGCONT)
            said, _ = driver.communicate(timeout=300)
        finally:
            driver.kill()
            driver.wait()
        assert asked < SLOW_COUNT * len(NAMES)
        assert json.loads(said.splitlines()[-1]) == [SLOW_COUNT * len(NAMES), 0, 0]
        assert len(requests(addresses)) == len(rows(tmp_path / "results")) == SLOW_COUNT * len(NAMES)
    assert _runs() == []


def _driver(
    here: Ground, folder: Path, addresses: Mapping[str, str], count: int = COUNT
) -> subprocess.Popen[bytes]:
    script = folder / "driver.py"
    script.write_text(textwrap.dedent(DRIVER))
    tests = str(Path(__file__).parents[2])
    arguments = [here.address, str(folder / "results"), json.dumps(dict(addresses)), str(count), tests]
    return subprocess.Popen([sys.executable, "-P", str(script), *arguments], stdout=subprocess.PIPE)


def _runs() -> list[str]:
    """Actors of runs that are left over."""
    deadline, left = time.monotonic() + 60, [""]
    while left and time.monotonic() < deadline:
        found = [" ".join(p.info["cmdline"] or []) for p in psutil.process_iter(["cmdline"])]
        left = [f for f in found if f.startswith(("ray::Worker", "ray::Journal", "ray::Limits"))]
        time.sleep(0.2)
    return left
