"""The forms in which answers name entities, read into pairs of text and type.

    list      [{"text": "Ada", "type": "person"}]     also under one key, with other names for the two keys,
              or its entries one after another
    pairs     [["Ada", "person"]]
    by type   {"person": ["Ada"]}
    offsets   [{"start": 0, "end": 3, "label": "person"}] or [[0, 3, "person"]], of the item's own text
    tags      a list of BIO, IOBES or BILOU tags, one for each of the item's tokens
    lines     `Ada B-person` on a line for each token
    markup    <person>Ada</person> met ...

All but the last two are JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from whichmodel.domain import Item, Json
from whichmodel.scoring import loose_json
from whichmodel.scoring.entity_tags import tagged
from whichmodel.scoring.json_answer import whole_escapes

Pair = tuple[str, str]
"""Text and type as they are written."""

_TEXT_KEYS = ("text", "word", "mention", "span", "surface", "value", "name", "entity")
_TYPE_KEYS = ("type", "label", "entity_type", "entity_group", "category", "class", "tag", "ner", "entity")
_MOST_VALUES = 200
"""JSON values that are tried in one answer."""
_MOST_MARKS = 2_000
"""Elements that are read of one answer."""
_MOST_OPEN = 10
UNREAD = ("?", "?")
"""What an entry counts as that is no entity: a wrong one."""
_OPENING = re.compile(r"[\[{]")
_LINE_TAG = re.compile(r"[BIESLU]-\S+|O")
_ELEMENT = re.compile(r"<(/?)([A-Za-z][\w-]*)((?:\s[^<>]{0,200})?)>")
_ATTRIBUTE = re.compile(r"""\s(?:type|label|class|category)\s*=\s*["']([^"']{1,60})["']""")


@dataclass(frozen=True, slots=True)
class Reading:
    """The entities of an answer and how they were written."""

    pairs: tuple[Pair, ...]
    form: str
    valid: bool = True
    """Whether they stand in JSON."""


@dataclass(frozen=True, slots=True)
class Source:
    """What forms need that do not spell their entities out. "" and () = the item has none."""

    text: str = ""
    tokens: tuple[str, ...] = ()
    types: frozenset[str] = frozenset()
    """Types in normal form; empty = any word is one."""
    normal: Callable[[str], str] = str
    """The normal form of a type."""

    def is_type(self, word: str) -> bool:
        """Whether a word is a type, as far as the types are known."""
        return not self.types or self.normal(word) in self.types


def source_of(item: Item, types: Collection[str], normal: Callable[[str], str]) -> Source:
    """Text and tokens of an item: its metadata's `text` and `tokens`, else what stands between `<text>`
    and `</text>` or `<document>` and its end in the prompt."""
    tokens = item.metadata.get("tokens")
    found = re.findall(r"<(text|document)>\n?(.*?)\n?</\1>", item.input, re.DOTALL)
    text = item.metadata.get("text") or (found[-1][1] if found else "")
    return Source(
        text=str(text),
        tokens=tuple(map(str, tokens)) if isinstance(tokens, list | tuple) else (),
        types=frozenset(map(normal, types)),
        normal=normal,
    )


def read(text: str, source: Source) -> Reading | None:
    """The entities of an answer: the last JSON value that is some, else lines of tags, else markup, else
    almost-JSON. None = there are none of any form."""
    best: Reading | None = None
    singles: list[Pair] = []
    values, broken = _json_values(whole_escapes(text))
    for value in values:
        pair = _pair(value, source) if isinstance(value, Mapping) else None
        if pair:
            singles.append(pair)
        else:
            best = of_json(value, source) or best
    if best is None and singles:
        best = Reading(tuple(singles), "list", valid=not broken)
    return best or _lines(text) or _markup(text, source) or _loose(text, source)


def of_json(value: Json, source: Source, depth: int = 0) -> Reading | None:
    """The entities of one JSON value; None = it is no set of entities."""
    if isinstance(value, list):
        return _of_list(value, source)
    if not isinstance(value, Mapping) or depth > 2:
        return None
    if not value:
        return Reading((), "by type")
    if (by_type := _by_type(value, source)) is not None:
        return by_type
    inner = [
        r for v in value.values() if isinstance(v, list | Mapping) and (r := of_json(v, source, depth + 1))
    ]
    return inner[0] if len(inner) == 1 else None


def _of_list(value: Sequence[Json], source: Source) -> Reading | None:
    if not value:
        return Reading((), "list")
    if all(isinstance(entry, Mapping) for entry in value):
        pairs = [_pair(entry, source) for entry in value]
        offsets = any(_pair_keys(entry)[0] is None for entry in value)
        if not any(pairs):
            return None
        return Reading(tuple(pair or UNREAD for pair in pairs), "offsets" if offsets else "list")
    if source.tokens and len(value) == len(source.tokens) and all(isinstance(e, str) for e in value):
        return Reading(tagged(source.tokens, value), "tags")
    if all(isinstance(entry, list) and len(entry) == 3 for entry in value):
        cut = [_cut(entry[0], entry[1], entry[2], source) for entry in value]
        return Reading(tuple(p for p in cut if p), "offsets") if all(cut) else None
    if all(isinstance(e, list) and len(e) == 2 and all(isinstance(x, str) for x in e) for e in value):
        turned = source.types and all(source.is_type(e[0]) and not source.is_type(e[1]) for e in value)
        return Reading(tuple((e[1], e[0]) if turned else (e[0], e[1]) for e in value), "pairs")
    return None


def _by_type(value: Mapping[str, Json], source: Source) -> Reading | None:
    """Lists of texts under their types. A single text or null stands for a list where the types are known."""
    pairs: list[Pair] = []
    for kind, texts in value.items():
        known = bool(source.types) and source.is_type(kind)
        entries = texts if isinstance(texts, list) else [texts] if known and isinstance(texts, str) else None
        if texts is None and known:
            entries = []
        if entries is None or (source.types and not source.is_type(kind)):
            return None
        for entry in entries:
            if isinstance(entry, Mapping):
                text_key, type_key = _pair_keys(entry)
                if text_key is None or (type_key and not source.types):
                    return None
                entry = entry[text_key]
            if not isinstance(entry, str | int | float):
                return None
            pairs.append((str(entry), kind))
    return Reading(tuple(pairs), "by type")


def _pair(entry: Mapping[str, Json], source: Source) -> Pair | None:
    text_key, type_key = _pair_keys(entry)
    if type_key is None or not isinstance(entry[type_key], str):
        return None
    if text_key is None:
        return _cut(entry.get("start"), entry.get("end"), entry[type_key], source)
    text = entry[text_key]
    kind = re.sub(r"^[BIESLU]-(?=\w)", "", entry[type_key])
    return (str(text), kind) if isinstance(text, str | int | float) else None


def _pair_keys(entry: Mapping[str, Json]) -> tuple[str | None, str | None]:
    """The keys of text and type; `entity` is the type where another key is the text."""
    by_name = {key.casefold(): key for key in entry}
    text = next((by_name[name] for name in _TEXT_KEYS if name in by_name), None)
    kind = next((by_name[n] for n in _TYPE_KEYS if n in by_name and by_name[n] != text), None)
    if kind is None and text and "start" in by_name:
        return None, text
    return text, kind


def _cut(start: Json, end: Json, kind: Json, source: Source) -> Pair | None:
    """The piece of the item's text between two offsets, the end not included."""
    if not isinstance(start, int) or not isinstance(end, int) or not isinstance(kind, str):
        return None
    return (source.text[start:end], kind) if 0 <= start < end <= len(source.text) else None


