"""Identity is content: a hash of what was asked."""

from __future__ import annotations

import hashlib
import json
from typing import Any

Json = Any
"""A value that JSON can hold."""


def content_hash(value: Json, *, length: int = 16) -> str:
    """SHA-256 over canonical JSON, the first `length` hex digits: the identity of what was asked."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:length]
