"""Which facts a summary covers, and what it says in the place of those that it does not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from whichmodel.scoring.fact import SENTENCE, Fact
from whichmodel.scoring.passages import Passage, stands
from whichmodel.scoring.source import Source

STEM = 5
"""Letters by which words of a written-out fact are told apart."""
ANYWHERE = 3
"""Values of a kind that a sentence may hold for one of them to count, where no topic tells them apart."""
COLUMN = 60
"""Characters of a line that goes on in the next one, where that begins with a small letter."""
_DENIAL = re.compile(
    r"\b(?:(?:decided|agreed|voted|chose)\s+(?:not\s+to|against)|rejected|cancelled|canceled|will\s+not)\b",
    re.I,
)
_FROM_TO = re.compile(r"\bfrom\s+[^;()\n]{1,60}?\s(?=to\b|→|->)", re.I)
_ARROW = re.compile(r"(?<=[\s|:(])[^;()|\n:]{1,40}?(?=\s*(?:→|->))")
_OVERTAKEN = re.compile(
    r"(?:\b(?:instead\s+of|rather\s+than|in\s+place\s+of|(?:up|down)\s+(?:from|on)|compared\s+(?:with|to)|"
    r"versus|vs\.?|against|previously|formerly|originally|initially|corrected\s+from|ruled\s+out|excluded)"
    r"|,\s*not|\((?:not|was|were)|\bnot\s+(?:the|a|an|because\s+of|due\s+to))"
    r"\s+[^,;()\n|]{1,60}?(?=[,;()\n|]|\.(?:\s|$)|$|\s(?:and|but|while|as|because|due)\s)",
    re.I,
)
_COMMON = frozenset(
    [
        "a",
        "an",
        "the",
        "and",
        "or",
        "of",
        "to",
        "in",
        "on",
        "at",
        "by",
        "for",
        "from",
        "with",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "has",
        "have",
        "had",
        "it",
        "its",
        "this",
        "that",
        "will",
        "would",
        "as",
        "not",
        "no",
        "he",
        "she",
        "they",
        "his",
        "her",
        "their",
    ]
)


def unmarked(text: str) -> str:
    """A text without Markdown's marks of emphasis and code, and without the breaks of a narrow column."""
    plain = re.sub(r"[*_`]{1,3}", "", text).strip()
    return re.sub(rf"(?m)(^.{{{COLUMN},}}[\w,])\n(?=[a-zß-ÿ])", r"\1 ", plain)


