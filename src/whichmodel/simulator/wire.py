"""Bodies of responses: JSON documents, pictures and streams of events."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

EVENTS = "text/event-stream"
PICTURE = "image/png"


def document(
    content: Mapping[str, Any], *, status: int = 200, headers: Mapping[str, str] | None = None
) -> web.Response:
    """A JSON document."""
    body = json.dumps(content).encode()
    return web.Response(body=body, status=status, headers=headers, content_type="application/json")


def payload(content: Mapping[str, Any] | bytes) -> web.Response:
    """A good reply in one piece."""
    if isinstance(content, bytes):
        return web.Response(body=content, content_type=PICTURE)
    return document(content)
