"""What is found out about an answer, and from what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from whichmodel.domain import Json
from whichmodel.views.blocks import Block


@dataclass(frozen=True, slots=True)
class Said:
    """An answer with what its scorer kept."""

    answer: str
    target: Json
    detail: Mapping[str, Json]
    """{} = nothing was kept."""
    explanation: str = ""
    norm: str = ""
    """The answer in the scorer's normal form."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field that was read out of a document."""

    name: str
    expected: str
    given: str
    right: bool
    note: str = ""
    """Such as its share of the score where it is right in part."""


@dataclass(frozen=True, slots=True)
class Found:
    """Findings on one answer."""

    blocks: tuple[Block, ...] = ()
    """Shown below the answer."""
    answer: tuple[Block, ...] | None = None
    """The answer drawn in its kind. None = as text."""
    fields: tuple[Field, ...] = ()
    """Set side by side with the other answer's."""
