"""A file that a model gave as its picture: decoded within limits, or the reason why it cannot be used."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("PNG", "JPEG", "WEBP")
MAX_BYTES = 32 * 1024 * 1024
MAX_PIXELS = 32_000_000
MIN_SIDE = 16
"""Pixels of a side under which nothing can be seen."""
SHOWN_SIDE = 2048
"""Longest side in pixels that a vision model is shown; a larger picture is shown reduced."""
ALTERED = {"transparency", "exif"}
"""What a PNG may hold that changes how its pixels are seen."""
FLAT = 3
"""A picture whose channels all vary by no more than this (of 255) is blank."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that can be looked at."""

    pixels: Image
    """RGB, upright; what was transparent is white."""
    png: bytes
    """As a vision model is shown it."""
    form: str
    """Format of the file, such as JPEG."""
    frames: int
    """Of an animation the first alone is read."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.pixels.size

    @property
    def blank(self) -> bool:
        """Whether it is one flat colour."""
        ranges = [self.pixels.getchannel(band).getextrema() for band in "RGB"]
        return all(int(high) - int(low) <= FLAT for low, high in ranges)  # type: ignore[arg-type]


def opened(data: bytes) -> Picture:
    """The picture in a file. Raises ValueError with the reason it cannot be used.

    Sizes are checked before anything is unpacked: a header that claims too many pixels is not believed.
    """
    if not data:
        raise ValueError("it is empty")
    if len(data) > MAX_BYTES:
        raise ValueError(f"it has {len(data):,} bytes, more than {MAX_BYTES:,}")
    from PIL.Image import DecompressionBombError

    try:
        return _decoded(data)
    except Unfit:
        raise
    except DecompressionBombError as error:
        raise ValueError(f"its header claims more than {MAX_PIXELS:,} pixels") from error
    except Exception as error:  # A decoder may raise anything on bytes that a model made.
        raise ValueError(f"it does not decode ({type(error).__name__})") from error


class Unfit(ValueError):
    """A file that a decoder could read, but that is no picture to score."""


def _decoded(data: bytes) -> Picture:
    from PIL import Image, ImageOps

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(io.BytesIO(data), formats=(*FORMATS, "GIF")) as image:
            width, height = image.size
            if image.format not in FORMATS:
                raise Unfit(f"it is a {image.format}; {', '.join(FORMATS)} are read")
            if width * height > MAX_PIXELS:
                raise Unfit(f"it has {width} x {height} pixels, more than {MAX_PIXELS:,}")
            if min(width, height) < MIN_SIDE:
                raise Unfit(f"it has {width} x {height} pixels; a side of under {MIN_SIDE} shows nothing")
            form, frames = image.format, int(getattr(image, "n_frames", 1))
            plain = form == "PNG" and frames == 1 and image.mode == "RGB" and not image.info.keys() & ALTERED
            image.load()
            pixels = _on_white(ImageOps.exif_transpose(image))
            shown = data if plain and max(pixels.size) <= SHOWN_SIDE else _png(pixels)
    return Picture(pixels, shown, form, frames)


def _on_white(image: Image) -> Image:
    from PIL import Image as Images

    if image.mode.startswith("I"):
        # 16 bits a pixel, which a plain conversion would clip to white.
        image = image.convert("I").point(lambda value: value / 257).convert("L")
    if image.mode in {"RGBA", "LA", "PA", "RGBa", "La"} or "transparency" in image.info:
        seen = image.convert("RGBA")
        paper = Images.new("RGBA", seen.size, "white")
        return Images.alpha_composite(paper, seen).convert("RGB")
    return image.convert("RGB")


def _png(pixels: Image) -> bytes:
    reduced = pixels.copy()
    reduced.thumbnail((SHOWN_SIDE, SHOWN_SIDE))
    target = io.BytesIO()
    reduced.save(target, "PNG")
    return target.getvalue()
