"""Summaries against the facts they were made from: no judge, the same answer always the same score.

    score     = coverage * precision * brevity
    coverage  = facts covered / facts
    precision = covered / (covered + contradictions + inventions)
    brevity   = 1, or max_words / words where the summary is longer than asked

A fact is a slot of a topic: what was decided, who owns it, by when, how much. It is covered where a passage
on its topic names its value, beside at most one other of its kind ("moved from 4 May to 11 May"). A slot that
is not covered but holds another value in a passage on that topic alone is a contradiction. Numbers above ten,
dates and names that the source does not hold are inventions; smaller numbers only count things.

`target`: `facts`, each `{topic, slot, kind, accept}` where kind is `text` (accept: groups of alternatives,
one of each must stand), `name`, `number` or `date` (accept: values); `topics`, a list of names for each;
`names`, `numbers`, `dates` of the source; `max_words`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from whichmodel.domain import Answer, Item, Json, Verdict
from whichmodel.scoring import mentions
from whichmodel.scoring.reading import spoken

KINDS = frozenset({"text", "name", "number", "date"})
SMALL = 10
"""Numbers up to this are counts in prose ("four decisions"), never inventions."""

_CLAUSE = re.compile(r",\s+|;\s*|\s+and\s+|\s+while\s+|\s+whereas\s+|\s+but\s+|[()|]|\s[–—-]\s")
_DENIAL = re.compile(
    r"\b(?:(?:decided|agreed|voted|chose)\s+(?:not\s+to|against)|rejected|cancelled|canceled|will\s+not)\b",
    re.I,
)
_WORD = r"[A-ZÀ-Þ][\w'’]*[a-zß-ÿ][\w'’-]*"
# fmt: off
_PLAIN = frozenset((
    "action", "actions", "agenda", "agreed", "all", "also", "amount", "april", "assigned", "assignee",
    "attendees", "august", "budget", "by", "chair", "cost", "date", "deadline", "deadlines", "december",
    "decision", "decisions", "due", "each", "english", "euros", "february", "figure", "figures", "final",
    "friday", "he", "hours", "i", "in", "it", "item", "items", "january", "july", "june", "key", "lead",
    "march", "may", "meeting", "minutes", "monday", "mr", "mrs", "ms", "next", "note", "notes",
    "november", "october", "outcome", "outcomes", "overview", "owner", "owners", "participants", "person",
    "points", "present", "project", "responsible", "saturday", "september", "she", "spend", "staff",
    "status", "step", "steps", "summary", "sunday", "target", "task", "team", "the", "these", "they",
    "this", "thursday", "timeline", "topic", "total", "tuesday", "wednesday",
))
# fmt: on
"""Words that a summary capitalises without naming anyone."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of the summary and the topics it speaks of."""

    text: str
    topics: frozenset[str]
    firm: bool = True
    """It names its topic, or goes on in the paragraph that does: other values in it contradict."""
    kinds: frozenset[str] = KINDS
    """Kinds of value it speaks of its topics for."""


@dataclass(frozen=True, slots=True)
class Source:
    """What the source holds."""

    names: Sequence[str]
    numbers: frozenset[Decimal]
    dates: Sequence[date]

    def values(self, kind: str, text: str) -> set[str]:
        """The values of one kind in a text, in normal form; those the source lacks as they are written."""
        if kind == "name":
            return mentions.people(text, self.names)
        dated, rest = mentions.dates(text)
        if kind == "date":
            return {self._date(written, readings) for written, readings in dated}
        return {self._number(written, readings) for written, readings in mentions.numbers(rest)}

    def _date(self, written: str, readings: frozenset[tuple[int, int, int | None]]) -> str:
        return next(
            (day.isoformat() for day in self.dates if mentions.means(readings, day)), written.rstrip(".")
        )

    def _number(self, written: str, readings: frozenset[Decimal]) -> str:
        known = sorted(readings & self.numbers)
        if known:
            return _plain(known[-1])
        return "" if min(readings) <= SMALL and len(readings) == 1 else written


@dataclass(frozen=True, slots=True)
class Findings:
    """What a summary does with the facts, which are named by topic and slot."""

    covered: Sequence[str]
    missing: Sequence[str]
    contradicted: Mapping[str, Sequence[str]]
    invented: Sequence[str]

    @property
    def coverage(self) -> float:
        """Share of facts covered."""
        return len(self.covered) / (len(self.covered) + len(self.missing))

    @property
    def precision(self) -> float:
        """Share of what is claimed that is right; 0 where nothing is covered."""
        return len(self.covered) / max(1, len(self.covered) + len(self.contradicted) + len(self.invented))


def score(answer: Answer, item: Item, options: Mapping[str, Json]) -> Verdict:
    """How well a summary holds the facts of its source. Only an empty answer is unparsed."""
    text = re.sub(r"[*_`]{1,3}", "", spoken(answer.text)).strip()
    if not text:
        return Verdict(0.0, False, detail={"explanation": "The answer is empty."})
    found = _examine(text, item)
    words, limit = len(text.split()), item.target["max_words"]
    brevity = min(1.0, limit / words)
    false = [f"{label} {values}" for label, values in found.contradicted.items()]
    return Verdict(
        score=found.coverage * found.precision * brevity,
        parsed=True,
        answer_norm="; ".join([*found.covered, *false, *found.invented]),
        detail={
            "explanation": f"{len(found.covered)} of {len(item.target['facts'])} facts, {len(false)} "
            f"contradicted, {len(found.invented)} invented, {words} of {limit} words.",
            "missing": found.missing,
            "contradicted": found.contradicted,
            "invented": found.invented,
            "coverage": found.coverage,
            "precision": found.precision,
            "brevity": brevity,
        },
    )


