"""Text in a picture read by tesseract, where that program is on the PATH: the same picture, the same text."""

from __future__ import annotations

import contextlib
import csv
import io
import os
import shutil
import subprocess
import sys
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
    try:
        read, complaint, status = _run(command, environment, _prepared(pixels))
    except subprocess.TimeoutExpired as error:
        raise _broken(f"it took more than {SECONDS} s") from error
    except OSError as error:
        raise _broken(str(error)) from error
    if status:
        raise _broken(complaint.decode("utf-8", "replace").strip()[:200] or f"status {status}")
    return _lines(read.decode("utf-8", "replace"))


def _run(command: list[str], environment: dict[str, str], given: bytes) -> tuple[bytes, bytes, int]:
    """Output, complaints and exit status of a program that gets its input and no more than its share."""
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as process:
        _limit(process.pid)
        try:
            read, complaint = process.communicate(given, timeout=SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        return read, complaint, process.returncode


def _limit(pid: int) -> None:
    """Memory and processor time of a process, where the system can limit another one's."""
    if sys.platform != "linux":
        return
    import resource

    with contextlib.suppress(ProcessLookupError):
        resource.prlimit(pid, resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.prlimit(pid, resource.RLIMIT_CPU, (SECONDS, SECONDS))


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
