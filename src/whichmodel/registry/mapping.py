"""Rows of a data set -> items, by a card's templates. A cell is data: what stands in it is never a template.

`{column}` is replaced by the column's text, `{answers.text.0}` by a part of it, `{row}` by the row's number;
`{{` and `}}` are the braces themselves. A template that is one placeholder and nothing else keeps the value's
JSON type.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from whichmodel.domain import HubDataset, Item, Json
from whichmodel.errors import TaskError, nearest
from whichmodel.registry.steps import STEPS, named

_PIECE = re.compile(r"\{\{|\}\}|\{([^{}\n]*)\}|[{}]")
ROW = "row"
"""Names the row's number, where no column has this name."""


def placeholders(template: Json) -> Iterator[str]:
    """The paths that a template or a structure of templates names. Raises ValueError for a lone brace."""
    if isinstance(template, Mapping):
        for part in template.values():
            yield from placeholders(part)
    elif isinstance(template, list):
        for part in template:
            yield from placeholders(part)
    elif isinstance(template, str):
        for piece in _PIECE.finditer(template):
            if piece.group() in ("{", "}"):
                raise ValueError(f"a brace of its own is written twice: {piece.group() * 2}")
            if piece.group(1) is not None:
                yield _path(piece.group(1))


def columns(dataset: HubDataset) -> frozenset[str]:
    """The columns that a card's templates, values and conditions name."""
    made = set(dataset.values)
    paths = [path for path in placeholders(dict(dataset.item)) if _head(path) not in made]
    paths += dataset.where
    for key, value in dataset.values.items():
        if _head(value.source) == key or _head(value.source) not in made:
            paths.append(value.source)
        for step in value.steps:
            name, argument = named(step)
            if name in ("entities", "lettered", "position") and isinstance(argument, str):
                paths.append(argument)
    return frozenset(map(_head, paths)) - {ROW}


def _head(path: str) -> str:
    return path.partition(".")[0]


@dataclass(slots=True)
class MappedRow:
    """One row, and the values made of it so far."""

    number: int
    """Place in the split, from 0 on."""
    cells: Mapping[str, Json]
    names: Mapping[str, Sequence[str]]
    """Column -> names of its classes."""
    made: dict[str, Json] = field(default_factory=dict)
    source: str = ""
    """Column that the value in the making comes from."""

    def look(self, path: str) -> Json:
        """A value, a column, or a part of one by dots. Raises ValueError where there is none."""
        head, *rest = [path] if path in self.made or path in self.cells else path.split(".")
        if head in self.made:
            value = self.made[head]
        elif head in self.cells:
            value = self.cells[head]
        elif head == ROW:
            value = self.number
        else:
            known = [*self.made, *self.cells]
            close = nearest(head, known)
            said = f"nearest: {', '.join(close)}" if close else f"columns: {', '.join(known)}"
            raise ValueError(f"there is no column `{head}`; {said}")
        for part in rest:
            value = _part(value, part, path)
        return value

    def class_names(self) -> Sequence[str]:
        """Names of the classes of the column that the value in the making comes from; () = unknown."""
        return self.names.get(self.source, ())


def item(name: str, dataset: HubDataset, row: MappedRow) -> Item:
    """The item of a row. Raises TaskError naming the row, and the key of the card that it does not fit."""
    fields: dict[str, Json] = {}
    key = ""
    try:
        for key, value in dataset.values.items():
            row.source = value.source
            row.made[key] = _stepped(row.look(value.source), value.steps, row)
        for key, template in dataset.item.items():
            fields[key] = (
                _structure(template, row) if key in ("target", "metadata") else filled(template, row)
            )
    except ValueError as error:
        raise TaskError(
            f"Row {row.number} of hf://{dataset.repo} cannot be an item: `{key}`: {error}.",
            where=f"task '{name}'",
            remedy="Mend `dataset:` in its task.yaml; docs/reference/tasks.md has the steps.",
        ) from error
    fields.setdefault("id", f"{name}-{row.number:05d}")
    return Item(**fields)


def matches(dataset: HubDataset, cells: Mapping[str, Json]) -> bool:
    """Whether a row is among those that a card's `where` takes. Raises ValueError for an unknown column."""
    row = MappedRow(0, cells, {})
    return all(
        row.look(path) in (wanted if isinstance(wanted, list) else [wanted])
        for path, wanted in dataset.where.items()
    )


def _stepped(value: Json, steps: Sequence[Json], row: MappedRow) -> Json:
    for step in steps:
        name, argument = named(step)
        value = STEPS[name](value, argument, row)
    return value


def _structure(template: Json, row: MappedRow) -> Json:
    if isinstance(template, Mapping):
        return {key: _structure(part, row) for key, part in template.items()}
    if isinstance(template, list):
        return [_structure(part, row) for part in template]
    if not isinstance(template, str):
        return template
    whole = _PIECE.fullmatch(template)
    if whole and whole.group(1) is not None:
        return row.look(_path(whole.group(1)))
    return filled(template, row)


def filled(template: Json, row: MappedRow) -> str:
    """A template as text, in one pass. Raises ValueError for a list or an object, which has no one form."""

    def piece(found: re.Match[str]) -> str:
        if found.group(1) is None:
            return found.group()[0]
        path = _path(found.group(1))
        value = row.look(path)
        if isinstance(value, list | dict):
            raise ValueError(
                f"`{path}` is a list or an object; make text of it by `join`, `lettered` or `json`"
            )
        if value is None:
            raise ValueError(f"`{path}` is empty")
        return value if isinstance(value, str) else json.dumps(value)

    return _PIECE.sub(piece, str(template))


def _path(text: str) -> str:
    path = text.strip()
    if not path:
        raise ValueError("`{}` names no column; braces of the text itself are written `{{}}`")
    return path


def _part(value: Json, part: str, path: str) -> Json:
    if isinstance(value, Mapping) and part in value:
        return value[part]
    if isinstance(value, list) and part.isdecimal() and int(part) < len(value):
        return value[int(part)]
    raise ValueError(f"`{path}` has no part `{part}`")
