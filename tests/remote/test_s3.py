"""The server that stands for S3: it keeps what the tests of this room rely on."""

from __future__ import annotations

import threading
from collections.abc import Callable

import obstore
import pytest
from obstore.exceptions import AlreadyExistsError, BaseError, PermissionDeniedError
from obstore.store import S3Store
from remote.s3 import ADMIN, BUCKET, PREFIX, Server


def _store(server: Server, user: str) -> S3Store:
    variables = server.environment(user)
    return S3Store(
        BUCKET,
        prefix=PREFIX,
        endpoint=variables["AWS_ENDPOINT_URL"],
        region=variables["AWS_REGION"],
        access_key_id=variables["AWS_ACCESS_KEY_ID"],
        secret_access_key=variables["AWS_SECRET_ACCESS_KEY"],
        client_options={"allow_http": True},
        retry_config={"max_retries": 0},
    )


def _listed(store: S3Store, prefix: str) -> list[str]:
    return sorted(found["path"] for batch in obstore.list(store, prefix) for found in batch)


def test_an_organisation_reaches_public_and_its_own_space(guarded: Server) -> None:
    acme, nordbank = _store(guarded, "acme"), _store(guarded, "nordbank")
    obstore.put(acme, "org/acme/parts/a=1 %.parquet", b"a")
    obstore.put(nordbank, "org/nordbank/parts/b", b"b")
    obstore.put(nordbank, "public/parts/c", b"c")
    assert obstore.get(acme, "public/parts/c").bytes() == b"c"
    assert _listed(acme, "org/acme") == ["org/acme/parts/a=1 %.parquet"]
    assert _listed(acme, "public") == ["public/parts/c"]
    obstore.delete(acme, ["org/acme/parts/a=1 %.parquet"])
    assert _listed(_store(guarded, ADMIN), "") == ["org/nordbank/parts/b", "public/parts/c"]


REFUSED: dict[str, Callable[[S3Store], object]] = {
    "get": lambda store: obstore.get(store, "org/nordbank/x"),
    "head": lambda store: obstore.head(store, "org/nordbank/x"),
    "put": lambda store: obstore.put(store, "org/nordbank/x", b"other"),
    "delete": lambda store: obstore.delete(store, "org/nordbank/x"),
    "delete many": lambda store: obstore.delete(store, ["public/x", "org/nordbank/x"]),
    "list the other": lambda store: _listed(store, "org/nordbank"),
    "list organisations": lambda store: _listed(store, "org"),
    "list all": lambda store: _listed(store, ""),
}


@pytest.mark.parametrize("act", REFUSED.values(), ids=REFUSED)
def test_it_reaches_no_other(guarded: Server, act: Callable[[S3Store], object]) -> None:
    obstore.put(_store(guarded, "nordbank"), "org/nordbank/x", b"theirs")
    with pytest.raises(BaseError, match="403 Forbidden"):
        act(_store(guarded, "acme"))
    assert obstore.get(_store(guarded, "nordbank"), "org/nordbank/x").bytes() == b"theirs"


def test_of_writers_at_once_exactly_one_creates_an_object(guarded: Server) -> None:
    for number in range(20):
        won: list[int] = []
        start = threading.Barrier(8)

        def create(writer: int, path: str, won: list[int] = won, start: threading.Barrier = start) -> None:
            store = _store(guarded, ADMIN)
            start.wait()
            try:
                obstore.put(store, path, str(writer).encode(), mode="create")
            except AlreadyExistsError:
                return
            won.append(writer)

        path = f"public/manifest/{number}"
        writers = [threading.Thread(target=create, args=(writer, path)) for writer in range(8)]
        for thread in writers:
            thread.start()
        for thread in writers:
            thread.join()
        assert [str(winner).encode() for winner in won] == [obstore.get(_store(guarded, ADMIN), path).bytes()]


def test_it_refuses_expired_credentials_and_a_clock_that_is_off(guarded: Server) -> None:
    acme = _store(guarded, "acme")
    obstore.put(acme, "public/y", b"y")
    try:
        guarded.change(expired=["acme"])
        with pytest.raises(BaseError, match="ExpiredToken"):
            obstore.get(acme, "public/y")
        guarded.change(expired=[], ahead_s=3600)
        with pytest.raises(PermissionDeniedError, match="RequestTimeTooSkewed"):
            obstore.get(acme, "public/y")
    finally:
        guarded.change(expired=[], ahead_s=0)
    assert obstore.get(acme, "public/y").bytes() == b"y"
