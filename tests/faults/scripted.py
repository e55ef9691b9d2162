"""A loopback endpoint of OpenAI's chat protocol whose replies a test writes by hand, headers and all."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Reply:
    """What a request gets."""

    status: int
    document: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Heard:
    """One request, in monotonic seconds."""

    at: float
    model: str
    headers: Mapping[str, str]
    answered: float


Script = Callable[[str, int, Mapping[str, str]], Reply]
"""Model, how many requests of it came before, headers of the request -> reply."""


@dataclass
class Scripted:
    """The endpoint and what it heard, in the order of the answers."""

    base_url: str
    heard: list[Heard] = field(default_factory=list)

    def of(self, model: str) -> list[Heard]:
        """Requests of one model."""
        return [request for request in self.heard if request.model == model]


def said(text: str, model: str) -> Reply:
    """A good answer."""
    message = {"role": "assistant", "content": text}
    usage = {"prompt_tokens": 20, "completion_tokens": 4, "total_tokens": 24}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    head = {"id": "c1", "object": "chat.completion", "created": 1, "model": model}
    return Reply(200, {**head, "choices": [choice], "usage": usage})


def refused(status: int, message: str, **headers: str) -> Reply:
    """An error in OpenAI's words; underscores of header names stand for hyphens."""
    document = {"error": {"message": message, "type": "error", "param": None, "code": None}}
    return Reply(status, document, {name.replace("_", "-"): value for name, value in headers.items()})


@contextmanager
def scripted(script: Script) -> Iterator[Scripted]:
    """The endpoint while the block runs."""
    kept, lock, counts = Scripted(""), threading.Lock(), dict[str, int]()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            at = time.monotonic()
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            headers = {name.lower(): value for name, value in self.headers.items()}
            with lock:
                number = counts.get(body["model"], 0)
                counts[body["model"]] = number + 1
            reply = script(body["model"], number, headers)
            text = json.dumps(reply.document).encode()
            self.send_response(reply.status)
            for name, value in {"Content-Type": "application/json", **reply.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)
            with lock:
                kept.heard.append(Heard(at, body["model"], headers, time.monotonic()))

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    kept.base_url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