@dataclass(frozen=True, slots=True)
class Read:
    """A summary in passages, held against its source."""

    passages: Sequence[Passage]
    source: Source
    facts: Sequence[Fact]

    def covers(self, fact: Fact) -> bool:
        """Whether the summary says this."""
        if fact.kind == SENTENCE:
            return any(self._said(way) for way in fact.accept)
        own = self._own(fact)
        if fact.kind == "text":
            return self._worded(fact, own)
        wanted = set(fact.accept)
        found = [self._values(fact, passage.text) for passage in own]
        if not any(values & wanted and len(values) <= self._room(fact) for values in found):
            return False
        named = [self._values(fact, p.text) for p in own if fact.cue and stands(p.text, fact.cue)]
        held = [values for values in named if values]
        return not held or any(values & wanted for values in held)

    def contradiction(self, fact: Fact) -> set[str]:
        """What stands in the place of a fact that is not covered."""
        if fact.kind == SENTENCE:
            return self._otherwise(fact)
        if fact.instead is None:
            own = [p for p in self.passages if p.topics == {fact.topic} and p.firm]
            if fact.kind == "text":
                return {"the opposite"} if _denied(own) else set()
            return {v for p in own for v in self.source.values(fact.kind, p.text) if v}
        own = [p for p in self._own(fact) if p.firm or fact.topic is None]
        if fact.kind == "text":
            return {form for p in own for form in fact.instead if stands(_kept(p.text), [form])}
        others = {value for other in self._like(fact) for value in other.accept}
        named = [p for p in own if stands(p.text, fact.cue)] if fact.cue or fact.topic is None else own
        overtaken = {v for p in own for v in self._values(fact, p.text)} & _normal(fact, fact.instead)
        return ({v for p in named for v in self._values(fact, p.text)} | overtaken) - others

    def _own(self, fact: Fact) -> list[Passage]:
        if fact.topic is None:
            return list(self.passages)
        return [p for p in self.passages if fact.topic in p.topics and fact.kind in p.kinds]

    def _like(self, fact: Fact) -> list[Fact]:
        return [f for f in self.facts if (f.topic, f.kind) == (fact.topic, fact.kind)]

    def _room(self, fact: Fact) -> int:
        """How many values of its kind a passage may hold for one of them to count."""
        least = ANYWHERE if fact.topic is None else 1
        return max(least, len(self._like(fact)) + 1 + min(1, len(fact.instead or ())))

    def _values(self, fact: Fact, text: str) -> set[str]:
        values = self.source.values(fact.kind, text) - {""}
        if fact.kind == "code":
            return {a for a in fact.accept if any(_means(code, a) for code in values)} or values
        if fact.instead is None or fact.kind in ("direction", "name", "duration"):
            return values
        return (self.source.values(fact.kind, _kept(text)) - {""}) or values

    def _worded(self, fact: Fact, own: Sequence[Passage]) -> bool:
        texts = [p.text if fact.instead is None else _kept(p.text) for p in own]
        whole = " ".join(texts)
        if not all(stands(whole, forms) for forms in _groups(fact)):
            return False
        return fact.topic is None or not _denied(own)

    def _said(self, way: str) -> bool:
        """Whether a sentence, or two in a row, say what a written-out fact says."""
        values, words = self._held(way), _stems(way)
        texts = [p.text for p in self.passages]
        for window in [*texts, *(f"{a} {b}" for a, b in pairwise(texts))]:
            have = self._held(window)
            if all(values[kind] <= have[kind] for kind in values) and _share(words, window) >= (
                1 / 2 if any(values.values()) else 2 / 3
            ):
                return True
        return False

    def _otherwise(self, fact: Fact) -> set[str]:
        """Values of sentences that say most of a written-out fact, with others than its own."""
        found: set[str] = set()
        for way in fact.accept:
            values, words = self._held(way), _stems(way)
            for text in (p.text for p in self.passages if _share(words, p.text) >= 2 / 3):
                have = self._held(text)
                for kind in ("number", "date", "code"):
                    if values[kind] and have[kind] and not values[kind] & have[kind]:
                        found |= have[kind]
        return found

    def _held(self, text: str) -> dict[str, set[str]]:
        return {kind: self.source.values(kind, text) - {""} for kind in ("name", "number", "date", "code")}


def _groups(fact: Fact) -> Iterable[Sequence[str]]:
    return ([group] if isinstance(group, str) else group for group in fact.accept)


def _normal(fact: Fact, values: Iterable[str]) -> set[str]:
    """Values as the source gives them."""
    return {re.sub(r"[\W_]", "", v).upper() for v in values} if fact.kind == "code" else set(values)


def _means(code: str, wanted: str) -> bool:
    """Whether a code is the wanted one, be it without its letters."""
    plain = re.sub(r"[\W_]", "", wanted).upper()
    return code == plain or code == re.sub(r"\D", "", plain)


def _denied(passages: Sequence[Passage]) -> bool:
    return any(passage.firm and _DENIAL.search(passage.text) for passage in passages)


def _kept(text: str) -> str:
    """A text without what it names as overtaken: `from 4 May to 11 May`, `45 instead of 129`."""
    return _OVERTAKEN.sub(" ", _FROM_TO.sub(" ", _ARROW.sub(" ", text)))


def _stems(text: str) -> set[str]:
    words = re.findall(r"[^\W\d_]{2,}", text.casefold())
    return {word[:STEM] for word in words if word not in _COMMON}


def _share(words: set[str], text: str) -> float:
    return len(words & _stems(text)) / len(words) if words else 1.0
