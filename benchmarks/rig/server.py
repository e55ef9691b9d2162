"""A loopback endpoint of OpenAI chat completions, as cheap a request as can be, that notes what it was asked.

Run as a command, it prints its port and serves until its standard input closes. It answers with an item's own
colour after a fixed or a lognormal delay. `GET /exchanges` gives its notes; times are of the system's
monotonic clock, which all processes of the machine share.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import math
import random
import re
import sys
import time
from dataclasses import dataclass, field

COLOURS = ("red", "green", "blue")
MODELS = ("m1", "m2", "m3")
ASKED = re.compile(rb'"model"\s*:\s*"([^"]*)"')
ITEM = re.compile(rb"item-(\d+)")
LENGTH = re.compile(rb"\r\ncontent-length:\s*(\d+)", re.IGNORECASE)


@dataclass(slots=True)
class Notes:
    """What was asked, and when."""

    delay_s: float
    spread: float
    """Standard deviation of the delay's logarithm. 0 = the delay is fixed."""
    luck: random.Random
    exchanges: list[list[str | int | float | None]] = field(default_factory=list)
    """Model, item, time a request was read, time its answer was handed to the system (None = not yet)."""

    def delay(self) -> float:
        """Seconds until the next answer; the median is `delay_s`."""
        return self.delay_s * math.exp(self.luck.gauss(0, self.spread)) if self.spread else self.delay_s


class Connection(asyncio.Protocol):
    """One client's connection, kept open between requests."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._received = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client is here."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has gone; answers that wait for it are never written."""
        self._transport = None

    def data_received(self, data: bytes) -> None:
        """Answer each request that is complete."""
        self._received += data
        while (end := self._received.find(b"\r\n\r\n")) >= 0:
            head = self._received[:end]
            length = LENGTH.search(head)
            whole = end + 4 + (int(length[1]) if length else 0)
            if len(self._received) < whole:
                return
            body, self._received = self._received[end + 4 : whole], self._received[whole:]
            if head.startswith(b"POST"):
                self._complete(body)
            else:
                self._write(_http(self._page(head)))

    def _complete(self, body: bytes) -> None:
        model, item = ASKED.search(body), ITEM.search(body)
        if model is None or item is None:
            self._write(_http(b'{"error": {"message": "no model or no item"}}', status=b"400 Bad Request"))
            return
        number = int(item[1])
        exchange: list[str | int | float | None] = [model[1].decode(), number, time.monotonic(), None]
        self._notes.exchanges.append(exchange)
        delay = self._notes.delay()
        if delay:
            asyncio.get_running_loop().call_later(delay, self._answer, number, exchange)
        else:
            self._answer(number, exchange)

    def _answer(self, number: int, exchange: list[str | int | float | None]) -> None:
        if self._write(ANSWERS[number % len(ANSWERS)]):
            exchange[3] = time.monotonic()

    def _write(self, data: bytes) -> bool:
        if self._transport is None or self._transport.is_closing():
            return False
        self._transport.write(data)
        return True

    def _page(self, head: bytes) -> bytes:
        if head.startswith(b"GET /exchanges"):
            return json.dumps({"cpu_s": time.process_time(), "exchanges": self._notes.exchanges}).encode()
        return json.dumps(
            {"object": "list", "data": [{"id": name, "object": "model"} for name in MODELS]}
        ).encode()


def _http(body: bytes, status: bytes = b"200 OK") -> bytes:
    head = b"HTTP/1.1 %s\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
    return head % (status, len(body)) + body


def _completion(colour: str) -> bytes:
    message = {"role": "assistant", "content": colour}
    return json.dumps(
        {
            "id": "chatcmpl-0",
            "object": "chat.completion",
            "created": 1,
            "model": "bench",
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 75, "completion_tokens": 1, "total_tokens": 76},
        }
    ).encode()


ANSWERS = tuple(_http(_completion(colour)) for colour in COLOURS)


async def _serve(notes: Notes) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(notes), "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


def main() -> None:
    """Serve until standard input closes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds until an answer; the median")
    parser.add_argument("--spread", type=float, default=0.0, help="sigma of a lognormal delay; 0 = fixed")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    gc.disable()
    asyncio.run(_serve(Notes(options.delay, options.spread, random.Random(options.seed))))


if __name__ == "__main__":
    main()
