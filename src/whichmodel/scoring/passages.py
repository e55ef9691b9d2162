"""A summary in pieces, each on one topic as far as its sentences and clauses let topics be told apart."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

KINDS = frozenset({"text", "name", "number", "date", "code", "duration", "direction"})

_SENTENCE = re.compile(r"(?<=[.!?;])\s+(?=[A-ZÀ-Þ(\"•-])|\n")
_CLAUSE = re.compile(r",\s+|;\s*|\s+and\s+|\s+while\s+|\s+whereas\s+|\s+but\s+|[()|]|\s[–—-]\s")

Values = Callable[[str, str], set[str]]
"""Kind and text -> the values of that kind in it."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of the summary and the topics it speaks of."""

    text: str
    topics: frozenset[str]
    firm: bool = True
    """It names its topic, or goes on in the paragraph that does: other values in it contradict."""
    kinds: frozenset[str] = KINDS
    """Kinds of value it speaks of its topics for."""


def passages(text: str, topics: Mapping[str, Sequence[str]], values: Values) -> Iterator[Passage]:
    """The pieces in order. topics: each with the forms of its name; {} = sentences without a topic."""
    last: frozenset[str] = frozenset()
    for paragraph in re.split(r"\n\s*\n", text):
        firm = False
        for sentence in _SENTENCE.split(paragraph):
            named = _named(sentence, topics)
            if len(named) > 1:
                yield from _clauses(sentence, named, topics, values)
                last, firm = frozenset(), False
                continue
            if named:
                last, firm = named, True
            yield Passage(sentence, last, firm)


def _clauses(
    sentence: str, named: frozenset[str], topics: Mapping[str, Sequence[str]], values: Values
) -> Iterator[Passage]:
    """A sentence on several topics: what precedes and follows each, and what it says once for all of them."""
    groups: list[tuple[frozenset[str], str]] = []
    lead = ""
    for clause in _CLAUSE.split(sentence):
        about = _named(clause, topics)
        if about:
            groups.append((about, f"{lead} {clause}"))
            lead = ""
        elif groups:
            groups[-1] = (groups[-1][0], f"{groups[-1][1]}, {clause}")
        else:
            lead = f"{lead} {clause}"
    for about, piece in groups:
        yield Passage(piece, about, firm=len(about) == 1)
    shared = {kind for kind in KINDS - {"text"} if len(values(kind, sentence) - {""}) == 1}
    yield Passage(sentence, named, firm=False, kinds=frozenset(shared))


def _named(text: str, topics: Mapping[str, Sequence[str]]) -> frozenset[str]:
    return frozenset(topic for topic, forms in topics.items() if stands(text, forms))


def stands(text: str, forms: Iterable[str]) -> bool:
    """Whether one of the forms stands in a text, at the start of a word; case and hyphens do not count."""
    plain = re.sub(r"[\s-]+", " ", text).casefold()
    return _pattern(tuple(forms)).search(plain) is not None


@lru_cache(maxsize=20_000)
def _pattern(forms: tuple[str, ...]) -> re.Pattern[str]:
    """One of the forms at the start of a word; no form stands nowhere."""
    either = "|".join(re.escape(form.casefold().replace("-", " ")) for form in forms)
    return re.compile(rf"(?<!\w)(?:{either})" if forms else r"(?!)")
