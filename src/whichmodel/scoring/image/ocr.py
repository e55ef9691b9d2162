"""Text in a picture read by tesseract, where that program is on the PATH: the same picture, the same text."""

from __future__ import annotations

import csv
import io
import os
import resource
import shutil
import subprocess
from functools import lru_cache
from typing import TYPE_CHECKING

from whichmodel.errors import ScoringFailed

if TYPE_CHECKING:
    from PIL.Image import Image

SECONDS = 30
"""For one picture, of the clock and of the processor."""
MEMORY = 2 * 1024**3
"""Bytes of address space."""
SURE = 40.0
"""Confidence (0 to 100) under which a word is taken for a stain."""
SIDES = (1000, 2000)
"""Longest side in pixels that a picture is brought to, at least and at most."""


@lru_cache(maxsize=1)
def engine() -> str | None:
    """Name and version of the engine. None = there is none here."""
    program = shutil.which("tesseract")
    if program is None:
        return None
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=SECONDS)
    except (OSError, subprocess.SubprocessError):
        return None
    first = (said.stdout or said.stderr).partition("\n")[0].strip()
    return first if said.returncode == 0 and first.startswith("tesseract") else None


def transcript(pixels: Image) -> str:
    """The words that stand in a picture, line by line. Raises ScoringFailed where the engine breaks down."""
    command = ["tesseract", "stdin", "stdout", "-l", "eng", "--psm", "11", "tsv"]
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as process:
        resource.prlimit(process.pid, resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.prlimit(process.pid, resource.RLIMIT_CPU, (SECONDS, SECONDS))
        try:
            read, complaint = process.communicate(_prepared(pixels), timeout=SECONDS)
        except subprocess.TimeoutExpired as error:
            process.kill()
            raise _broken(f"it took more than {SECONDS} s") from error
    if process.returncode:
        raise _broken(complaint.decode("utf-8", "replace").strip()[:200] or f"status {process.returncode}")
    return _lines(read.decode("utf-8", "replace"))


def _prepared(pixels: Image) -> bytes:
    longest = max(pixels.size)
    scale = min(max(1.0, SIDES[0] / longest), SIDES[1] / longest)
    width, height = (max(1, round(side * scale)) for side in pixels.size)
    target = io.BytesIO()
    pixels.convert("L").resize((width, height)).save(target, "PNG", compress_level=1)
    return target.getvalue()


def _lines(table: str) -> str:
    """The words of tesseract's table that it is sure of, one line each line."""
    lines: dict[tuple[str, ...], list[str]] = {}
    for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        if row["level"] == "5" and row["text"].strip() and float(row["conf"]) >= SURE:
            key = (row["block_num"], row["par_num"], row["line_num"])
            lines.setdefault(key, []).append(row["text"].strip())
    return "\n".join(" ".join(words) for words in lines.values())


def _broken(why: str) -> ScoringFailed:
    return ScoringFailed(
        f"tesseract could not read a picture: {why}.",
        where="scorer `image`",
        remedy="Run again, or let the vision model read: `options: {reader: vision}` in the task's card.",
    )
