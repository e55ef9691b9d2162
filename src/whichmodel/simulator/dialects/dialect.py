"""What every protocol has to offer the server."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from whichmodel.simulator.behaviour import Reply

Document = dict[str, Any]
ASKED_FOR = "This fault was asked for."
COMMENT = b": keep-alive\n\n"
"""A comment among server-sent events."""


class Unreadable(Exception):
    """A request that is not of its protocol; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, whatever its protocol."""

    wire: str
    """The model's name in the request."""
    prompt: str
    """The text of the last user message."""
    characters: int
    """Length of all text that was sent, the system prompt included."""
    images: tuple[bytes, ...] = ()
    max_tokens: int | None = None
    stream: bool = False
    stream_usage: bool = True
    """Whether a stream ends with the tokens' count."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A request that the provider turns down: HTTP status and document."""

    status: int
    document: Document


@dataclass(frozen=True, slots=True)
class Streaming:
    """How a protocol streams, in server-sent events."""

    events: Callable[[Asked, Reply], Iterator[bytes]]
    """The reply, event by event."""
    empty: Callable[[Asked], Iterator[bytes]]
    """A stream of the right shape that holds no answer."""
    error: bytes
    """The event that reports an error in the middle of a stream."""
    alive: bytes
    """What keeps a stream awake and says nothing."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """One protocol."""

    answers: frozenset[str]
    """`text`, `image` or both: which models can be asked in it."""
    read: Callable[[Mapping[str, Any], Mapping[str, str]], Asked]
    """Body and the path's parts -> what is asked. Raises Unreadable."""
    body: Callable[[Asked, Reply], Document | bytes]
    """The reply as one JSON document, or as the picture's own bytes."""
    error: Callable[[int, str], Document]
    """HTTP status and message -> an error document."""
    quota: Refusal
    """No money or no daily allowance is left."""
    blocked: Refusal | None
    """A content filter that answers with an error. None = the protocol has no such error."""
    empty: Callable[[Asked], Document | bytes]
    """A body of the right shape that holds no answer: what a faulty gateway sends."""
    stream: Streaming | None = None
    """None = this protocol does not stream."""
    never: frozenset[str] = frozenset()
    """Kinds of faults that it has no words for."""


def pieces(text: str, size: int = 48) -> Iterator[str]:
    """A text in the parts a stream sends it in; one empty part for an empty text."""
    yield from (text[start : start + size] for start in range(0, max(len(text), 1), size))


def event(document: Mapping[str, Any], *, kind: str = "", end: str = "\n\n") -> bytes:
    """A server-sent event; kind = its `event:` line, where the protocol writes one."""
    head = f"event: {kind}\n" if kind else ""
    return f"{head}data: {json.dumps(document)}{end}".encode()


def from_base64(data: str) -> bytes:
    """An image of a request. Raises Unreadable."""
    try:
        return base64.b64decode(data, validate=True)
    except binascii.Error as error:
        raise Unreadable(f"The image is not base64: {error}.") from error


def from_data_address(address: str) -> bytes:
    """An image of a request in a `data:` address. Raises Unreadable."""
    head, _, data = address.partition(";base64,")
    if not head.startswith("data:image/"):
        raise Unreadable("Images are read from data: addresses only; none is ever fetched.")
    return from_base64(data)
