"""`bench run --cluster ray://...`: a driver that is no part of the cluster."""

from __future__ import annotations

import signal
from pathlib import Path

from clustered import distant, until_lines
from program import Bench


def test_a_driver_elsewhere_is_killed_and_the_same_command_goes_on(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    assert bench("init").code == 0
    with distant() as address:
        arguments = ("demo", "--tasks", "tickets", "--limit", "60", "--json", "--cluster", address)
        with bench.start(*arguments) as driver:
            try:
                until_lines(driver, bench.folder / "results", 40)
            finally:
                driver.send_signal(signal.SIGKILL)
        again = bench(*arguments, timeout=600)
        assert again.code == 0, again.err
        assert f"Cluster {address}: 1 node, 2 workers." in again.err
        cells, standings = again.document["cells"], again.document["standings"]
        assert cells["known"] >= 40
        assert cells["planned"] == cells["done"] > 0
        assert {standing["n"] for standing in standings} == {60}
        assert cells["known"] + cells["done"] == 60 * len(standings)
        assert list(bench.folder.glob("results/logs/*/cluster.json")) == []
