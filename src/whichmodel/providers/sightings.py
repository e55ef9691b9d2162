"""Which models each provider was seen to serve, and since when: results/models.json."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from whichmodel.errors import StoreError

FILE = "models.json"


@dataclass(frozen=True, slots=True)
class Seen:
    """When a model stood in its provider's list; days in UTC."""

    first: date
    last: date


Sightings = Mapping[str, Mapping[str, Seen]]
"""Provider's address -> a model's name there -> when it was seen."""
_SIGHTINGS = TypeAdapter(dict[str, dict[str, Seen]])


def read(results: Path) -> Sightings:
    """What was seen before; nothing where nobody has looked. Raises StoreError for a damaged file."""
    path = results / FILE
    try:
        return _SIGHTINGS.validate_json(path.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValidationError) as error:
        raise StoreError(
            "The file of models seen before cannot be read.",
            where=str(path),
            remedy="Move it away; the next look starts anew.",
        ) from error


def seen(before: Sightings, address: str, served: Iterable[str], today: date) -> Sightings:
    """With what one address serves today. Names that are gone stay, with the day they were last seen."""
    known = before.get(address, {})
    now = {name: Seen(known[name].first if name in known else today, today) for name in served}
    return {**before, address: {**known, **now}}


def write(sightings: Sightings, results: Path) -> None:
    """Keep them: written beside the file, then moved into its place."""
    results.mkdir(parents=True, exist_ok=True)
    partial = results / f"{FILE}.{os.getpid()}.part"
    partial.write_bytes(_SIGHTINGS.dump_json({k: dict(v) for k, v in sightings.items()}, indent=2))
    partial.replace(results / FILE)
