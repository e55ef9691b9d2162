"""One file a contestant: how it measures the same items at the same server with the same connections.

A contestant is a module with `TITLE`, `version()` and `prepare(job) -> Attempt`, which raises Absent where
it is not installed.
"""

from benchmarks.contestants.entry import Absent, Attempt, Job

__all__ = ["Absent", "Attempt", "Job"]
