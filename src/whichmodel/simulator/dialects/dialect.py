"""What every protocol has to offer the server."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from whichmodel.simulator.behaviour import Reply


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


@dataclass(frozen=True, slots=True)
class Dialect:
    """One protocol."""

    read: Callable[[Mapping[str, Any], Mapping[str, str]], Asked]
    """Body and the path's parts -> what is asked. Raises Unreadable."""
    body: Callable[[Asked, Reply], dict[str, Any]]
    """The reply as one JSON document."""
    events: Callable[[Asked, Reply], Iterator[bytes]]
    """The reply as server-sent events."""
    error: Callable[[int, str], dict[str, Any]]
    """HTTP status and message -> an error document."""
    empty: Callable[[Asked], dict[str, Any]]
    """A document of the right shape that holds no answer: what a faulty gateway sends."""


def pieces(text: str, size: int = 48) -> Iterator[str]:
    """A text in the parts a stream sends it in; one empty part for an empty text."""
    yield from (text[start : start + size] for start in range(0, max(len(text), 1), size))
