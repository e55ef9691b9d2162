"""A server on 127.0.0.1 that speaks enough of three providers' protocols to answer with a model's name."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

INPUT_TOKENS, CACHED_TOKENS, OUTPUT_TOKENS = 1000, 400, 10


@dataclass(frozen=True, slots=True)
class Asked:
    """One request that arrived."""

    wire: str
    path: str
    """Without its query."""
    key: str
    """A header's value, else the query: Google's key may stand in either."""
    body: dict[str, Any]


class Loopback(ThreadingHTTPServer):
    """Answers as every model; those in `failing` answer with that status."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.failing: dict[str, int] = {}
        self.asked: list[Asked] = []

    def forget(self) -> None:
        """As new: nobody fails, nothing was asked."""
        self.failing.clear()
        self.asked.clear()

    @property
    def address(self) -> str:
        """Without a path."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def wires(self) -> list[str]:
        """Which models were asked, in order."""
        return [asked.wire for asked in self.asked]


class _Handler(BaseHTTPRequestHandler):
    server: Loopback
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        path, _, query = self.path.partition("?")
        wire = body.get("model") or path.rpartition("/")[2].partition(":")[0]
        names = ("authorization", "x-api-key", "x-goog-api-key")
        key = next((self.headers[name] for name in names if self.headers[name]), query)
        self.server.asked.append(Asked(wire, path, key, body))
        if status := self.server.failing.get(wire):
            self._send(status, {"error": {"message": "fails on purpose"}})
        else:
            self._send(200, _reply(path, wire))

    def _send(self, status: int, content: dict[str, Any]) -> None:
        data = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def _reply(path: str, wire: str) -> dict[str, Any]:
    text = f"answered by {wire}"
    if path.endswith("/images/generations"):
        return {"created": 1, "data": [{"b64_json": wire}]}
    if path.endswith(":generateContent"):
        usage = {"promptTokenCount": INPUT_TOKENS, "candidatesTokenCount": OUTPUT_TOKENS}
        content = {"role": "model", "parts": [{"text": text}]}
        return {"candidates": [{"content": content, "finishReason": "STOP"}], "usageMetadata": usage}
    if path.endswith("/messages"):
        usage = {"input_tokens": INPUT_TOKENS, "output_tokens": OUTPUT_TOKENS}
        head = {"id": "m", "type": "message", "role": "assistant", "model": wire, "stop_reason": "end_turn"}
        return {**head, "content": [{"type": "text", "text": text}], "usage": usage}
    message = {"role": "assistant", "content": text}
    return {
        "id": "c",
        "object": "chat.completion",
        "created": 1,
        "model": wire,
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {
            "prompt_tokens": INPUT_TOKENS,
            "completion_tokens": OUTPUT_TOKENS,
            "total_tokens": INPUT_TOKENS + OUTPUT_TOKENS,
            "prompt_tokens_details": {"cached_tokens": CACHED_TOKENS},
        },
    }
