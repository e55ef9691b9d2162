"""What a dead worker has left on its node."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import ray
from ray.exceptions import RayError

from whichmodel.run.cluster.handles import task_on
from whichmodel.run.cluster.parcels import Parcel, pieces, remove
from whichmodel.run.job import Job

if TYPE_CHECKING:
    from whichmodel.run.cluster.crew import Crew, Hand

PATIENCE_S = 30.0


def salvaged(crew: Crew, hand: Hand, job: Job, attempt: int, parcel: Parcel) -> None:
    """Log and images of a job whose worker died, where its node lives."""
    if hand.node.alive:
        fetch(hand.node.id, f"{hand.node.about.folder}/{crew.record.name}/{job.name}/{attempt}", parcel)


def fetch(node_id: str, folder: str, parcel: Parcel) -> None:
    """All files of a job's folder, as far as its node answers; the folder goes."""
    read, drop = task_on(node_id, pieces), task_on(node_id, remove)
    try:
        while parcel.take(ray.get(read(folder, parcel.known), timeout=PATIENCE_S)):
            pass
        drop(folder)
    except RayError:
        return


def mended(logs: Iterable[Path]) -> None:
    """Give logs that were cut off an end; one that holds nothing whole goes, its lines have it all."""
    from zipfile import is_zipfile

    from whichmodel.run.logfile import mend

    for log in logs:
        if log.exists() and not is_zipfile(log) and not mend(log):
            log.unlink()
