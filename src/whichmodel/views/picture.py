"""Pictures that models made, as a page may show them: decoded within limits, reduced, and coded anew."""

from __future__ import annotations

import base64
import binascii
import io
from dataclasses import dataclass
from pathlib import Path

from whichmodel.scoring.image.picture import MAX_BYTES, opened

SIDE = 1024
"""Longest side in pixels that is shown."""
QUALITY = 85
ARTEFACTS = "artifacts"


@dataclass(frozen=True, slots=True)
class Unshown:
    """Why there is no picture to show."""

    reason: str
    elsewhere: bool = False
    """Its file is not here: a shared store may have it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture as a data URI."""

    source: str
    note: str
    """Format and size of the file it is made from."""


def stored(results: Path, output_ref: str) -> Shown | Unshown:
    """An artefact, relative to the results folder; nothing outside of its folder is read."""
    try:
        file = (results / output_ref).resolve()
        if not file.is_relative_to((results / ARTEFACTS).resolve()):
            return Unshown(f"The picture is said to lie outside of {ARTEFACTS}, so it is not read.")
        with file.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return Unshown("The picture's file is not here.", elsewhere=True)
    except (OSError, ValueError) as error:
        return Unshown(f"The picture's file cannot be read ({type(error).__name__}).")
    return of_bytes(data)


def inline(reference: str) -> Shown | Unshown:
    """A picture of a prompt, which stands in the log as a data URI; paths and addresses are not followed."""
    head, _, body = reference.partition(",")
    if not (head.startswith("data:") and head.endswith(";base64")):
        return Unshown("A picture that does not lie in the log is not shown.")
    if len(body) > MAX_BYTES * 4 // 3 + 4:
        return Unshown("A picture of the prompt is too large to show.")
    try:
        return of_bytes(base64.b64decode(body))
    except (binascii.Error, ValueError):
        return Unshown("A picture of the prompt cannot be read.")


def of_bytes(data: bytes) -> Shown | Unshown:
    """PNG, JPEG or WebP by their content; whatever else the file holds does not reach the browser."""
    try:
        picture = opened(data)
    except ValueError as error:
        return Unshown(f"The picture cannot be shown: {error}.")
    width, height = picture.size
    small = picture.pixels.copy()
    small.thumbnail((SIDE, SIDE))
    target = io.BytesIO()
    small.save(target, "WEBP", quality=QUALITY)
    source = "data:image/webp;base64," + base64.b64encode(target.getvalue()).decode()
    reduced = f", shown at {small.width} × {small.height}" if small.size != picture.size else ""
    return Shown(source, f"{picture.form}, {width} × {height} pixels{reduced}")
