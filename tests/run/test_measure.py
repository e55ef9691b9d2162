"""A plan carried out by real worker processes over real protocols, faults among them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pandas as pd
import psutil
import pytest
from leftovers import still_there
from rows import outcome
from small_run import bank, measure, rows

from whichmodel.domain import Model, Outcome
from whichmodel.plan import Work, make
from whichmodel.run.budget import Budget
from whichmodel.run.measure import Ended, Measurement
from whichmodel.run.rebuild import rebuild
from whichmodel.run.recovery import alive, pending, recover
from whichmodel.run.spool import Spool, Tail
from whichmodel.simulator import panel, serve
from whichmodel.simulator.faults import Faults
from whichmodel.store import Store


def test_samples_become_outcomes_with_all_that_was_observed(tmp_path: Path) -> None:
    names = ["demo-aurora/grand", "demo-borealis/swift", "demo-cirrus/nano"]
    summary = measure(tmp_path, names)
    assert summary.errors == ()
    found = rows(tmp_path)
    assert found.groupby("model").size().to_dict() == dict.fromkeys(names, 20)
    assert found.status.isin(["scored", "refused", "truncated"]).all()
    assert found.score.notna().all()
    assert (found.latency_s > 0).all()
    assert (found.queue_s >= 0).all()
    assert found.loop_lag_ms.notna().all()
    assert (found.input_tokens > 0).all()
    assert (found.cost_usd > 0).all()
    assert (found.attempts == 1).all()
    assert found.log_ref.str.match(r"^logs/run-1/\d{3}-labels-demo-[a-z-]+#\w+$").all()
    assert (found.served_model == found.requested_model).all()


def test_the_log_of_a_finished_job_is_the_only_journal_left_and_opens_in_inspect(tmp_path: Path) -> None:
    from inspect_ai.log import read_eval_log

    measure(tmp_path, ["demo-aurora/lite"])
    assert list(tmp_path.glob("logs/*/*/outcomes.jsonl")) == []
    [log] = tmp_path.glob("logs/*/*/*.eval")
    assert len(read_eval_log(str(log)).samples or []) == 20


def test_a_rebuilt_database_is_equal_row_by_row(tmp_path: Path) -> None:
    measure(tmp_path, ["demo-aurora/grand", "demo-cirrus/nano"], faults=[Faults("html", first=2)])
    before = rows(tmp_path)
    made = rebuild(tmp_path)
    assert made.unreadable == ()
    assert made.aside is not None
    pd.testing.assert_frame_equal(rows(tmp_path), before)


def test_a_damaged_log_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    measure(tmp_path, ["demo-aurora/lite", "demo-cirrus/nano"])
    broken = next(tmp_path.glob("logs/*/*lite/*.eval"))
    broken.write_bytes(broken.read_bytes()[:500])
    made = rebuild(tmp_path)
    assert [str(broken) in reason for reason in made.unreadable] == [True]
    assert set(rows(tmp_path).model) == {"demo-cirrus/nano"}
    assert broken.exists()


@pytest.mark.parametrize("kind", ["html", "empty"])
def test_a_reply_that_is_no_answer_is_a_failure_without_a_score(tmp_path: Path, kind: str) -> None:
    fault = Faults(kind, rate=1.0)  # type: ignore[arg-type]
    summary = measure(tmp_path, ["demo-aurora/lite"], count=3, faults=[fault])
    assert (summary.progress.done, summary.progress.failed) == (0, 3)
    found = rows(tmp_path)
    assert (found.status == "failed").all()
    assert found.score.isna().all()
    assert found.parsed.isna().all()
    assert found.error_class.notna().all()


def test_a_passing_429_is_retried_no_earlier_than_asked_and_counted(tmp_path: Path) -> None:
    fault = Faults("status", first=1, status=429, retry_after_s=2.0)
    summary = measure(tmp_path, ["demo-aurora/lite"], count=1, faults=[fault])
    [row] = rows(tmp_path).to_dict("records")
    assert summary.progress.failed == 0
    assert row["attempts"] == 2
    assert row["queue_s"] >= 2.0
    assert row["latency_s"] < 2.0


def test_failed_cells_alone_are_measured_again(tmp_path: Path) -> None:
    fault = Faults("status", first=4, status=400)
    first = measure(tmp_path, ["demo-aurora/lite"], count=10, faults=[fault])
    assert (first.progress.done, first.progress.failed) == (6, 4)
    second = measure(tmp_path, ["demo-aurora/lite"], count=10)
    assert (second.progress.planned, second.progress.done) == (4, 4)
    assert (rows(tmp_path).status != "failed").all()


def test_a_budget_stops_before_more_is_spent(tmp_path: Path) -> None:
    summary = measure(tmp_path, ["demo-aurora/grand"], count=100, budget=Decimal("0.2"), charged=True)
    assert summary.over_budget > 0
    assert Decimal("0.15") < summary.progress.spent <= Decimal("0.2")
    assert summary.progress.done + summary.over_budget == 100
    stored = rows(tmp_path, "real")
    assert len(stored) == summary.progress.done
    assert stored.cost_usd.sum() == pytest.approx(float(summary.progress.spent))


KILLED = """
    from pathlib import Path
    import sys
    sys.path.insert(0, sys.argv[2])
    from small_run import measure
    if __name__ == "__main__":
        measure(Path(sys.argv[1]), ["demo-aurora/grand", "demo-aurora/lite"], count=400)
