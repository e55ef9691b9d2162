"""Entities: those that were missed, those that are none, and those that were found."""

from __future__ import annotations

import json
from collections import Counter

from whichmodel.domain import Json
from whichmodel.views.blocks import Check, Checks, plain
from whichmodel.views.findings.found import Found, Said

Pair = tuple[str, str]


def read(said: Said) -> Found | None:
    """The findings of `entities`."""
    detail = said.detail
    if not {"missed", "wrong", "by_type"} <= detail.keys():
        return None
    missed, wrong = _pairs(detail["missed"]), _pairs(detail["wrong"])
    right = Counter(_named(said.norm)) - Counter(wrong)
    entries = [
        *(Check(False, "missed", text, kind) for text, kind in missed),
        *(Check(False, "wrong", text, kind) for text, kind in wrong),
        *(Check(True, "found", text, kind) for text, kind in right.elements()),
    ]
    return Found((Checks("Entities", tuple(entries)),))


def _named(norm: str) -> list[Pair]:
    try:
        return _pairs(json.loads(norm))
    except ValueError:
        return []


def _pairs(value: Json) -> list[Pair]:
    listed = value if isinstance(value, list) else []
    return [(plain(each[0]), plain(each[1])) for each in listed if isinstance(each, list) and len(each) == 2]
