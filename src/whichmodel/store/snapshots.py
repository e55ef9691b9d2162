"""Read-only copies of the database under a pointer that is swapped by rename.

A DuckDB writer and any reader in another process exclude each other, so readers open copies. A reader keys on
the real path: reconnecting to a replaced file would show old data.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

FOLDER = "snapshots"
POINTER = "current"
KEEP = 3
"""Snapshots kept; a reader that has an older one open goes on reading it."""


def publish(database: Path, results: Path) -> Path:
    """Copy a checkpointed database to the next number and point to it."""
    folder = results / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    taken = _numbers(folder)
    target = folder / f"bench-{(taken[-1] if taken else 0) + 1:06d}.duckdb"
    partial = target.with_suffix(".part")
    shutil.copyfile(database, partial)
    partial.replace(target)
    pointer = folder / f"{POINTER}.{os.getpid()}.part"
    pointer.write_text(target.name, encoding="utf-8")
    pointer.replace(folder / POINTER)
    for number in taken[: -(KEEP - 1)]:
        (folder / f"bench-{number:06d}.duckdb").unlink(missing_ok=True)
    return target


def current(results: Path) -> Path | None:
    """The newest snapshot; None = nothing was ever published."""
    folder = results / FOLDER
    try:
        path = folder / (folder / POINTER).read_text(encoding="utf-8").strip()
    except OSError:
        return None
    return path if path.is_file() else None


def _numbers(folder: Path) -> list[int]:
    found = (re.fullmatch(r"bench-(\d{6,})\.duckdb", path.name) for path in folder.iterdir())
    return sorted(int(match[1]) for match in found if match)
