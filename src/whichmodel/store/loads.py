"""Load measurements: one small file each under results/load, added and never changed.

No table: each is a document of a few steps that is read whole, it has no row for each call, and the file is
its own journal, so that `bench rebuild` has nothing to make anew.
"""

from __future__ import annotations

import re
from pathlib import Path

from pydantic import TypeAdapter

from whichmodel.domain.load import Load
from whichmodel.errors import StoreError

FOLDER = "load"
LARGEST = 2**20
"""Bytes of one file, at most: a measurement has some twenty steps."""
_LOAD = TypeAdapter(Load)


def put(results: Path, load: Load) -> Path:
    """Write a measurement; its file is there as a whole or not at all."""
    folder = results / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    model = re.sub(r"[^A-Za-z0-9.-]+", "-", load.model)
    path = folder / f"{load.started_at:%Y%m%dT%H%M%S%f}-{model}.json"
    partial = path.with_suffix(".json.part")
    partial.write_bytes(_LOAD.dump_json(load, indent=2) + b"\n")
    partial.replace(path)
    return path


def stored(results: Path) -> tuple[Load, ...]:
    """All measurements, the oldest first. Raises StoreError for a file that is none."""
    return tuple(_read(path) for path in sorted((results / FOLDER).glob("*.json")))


def _read(path: Path) -> Load:
    try:
        if path.stat().st_size > LARGEST:
            raise ValueError(f"it is larger than {LARGEST:,} bytes")
        return _LOAD.validate_json(path.read_bytes())
    except ValueError as error:
        raise StoreError(
            f"The load measurement cannot be read: {str(error).splitlines()[0]}",
            where=str(path),
            remedy="Move the file away, and measure anew with `bench load`.",
        ) from error
