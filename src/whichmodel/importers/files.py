"""Foreign files, opened within limits: nothing is unpacked that could fill a memory or a disk.

A file is read from where it lies and nothing in it is ever written under a name that it gives.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, cast

from whichmodel.domain import Json
from whichmodel.errors import UsageError

MOST_LINE = 16 * 2**20
"""Bytes of one line."""
MOST_UNPACKED = 16 * 2**30
"""Bytes that a packed file may unpack to; it is read as a stream, so this bounds time, not memory."""
MOST_DOCUMENT = 256 * 2**20
"""Bytes of a JSON document, which is read into memory as a whole."""
BLOCK = 2**20
HEAD = 4096
"""Bytes by which a format is told where a name does not tell it."""


@dataclass(frozen=True, slots=True)
class File:
    """A file that was named, or found in a folder that was named."""

    path: Path
    name: str
    """As it is shown and stored: without the folders of this machine."""
    sha256: str
    """Of its bytes as they lie there, in hex."""
    written: datetime
    """When it was last written, UTC."""


def found(paths: Sequence[Path], wanted: Callable[[Path], bool], what: str) -> tuple[File, ...]:
    """The files that are named, and in each folder those that are wanted, in the order of their names.

    Raises UsageError for a path that is not there, and for a folder that holds none.
    """
    files: dict[Path, File] = {}
    for path in paths:
        if path.is_dir():
            inside = sorted(part for part in path.rglob("*") if part.is_file() and wanted(part))
            if not inside:
                raise UsageError(f"The folder holds no {what}.", where=str(path))
            files |= {part.resolve(): _file(part, part.relative_to(path).as_posix()) for part in inside}
        elif path.is_file():
            files[path.resolve()] = _file(path, path.name)
        else:
            raise UsageError("There is no such file.", where=str(path), remedy=f"Name {what}, or a folder.")
    return tuple(files.values())


def _file(path: Path, name: str) -> File:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    shown = "".join(char if char.isprintable() else "?" for char in name)
    return File(path, shown, digest.hexdigest(), datetime.fromtimestamp(path.stat().st_mtime, UTC))


def head(path: Path) -> bytes:
    """How a file begins."""
    with path.open("rb") as file:
        return file.read(HEAD)


def lines(file: File) -> Iterator[str]:
    """The lines of a text in UTF-8, their ends included; one packed by gzip is unpacked as it is read.

    Raises UsageError naming the line for what is no UTF-8, too long, cut off, or unpacks to too much.
    """
    read = 0
    with _opened(file) as stream:
        number = 0
        while line := stream.readline(MOST_LINE + 1):
            number += 1
            read += len(line)
            if len(line) > MOST_LINE:
                raise UsageError(
                    f"Line {number:,} is longer than {MOST_LINE / 2**20:.0f} MB.", where=file.name
                )
            if read > MOST_UNPACKED:
                raise UsageError(f"It unpacks to over {MOST_UNPACKED / 2**30:.0f} GB.", where=file.name)
            yield _decoded(line, number, file)


@contextmanager
def _opened(file: File) -> Iterator[IO[bytes]]:
    try:
        with file.path.open("rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
        with file.path.open("rb") as raw:
            yield cast(IO[bytes], gzip.GzipFile(fileobj=raw)) if packed else raw
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise UsageError(f"It cannot be unpacked: {error}.", where=file.name) from error


def _decoded(line: bytes, number: int, file: File) -> str:
    try:
        return line.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        utf16 = line.startswith((b"\xff\xfe", b"\xfe\xff"))
        remedy = "It is UTF-16" if utf16 else "It may be Latin-1 or Windows-1252"
        raise UsageError(
            f"It is not UTF-8: line {number:,} holds the byte 0x{line[error.start]:02x}.",
            where=file.name,
            remedy=f"{remedy}; save it as UTF-8.",
        ) from error


def document(file: File) -> Json:
    """A whole JSON document. Raises UsageError for one that is too large, or is none."""
    with _opened(file) as stream:
        data = stream.read(MOST_DOCUMENT + 1)
    if len(data) > MOST_DOCUMENT:
        raise UsageError(
            f"A JSON document of over {MOST_DOCUMENT / 2**20:.0f} MB is not read.",
            where=file.name,
            remedy="Write it a line a result (`.jsonl`), which is read as a stream.",
        )
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"It is no JSON: {error}.", where=file.name) from error


def rows(file: File) -> Iterator[tuple[int, Json]]:
    """Line number and value of each line of JSON lines that is not empty; a line that is no JSON is a str."""
    for number, line in enumerate(lines(file), start=1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except (ValueError, RecursionError) as error:
                yield number, f"it is no JSON ({error})"
