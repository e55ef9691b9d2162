"""Runs in TensorZero's environment: the embedded gateway behind HTTP on loopback.

`serve_tensorzero.py <config> <port>`; a request's body is what `inference` takes.
"""

from __future__ import annotations

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tensorzero import TensorZeroError, TensorZeroGateway  # type: ignore[import-not-found]


class Handler(BaseHTTPRequestHandler):
    """One inference a request."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    gateway: Any

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        try:
            reply = self.gateway.inference(**body)
        except TensorZeroError as error:
            self._send(error.status_code, {"error": error.text})
        else:
            self._send(200, {"text": reply.content[0].text, "variant": reply.variant_name})

    def _send(self, status: int, content: dict[str, Any]) -> None:
        data = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


if __name__ == "__main__":
    config, port = sys.argv[1:]
    Handler.gateway = TensorZeroGateway.build_embedded(config_file=config)
    ThreadingHTTPServer(("127.0.0.1", int(port)), Handler).serve_forever()
