"""A store in a folder, a store on S3, both for what has to hold on either, and S3 with people's rights."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from remote import places
from remote.places import CREDENTIALS, made_bucket, s3
from remote.s3 import Server, serving

from whichmodel.config import SharedStore
from whichmodel.remote.objects import Objects


@pytest.fixture(scope="session")
def moto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of one server for all tests, where anybody may do all; each has a bucket of its own."""
    with serving(tmp_path_factory.mktemp("s3")) as server:
        yield server.endpoint


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """S3 for a module, with the credentials of `admin`, `acme` and `nordbank`, and the rights of each."""
    with serving(tmp_path_factory.mktemp("s3"), "acme", "nordbank") as server:
        yield server


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


@pytest.fixture
def objects(shared: SharedStore) -> Objects:
    """The client of either of the two."""
    return places.objects(shared)
