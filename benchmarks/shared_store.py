"""The shared store: many writers at once with kills, and what a reader waits for one new part.

    .venv/bin/python benchmarks/shared_store.py [--writers 10] [--outcomes 10000] [--kills 3] [--rows 200000]

Writers are processes on S3's protocol (moto's server on 127.0.0.1; `make peers` brings it), each with a
results folder of its own; killed ones are begun anew. A reader then has `--rows` outcomes and takes in one
part of 3,000 more, from a folder. Ends with 1 where an outcome is lost or stands twice.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from peers import installed
from remote.places import CREDENTIALS, Desk, made_bucket, objects, s3
from remote.s3 import serving
from remote.writers import Crowd, whole

from benchmarks.rig import machine
from benchmarks.rig.invented import outcomes
from whichmodel.config import SharedStore
from whichmodel.remote import commit
from whichmodel.remote.pull import pull
from whichmodel.remote.push import push
from whichmodel.remote.verify import verify

NEW = 3_000
"""Outcomes of a new part: what a run brings in half a minute."""


def main() -> None:
    """Both, each with its figures."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--writers", type=int, default=10)
    options.add_argument("--outcomes", type=int, default=10_000)
    options.add_argument("--kills", type=int, default=3)
    options.add_argument("--rows", type=int, default=200_000)
    asked = options.parse_args()
    print(machine.described(["obstore", "pyarrow", "duckdb"]))
    with tempfile.TemporaryDirectory() as folder:
        sound = True
        if installed("moto"):
            sound = crowd(Path(folder), asked.writers, asked.outcomes, asked.kills)
        else:
            print("writers: skipped, moto's server is not installed (make peers)")
        refreshed(Path(folder), asked.rows)
    sys.exit(0 if sound else 1)


def crowd(folder: Path, writers: int, count: int, kills: int) -> bool:
    """Many writers, then one reader; whether all outcomes are there, each once."""
    os.environ |= CREDENTIALS
    with serving(folder) as server:
        shared = s3(server.endpoint, made_bucket(server.endpoint))
        seconds = Crowd(folder, shared, writers, count, pushes=10).all_done(kills)
        reader = Desk(folder / "reader", shared)
        taken = timed(lambda: pull(reader.place))
        with reader.store.opened() as connection:
            counts = connection.execute("SELECT model, count(*) FROM outcomes GROUP BY model").fetchall()
        sound = whole(counts, writers, count)
        compared = timed(lambda: verify(reader.place).equal)
        head = commit.head(objects(shared), "public")
    total = writers * count
    print(
        f"{writers} writers x {count:,} outcomes, {kills} killed: {seconds:.1f} s, {total / seconds:,.0f}/s"
    )
    print(
        f"  {total / seconds:,.0f} outcomes a second, {len(head.parts)} parts, "
        f"{head.bytes / total:.0f} bytes an outcome, {head.version} versions"
    )
    print(f"  nothing lost, nothing twice: {sound}")
    print(f"  a new reader takes all in {taken:.1f} s, and compares all in {compared:.1f} s")
    return sound


def refreshed(folder: Path, rows: int) -> None:
    """A reader with many rows takes in one part."""
    shared = SharedStore(str(folder / "shared"))
    writer, reader = Desk(folder / "writer", shared), Desk(folder / "reading", shared)
    filled(writer, rows, seed=1)
    given = timed(lambda: push(writer.place))
    taken = timed(lambda: pull(reader.place))
    idle = timed(lambda: pull(reader.place))
    filled(writer, NEW, seed=2)
    part = timed(lambda: push(writer.place))
    fresh = timed(lambda: pull(reader.place))
    snapshot = timed(reader.store.publish)
    print(f"{rows:,} outcomes given in {given:.1f} s, taken in {taken:.1f} s")
    print(
        f"  {NEW:,} more: given in {part:.2f} s, taken in {fresh:.2f} s, of which a snapshot {snapshot:.2f} s"
    )
    print(f"  nothing new: {idle:.2f} s, {idle / fresh:.2f} x of one new part")


def filled(desk: Desk, rows: int, seed: int) -> None:
    """Invented outcomes, in the database."""
    models = 10
    made = outcomes(models, 20, max(1, rows // models // 20), rng=np.random.default_rng(seed))
    keys = [f"{seed}-{key}" for key in made["key"].to_pylist()]
    made = made.drop_columns(["key"]).append_column("key", [keys])
    with desk.store.opened() as connection:
        connection.register("made", made)
        connection.execute("INSERT INTO outcomes BY NAME SELECT * FROM made")


def timed(work: Callable[[], object]) -> float:
    """Seconds."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
