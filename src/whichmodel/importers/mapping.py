"""A mapping file: how a table is read, kept beside it instead of typed as options."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from whichmodel.strict_yaml import Document, load


class MappingFile(Document):
    """What the options of `bench import csv` say, in YAML. None = not said."""

    columns: dict[str, str] = Field(default_factory=dict)
    score_columns: list[str] = Field(default_factory=list)
    score_max: float | int | None = None
    cost_unit: Literal["usd", "cents", "microusd"] | None = None
    latency_unit: Literal["s", "ms", "us", "min"] | None = None
    zero_cost: Literal["unknown", "free"] | None = None
    repeats: Literal["refuse", "epochs"] | None = None
    model: str | None = None
    judge: str | None = None


def read(path: Path | None) -> MappingFile:
    """The mapping of a file; an empty one without a file. Raises ConfigError naming file, line and key."""
    return MappingFile() if path is None else load(path, MappingFile)
