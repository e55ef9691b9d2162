"""Entity recognition: exact span and type, F1 as in WNUT17 (Derczynski et al. 2017, conlleval's rules).

`target`: list of `{"text": ..., "type": ...}`. The answer is JSON: the same list, an object that maps each
type to its texts, or another form that `entity_forms` reads; so may the target be. A text counts as often as
it is named: three mentions want three entries.

The score is the F1 of one item. The mean of those over a bank is not the F1 over all its entities, which is
what shared tasks publish: there an item counts by its entities, here every item counts the same. Each
verdict keeps its counts, so that the F1 over a bank can be taken with `Counts.total`.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from whichmodel.domain import Answer, Item, Json, Verdict
from whichmodel.errors import ScoringFailed
from whichmodel.scoring import entity_forms
from whichmodel.scoring.entity_tags import spans
from whichmodel.scoring.reading import spoken

_WELL_KNOWN = {
    "per": "person", "pers": "person", "org": "organisation", "organization": "organisation",
    "loc": "location", "misc": "miscellaneous",
}  # fmt: skip
"""Other words for types, where the card has none of its own."""

Pairs = Counter[tuple[str, str]]
"""Text and type in normal form, and how often they stand there."""


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

    @classmethod
    def total(cls, details: Iterable[Mapping[str, Json]]) -> Counts:
        """The counts over many verdicts, by their details. In an unparsed answer nothing was predicted."""
        kept = [detail for detail in details if "gold" in detail]
        return cls(*(sum(d[key] for d in kept) for key in ("correct", "predicted", "gold")))


def corpus(gold: Iterable[Sequence[str]], predicted: Iterable[Sequence[str]]) -> Counts:
    """Counts over all sentences, given as token tags. Raises ValueError when they do not align."""
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
    """F1 of the item's entities.

    options: `types`, the types that there are; `aliases`, type -> other words for it. An answer in which no
    entities can be read is unparsed and scores 0; one that is no JSON but can be read (tags on lines,
    markup, almost-JSON) is unparsed too, and scores what it says, unless the option `fallback` is `none`.
    Raises ScoringFailed where the target cannot be used.
    """
    types, aliases = list(options.get("types") or ()), _aliases(options)

    def kind(word: str) -> str:
        bare = _bare(word)
        return aliases.get(bare) or _WELL_KNOWN.get(bare, bare)

    source = entity_forms.source_of(item, types, kind)
    found = entity_forms.read(spoken(answer.text), source)
    wanted = Counter((_normal(text), kind(name)) for text, name in _target(item, source))
    if found is None or (not found.valid and options.get("fallback") == "none"):
        detail = {
            "explanation": "There is no JSON list of entities in the answer.",
            "correct": 0, "predicted": 0, "gold": wanted.total(),
        }  # fmt: skip
        return Verdict(0.0, False, detail=detail)
    given = Counter((_normal(text), kind(name)) for text, name in found.pairs)
    return _verdict(given, wanted, found)


def _verdict(given: Pairs, wanted: Pairs, found: entity_forms.Reading) -> Verdict:
    counts = Counts((wanted & given).total(), given.total(), wanted.total())
    kinds = sorted({kind for _, kind in wanted | given})
    return Verdict(
        score=counts.f1,
        parsed=found.valid,
        answer_norm=json.dumps(sorted(given.elements()), ensure_ascii=False),
        detail={
            "explanation": f"{'' if found.valid else f'No JSON, read as {found.form}; '}"
            f"{counts.correct} of {counts.gold} entities found, {counts.predicted} named.",
            "form": found.form,
            "missed": [list(pair) for pair in sorted((wanted - given).elements())],
            "wrong": [list(pair) for pair in sorted((given - wanted).elements())],
            "correct": counts.correct,
            "predicted": counts.predicted,
            "gold": counts.gold,
            "by_type": {
                kind: [_of(pairs, kind) for pairs in (wanted & given, given, wanted)] for kind in kinds
            },
        },
    )


def _of(pairs: Pairs, kind: str) -> int:
    return sum(count for (_, name), count in pairs.items() if name == kind)


def _target(item: Item, source: entity_forms.Source) -> Sequence[entity_forms.Pair]:
    found = entity_forms.of_json(item.target, source)
    if found is None or entity_forms.UNREAD in found.pairs:
        raise ScoringFailed(
            "The target is no list of entities.",
            where=item.id,
            remedy='Write it as [{"text": ..., "type": ...}], or as tags of the tokens in its metadata.',
        )
    return found.pairs


def _aliases(options: Mapping[str, Json]) -> dict[str, str]:
    said = options.get("aliases") or {}
    return {_bare(word): _bare(kind) for kind, words in said.items() for word in words}


def _normal(text: str) -> str:
    """A text without case, runs of white space, and quotes or punctuation at its ends."""
    plain = unicodedata.normalize("NFKC", str(text)).replace("’", "'").casefold()
    return " ".join(plain.split()).strip(" .,;:!?'\"“”„«»()") or plain.strip()


def _bare(word: str) -> str:
    """A type without case and separators: `creative-work` is `Creative Work`."""
    return re.sub(r"[\W_]+", "", word).casefold()
