"""Workers and nodes that die: no finished sample is lost, at most what was in flight is paid again."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import psutil
from clustered import Ground, bank, joined, limited, measured, requests, simulated
from small_run import rows

from whichmodel.domain import Model
from whichmodel.run.progress import Progress
from whichmodel.run.rebuild import rebuild

NAMES = ("demo-aurora/grand", "demo-borealis/swift", "demo-cirrus/nano")
CONNECTIONS = 8


def workers() -> list[psutil.Process]:
    """Those of runs, oldest first."""
    found = (p for p in psutil.process_iter(["name", "cmdline", "create_time"]))
    named = [p for p in found if any("ray::Worker" in part for part in p.info["cmdline"] or [])]
    return sorted(named, key=lambda p: p.info["create_time"])


def at(counts: list[int], strike: Callable[[], None]) -> Callable[[Progress], None]:
    """Strike when so many samples have ended."""
    waiting = list(counts)

    def watch(progress: Progress) -> None:
        if waiting and progress.done >= waiting[0]:
            waiting.pop(0)
            strike()

    return watch


def test_a_node_killed_three_times_costs_at_most_what_was_in_flight(here: Ground, tmp_path: Path) -> None:
    here.have(2)
    small = bank(200)
    killed: list[object] = []

    def strike() -> None:
        killed.append(here.nodes[0])
        here.kill(here.nodes[0])
        here.add()

    with simulated([small], NAMES) as (models, addresses), joined(here, tmp_path) as cluster:
        models = [limited(model, CONNECTIONS) for model in models]
        summary = measured(cluster, tmp_path, models, [small], watch=at([100, 250, 400], strike))
        asked = requests(addresses)
    assert len(killed) == 3
    assert summary.errors == ()
    assert (summary.progress.done, summary.progress.failed) == (600, 0)
    found = rows(tmp_path)
    assert len(found) == found.key.nunique() == 600
    repeats = len(asked) - 600
    assert 0 <= repeats <= 3 * CONNECTIONS * len(NAMES)
    rebuild(tmp_path)
    assert len(rows(tmp_path)) == 600


def test_a_worker_that_dies_has_its_items_asked_by_another_and_its_log_is_kept(
    here: Ground, tmp_path: Path
) -> None:
    from inspect_ai.log import read_eval_log

    here.have(2)
    small = bank(150)
    before = {p.pid for p in workers()}

    def strike() -> None:
        os.kill(next(p.pid for p in workers() if p.pid not in before), signal.SIGKILL)

    names = NAMES[:2]
    with simulated([small], names) as (models, addresses), joined(here, tmp_path) as cluster:
        models = [limited(model, CONNECTIONS) for model in models]
        summary = measured(cluster, tmp_path, models, [small], watch=at([60], strike))
        asked = requests(addresses)
    assert summary.errors == ()
    assert summary.progress.done == len(rows(tmp_path)) == 300
    assert len(asked) - 300 <= CONNECTIONS * len(names)
    logged = {
        (log.parent.name, sample.id)
        for log in tmp_path.glob("logs/*/*/*.eval")
        for sample in read_eval_log(str(log)).samples or []
    }
    assert len(logged) == 300


def test_a_job_that_its_workers_die_of_ends_with_an_error_and_others_finish(
    here: Ground, tmp_path: Path
) -> None:
    here.have(2)
    poison = tmp_path / "deadly.py"
    poison.write_text("import os\n\n\ndef answer(prompt: str) -> str:\n    os._exit(1)\n")
    small = bank(100)
    with simulated([small], NAMES[:1]) as (models, _), joined(here, tmp_path, modules=("deadly",)) as cluster:
        deadly = Model("own/deadly", "python/deadly:answer", "own")
        summary = measured(cluster, tmp_path, [*models, deadly], [small])
    [report] = summary.errors
    assert "died 3 times" in (report.error or "")
    assert summary.progress.done == 100
    assert set(rows(tmp_path).model) == {NAMES[0]}
