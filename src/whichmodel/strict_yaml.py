"""YAML read strictly into a pydantic model: every error names file, line and key, and what would work.

YAML 1.1 changes the meaning of plain words (`no` is false, `3.10` is a float, `12:30` is 750) and lets a
later duplicate key win in silence. Here a value of another type than the field's is an error that says to
quote it, and a duplicate key is an error (YAML 1.2.2, section 3.2.1.3: keys are unique).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from whichmodel.errors import ConfigError, nearest

Location = tuple[int | str, ...]


class Document(BaseModel):
    """Base of every mapping a user writes: no unknown key, no silent change of type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def _decimal(value: object) -> object:
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    return Decimal(str(value)) if plain else value


Money = Annotated[Decimal, BeforeValidator(_decimal)]
"""An amount in USD, written as a YAML number and kept exactly as it was written."""

MOST_NODES = 1_000_000
"""Values of one file, references written out: some few lines of references can stand for billions."""
DocumentT = TypeVar("DocumentT", bound=BaseModel)


def load(path: Path, shape: type[DocumentT]) -> DocumentT:
    """The file as a `shape`. Raises ConfigError naming file, line and key."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"The file cannot be read: {error}.", where=str(path)) from error
    return parse(text, shape, name=str(path))


def parse(text: str, shape: type[DocumentT], *, name: str) -> DocumentT:
    """YAML text as a `shape`; `name` is the file named in errors."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        if root is None:
            raise ConfigError("The file is empty.", where=name, remedy="`bench init` writes one.")
        if _size(root, {}) > MOST_NODES:
            raise ConfigError(
                f"Its references make it larger than {MOST_NODES:,} values.",
                where=name,
                remedy="Write the values out, or fewer of them.",
            )
        _check_keys(root, name)
        value = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ConfigError(_malformed(error), where=_place(name, error)) from error
    try:
        return shape.model_validate(value)
    except ValidationError as error:
        raise _explain(error, root, shape, name) from None


def _place(name: str, error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    return f"{name}:{mark.line + 1}" if mark else name


def _malformed(error: yaml.YAMLError) -> str:
    problem = getattr(error, "problem", None) or str(error)
    return f"This is not valid YAML: {problem}."


def _size(node: yaml.Node, known: dict[int, int]) -> int:
    """Values of a document with every reference written out; a reference to itself has no end."""
    if id(node) in known:
        return known[id(node)]
    known[id(node)] = MOST_NODES + 1
    children: list[yaml.Node] = []
    if isinstance(node, yaml.SequenceNode):
        children = list(node.value)
    elif isinstance(node, yaml.MappingNode):
        children = [part for pair in node.value for part in pair]
    known[id(node)] = 1 + sum(_size(child, known) for child in children)
    return known[id(node)]


def _check_keys(node: yaml.Node, name: str) -> None:
    """Every mapping's keys are strings, each once."""
    if isinstance(node, yaml.SequenceNode):
        for child in node.value:
            _check_keys(child, name)
    if not isinstance(node, yaml.MappingNode):
        return
    seen: dict[str, int] = {}
    for key, child in node.value:
        line = key.start_mark.line + 1
        if key.tag != "tag:yaml.org,2002:str":
            raise ConfigError(
                f"The key `{key.value}` is read as {_kind(key)}, not as text.",
                where=f"{name}:{line}",
                remedy=f'Quote it: "{key.value}".',
            )
        if key.value in seen:
            raise ConfigError(
                f"The key `{key.value}` stands twice; the first is in line {seen[key.value]}.",
                where=f"{name}:{line}",
                remedy="Keep one of them.",
            )
        seen[key.value] = line
        _check_keys(child, name)


def _explain(error: ValidationError, root: yaml.Node, shape: type[BaseModel], name: str) -> ConfigError:
    """One finding of pydantic in words, at its line: an unknown key before what it may have caused."""
    findings = error.errors(include_url=False)
    finding = next((f for f in findings if f["type"] == "extra_forbidden"), findings[0])
    location: Location = tuple(finding["loc"])
    node = _find(root, location)
    where = f"{name}:{node.start_mark.line + 1}"
    key = _dotted(location)
    if finding["type"] == "extra_forbidden":
        valid = _valid_keys(shape.model_json_schema(), location[:-1])
        close = nearest(str(location[-1]), valid)
        remedy = f"Nearest: {', '.join(close)}." if close else f"Valid keys: {', '.join(valid)}."
        return ConfigError(f"There is no key `{key}`.", where=where, remedy=remedy)
    if finding["type"] == "missing":
        return ConfigError(f"The key `{key}` is missing.", where=where, remedy="Add it.")
    quoted = finding["type"] == "string_type" and isinstance(node, yaml.ScalarNode)
    remedy = f'YAML reads it as {_kind(node)}; quote it: "{node.value}".' if quoted else ""
    shown = finding["type"].endswith(("_parsing", "_type")) and isinstance(node, yaml.ScalarNode)
    given = f" It is '{node.value}'." if shown else ""
    return ConfigError(f"`{key}`: {finding['msg']}.{given}", where=where, remedy=remedy)


def _kind(node: yaml.Node) -> str:
    tag = node.tag.rsplit(":", 1)[-1]
    kinds = {"bool": "a truth value", "int": "a whole number", "float": "a number", "timestamp": "a date"}
    return kinds.get(tag, tag)


def _dotted(location: Location) -> str:
    text = ""
    for part in location:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text.lstrip(".")


def _find(node: yaml.Node, location: Sequence[Hashable]) -> yaml.Node:
    """The node at a location, or the deepest one on the way to it."""
    for part in location:
        if isinstance(node, yaml.MappingNode):
            child = next(((k, v) for k, v in node.value if k.value == part), None)
            if child is None:
                return node
            is_leaf = part == location[-1]
            node = child[0] if is_leaf and not isinstance(child[1], yaml.ScalarNode) else child[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
    return node


def _valid_keys(schema: Mapping[str, Any], location: Location) -> list[str]:
    """Property names that the JSON Schema allows at a location."""
    here: Mapping[str, Any] = schema
    for part in location:
        here = _resolve(schema, here)
        if isinstance(part, int):
            here = here.get("items", {})
        else:
            here = here.get("properties", {}).get(part) or here.get("additionalProperties") or {}
    return sorted(_resolve(schema, here).get("properties", {}))


def _resolve(schema: Mapping[str, Any], here: Mapping[str, Any]) -> Mapping[str, Any]:
    for choice in here.get("anyOf", ()):
        if choice.get("type") != "null":
            here = choice
            break
    while "$ref" in here:
        here = schema["$defs"][here["$ref"].rsplit("/", 1)[-1]]
    return here
