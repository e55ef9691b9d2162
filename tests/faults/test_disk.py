"""A full disk, a cut log, a broken write-ahead log: said with a code, named, and nothing earlier is lost.

Ingesting twice, older schemas and damaged logs are proved in tests/store/test_store.py (`test_ingesting_twice_adds
_no_row`, `test_an_older_database_is_migrated_and_a_copy_is_kept`) and tests/run/test_measure.py.
"""

from __future__ import annotations

import resource
import subprocess
from pathlib import Path

import pandas as pd
from faults.ground import Entrant, Ground, environment, ground, stored
from program import Done, clean_environment

ONLY = ("--models", "acme/m", "--yes")
ROOM = 200_000
"""Bytes that a file may grow to: enough to start, too few for all the samples' log."""


def test_a_full_disk_ends_the_run_with_a_code_and_keeps_earlier_rows(tmp_path: Path) -> None:
    """The system refuses every byte beyond a size, as a full disk does."""
    with ground(tmp_path, [Entrant("m", connections=4)], items=400, latency_s=0.01) as found:
        first = found.run(*ONLY, "--limit", "20")
        assert first.code == 0, first.err
        database = max(p.stat().st_size for p in found.results.rglob("*.duckdb"))
        ended = _limited(found, max(ROOM, database))
        assert ended.code not in (0, 3), ended.err
        assert "Traceback" not in ended.err
        sent = len(found.requests())
        assert 20 < sent < 400
        before = len(stored(found.results))
        assert before >= 20
        again = found.run(*ONLY)
        assert again.code == 0, again.err
        rows = found.rows()
        assert (rows.cell_key.nunique(), set(rows.score)) == (400, {1.0})


def _limited(found: Ground, room: int) -> Done:
    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    ended = subprocess.run(
        found.bench.command("run", "--tasks", found.tasks, *ONLY),
        cwd=found.bench.folder,
        env={**clean_environment(), **environment()},
        capture_output=True,
        text=True,
        timeout=120,
        stdin=subprocess.DEVNULL,
        preexec_fn=full,
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
