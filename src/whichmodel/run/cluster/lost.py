"""Ray's errors in our words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ray.exceptions import RayError

from whichmodel.errors import BenchError


class ClusterLost(BenchError):
    """The cluster, or an actor that the run cannot do without, is gone."""


@contextmanager
def lost() -> Iterator[None]:
    """Raises ClusterLost where the block finds the cluster gone."""
    try:
        yield
    except (RayError, ConnectionError) as error:
        raise ClusterLost(
            f"The cluster was lost: {first_line(error)}",
            where="bench run --cluster",
            remedy="What had ended is kept; the same command goes on when the cluster is there again.",
        ) from error


def first_line(error: BaseException) -> str:
    """What an error says first."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__
