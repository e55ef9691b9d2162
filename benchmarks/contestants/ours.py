"""This project as a user drives it: `bench run`, every outcome in the journal and in the database."""

from __future__ import annotations

from benchmarks.contestants.entry import Attempt, Job
from benchmarks.rig.project import write_project
from whichmodel import __version__
from whichmodel.store import read

TITLE = "bench run"


def version() -> str:
    """This project's."""
    return f"whichmodel {__version__}"


def prepare(job: Job) -> Attempt:
    """A project with one task and one model."""
    project = write_project(job.folder, job.count, job.base_url, connections=job.connections)

    def right() -> int:
        reader = read(project.results)
        return 0 if reader is None else int((reader.outcomes("real").score == 1).sum())

    return Attempt(project.run(), {}, right)
