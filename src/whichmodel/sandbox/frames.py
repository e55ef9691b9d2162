"""What crosses between a workshop and its steward: a line of JSON, and as many bytes as it announces.

The module is loaded inside the sandbox too: standard library alone.
"""

from __future__ import annotations

import json
from typing import Any

MAX_HEAD = 1 << 16
"""Bytes of the line."""
MAX_PARTS = 256 << 20
"""Bytes that follow it."""


def pack(head: dict[str, Any], *parts: bytes) -> list[bytes]:
    """A frame, ready to be written. Raises ValueError when it is too long."""
    line = json.dumps(head | {"sizes": [len(part) for part in parts]}).encode("ascii") + b"\n"
    if len(line) > MAX_HEAD or sum(map(len, parts)) > MAX_PARTS:
        raise ValueError("it is too long to cross")
    return [line, *parts]


def read_head(line: bytes) -> tuple[dict[str, Any], list[int]]:
    """The line of a frame, and the bytes of each part that follows. Raises ValueError for anything else."""
    head = json.loads(line)
    sizes = head.get("sizes") if isinstance(head, dict) else None
    if not isinstance(sizes, list) or not all(type(size) is int and size >= 0 for size in sizes):
        raise ValueError("it is no frame")
    if sum(sizes) > MAX_PARTS:
        raise ValueError("it is too long")
    return head, sizes
