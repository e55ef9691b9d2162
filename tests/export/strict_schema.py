"""Published schemas read strictly: Kubernetes drops a misspelt key in silence, here it is an error."""

from __future__ import annotations

from typing import Any

from jsonschema import Draft202012Validator

Schema = dict[str, Any]
KEYS = "x-kubernetes-list-map-keys"


def closed(schema: Schema) -> Schema:
    """The schema with no keys but those it names, and with `minLength` of an array read as its `minItems`."""
    found = {key: value for key, value in schema.items() if key not in ("minLength", "maxLength", "nullable")}
    if schema.get("type") == "array":
        found |= {f"{end}Items": schema[f"{end}Length"] for end in ("min", "max") if f"{end}Length" in schema}
    else:
        found |= {key: schema[key] for key in ("minLength", "maxLength") if key in schema}
    if "properties" in schema:
        found["properties"] = {key: closed(value) for key, value in schema["properties"].items()}
        found.setdefault("additionalProperties", False)
    if "items" in schema:
        found["items"] = closed(schema["items"])
    return found


def problems(schema: Schema, document: Any) -> list[str]:
    """What the schema says of a document, and which entries of a keyed list have one key; [] = nothing."""
    found = [
        f"{'.'.join(str(part) for part in error.absolute_path)}: {error.message}"
        for error in Draft202012Validator(closed(schema)).iter_errors(document)
    ]
    return found + _twice(schema, document, "")


def _twice(schema: Schema, document: Any, place: str) -> list[str]:
    if isinstance(document, dict):
        named = schema.get("properties", {})
        return [
            problem
            for key, value in document.items()
            for problem in _twice(named.get(key, {}), value, f"{place}.{key}")
        ]
    if not isinstance(document, list):
        return []
    keys = [tuple(entry.get(key) for key in schema[KEYS]) for entry in document] if KEYS in schema else []
    inner = [problem for entry in document for problem in _twice(schema.get("items", {}), entry, place)]
    return inner + [f"{place}: {key} stands twice" for key in set(keys) if keys.count(key) > 1]
