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
    key: str
    body: dict[str, Any]


class Loopback(ThreadingHTTPServer):
    """Answers as every model; models in `broken` answer 500."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.broken: set[str] = set()
        self.asked: list[Asked] = []

    @property
    def address(self) -> str:
        """Without a path."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def wires(self) -> list[str]:
        """Which models were asked, in order."""
        return [asked.wire for asked in self.asked]


class _Handler(BaseHTTPRequestHandler):
    server: Loopback

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        wire = body.get("model") or self.path.rpartition("/")[2].partition(":")[0]
        key = (
            self.headers.get("authorization")
            or self.headers.get("x-api-key")
            or self.headers["x-goog-api-key"]
        )
        self.server.asked.append(Asked(wire, self.path, key, body))
        if wire in self.server.broken:
            self._send(500, {"error": {"message": "broken on purpose"}})
        else:
            self._send(200, _reply(self.path, wire))

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
