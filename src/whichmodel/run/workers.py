"""What a measurement asks of those who work for it, on this machine or on a cluster."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from whichmodel.run.budget import Budget
from whichmodel.run.job import Job, Report


class Workers(Protocol):
    """Workers by number. The lines of a job's finished samples come to lie in its folder on this machine."""

    @property
    def stopped(self) -> Mapping[str, str]:
        """Model -> why nothing more is sent to it."""
        ...

    @property
    def running(self) -> Sequence[Job]:
        """Jobs that are with a worker now."""
        ...

    def give(self, jobs: Sequence[tuple[int, Job]]) -> None:
        """Hand jobs to workers, which start with their first one."""
        ...

    def reports(self, timeout: float) -> Sequence[tuple[Job, Report]]:
        """Jobs that ended within `timeout` seconds; all lines and the log of each are in its folder then."""
        ...

    def close(self) -> None:
        """End all workers, busy ones too; what had ended is in its folder then."""
        ...


Start = Callable[[Path, Budget], Workers]
"""Workers of one run: its folder in the journal, its money."""
