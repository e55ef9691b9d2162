"""Pictures put before the scorer with the demo vision model."""

from __future__ import annotations

import asyncio
import io
import struct
import zlib
from typing import Any

from PIL import Image

from whichmodel.domain import Answer, Item, Json, Verdict
from whichmodel.scoring import image
from whichmodel.simulator import seeing


class Eye:
    """The demo vision model; it keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def __call__(self, question: str, png: bytes) -> str:
        self.asked.append(question)
        return seeing.answer(question, png)


def judge(spec: dict[str, Any], *pictures: bytes, ask: image.Ask | None = None) -> Verdict:
    return judged({"spec": spec}, *pictures, ask=ask)


def judged(metadata: dict[str, Json], *pictures: bytes, ask: image.Ask | None = None) -> Verdict:
    item = Item(id="c-1", input="...", target=None, metadata=metadata)
    return asyncio.run(image.score(Answer("", pictures), item, {}, ask=ask or Eye()))


def encoded(picture: Image.Image, form: str = "PNG", **how: Any) -> bytes:
    target = io.BytesIO()
    picture.save(target, form, **how)
    return target.getvalue()


def bomb(width: int, height: int | None = None) -> bytes:
    """A PNG that claims this many pixels in a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height or width, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(100_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
