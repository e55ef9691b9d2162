"""A store in a folder, a store on S3, and both for what has to hold on either."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from remote.places import CREDENTIALS, made_bucket, s3, served

from whichmodel.config import SharedStore


@pytest.fixture(scope="session")
def moto() -> Iterator[str]:
    """The address of one server for all tests; each has a bucket of its own."""
    with served() as address:
        yield address


@pytest.fixture
def bucket(moto: str, monkeypatch: pytest.MonkeyPatch) -> SharedStore:
    """A store in a new bucket; the credentials stand in the environment, as a cloud's clients read them."""
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    return s3(moto, made_bucket(moto))


@pytest.fixture
def folder(tmp_path: Path) -> SharedStore:
    """A store in a folder."""
    return SharedStore(str(tmp_path / "shared"))


@pytest.fixture(params=["folder", "bucket"])
def shared(request: pytest.FixtureRequest) -> SharedStore:
    """Either of the two."""
    found: SharedStore = request.getfixturevalue(request.param)
    return found
