"""Summaries: facts that are told and missed, what contradicts them, and what nobody said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from whichmodel.domain import Json
from whichmodel.errors import ScoringFailed
from whichmodel.scoring import mentions
from whichmodel.scoring.fact import Fact, parse
from whichmodel.views.blocks import Block, Check, Checks, Note, Text, cut, marked, plain, texts, visible
from whichmodel.views.findings.found import Found, Said

MOST_VALUES = 60
"""Invented values that are looked for and listed."""
MOST_SIGNS = 80
"""Letters and digits of a value by which it is looked for."""
INVENTED, CONTRADICTS = "invented", "contradicts"


def read(said: Said) -> Found | None:
    """The findings of `summary` and `facts`; invented values are marked where they stand."""
    detail = said.detail
    if not {"missing", "contradicted", "invented"} <= detail.keys():
        return None
    shown, note = cut(said.answer)
    invented = texts(detail["invented"])[:MOST_VALUES]
    contradicted = detail["contradicted"] if isinstance(detail["contradicted"], Mapping) else {}
    places = {value: list(_places(shown, value)) for value in invented}
    marks = [(start, end, INVENTED) for found in places.values() for start, end in found]
    others = [value for values in contradicted.values() for value in texts(values)]
    for value in others[:MOST_VALUES]:
        found = list(_places(shown, value))
        if len(found) == 1:  # One that stands there several times may be right in another place.
            marks.append((*found[0], CONTRADICTS))
    blocks: list[Block] = []
    if invented:
        entries = [
            Check(
                False,
                INVENTED,
                value,
                "" if places[value] else "not marked: it stands there otherwise written",
            )
            for value in invented
        ]
        blocks.append(Checks("Said, but not in the source", tuple(entries)))
    if facts := tuple(_facts(said, contradicted)):
        blocks.append(Checks("Facts", facts))
    if said.explanation:
        blocks.append(Note(visible(said.explanation)))
    return Found(tuple(blocks), (Text("Answer", marked(shown, marks), note=note),))


def _facts(said: Said, contradicted: Mapping[str, Json]) -> Iterator[Check]:
    """Contradicted ones, missing ones, then those that are told."""
    missing = texts(said.detail["missing"])
    due = _due(said.target)
    for label in sorted(missing, key=lambda name: name not in contradicted):
        name, wanted = visible(label), due.get(label, "")
        if label in contradicted:
            says = " and ".join(texts(contradicted[label]))
            yield Check(False, "contradicted", name, f"says {says}" + (f"; due: {wanted}" if wanted else ""))
        else:
            yield Check(False, "missing", name, f"due: {wanted}" if wanted else "")
    for label, wanted in due.items():
        if label not in missing:
            yield Check(True, "told", visible(label), wanted)


def _due(target: Json) -> dict[str, str]:
    """Label of each fact -> what a summary has to say; {} for a target that holds none."""
    try:
        return {fact.label: _wanted(fact) for fact in parse(target, "")}
    except (ScoringFailed, TypeError, AttributeError):
        return {}


def _wanted(fact: Fact) -> str:
    if fact.kind == "text":
        groups = [group if isinstance(group, list | tuple) else (group,) for group in fact.accept]
        return visible(", ".join(str(group[0]) for group in groups if group))
    return plain(fact.accept[0])


def _places(text: str, value: str) -> Iterator[tuple[int, int]]:
    """Where a value stands in a text, Markdown's marks and other separators within it or not."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        yield from _dates(text, value)
        return
    signs = [re.escape(sign) for sign in value if sign.isalnum()][:MOST_SIGNS]
    if not signs:
        return
    if value.replace(",", "").replace(".", "").isdigit():
        text = mentions.dates(text)[1]  # as long as before
    for found in re.finditer(r"(?<!\w)" + r"[\W_]{0,3}".join(signs) + r"(?!\w)", text, re.IGNORECASE):
        yield found.span()


def _dates(text: str, value: str) -> Iterator[tuple[int, int]]:
    year, month, day = map(int, value.split("-"))
    written = {
        words
        for words, readings in mentions.dates(text)[0]
        if any((m, d) == (month, day) and y in (None, year) for m, d, y in readings)
    }
    for words in written:
        for found in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text):
            yield found.span()