def _json_values(text: str) -> tuple[list[Json], bool]:
    """Each outermost JSON list or object that stands in a text, prose around it skipped; and whether there
    is a bracket where none begins, as before the entries of a list that is cut off."""
    decoder = json.JSONDecoder()
    values, broken, position = list[Json](), False, 0
    for _ in range(_MOST_VALUES):
        match = _OPENING.search(text, position)
        if match is None:
            break
        try:
            value, position = decoder.raw_decode(text, match.start())
            values.append(value)
        except ValueError:
            position, broken = match.end(), True
        except RecursionError:
            break
    return values, broken


def _loose(text: str, source: Source) -> Reading | None:
    """Almost-JSON from the first bracket on."""
    start = _OPENING.search(text)
    read_ = loose_json.read(text, start.start()) if start else None
    found = of_json(read_[0], source) if read_ else None
    return replace(found, valid=False) if found and found.pairs else None


def _lines(text: str) -> Reading | None:
    """A token and its tag on each line, whatever stands between them; an empty line ends a sentence."""
    tokens, tags = list[str](), list[str]()
    for line in text.splitlines():
        cells = line.split()
        if not cells or (len(cells) > 1 and _LINE_TAG.fullmatch(cells[-1])):
            tokens.append(cells[0] if cells else "")
            tags.append(cells[-1] if cells else "O")
    if all(tag == "O" for tag in tags):
        return None
    return Reading(tagged(tokens, tags), "lines", valid=False)


def _markup(text: str, source: Source) -> Reading | None:
    """Elements named by their types, nested ones too; other elements are no more than text."""
    plain, position = "", 0
    opened: list[tuple[str, str, int]] = []
    pairs: list[Pair] = []
    for match in islice(_ELEMENT.finditer(text), _MOST_MARKS):
        closing, name, rest = match.groups()
        attribute = _ATTRIBUTE.search(rest)
        kind = attribute[1] if attribute else name
        if not closing and not source.is_type(kind):
            continue
        plain += text[position : match.start()]
        position = match.end()
        if not closing and len(opened) < _MOST_OPEN:
            opened.append((name, kind, len(plain)))
        elif closing and opened and opened[-1][0] == name:
            _, kind, start = opened.pop()
            pairs.append((plain[start:], kind))
    return Reading(tuple(pairs), "markup", valid=False) if pairs else None
