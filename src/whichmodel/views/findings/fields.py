"""Fields read out of a document: which ones differ from what stands there."""

from __future__ import annotations

import json
from collections.abc import Mapping

from whichmodel.domain import Json
from whichmodel.views.blocks import Note, Text, plain, texts, visible
from whichmodel.views.findings import pretty
from whichmodel.views.findings.found import Field, Found, Said

DIFFERS = "differs"
MOST_VALUE = 400
"""Characters of a value in the table of fields."""


def read(said: Said) -> Found | None:
    """The findings of `fields`: values as written where the answer is JSON, and marks in that."""
    scores, wrong = said.detail.get("fields"), said.detail.get("wrong")
    if not isinstance(scores, Mapping) or not isinstance(wrong, Mapping):
        return None
    norms = _norms(said.norm)
    written, due = pretty.values(said.answer), pretty.values(json.dumps(said.target, ensure_ascii=False))
    fields = tuple(_field(name, scores[name], (norms.get(name), due, written), said) for name in scores)
    pieces = pretty.pieces(said.answer, {field.name: DIFFERS for field in fields if not field.right})
    answer = None if pieces is None else (Text("JSON", pieces, code=True),)
    notes = [
        f"{title}: {'; '.join(listed)}."
        for name, title in (("repaired", "Put right to read it"), ("unexpected", "Not asked for"))
        if (listed := texts(said.detail.get(name)))
    ]
    return Found(tuple(Note(note) for note in notes), answer, fields)


def _field(
    name: str, share: Json, told: tuple[Json, Mapping[str, str], Mapping[str, str]], said: Said
) -> Field:
    """told: the value in normal form, and what is due and what was written, by `pretty.key`."""
    norm, due, written = told
    wrong = said.detail["wrong"].get(name)
    kept = wrong if isinstance(wrong, Mapping) else {"given": norm, "gold": norm}
    missing = f"{name} (missing)" in said.explanation
    unwritten = "missing" if missing else plain(kept.get("given")).removeprefix("?")
    return Field(
        name=visible(name),
        expected=short(due.get(pretty.key(name), plain(kept.get("gold")))),
        given=short(written.get(pretty.key(name), unwritten)),
        right=name not in said.detail["wrong"],
        note=f"{share:.0%} right" if isinstance(share, int | float) and 0 < share < 1 else "",
    )


def short(text: str) -> str:
    """A value as a cell of a table shows it."""
    return text if len(text) <= MOST_VALUE else f"{text[:MOST_VALUE]}..."


def _norms(norm: str) -> Mapping[str, Json]:
    try:
        found = json.loads(norm)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
