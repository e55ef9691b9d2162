"""A hub on loopback that speaks the Hugging Face hub's protocol to its real client."""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pyarrow as pa
import pyarrow.parquet as pq

MAIN = "main"
CONVERTED = "refs/convert/parquet"
_DATASET = re.compile(r"^/api/datasets/([^/]+/[^/]+)(?:/revision/([^/]+))?$")
_TREE = re.compile(r"^/api/datasets/([^/]+/[^/]+)/tree/([^/]+)")
_FILE = re.compile(r"^/datasets/([^/]+/[^/]+)/resolve/([^/]+)/(.+)$")
_RANGE = re.compile(r"bytes=(\d+)-")


def commit(files: Mapping[str, bytes]) -> str:
    """40 hex digits that stand for a repository's files."""
    digest = hashlib.sha1()
    for name in sorted(files):
        digest.update(name.encode() + b"\0" + files[name])
    return digest.hexdigest()


@dataclass
class Repo:
    """A data set's repository."""

    files: Mapping[str, bytes]
    card: Mapping[str, Any] = field(default_factory=dict)
    """Metadata of its README."""
    converted: Mapping[str, bytes] | None = None
    """Files of the branch of conversions. None = there is no such branch."""
    token: str | None = None
    """Who has it may read. None = everybody."""
    gated: bool = False
    told_size: int | None = None
    """A size to tell in place of the true one."""
    history: dict[str, Mapping[str, bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.history.update({commit(part): part for part in (self.files, self.converted or {})})

    def push(self, files: Mapping[str, bytes]) -> None:
        """Move main on."""
        self.files = files
        self.history[commit(files)] = files

    def resolve(self, revision: str) -> tuple[str, Mapping[str, bytes]] | None:
        """Commit and files of a revision. None = there is none."""
        if revision == MAIN:
            return commit(self.files), self.files
        if revision == CONVERTED and self.converted is not None:
            return commit(self.converted), self.converted
        return (revision, self.history[revision]) if revision in self.history else None


class Hub(ThreadingHTTPServer):
    """Keeps what it was asked."""

    daemon_threads = True

    def __init__(self, repos: Mapping[str, Repo]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.repos = dict(repos)
        self.requests: list[tuple[str, str]] = []
        self.agents: set[str] = set()
        self.breaks_after: int | None = None
        """Bytes of a file after which the next connection breaks, once."""
        self.status: int | None = None
        """Answered to everything. None = as it should."""

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def env(self, home: Path, **more: str) -> dict[str, str]:
        """An environment whose hub is this one."""
        return {"HF_ENDPOINT": self.endpoint, "HF_HOME": str(home), **more}


@contextmanager
def hub(repos: Mapping[str, Repo]) -> Iterator[Hub]:
    """The server while the block runs."""
    server = Hub(repos)
    thread = threading.Thread(target=server.serve_forever, daemon=True, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: Hub
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        path = urlsplit(self.path).path
        self.server.requests.append((self.command, unquote(path)))
        self.server.agents.add(self.headers.get("user-agent", ""))
        if self.server.status is not None:
            return self._refuse(self.server.status, None, "as told")
        for pattern, kind in ((_DATASET, "info"), (_TREE, "tree"), (_FILE, "file")):
            if found := pattern.match(path):
                return self._repo(kind, [unquote(part or "") for part in found.groups()])
        return self._refuse(404, None, "no such page")

    def _repo(self, kind: str, parts: Sequence[str]) -> None:
        name, revision = parts[0], parts[1] or MAIN
        repo = self.server.repos.get(name)
        given = self.headers.get("authorization", "").removeprefix("Bearer ")
        if repo is None or (repo.token is not None and not repo.gated and given != repo.token):
            return self._refuse(401, "RepoNotFound", "Repository not found")
        if repo.gated and given != repo.token and kind == "file":
            return self._refuse(403 if given else 401, "GatedRepo", "Access to dataset is restricted")
        if (found := repo.resolve(revision)) is None:
            return self._refuse(404, "RevisionNotFound", f"Invalid rev id: {revision}")
        sha, files = found
        if kind == "file":
            return self._file(sha, files, parts[2])
        listed = [_sibling(path, data, repo.told_size) for path, data in sorted(files.items())]
        if kind == "tree":
            return self._json([{"type": "file", "path": s["rfilename"], **s} for s in listed])
        return self._json(
            {"id": name, "sha": sha, "siblings": listed, "cardData": dict(repo.card), "tags": []}
        )

    def _file(self, sha: str, files: Mapping[str, bytes], path: str) -> None:
        if path not in files:
            return self._refuse(404, "EntryNotFound", "Entry not found")
        data = files[path]
        etag = hashlib.sha256(data).hexdigest()
        start = int(found[1]) if (found := _RANGE.match(self.headers.get("range", ""))) else 0
        part = data[start:]
        self.send_response(206 if start else 200)
        if start:
            self.send_header("content-range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        self.send_header("etag", f'"{etag}"')
        self.send_header("x-repo-commit", sha)
        self.send_header("accept-ranges", "bytes")
        self.send_header("content-type", "application/octet-stream")
        self.send_header("content-length", str(len(part)))
        self.end_headers()
        if self.command == "HEAD":
            return None
        if self.server.breaks_after is not None:
            part, self.server.breaks_after = part[: self.server.breaks_after], None
            self.close_connection = True
        self.wfile.write(part)
        return None

    def _json(self, value: object) -> None:
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _refuse(self, status: int, code: str | None, message: str) -> None:
        body = json.dumps({"error": message}).encode()
        self.send_response(status)
        if code:
            self.send_header("x-error-code", code)
        self.send_header("x-error-message", message)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def _sibling(path: str, data: bytes, told: int | None) -> dict[str, Any]:
    size = len(data) if told is None else told
    return {"rfilename": path, "size": size, "blobId": hashlib.sha1(data).hexdigest()}


def parquet(rows: Sequence[Mapping[str, Any]], classes: Mapping[str, Sequence[str]] | None = None) -> bytes:
    """Rows as a Parquet file; classes: column -> names, written into the schema as `datasets` does."""
    table = pa.Table.from_pylist([dict(row) for row in rows])
    if classes:
        features = {
            name: {"names": list(known), "_type": "ClassLabel"}
            if not pa.types.is_list(table.schema.field(name).type)
            else {"feature": {"names": list(known), "_type": "ClassLabel"}, "_type": "List"}
            for name, known in classes.items()
        }
        table = table.replace_schema_metadata({"huggingface": json.dumps({"info": {"features": features}})})
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    data: bytes = sink.getvalue().to_pybytes()
    return data
