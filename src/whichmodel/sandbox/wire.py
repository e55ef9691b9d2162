"""What may cross between judge and worker: one JSON object a line, and exact builtin values in it.

None, bool, int, float, str, lists and dicts with plain string keys are themselves in JSON. The rest is
tagged: {"$tuple": [...]}, {"$set": [...]}, {"$frozenset": [...]}, {"$bytes": "hex"}, {"$complex": [re, im]},
{"$dict": [[key, value], ...]}. Nothing else can be written or is rebuilt, so no class of a candidate ever
exists on the judge's side. The module is loaded inside the sandbox too: standard library alone.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from typing import Any

MAX_FRAME = 1 << 20
"""Bytes of one line."""
MAX_DEPTH = 60
MAX_BITS = 13_000
"""Of an integer that is written."""
MAX_DIGITS = 4000
"""Of an integer that is read; MAX_BITS have fewer."""
MAX_SAME_HASH = 50
"""Keys of one set or dict with the same hash; more would make rebuilding it quadratic."""


class WireError(ValueError):
    """A value or a line that may not cross."""


def encode(value: object, depth: int = 0) -> Any:
    """A value as tagged JSON. Raises WireError beyond MAX_DEPTH and for any type but exact builtin ones."""
    if depth > MAX_DEPTH:
        raise WireError(f"it is nested deeper than {MAX_DEPTH} levels")
    kind = type(value)
    if kind is int and value.bit_length() > MAX_BITS:  # type: ignore[attr-defined]
        raise WireError(f"an integer has more than {MAX_BITS} bits")
    if value is None or kind in (bool, int, float, str):
        return value
    if kind is complex:
        return {"$complex": [value.real, value.imag]}  # type: ignore[attr-defined]
    if kind is bytes:
        return {"$bytes": value.hex()}  # type: ignore[attr-defined]
    if kind is dict:
        return _encode_dict(value, depth)  # type: ignore[arg-type]
    if kind in (list, tuple, set, frozenset):
        inner = [encode(v, depth + 1) for v in value]  # type: ignore[attr-defined]
        return inner if kind is list else {f"${kind.__name__}": inner}
    raise WireError(f"{kind.__name__} is not a plain value")


def _encode_dict(value: dict[Any, Any], depth: int) -> Any:
    if all(type(key) is str and not key.startswith("$") for key in value):
        return {key: encode(v, depth + 1) for key, v in value.items()}
    return {"$dict": [[encode(k, depth + 1), encode(v, depth + 1)] for k, v in value.items()]}


def decode(data: Any, depth: int = 0) -> object:
    """The value of tagged JSON. Raises WireError for a tag or a shape that `encode` never writes."""
    if depth > MAX_DEPTH:
        raise WireError(f"it is nested deeper than {MAX_DEPTH} levels")
    if isinstance(data, list):
        return [decode(v, depth + 1) for v in data]
    if not isinstance(data, dict):
        return data
    if len(data) == 1:
        (tag, inner), *_ = data.items()
        if tag.startswith("$"):
            return _decode_tagged(tag, inner, depth)
    return {key: decode(v, depth + 1) for key, v in data.items()}


def _decode_tagged(tag: str, inner: Any, depth: int) -> object:
    rebuild = _REBUILD.get(tag)
    if rebuild is None:
        raise WireError(f"the tag {tag[:20]} is unknown")
    if tag != "$bytes" and not isinstance(inner, list):
        raise WireError(f"{tag} holds no list")
    try:
        return rebuild(decode(inner, depth + 1))
    except (TypeError, ValueError) as error:
        raise WireError(f"{tag} cannot be rebuilt: {error}") from None


def _distinct(keys: list[Hashable]) -> list[Hashable]:
    if keys and max(Counter(map(hash, keys)).values()) > MAX_SAME_HASH:
        raise WireError(f"more than {MAX_SAME_HASH} keys have the same hash")
    return keys


def _dict(pairs: Iterable[tuple[Hashable, object]]) -> dict[Hashable, object]:
    listed = [(key, value) for key, value in pairs]
    _distinct([key for key, _ in listed])
    return dict(listed)


_REBUILD: dict[str, Callable[[Any], object]] = {
    "$tuple": tuple,
    "$set": lambda keys: set(_distinct(keys)),
    "$frozenset": lambda keys: frozenset(_distinct(keys)),
    "$dict": _dict,
    "$bytes": bytes.fromhex,
    "$complex": lambda parts: complex(*parts),
}


def dumps(frame: dict[str, Any]) -> bytes:
    """A frame as one line. Raises WireError when it is too long or holds an integer that is."""
    try:
        line = json.dumps(frame, separators=(",", ":")).encode("ascii") + b"\n"
    except ValueError as error:
        raise WireError(str(error)) from None
    if len(line) > MAX_FRAME:
        raise WireError(f"it takes {len(line):,} bytes, more than {MAX_FRAME:,}")
    return line


def loads(line: bytes) -> dict[str, Any]:
    """The frame of one line. Raises WireError for anything but a JSON object within the limits."""
    try:
        frame = json.loads(line, parse_int=_integer)
    except (ValueError, RecursionError) as error:
        raise WireError(str(error)) from None
    if not isinstance(frame, dict):
        raise WireError("the line is no JSON object")
    return frame


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise WireError(f"an integer has more than {MAX_DIGITS} digits")
    return int(digits)
