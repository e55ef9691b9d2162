"""Runs whose driver is gone: what their journals hold is taken over before the next run is planned."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

import ray
from filelock import Timeout
from ray.exceptions import RayError

from whichmodel.run.cluster.handles import living_nodes, named
from whichmodel.run.cluster.lost import lost
from whichmodel.run.cluster.parcels import Parcel
from whichmodel.run.cluster.record import FILE, RunRecord
from whichmodel.run.cluster.salvage import fetch, mended
from whichmodel.run.recovery import alive

PAUSE_S = 0.25


def take_over(results: Path, patience_s: float) -> int:
    """Put all that finished into the results folder, as if those runs had been local; samples that came.

    Workers finish what is in flight first, so that nothing is asked twice. patience_s: the longest that a
    sample may take.
    """
    came = 0
    for file in sorted((results / "logs").glob(f"*/{FILE}")):
        try:
            with lost(), alive(results, file.parent.name):
                came += _taken(file.parent, results, patience_s)
        except Timeout:
            continue
    return came


def _taken(run_folder: Path, results: Path, patience_s: float) -> int:
    record = RunRecord.again(run_folder)
    if record is None:
        (run_folder / FILE).unlink(missing_ok=True)
        return 0
    ray.get(record.journal.stop.remote())
    until = time.monotonic() + patience_s
    came = record.take()
    while time.monotonic() < until and any(_lives(name) for name in ray.get(record.journal.present.remote())):
        time.sleep(PAUSE_S)
        came += record.take()
    for name in ray.get(record.journal.present.remote()):
        with suppress(ValueError, RayError):
            ray.kill(named(name))
    came += record.take()
    _files(record, results)
    with suppress(ValueError, RayError):
        ray.kill(named(f"{record.name}-limits"))
    record.end()
    return came


def _lives(name: str) -> bool:
    try:
        ray.get(named(name).pieces.remote("", 0, {}), timeout=10)
    except (ValueError, RayError):
        return False
    return True


def _files(record: RunRecord, results: Path) -> None:
    """Logs and images that still lie on nodes."""
    nodes = living_nodes()
    for place in ray.get(record.journal.places.remote()):
        folder = record.run_folder / place.job
        if place.node in nodes:
            parcel = Parcel(folder, results / "artifacts", place.attempt, {})
            fetch(place.node, place.folder, parcel)
        mended(folder.glob("*.eval"))
