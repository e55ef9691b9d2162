"""Texts in a picture: each on a panel of its own, in a real font, as large as it fits."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont, ImageFont

SIZES = (88, 74, 62, 52, 44, 38, 32, 28, 24, 20, 17, 14)
"""Font sizes in pixels that are tried, the largest first."""
Board = tuple[tuple[int, int, int], tuple[int, int, int]]
BOARDS: tuple[Board, ...] = (
    ((250, 248, 240), (30, 30, 34)),
    ((28, 42, 58), (250, 250, 245)),
    ((24, 84, 62), (252, 250, 240)),
    ((246, 214, 96), (40, 30, 20)),
    ((150, 32, 44), (255, 250, 244)),
)
"""Paper and ink of a panel; the first has no hue."""

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels."""


def letter(pen: ImageDraw, text: str, box: Box, board: Board) -> None:
    """A text on a panel that fills the box but for a margin; a text too long for it stands small."""
    left, top, right, bottom = box
    paper, ink = board
    edge = 0.05 * min(right - left, bottom - top)
    pen.rounded_rectangle((left + edge, top + edge, right - edge, bottom - edge), 2 * edge, fill=paper)
    width, height = right - left - 5 * edge, bottom - top - 5 * edge
    for size in SIZES:
        font = _font(size)
        lines = _wrapped(text.split(), font, width)
        if len(lines) * 1.3 * size <= height and all(font.getlength(line) <= width for line in lines):
            break
    y = (top + bottom) / 2 - (len(lines) - 1) * 0.65 * size
    for number, line in enumerate(lines):
        pen.text(((left + right) / 2, y + number * 1.3 * size), line, fill=ink, font=font, anchor="mm")


def _wrapped(words: Sequence[str], font: FreeTypeFont | ImageFont, width: float) -> list[str]:
    lines = [words[0]]
    for word in words[1:]:
        longer = f"{lines[-1]} {word}"
        if font.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


@lru_cache(maxsize=len(SIZES))
def _font(size: int) -> FreeTypeFont | ImageFont:
    from PIL import ImageFont

    return ImageFont.load_default(size=size)
