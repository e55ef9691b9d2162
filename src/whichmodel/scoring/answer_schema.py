"""The JSON Schema of a task's answers, made of its card: what output modes other than plain ask with.

Strict in OpenAI's sense, which is the narrowest: every key is required, none may be added, and what a
document does not hold is null. A schema says no more than the prompt does: the forms of dates and amounts
stay the model's part.
"""

from __future__ import annotations

from collections.abc import Mapping

from whichmodel.domain import Json, TaskCard
from whichmodel.domain.model import is_shaped

_JSON_TYPES = {"number": "number", "money": "number"}
"""Types of `normal_forms.TYPES` that are numbers in JSON; all others are text."""
Schema = dict[str, Json]


def schema_of(card: TaskCard) -> Schema | None:
    """The JSON Schema of a card's answers; None = they have no JSON shape."""
    if not is_shaped(card):
        return None
    return _fields(card.options) if card.scorer == "fields" else _entities(card.options)


def _fields(options: Mapping[str, Json]) -> Schema:
    """One key a field; a field with columns is a list of rows."""
    return _object({name: _field(kind) for name, kind in options["fields"].items()})


def _field(kind: Json) -> Schema:
    if isinstance(kind, Mapping):
        rows = _object({name: _nullable(_scalar(column)) for name, column in kind.items()})
        return _nullable({"type": "array", "items": rows})
    return _nullable(_scalar(kind))


def _scalar(kind: str) -> Schema:
    return {"type": _JSON_TYPES.get(kind, "string")}


def _entities(options: Mapping[str, Json]) -> Schema:
    """A list of text and type under `entities`, since an answer has to be an object."""
    kinds = options.get("types")
    kind: Schema = {"type": "string"}
    if isinstance(kinds, list) and kinds:
        kind["enum"] = list(kinds)
    entity = _object({"text": {"type": "string"}, "type": kind})
    return _object({"entities": {"type": "array", "items": entity}})


def _object(properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _nullable(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}
