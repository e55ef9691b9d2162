"""Values -> TOML 1.0 that `tomllib` reads back as they were."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

Value = str | int | float | bool | Sequence["Value"] | Mapping[str, "Value"]
BARE = re.compile(r"[A-Za-z0-9_-]+")
ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def table(path: Sequence[str], values: Mapping[str, Value]) -> str:
    """One table with its header; keys keep their order, a mapping among the values is an inline table."""
    header = ".".join(_key(part) for part in path)
    return f"[{header}]\n" + "".join(f"{_key(key)} = {_value(value)}\n" for key, value in values.items())


def _key(key: str) -> str:
    return key if BARE.fullmatch(key) else _string(key)


def _value(value: Value) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return _string(value)
        case float():
            return repr(value) if math.isfinite(value) else str(value)
        case int():
            return str(value)
        case Mapping():
            inner = ", ".join(f"{_key(key)} = {_value(entry)}" for key, entry in value.items())
            return f"{{ {inner} }}" if inner else "{}"
        case _:
            return f"[{', '.join(_value(entry) for entry in value)}]"


def _string(text: str) -> str:
    """A basic string; what does not print is written as an escape."""
    return '"' + "".join(_character(char) for char in text) + '"'


def _character(char: str) -> str:
    if char in ESCAPES:
        return ESCAPES[char]
    if char.isprintable():
        return char
    code = ord(char)
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"
