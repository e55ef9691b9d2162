"""A full disk, a cut log, a broken write-ahead log: said with a code, named, and nothing earlier is lost.

Ingesting twice and older schemas: tests/store/test_store.py (`test_ingesting_twice_adds_no_row`,
`test_an_older_database_is_migrated_and_a_copy_is_kept`).
"""

from __future__ import annotations

import shlex
import shutil
import subprocess
from pathlib import Path

import pandas as pd
import pytest
from faults.ground import Entrant, Ground, environment, ground
from program import Done, clean_environment

ITEMS = 3_000
ONLY = ("--models", "acme/m", "--yes")
FREE = 5_000_000
"""Bytes left on the disk when the run begins that meets its end: too few for the lines of all its samples."""
FILLED = f"""
    {{bench}} --limit 20 || exit 99
    free=$(df --output=avail -B1 results | tail -n 1)
    head -c $((free - {FREE})) /dev/zero > results/ballast
    {{bench}}
    code=$?
    rm results/ballast
    cp -a results/. kept
    exit $code
"""


@pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap gives the small disk")
def test_a_full_disk_ends_the_run_with_a_code_and_keeps_earlier_rows(tmp_path: Path) -> None:
    with ground(tmp_path, [Entrant("m", connections=16)], items=ITEMS, latency_s=0.02) as found:
        ended = _on_a_small_disk(found)
        assert ended.code == 1, ended.err
        assert "Traceback" not in ended.err
        assert "No space left" in ended.err + ended.out
        sent = len(found.requests())
        assert 20 < sent < ITEMS
        shutil.copytree(tmp_path / "kept", found.results, dirs_exist_ok=True)
        kept = found.rows()
        assert len(kept) >= 20
        assert set(kept.score) == {1.0}
        again = found.run(*ONLY)
        assert again.code == 0, again.err
        rows = found.rows()
        assert (rows.cell_key.nunique(), set(rows.score)) == (ITEMS, {1.0})


def _on_a_small_disk(found: Ground) -> Done:
    """A run of twenty samples, then one of all on what little is left of a disk of memory."""
    folder = found.bench.folder
    (folder / "kept").mkdir()
    (folder / "results").mkdir()
    bench = shlex.join(found.bench.command("run", "--tasks", found.tasks, *ONLY))
    disk = ("bwrap", "--dev-bind", "/", "/", "--size", "60000000", "--tmpfs", str(folder / "results"))
    ended = subprocess.run(
        [*disk, "--chdir", str(folder), "sh", "-c", FILLED.format(bench=bench)],
        env={**clean_environment(), **environment()},
        capture_output=True,
        text=True,
        timeout=120,
        stdin=subprocess.DEVNULL,
    )
    return Done(ended.returncode, ended.stdout, ended.stderr)


def test_a_broken_write_ahead_log_is_set_aside_and_the_rebuilt_database_is_equal(tmp_path: Path) -> None:
    with ground(tmp_path, [Entrant("m")], items=30) as found:
        assert found.run(*ONLY).code == 0
        before = found.rows()
        [database] = [p for p in found.results.glob("*.duckdb") if p.name == "bench.duckdb"]
        database.with_name("bench.duckdb.wal").write_bytes(b"\x00broken" * 500)
        database.write_bytes(database.read_bytes()[:8192])
        broken = found.run(*ONLY)
        assert broken.code == 1
        assert "bench rebuild" in broken.err
        rebuilt = found.bench("rebuild")
        assert rebuilt.code == 0, rebuilt.err
        pd.testing.assert_frame_equal(found.rows(), before)
        assert found.run(*ONLY).code == 0
        assert len(found.requests()) == 30


def test_a_truncated_log_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    with ground(tmp_path, [Entrant("m"), Entrant("other")], items=10) as found:
        assert found.run("--models", "acme/m,acme/other", "--yes").code == 0
        [log] = found.results.glob("logs/*/*acme-m/*.eval")
        log.write_bytes(log.read_bytes()[:700])
        rebuilt = found.bench("rebuild")
        assert log.name in rebuilt.out + rebuilt.err
        assert len(found.rows("other")) == 10
        assert log.exists()


def test_a_log_that_was_cut_before_its_first_part_stops_no_later_run(tmp_path: Path) -> None:
    """As a disk leaves it that was full when the job began: no line, and no beginning of a log."""
    with ground(tmp_path, [Entrant("m")], items=5) as found:
        job = found.results / "logs" / "cut-run" / "000-colours-acme-m"
        job.mkdir(parents=True)
        (job / "outcomes.jsonl").touch()
        (job / "cut.eval").write_bytes(b"PK\x03\x04\x14")
        ended = found.run(*ONLY)
        assert ended.code == 0, ended.err
        assert len(found.rows()) == 5
        assert [path.name for path in job.glob("cut*")] == ["cut.eval.broken"]
