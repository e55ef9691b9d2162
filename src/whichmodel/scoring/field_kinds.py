"""What a field holds, as a card's options say it.

total: money                        one value of a type of `normal_forms.TYPES`
payment: [cash, card, voucher]      one of these words
clause: passage                     words of the document, right by the share of words in common
skills: name[]                      a list of values, in any order
rows: {what: text, price: money}    a list of rows, in any order; a column is a value or one of some words
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from whichmodel.domain import Json
from whichmodel.scoring.normal_forms import TYPES, name

_LIST = "[]"


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a type."""

    type: str

    @property
    def by_words(self) -> bool:
        """Whether values are compared by their share of common words instead of as a whole."""
        return self.type == "passage"

    def form(self, value: Json) -> str | None:
        """The value in normal form; None = it cannot be read as this type."""
        return TYPES[self.type](value)

    def __str__(self) -> str:
        return self.type


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some words; case, accents, spaces and punctuation do not count."""

    words: tuple[str, ...]

    @property
    def by_words(self) -> bool:
        """A word is right or wrong as a whole."""
        return False

    def form(self, value: Json) -> str | None:
        """The word as the card writes it; None = it is none of them."""
        given = name(value)
        return next((word for word in self.words if given and name(word) == given), None)

    def __str__(self) -> str:
        return f"word of {', '.join(self.words)}"


Single = Value | Choice


@dataclass(frozen=True, slots=True)
class Many:
    """A list of values in any order."""

    of: Single


@dataclass(frozen=True, slots=True)
class Rows:
    """A list of rows in any order; each column is a single value."""

    columns: Mapping[str, Single]


Kind = Single | Many | Rows


def read(said: Json) -> Kind:
    """The kind that an option says. Raises ValueError naming the type that there is not."""
    if isinstance(said, Mapping):
        return Rows({column: _single(kind) for column, kind in said.items()})
    if isinstance(said, str) and said.endswith(_LIST):
        return Many(_single(said.removesuffix(_LIST)))
    return _single(said)


def _single(said: Json) -> Single:
    if isinstance(said, list | tuple) and said and all(isinstance(word, str) for word in said):
        return Choice(tuple(said))
    if not isinstance(said, str) or said not in TYPES:
        raise ValueError(f"There is no field type '{said}'.")
    return Value(said)
