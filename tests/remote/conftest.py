"""The stores that the tests of this room use."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from remote.s3 import Server, serving


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """S3 for a whole module, with the credentials of `admin`, `acme` and `nordbank`."""
    with serving(tmp_path_factory.mktemp("s3"), "acme", "nordbank") as server:
        yield server
