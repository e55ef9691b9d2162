"""Summaries against the facts they were made from: no judge, the same answer always the same score.

    score     = coverage * precision * brevity
    coverage  = facts covered / facts
    precision = covered / (covered + contradictions + inventions)
    brevity   = 1, or max_words / words where the summary is longer than asked

A fact is a slot of a topic: what was decided, who owns it, by when, how much. It is covered where a passage
on its topic names its value, beside few others of its kind ("moved from 4 May to 11 May"). A slot that is not
covered but holds another value in a passage on that topic alone is a contradiction. Numbers above ten, dates,
codes and names that the source does not hold are inventions; smaller whole numbers only count things.

`target`: `facts`, each `{topic?, slot, kind, accept, instead?, cue?}` where kind is `text` (accept: groups of
alternatives, one of each must stand), `name`, `number`, `date`, `code`, `duration` (minutes) or `direction`
(`up`, `down`), and accept are values; `topics`, a list of names for each; `max_words`. `names`, `numbers` and
`dates` of the source are listed, or else read from the prompt. `instead` is what the source says first and
then puts right; "from 4 May to 11 May" names 4 May as that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from whichmodel.domain import Answer, Item, Json, Verdict
from whichmodel.scoring import coverage, inventions, source
from whichmodel.scoring.fact import Fact, parse
from whichmodel.scoring.passages import passages
from whichmodel.scoring.reading import spoken
from whichmodel.scoring.rouge import rouge
from whichmodel.scoring.source import Source


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
    """How well a summary holds the facts of its source. Only an empty answer is unparsed.

    Raises ScoringFailed where the target holds no facts.
    """
    text = coverage.unmarked(spoken(answer.text))
    if not text:
        return Verdict(0.0, False, detail={"explanation": "The answer is empty."})
    found = _examine(text, item)
    words, limit = _words(text), _limit(item.target, options)
    brevity = 1.0 if limit is None else min(1.0, limit / max(1, words))
    false = [f"{label} {values}" for label, values in found.contradicted.items()]
    compared = {"rouge": rouge(text, item.reference)} if item.reference else {}
    return Verdict(
        score=found.coverage * found.precision * brevity,
        parsed=True,
        answer_norm="; ".join([*found.covered, *false, *found.invented]),
        detail={
            "explanation": f"{len(found.covered)} of {len(found.covered) + len(found.missing)} facts, "
            f"{len(false)} contradicted, {len(found.invented)} invented, {words}"
            + (" words." if limit is None else f" of {limit} words."),
            "missing": found.missing,
            "contradicted": found.contradicted,
            "invented": found.invented,
            "coverage": found.coverage,
            "precision": found.precision,
            "brevity": brevity,
            **compared,
        },
    )


def _words(text: str) -> int:
    """Words, the marks of tables and lists left out."""
    return sum(any(mark.isalnum() for mark in word) for word in text.split())


def _limit(target: Json, options: Mapping[str, Json]) -> int | None:
    own = target.get("max_words") if isinstance(target, Mapping) else None
    limit = own or options.get("max_words")
    return int(limit) if limit else None


def _examine(text: str, item: Item) -> Findings:
    wanted = parse(item.target, f"item {item.id}: target")
    target = item.target if isinstance(item.target, Mapping) else {}
    held = _source(item, target, wanted)
    topics = target.get("topics") or {fact.topic: [fact.topic] for fact in wanted if fact.topic}
    read = coverage.Read(list(passages(text, topics, held.values)), held, wanted)
    covered = [fact for fact in wanted if read.covers(fact)]
    missing = [fact for fact in wanted if fact not in covered]
    wrong = {fact.label: sorted(read.contradiction(fact)) for fact in missing}
    taken = {value for values in wrong.values() for value in values}
    return Findings(
        covered=[fact.label for fact in covered],
        missing=[fact.label for fact in missing],
        contradicted={label: values for label, values in wrong.items() if values},
        invented=sorted(inventions.inventions(text, item.input, held, wanted) - taken),
    )


def _source(item: Item, target: Mapping[str, Json], wanted: Sequence[Fact]) -> Source:
    if {"names", "numbers", "dates"} <= target.keys():
        return Source(
            names=target["names"],
            numbers=frozenset(Decimal(number) for number in target["numbers"]),
            dates=[date.fromisoformat(day) for day in target["dates"]],
        )
    given: dict[str, list[str]] = {
        kind: [str(value) for fact in wanted if fact.kind == kind for value in fact.accept]
        for kind in ("name", "number", "date")
    }
    return source.read(
        item.input,
        names=[*target.get("names", ()), *given["name"]],
        numbers=given["number"],
        dates=[*target.get("dates", ()), *given["date"]],
    )
