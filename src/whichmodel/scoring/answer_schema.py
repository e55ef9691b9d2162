"""The JSON Schema of a task's answers, made of its card: what output modes other than plain ask with.

Strict in OpenAI's sense, which is the narrowest: every key is required, none may be added, and what a
document does not hold is null. A schema says no more than the prompt does: the forms of dates and amounts
stay the model's part. The words of a choice are an enum.
"""

from __future__ import annotations

from collections.abc import Mapping

from whichmodel.domain import Json, TaskCard
from whichmodel.domain.model import is_shaped
from whichmodel.scoring.field_kinds import Choice, Kind, Many, Rows, Single, read

_JSON_TYPES = {"number": "number", "money": "number", "percent": "number", "boolean": "boolean"}
"""Types of `normal_forms.TYPES` that are not text in JSON."""
Schema = dict[str, Json]


def schema_of(card: TaskCard) -> Schema | None:
    """The JSON Schema of a card's answers; None = they have no JSON shape.

    Raises ValueError where the card's fields name a type that there is not.
    """
    if not is_shaped(card):
        return None
    return _fields(card.options) if card.scorer == "fields" else _entities(card.options)


def _fields(options: Mapping[str, Json]) -> Schema:
    """One key a field; a field with columns is a list of rows."""
    return _object({name: _nullable(_kind(read(said))) for name, said in options["fields"].items()})


def _kind(kind: Kind) -> Schema:
    if isinstance(kind, Rows):
        return _list(_object({name: _nullable(_single(column)) for name, column in kind.columns.items()}))
    return _list(_single(kind.of)) if isinstance(kind, Many) else _single(kind)


def _single(kind: Single) -> Schema:
    if isinstance(kind, Choice):
        return {"type": "string", "enum": list(kind.words)}
    return {"type": _JSON_TYPES.get(kind.type, "string")}


def _entities(options: Mapping[str, Json]) -> Schema:
    """A list of text and type under `entities`, since an answer has to be an object."""
    kinds = options.get("types")
    kind: Schema = {"type": "string"}
    if isinstance(kinds, list) and kinds:
        kind["enum"] = list(kinds)
    entity = _object({"text": {"type": "string"}, "type": kind})
    return _object({"entities": _list(entity)})


def _list(entry: Schema) -> Schema:
    return {"type": "array", "items": entry}


def _object(properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _nullable(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}
