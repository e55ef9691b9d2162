"""One fact that a summary has to hold, and how a target writes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from whichmodel.domain import Json
from whichmodel.errors import ScoringFailed
from whichmodel.scoring.passages import KINDS

SENTENCE = "sentence"
"""Kind of a fact that is written out; `accept` holds ways of saying it."""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something a summary has to say."""

    slot: str
    kind: str
    accept: tuple[Json, ...]
    """Values; of a text, groups of alternatives, one of each has to stand."""
    topic: str | None = None
    """None = it may stand anywhere."""
    instead: tuple[str, ...] | None = None
    """What the source says before it is put right. None = not told: a value beside another one counts."""
    cue: tuple[str, ...] = ()
    """Words that name the slot; a sentence with one of them and another value contradicts."""

    @property
    def label(self) -> str:
        """Topic and slot."""
        return f"{self.topic}: {self.slot}" if self.topic else self.slot


def parse(target: Json, where: str) -> tuple[Fact, ...]:
    """The facts of a target. Raises ScoringFailed where it holds none, or one that cannot be read."""
    given = target.get("facts") if isinstance(target, Mapping) else target
    if isinstance(given, str):
        given = given.split(";")
    if not isinstance(given, Sequence):
        given = []
    facts = tuple(_numbered(given, where))
    if not facts:
        raise ScoringFailed(
            "The target holds no facts.",
            where=where,
            remedy='Write a list of facts, `{"facts": [...], "max_words": 120}`, or one text with `;` in it.',
        )
    return facts


def _numbered(given: Sequence[Json], where: str) -> Iterator[Fact]:
    for number, one in enumerate(given, start=1):
        if isinstance(one, str):
            if one.strip():
                ways = tuple(way.strip() for way in one.split("|") if way.strip())
                yield Fact(one.strip()[:60], SENTENCE, ways)
            continue
        fact = _fact(one, where)
        yield fact if fact.slot else replace(fact, slot=f"fact {number}")


def _fact(one: Json, where: str) -> Fact:
    kinds = sorted(KINDS | {SENTENCE})
    if not isinstance(one, Mapping) or one.get("kind") not in kinds or not one.get("accept"):
        raise ScoringFailed(
            f"This is no fact: {str(one)[:80]!r}.",
            where=where,
            remedy=f"A fact is a sentence, or {{kind, accept}} with a kind of {', '.join(kinds)}.",
        )
    accept, instead = one["accept"], one.get("instead")
    return Fact(
        slot=str(one.get("slot") or ""),
        kind=one["kind"],
        accept=tuple([accept] if isinstance(accept, str) else accept),
        topic=str(one["topic"]) if one.get("topic") else None,
        instead=None if instead is None else tuple(instead),
        cue=tuple(one.get("cue") or ()),
    )
