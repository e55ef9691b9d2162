"""Recorded answers of real models behind the OpenAI protocol, on loopback."""

from __future__ import annotations

import csv
import gzip
import json
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


def routellm(real_data: Path) -> dict[str, dict[str, str]]:
    """Model -> question -> the answer that RouteLLM recorded for GSM8K."""
    found: dict[str, dict[str, str]] = {}
    with gzip.open(real_data / "routellm" / "gsm8k_responses.csv.gz", "rt") as lines:
        for row in csv.DictReader(lines):
            for column, text in row.items():
                if column.endswith("_response"):
                    found.setdefault(column.removesuffix("_response"), {})[row["prompt"]] = text
    return found


class Replay(ThreadingHTTPServer):
    """Counts the requests of each model; an unknown question is a 404, never an answer."""

    request_queue_size = 128
    daemon_threads = True

    def __init__(self, answers: Mapping[str, Mapping[str, str]]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers = answers
        self.requests: Counter[str] = Counter()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


@contextmanager
def replay(answers: Mapping[str, Mapping[str, str]]) -> Iterator[Replay]:
    """The server while the block runs."""
    server = Replay(answers)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: Replay
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        self._send(200, {"data": [{"id": name} for name in self.server.answers]})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        prompt: str = body["messages"][-1]["content"]
        question = prompt.split("Question: ")[-1].split("\nAnswer:")[0]
        model = body["model"]
        self.server.requests[model] += 1
        text = self.server.answers[model].get(question)
        if text is None:
            self._send(404, {"error": {"message": "not recorded", "type": "invalid_request_error"}})
            return
        used = {"prompt_tokens": len(prompt) // 4, "completion_tokens": len(text) // 4}
        choice = {
            "index": 0,
            "message": {"role": "assistant", "content": text},
            "finish_reason": "stop",
        }
        total = sum(used.values())
        self._send(
            200,
            {
                "id": "replayed",
                "object": "chat.completion",
                "created": 0,
                "model": model,
                "choices": [choice],
                "usage": {**used, "total_tokens": total},
            },
        )

    def _send(self, status: int, value: object) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