def _examine(text: str, item: Item) -> Findings:
    target = item.target
    source = Source(
        names=target["names"],
        numbers=frozenset(Decimal(number) for number in target["numbers"]),
        dates=[date.fromisoformat(day) for day in target["dates"]],
    )
    passages = list(_passages(text, target["topics"], source))
    covered = [fact for fact in target["facts"] if _covered(fact, passages, source)]
    missing = [fact for fact in target["facts"] if fact not in covered]
    wrong = {_label(fact): sorted(_contradiction(fact, passages, source)) for fact in missing}
    taken = {value for values in wrong.values() for value in values}
    return Findings(
        covered=[_label(fact) for fact in covered],
        missing=[_label(fact) for fact in missing],
        contradicted={label: values for label, values in wrong.items() if values},
        invented=sorted(_inventions(text, item.input, source) - taken),
    )


def _label(fact: Mapping[str, Json]) -> str:
    return f"{fact['topic']}: {fact['slot']}"


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _passages(text: str, topics: Mapping[str, Sequence[str]], source: Source) -> Iterator[Passage]:
    """The summary in pieces on one topic each, as far as its sentences and clauses let them be told apart."""
    last: frozenset[str] = frozenset()
    for paragraph in re.split(r"\n\s*\n", text):
        firm = False
        for sentence in re.split(r"(?<=[.!?;])\s+(?=[A-ZÀ-Þ(\"•-])|\n", paragraph):
            named = _named(sentence, topics)
            if len(named) > 1:
                yield from _clauses(sentence, named, topics, source)
                last, firm = frozenset(), False
                continue
            if named:
                last, firm = named, True
            yield Passage(sentence, last, firm)


def _clauses(
    sentence: str, named: frozenset[str], topics: Mapping[str, Sequence[str]], source: Source
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
    shared = {kind for kind in KINDS - {"text"} if len(source.values(kind, sentence) - {""}) == 1}
    yield Passage(sentence, named, firm=False, kinds=frozenset(shared))


def _named(text: str, topics: Mapping[str, Sequence[str]]) -> frozenset[str]:
    return frozenset(topic for topic, forms in topics.items() if _stands(text, forms))


def _stands(text: str, forms: Iterable[str]) -> bool:
    """Whether one of the forms stands in a text, at the start of a word."""
    plain = re.sub(r"[\s-]+", " ", text).casefold()
    return any(re.search(rf"(?<!\w){re.escape(form.casefold().replace('-', ' '))}", plain) for form in forms)


def _covered(fact: Mapping[str, Json], passages: Sequence[Passage], source: Source) -> bool:
    own = [p for p in passages if fact["topic"] in p.topics and fact["kind"] in p.kinds]
    if fact["kind"] == "text":
        whole = " ".join(passage.text for passage in own)
        return all(_stands(whole, forms) for forms in fact["accept"]) and not _denied(own)
    wanted = set(fact["accept"])
    found = [source.values(fact["kind"], passage.text) - {""} for passage in own]
    return any(values & wanted and len(values) <= 2 for values in found)


def _contradiction(fact: Mapping[str, Json], passages: Sequence[Passage], source: Source) -> set[str]:
    """What stands in the place of a fact that is not covered."""
    own = [passage for passage in passages if passage.topics == {fact["topic"]} and passage.firm]
    if fact["kind"] == "text":
        return {"the opposite"} if _denied(own) else set()
    return {v for passage in own for v in source.values(fact["kind"], passage.text) if v}


def _denied(passages: Sequence[Passage]) -> bool:
    return any(passage.firm and _DENIAL.search(passage.text) for passage in passages)


def _inventions(text: str, prompt: str, source: Source) -> set[str]:
    """Numbers, dates and names that the source does not hold, as they are written."""
    text = re.sub(r"(?m)^\s*\d{1,2}[.)]\s", "", text)
    known = {day.isoformat() for day in source.dates} | {_plain(number) for number in source.numbers}
    values = source.values("date", text) | source.values("number", text)
    return {value for value in values if value not in known and value} | set(_strange_names(text, prompt))


def _strange_names(text: str, prompt: str) -> Iterator[str]:
    """Capitalised words inside a sentence, or in a row, that the prompt does not hold."""
    vocabulary = _PLAIN | set(re.findall(r"[\w'’]+", prompt.casefold()))
    for line in text.splitlines():
        if line.lstrip().startswith("#") or (line.rstrip().endswith(":") and len(line.split()) <= 6):
            continue
        for row in re.finditer(rf"{_WORD}(?: {_WORD})*", line):
            words = row[0].split()
            opens = re.search(r"(?:^|[.!?:;|•–—(-])[\s\"'“]*$", line[: row.start()]) is not None
            strange = [w for w in words[int(opens) :] if not _holds(vocabulary, w)]
            if strange:
                yield row[0]


def _holds(vocabulary: frozenset[str] | set[str], word: str) -> bool:
    plain = re.sub(r"['’]s?$", "", word.casefold())
    return all(part in vocabulary or part.rstrip("s") in vocabulary for part in plain.split("-"))
