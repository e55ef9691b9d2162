"""One cluster for all tests of this folder: Ray takes seconds to start."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from clustered import Ground, ground


@pytest.fixture(scope="session")
def here() -> Iterator[Ground]:
    """A head without a CPU; each test says how many nodes it wants beside it."""
    with ground() as made:
        yield made
