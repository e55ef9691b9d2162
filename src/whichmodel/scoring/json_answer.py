"""The JSON object in a model's answer.

Strictness: the object itself must be valid JSON (RFC 8259: no trailing commas, no single quotes, no
NaN). What stands around it is tolerated and noted: a code fence, prose before or after. Of several
objects the last counts, since models restate before they answer. An object without any asked key is
passed over, so that a row inside a truncated answer is not taken for the answer.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from whichmodel.domain import Json

Wrapping = Literal["plain", "fenced", "prose"]

_MOST_STARTS = 200
"""Braces tried as the start of an object, from the front; bounds the work on hostile text."""


@dataclass(frozen=True, slots=True)
class Found:
    """An object and how it was wrapped. Fractions are Decimal, so that money stays exact."""

    value: dict[str, Json]
    wrapping: Wrapping
    objects: int
    """How many such objects the answer holds, one after another."""


def find(text: str, keys: Collection[str]) -> Found | None:
    """The last JSON object of a text that has any of `keys`; None when there is none."""
    decoder = json.JSONDecoder(parse_float=Decimal, parse_constant=_no_constant)
    found: list[tuple[int, int, dict[str, Json]]] = []
    at = text.find("{")
    for _ in range(_MOST_STARTS):
        if at < 0:
            break
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            end = at + 1
        else:
            if not value.keys().isdisjoint(keys):
                found.append((at, end, value))
        at = text.find("{", end)
    if not found:
        return None
    (first, _, _), (_, end, value) = found[0], found[-1]
    return Found(value, _wrapping(text[:first], text[end:]), len(found))


def _no_constant(name: str) -> Json:
    raise ValueError(f"{name} is not JSON")


def _wrapping(before: str, after: str) -> Wrapping:
    before, after = before.strip(), after.strip()
    if not before and not after:
        return "plain"
    fence = before.lower() in ("```", "```json") and after == "```"
    return "fenced" if fence else "prose"
