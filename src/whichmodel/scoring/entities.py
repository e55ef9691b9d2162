"""Entity recognition: exact span and type, F1 as in WNUT17 (Derczynski et al. 2017, conlleval's rules).

`target`: list of `{"text": ..., "type": ...}`. The answer is JSON: the same list, or an object that maps
each type to its texts. A text counts as often as it is named: three mentions want three entries.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from whichmodel.domain import Answer, Item, Json, Verdict
from whichmodel.scoring.reading import spoken

Span = tuple[int, int, str]
"""First token, token after the last, type."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Entities that are right, that were predicted, and that there are."""

    correct: int
    predicted: int
    gold: int

    @property
    def precision(self) -> float:
        """Share of predicted entities that are right; 1 where none was predicted."""
        return self.correct / self.predicted if self.predicted else 1.0

    @property
    def recall(self) -> float:
        """Share of gold entities that were found; 1 where there is none."""
        return self.correct / self.gold if self.gold else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of both; 1 where there is nothing to find and nothing was found."""
        both = self.predicted + self.gold
        return 2 * self.correct / both if both else 1.0


def spans(tags: Sequence[str]) -> list[Span]:
    """The spans of one sentence's BIO tags; an `I-` of another type than before it opens a span."""
    found: list[Span] = []
    start, kind = 0, ""
    for position, tag in enumerate([*tags, "O"]):
        prefix, _, label = tag.partition("-")
        if kind and (prefix != "I" or label != kind):
            found.append((start, position, kind))
            kind = ""
        if not kind and prefix in {"B", "I"}:
            start, kind = position, label
    return found


def corpus(gold: Iterable[Sequence[str]], predicted: Iterable[Sequence[str]]) -> Counts:
    """Counts over all sentences, given as BIO tags. Raises ValueError when they do not align."""
    correct = found = wanted = 0
    for number, (right, given) in enumerate(zip(gold, predicted, strict=True)):
        if len(right) != len(given):
            raise ValueError(f"sentence {number} has {len(right)} gold tags but {len(given)} predicted ones")
        right_spans, given_spans = set(spans(right)), set(spans(given))
        correct += len(right_spans & given_spans)
        found += len(given_spans)
        wanted += len(right_spans)
    return Counts(correct, found, wanted)


def score(answer: Answer, item: Item, options: Mapping[str, Json]) -> Verdict:
    """F1 of the item's entities. An answer without readable JSON is unparsed and scores 0."""
    given = _read(answer.text)
    if given is None:
        return Verdict(0.0, False, detail={"explanation": "There is no JSON list of entities in the answer."})
    wanted = Counter((_normal(e["text"]), _normal(e["type"])) for e in item.target)
    right = wanted & given
    counts = Counts(right.total(), given.total(), wanted.total())
    found = sorted(given.elements())
    return Verdict(
        score=counts.f1,
        parsed=True,
        answer_norm=json.dumps(found, ensure_ascii=False),
        detail={
            "explanation": f"{counts.correct} of {counts.gold} entities found, {counts.predicted} named.",
            "missed": [list(pair) for pair in sorted((wanted - given).elements())],
            "wrong": [list(pair) for pair in sorted((given - wanted).elements())],
            "correct": counts.correct,
            "predicted": counts.predicted,
            "gold": counts.gold,
        },
    )


def _normal(text: str) -> str:
    return " ".join(str(text).split()).casefold()


def _read(text: str) -> Counter[tuple[str, str]] | None:
    """The last JSON value of the answer that is a set of entities. None = there is none."""
    best: Counter[tuple[str, str]] | None = None
    for value in _json_values(spoken(text)):
        pairs = _pairs(value)
        if pairs is not None:
            best = Counter((_normal(name), _normal(kind)) for name, kind in pairs)
    return best


def _json_values(text: str) -> Iterator[Json]:
    """Each outermost JSON list or object that stands in a text, prose around it skipped."""
    decoder = json.JSONDecoder()
    position = 0
    while match := re.compile(r"[\[{]").search(text, position):
        try:
            value, position = decoder.raw_decode(text, match.start())
            yield value
        except ValueError:
            position = match.end()
        except RecursionError:
            return


def _pairs(value: Json) -> list[tuple[str, str]] | None:
    if isinstance(value, dict) and isinstance(value.get("entities"), (list, dict)):
        value = value["entities"]
    if isinstance(value, list):
        if all(isinstance(e, dict) and {"text", "type"} <= set(e) for e in value):
            return [(str(e["text"]), str(e["type"])) for e in value]
        return None
    if isinstance(value, dict) and all(isinstance(texts, list) for texts in value.values()):
        return [(str(text), kind) for kind, texts in value.items() for text in texts]
    return None
