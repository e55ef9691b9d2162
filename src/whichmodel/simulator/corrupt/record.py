"""Errors of reading: JSON answers with a field changed, lost or mixed up."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from random import Random

from whichmodel.domain import Json
from whichmodel.simulator.answers import Question
from whichmodel.simulator.corrupt import scalar

Path = tuple[str | int, ...]
MOST_ERRORS = 4


def wrong(question: Question, chance: Random) -> str:
    """The reference with some of its values changed, swapped or left out.

    The reference itself where it holds no value, or where an error undid another.
    """
    before, text, after = _split(question.item.reference)
    value = json.loads(text)
    broken = copy.deepcopy(value)
    for _ in range(chance.randint(1, MOST_ERRORS)):
        _damage(broken, chance)
    if broken == value:
        return question.item.reference
    indent = 2 if "\n" in text else None
    return before + json.dumps(broken, ensure_ascii=False, indent=indent) + after


def wrong_entities(question: Question, chance: Random) -> str:
    """The reference with entities left out, of another type, with other bounds or named once too often.

    An error of any record where the reference is no list of text and type.
    """
    before, text, after = _split(question.item.reference)
    value = json.loads(text)
    named = value.get("entities") if isinstance(value, dict) else value
    if not isinstance(named, list) or not all(
        isinstance(e, dict) and {"text", "type"} <= e.keys() for e in named
    ):
        return wrong(question, chance)
    types = sorted({*question.card.options.get("types", ()), *(entity["type"] for entity in named)})
    for _ in range(chance.randint(1, MOST_ERRORS)):
        _misname(named, types, chance)
    return before + json.dumps(value, ensure_ascii=False, indent=2 if "\n" in text else None) + after


def _misname(named: list[dict[str, str]], types: list[str], chance: Random) -> None:
    """One error in a list of entities, in place."""
    if not named:
        return
    place = chance.randrange(len(named))
    entity, kind = named[place], chance.random()
    others = [name for name in types if name != entity["type"]]
    words = entity["text"].split(" ")
    if kind < 0.3:
        del named[place]
    elif kind < 0.6 and others:
        entity["type"] = chance.choice(others)
    elif kind < 0.85 and len(words) > 1:
        entity["text"] = " ".join(words[1:] if chance.random() < 0.5 else words[:-1])
    else:
        named.append(dict(entity))


def _split(reference: str) -> tuple[str, str, str]:
    """What stands before the JSON, the JSON, and what stands after it. Raises ValueError without one."""
    starts = [place for place in (reference.find("{"), reference.find("[")) if place >= 0]
    if not starts:
        raise ValueError(f"The reference answer holds no JSON: {reference[:80]!r}")
    start = min(starts)
    _, end = json.JSONDecoder().raw_decode(reference, start)
    return reference[:start], reference[start:end], reference[end:]


def _damage(value: Json, chance: Random) -> None:
    """One error, in place."""
    leaves = list(_leaves(value))
    if not leaves:
        return
    path = chance.choice(leaves)
    parent = _at(value, path[:-1])
    kind = chance.random()
    rows = [p for p in _lists(value) if len(_at(value, p)) > 1]
    if kind < 0.15 and rows:
        row = _at(value, chance.choice(rows))
        del row[chance.randrange(len(row))]
    elif kind < 0.3 and isinstance(parent, dict):
        parent[path[-1]] = None
    elif kind < 0.45:
        _swap(value, path, leaves, chance)
    else:
        parent[path[-1]] = _changed(parent[path[-1]], chance)


def _swap(value: Json, path: Path, leaves: list[Path], chance: Random) -> None:
    """Two values of one type in each other's place; a change where no other differs."""
    mine = _at(value, path)
    partners = [p for p in leaves if type(_at(value, p)) is type(mine) and _at(value, p) != mine]
    if not partners:
        _at(value, path[:-1])[path[-1]] = _changed(mine, chance)
        return
    other = chance.choice(partners)
    theirs = _at(value, other)
    _at(value, path[:-1])[path[-1]], _at(value, other[:-1])[other[-1]] = theirs, mine


def _changed(leaf: Json, chance: Random) -> Json:
    if isinstance(leaf, bool):
        return not leaf
    if isinstance(leaf, int | float):
        return json.loads(scalar.number(json.dumps(leaf), chance))
    if isinstance(leaf, str):
        return scalar.string(leaf, chance)
    return "unknown"


def _leaves(value: Json, path: Path = ()) -> Iterator[Path]:
    """Where single values stand; an empty list or object counts as one."""
    if isinstance(value, dict | list) and value:
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner in pairs:
            yield from _leaves(inner, (*path, key))
    elif path:
        yield path


def _lists(value: Json, path: Path = ()) -> Iterator[Path]:
    if isinstance(value, dict | list):
        if isinstance(value, list):
            yield path
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _lists(inner, (*path, key))


def _at(value: Json, path: Path) -> Json:
    for key in path:
        value = value[key]
    return value


def as_list(text: str) -> str:
    """The values as a list of bullet points in place of JSON."""
    _, body, _ = _split(text)
    value = json.loads(body)
    return "\n".join(f"- {'.'.join(map(str, path))}: {_at(value, path)}" for path in _leaves(value))


def as_python(text: str) -> str:
    """The literal of Python in place of JSON: single quotes, None and True."""
    before, body, after = _split(text)
    return before + repr(json.loads(body)) + after


def unclosed(text: str) -> str:
    """JSON whose last bracket is missing."""
    before, body, _ = _split(text)
    return before + body[:-1].rstrip() + ","
