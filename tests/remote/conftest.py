"""The stores that the tests of this room use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from remote.s3 import Server, serving

from whichmodel.remote.objects import Objects


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """S3 for a whole module, with the credentials of `admin`, `acme` and `nordbank`."""
    with serving(tmp_path_factory.mktemp("s3"), "acme", "nordbank") as server:
        yield server


@pytest.fixture(params=["folder", "s3"])
def objects(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Objects:
    """An empty store in a folder, and one on S3."""
    if request.param == "folder":
        return Objects(str(tmp_path / "store"))
    s3: Server = request.getfixturevalue("s3")
    for name, value in s3.environment().items():
        monkeypatch.setenv(name, value)
    return Objects(f"{s3.url}/{tmp_path.name}", {"allow_http": True})
