"""Texts that a picture must show -> demands, and how each is checked in what was read.

`spec["texts"]` is a list of `{text, position?: [relation, index into texts], on?: class of an object}`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from whichmodel.domain import Json
from whichmodel.scoring.image.demand import YES_NO, Demand, YesNo
from whichmodel.scoring.image.look import Look

LEGIBLE = 0.5
"""Share of a text's characters that must be right for it to count as there at all."""
_RELATIONS = {"left of": "to the left of", "right of": "to the right of"}


def lettered(texts: Sequence[Mapping[str, Json]], start: int, kinds: Sequence[str] = ()) -> list[Demand]:
    """The demands of all texts; needs count from `start`. kinds: classes of the objects at places 0, 1, ...

    Raises KeyError, TypeError, IndexError or ValueError for a list that cannot be read.
    """
    legible = {n: start + n for n in range(len(texts))}
    made = [Demand(f"legible: {text['text']}", IsLegible(n)) for n, text in enumerate(texts)]
    for n, text in enumerate(texts):
        words, needs = text["text"].split(), (legible[n],)
        if not words:
            raise ValueError("a text is empty")
        made += [Demand(f"word: {word}", HasWord(n, place), needs) for place, word in enumerate(words)]
        made.append(Demand(f"as written: {text['text']}", IsExact(n), needs))
        if "position" in text:
            made.append(_placed(text, texts, legible, n))
        if "on" in text:
            asked = f'Is the text "{text["text"]}" on a "{text["on"]}" in the image?{YES_NO}'
            made.append(
                Demand(
                    f"on {text['on']}: {text['text']}", YesNo(asked), (legible[n], kinds.index(text["on"]))
                )
            )
    return [*made, Demand("no other text", NoOther())] if texts else []


def _placed(
    text: Mapping[str, Json], texts: Sequence[Mapping[str, Json]], legible: Mapping[int, int], n: int
) -> Demand:
    relation, index = text["position"]
    other = texts[index]["text"]
    where = _RELATIONS.get(relation, relation)
    asked = f'Is the text "{text["text"]}" {where} the text "{other}" in the image?{YES_NO}'
    return Demand(f"position: {text['text']} {relation} {other}", YesNo(asked), (legible[n], legible[index]))


@dataclass(frozen=True, slots=True)
class IsLegible:
    """A text is there, and most of its characters are right."""

    text: int

    async def met(self, look: Look) -> bool:
        """Whether it is."""
        return (await look.reading()).texts[self.text].closeness >= LEGIBLE


@dataclass(frozen=True, slots=True)
class HasWord:
    """One word of a text is there, in order."""

    text: int
    word: int

    async def met(self, look: Look) -> bool:
        """Whether it is."""
        return (await look.reading()).texts[self.text].words[self.word]


@dataclass(frozen=True, slots=True)
class IsExact:
    """A text reads as asked: capitals, punctuation, and no word in between."""

    text: int

    async def met(self, look: Look) -> bool:
        """Whether it does."""
        return (await look.reading()).texts[self.text].exact


@dataclass(frozen=True, slots=True)
class NoOther:
    """Nothing is written that was not asked for."""

    async def met(self, look: Look) -> bool:
        """Whether nothing is."""
        return not (await look.reading()).others
