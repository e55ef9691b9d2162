"""Fields read out of a document: which ones differ from what stands there."""

from __future__ import annotations

import json
from collections.abc import Mapping

from whichmodel.domain import Json
from whichmodel.views.blocks import Note, Text, plain, texts, visible
from whichmodel.views.findings import pretty
from whichmodel.views.findings.found import Field, Found, Said

DIFFERS = "differs"


def read(said: Said) -> Found | None:
    """The findings of `fields`; an answer that is JSON is set out line by line, what differs marked."""
    scores, wrong = said.detail.get("fields"), said.detail.get("wrong")
    if not isinstance(scores, Mapping) or not isinstance(wrong, Mapping):
        return None
    norms = _norms(said.norm)
    fields = tuple(_field(name, share, wrong.get(name), norms, said) for name, share in scores.items())
    pieces = pretty.pieces(said.answer, {field.name: DIFFERS for field in fields if not field.right})
    answer = None if pieces is None else (Text("JSON", pieces, code=True),)
    notes = [
        f"{title}: {'; '.join(listed)}."
        for name, title in (("repaired", "Put right to read it"), ("unexpected", "Not asked for"))
        if (listed := texts(said.detail.get(name)))
    ]
    return Found(tuple(Note(note) for note in notes), answer, fields)


def _field(name: str, share: Json, wrong: Json, norms: Mapping[str, Json], said: Said) -> Field:
    shown = visible(name)
    if not isinstance(wrong, Mapping):
        value = plain(norms[name]) if name in norms else "as expected"
        return Field(shown, _gold(said.target, name, value), value, right=True)
    given = plain(wrong.get("given"))
    if wrong.get("given") is None and f"{name} (missing)" in said.explanation:
        given = "missing"
    note = f"{share:.0%} right" if isinstance(share, int | float) and 0 < share < 1 else ""
    return Field(shown, plain(wrong.get("gold")), given.removeprefix("?"), right=False, note=note)


def _gold(target: Json, name: str, value: str) -> str:
    """What was due where the answer is right: its normal form, or the target where that is not kept."""
    if value != "as expected" or not isinstance(target, Mapping) or name not in target:
        return value
    return plain(target[name])


def _norms(norm: str) -> Mapping[str, Json]:
    try:
        found = json.loads(norm)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