"""


def test_kill_9_loses_no_finished_sample_and_leaves_no_process(tmp_path: Path) -> None:
    script = tmp_path / "killed.py"
    script.write_text(textwrap.dedent(KILLED))
    results = tmp_path / "results"
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    process = subprocess.Popen(
        [sys.executable, str(script), str(results), str(Path(__file__).parents[1])], env=env
    )
    try:
        children = _until_lines(process, results, 60)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert still_there(children) == []
    finished = sum(path.read_bytes().count(b"\n") for path in results.glob("logs/*/*/outcomes.jsonl"))
    assert finished >= 60
    recover(results, Store(results))
    recovered = len(rows_after_publish(results))
    assert recovered >= finished
    again = measure(results, ["demo-aurora/grand", "demo-aurora/lite"], count=400)
    assert again.progress.planned == 800 - recovered
    before = rows(results)
    assert len(before) == 800
    rebuild(results)
    pd.testing.assert_frame_equal(rows(results), before)


def rows_after_publish(results: Path) -> pd.DataFrame:
    Store(results).publish()
    return rows(results)


def test_a_journal_of_a_run_that_lives_is_left_to_it(tmp_path: Path) -> None:
    job = tmp_path / "logs" / "run-1" / "000-job"
    spool = Spool(job)
    spool(outcome(0))
    with alive(tmp_path, "run-1"):
        assert recover(tmp_path, Store(tmp_path)) == 0
    assert recover(tmp_path, Store(tmp_path)) == 1
    assert recover(tmp_path, Store(tmp_path)) == 0
    assert pending(tmp_path) == []


def test_a_line_cut_short_is_left_for_later(tmp_path: Path) -> None:
    spool, tail = Spool(tmp_path), Tail(tmp_path)
    spool(outcome(0))
    with (tmp_path / "outcomes.jsonl").open("a") as file:
        file.write('{"key": "half')
    assert [o.item_id for o in tail.read()] == ["i0"]
    assert tail.read() == []


def _until_lines(process: subprocess.Popen[bytes], results: Path, lines: int) -> list[psutil.Process]:
    """Wait until so many samples have ended; the processes that run then."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        if sum(p.read_bytes().count(b"\n") for p in results.glob("logs/*/*/outcomes.jsonl")) >= lines:
            return psutil.Process(process.pid).children(recursive=True)
        time.sleep(0.1)
    raise AssertionError("the run made no progress")


def test_a_worker_that_dies_costs_its_job_alone(tmp_path: Path) -> None:
    small = bank(300)
    with serve.serve([small]) as addresses:
        models = [m for m in panel.models(addresses) if m.id in ("demo-aurora/grand", "demo-cirrus/nano")]
        killed: list[int] = []

        def kill_one(progress: object) -> None:
            victims = [p for p in psutil.Process().children() if "spawn_main" in " ".join(p.cmdline())]
            if not killed and len(list(tmp_path.glob("logs/*/*/outcomes.jsonl"))) == 2:
                killed.append(victims[0].pid)
                os.kill(victims[0].pid, signal.SIGKILL)

        run = Measurement(make([small], models, {}), "r", tmp_path, Store(tmp_path), 2, Budget(), kill_one)
        summary = run.run()
    assert len(killed) == 1
    [report] = summary.errors
    assert "SIGKILL" in (report.error or "")
    assert summary.progress.done >= 300


def test_no_key_stands_in_a_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "sk-planted-0123456789"
    monkeypatch.setenv("PLANTED_KEY", secret)
    small = bank(3)
    with serve.serve([small], faults=[Faults("status", first=1, status=401)]) as addresses:
        model: Model = next(m for m in panel.models(addresses) if m.id == "demo-aurora/lite")
        keyed = replace(model, key_env="PLANTED_KEY")
        plan = make([small], [keyed], {})
        Measurement(plan, "r", tmp_path, Store(tmp_path), 1, Budget(), lambda _: None).run()
    files = [p for p in tmp_path.rglob("*") if p.is_file()]
    held = b"".join(p.read_bytes() for p in files)
    for log in tmp_path.rglob("*.eval"):
        with zipfile.ZipFile(log) as archive:
            held += b"".join(_member(archive, name) for name in archive.namelist())
    assert b"PLANTED_KEY" in held
    assert secret.encode() not in held


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    import zipfile_zstd  # noqa: F401

    return archive.read(name)


class Looks:
    """A feed that asks ten items at a time, each time after the last ones have ended."""

    def __init__(self, works: Sequence[Work]) -> None:
        self.works = works
        self.asked = self.seen = 0
        self.workers: list[set[int]] = []

    def more(self, outcomes: Sequence[Outcome], ended: Sequence[Ended]) -> Sequence[Work]:
        self.seen += len(outcomes)
        if self.seen < self.asked or self.asked >= 60:
            return ()
        started = [p for p in psutil.Process().children() if "spawn_main" in " ".join(p.cmdline())]
        self.workers.append({process.pid for process in started})
        first, self.asked = self.asked // 2, self.asked + 20
        return [work.holding(work.bank.items[first : first + 10]) for work in self.works]


def test_work_that_is_handed_in_later_is_done_by_the_same_workers(tmp_path: Path) -> None:
    small = bank(40)
    with serve.serve([small]) as addresses:
        models = [m for m in panel.models(addresses) if m.id in ("demo-aurora/lite", "demo-cirrus/nano")]
        plan = make([small], models, {})
        feed = Looks(plan.work)
        run = Measurement(plan, "r", tmp_path, Store(tmp_path), 2, Budget(), lambda _: None, feed=feed)
        summary = run.run()
    assert (summary.progress.planned, summary.progress.done) == (60, 60)
    assert rows(tmp_path).groupby("model").size().to_dict() == {m.id: 30 for m in models}
    assert len(feed.workers) == 3
    assert feed.workers[1] == feed.workers[2] != set()
    assert list(tmp_path.glob("logs/*/*/outcomes.jsonl")) == []
