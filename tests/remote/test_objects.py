"""One client for a folder and S3: the same on both, and every refusal told with what would work."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from remote.places import CREDENTIALS, SECRET, objects

from whichmodel.config import SharedStore
from whichmodel.errors import StoreError
from whichmodel.remote.objects import Missing, Objects
from whichmodel.remote.refusals import Away, Denied


def test_objects_are_put_listed_read_and_removed(shared: SharedStore) -> None:
    client = objects(shared)
    assert list(client.list("public/")) == []
    assert client.put_new("public/a/1", b"one")
    assert not client.put_new("public/a/1", b"other")
    client.put("public/a/2", b"three")
    client.put("public-not/b", b"")
    assert client.get("public/a/1") == b"one"
    held = {one.path: one.bytes for one in client.list("public/")}
    assert held == {"public/a/1": 3, "public/a/2": 5}
    assert [one.path for one in client.list("public/a/", after="public/a/1")] == ["public/a/2"]
    assert (client.size("public/a/2"), client.size("public/a/3")) == (5, None)
    client.delete(["public/a/1", "public/nothing"])
    with pytest.raises(Missing):
        client.get("public/a/1")


def test_of_many_that_put_the_same_new_object_one_is_told_so(shared: SharedStore) -> None:
    client = objects(shared)
    for number in range(10):
        with ThreadPoolExecutor(8) as pool:
            told = list(pool.map(lambda n, to=number: client.put_new(f"x/{to}", b"%d" % n), range(8)))
        assert sum(told) == 1
        assert client.get(f"x/{number}") == b"%d" % told.index(True)


def test_a_missing_bucket_is_named(bucket: SharedStore) -> None:
    gone = Objects("s3://bench-nowhere/team", bucket.options)
    for asked in (
        lambda: gone.get("a"),
        lambda: gone.put("a", b""),
        lambda: gone.put_new("a", b""),
        lambda: list(gone.list("a/")),
    ):
        with pytest.raises(Away, match="no such bucket") as caught:
            asked()
        assert "s3://bench-nowhere/team" in str(caught.value)


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (400, "ExpiredToken", "have expired"),
        (403, "RequestTimeTooSkewed", "clock is wrong"),
        (403, "AccessDenied", "denies access"),
        (403, "InvalidAccessKeyId", "does not know these credentials"),
        (403, "SignatureDoesNotMatch", "does not know these credentials"),
        (301, "PermanentRedirect", "another region"),
        (501, "NotImplemented", "only where there is none"),
        (503, "SlowDown", "busy"),
    ],
)
def test_a_refusal_says_what_is_wrong_and_no_secret(
    status: int, code: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    with refusing(status, code) as address:
        client = Objects("s3://bench/team", {"endpoint": address, "region": "eu-west-1", "allow_http": True})
        for asked in (
            lambda: client.put_new("a", b""),
            lambda: client.get("a"),
            lambda: list(client.list("a")),
        ):
            with pytest.raises(Away, match=words) as caught:
                asked()
            assert isinstance(caught.value, Denied) == (code == "AccessDenied")
            assert caught.value.remedy
            assert caught.value.where.startswith("s3://bench/team")
            assert SECRET not in repr(caught.value) + str(caught.value.__cause__)
            assert caught.value.__suppress_context__


@contextmanager
def refusing(status: int, code: str) -> Iterator[str]:
    """A service that refuses everything in S3's own words; what moto's server does not check, this says."""
    body = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>No.</Message></Error>".encode()

    class Refusal(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_PUT = do_POST = do_DELETE = do_GET

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Refusal) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def test_a_store_that_cannot_be_reached_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    options = {"endpoint": "http://127.0.0.1:9", "region": "eu-west-1"}
    with pytest.raises(Away, match="plain HTTP"):
        Objects("s3://bench/team", options).get("a")
    with pytest.raises(Away, match="cannot be reached"):
        Objects("s3://bench/team", {**options, "allow_http": True}).get("a")


def test_a_folder_that_is_not_mounted_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="not there") as caught:
        Objects(str(tmp_path / "mount" / "team")).get("a")
    assert not (tmp_path / "mount").exists()
    assert "mount" in caught.value.remedy


def test_secrets_stand_in_no_representation() -> None:
    client = Objects("s3://bench/team", {}, {"secret_access_key": SECRET})
    assert SECRET not in repr(client)
