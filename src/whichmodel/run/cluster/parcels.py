"""A job's log and images, carried from the node they were written on to the results folder, in pieces."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PIECE = 8 * 2**20
"""Bytes of one piece."""
AT_ONCE = 32 * 2**20
"""Bytes of pieces that travel at the same time."""
SMALL = 2**20
"""Bytes of a folder that comes along with its job's report."""
LOGS, ARTIFACTS = "logs", "artifacts"
"""Folders of a job on its node."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a file."""

    name: str
    """Path in the job's folder on its node."""
    start: int
    body: bytes


def pieces(folder: str, known: Mapping[str, int]) -> list[Piece]:
    """What a job's folder holds beyond what is known of each file, as much as travels at once.

    Logs are written at their end alone, so that a part of one is its beginning. Nothing = all is known.
    """
    found: list[Piece] = []
    room = AT_ONCE
    root = Path(folder)
    for file in sorted(path for path in root.rglob("*") if path.is_file()):
        name = file.relative_to(root).as_posix()
        start = known.get(name, -1)
        size = file.stat().st_size
        while (start < size or start < 0) and room > 0:
            with file.open("rb") as stream:
                stream.seek(max(0, start))
                body = stream.read(min(PIECE, room))
            found.append(Piece(name, max(0, start), body))
            start = max(0, start) + len(body)
            room -= max(1, len(body))
            if not body:
                break
    return found


def whole_if_small(folder: str) -> list[Piece] | None:
    """All of a job's folder. None = it is so large that what is not known of it is fetched in pieces."""
    if sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file()) > SMALL:
        return None
    return pieces(folder, {})


@dataclass(slots=True)
class Parcel:
    """The receiving end of one attempt at a job."""

    folder: Path
    """Of the job, among the logs."""
    artifacts: Path
    attempt: int
    known: dict[str, int]
    """File on the node -> bytes that have come."""

    def take(self, came: Iterable[Piece]) -> int:
        """Write pieces where they belong; how many they were."""
        number = 0
        for piece in came:
            number += 1
            target = self._target(piece.name)
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("r+b" if target.exists() else "wb") as file:
                file.seek(piece.start)
                file.write(piece.body)
                file.truncate()
            self.known[piece.name] = piece.start + len(piece.body)
        return number

    def _target(self, name: str) -> Path:
        """Raises ValueError for a name that leads elsewhere."""
        kind, _, rest = name.partition("/")
        if kind not in (LOGS, ARTIFACTS) or not rest or ".." in Path(rest).parts:
            raise ValueError(f"a node sent a file of the name {name!r}")
        if kind == ARTIFACTS:
            return self.artifacts / rest
        return self.folder / (rest if self.attempt == 1 else f"{self.attempt}-{rest}")

    @property
    def logs(self) -> list[Path]:
        """Logs of this attempt that have come, whole or in part."""
        return [self._target(name) for name in self.known if name.startswith(f"{LOGS}/")]


def remove(folder: str) -> None:
    """All of it has come: the node needs it no more."""
    with suppress(OSError):
        shutil.rmtree(folder)
        Path(folder).parent.rmdir()
        Path(folder).parents[1].rmdir()
