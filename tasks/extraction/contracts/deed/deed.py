"""A whole contract: preamble, numbered clauses, amendments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from datetime import timedelta
from random import Random

from . import clauses, klauseln
from .amendments import Change, amend, revoke
from .clauses import Clause
from .terms import Terms, draw, words


def _body(terms: Terms, rng: Random, indirect: bool = False) -> str:
    """The agreement without its amendments."""
    defined, short = clauses.definitions(terms, rng, indirect)
    middle = [
        clauses.term(terms, rng, short),
        clauses.fees(terms, rng, short),
        clauses.secrecy(terms, rng),
        clauses.liability(terms, rng),
    ]
    rng.shuffle(middle)
    service = ("Services", [f"The Provider renders {rng.choice(words()['services'])}."])
    made = [defined, service, *middle, clauses.general(terms, rng)]
    if rng.random() < 0.3:
        made = [service, *middle, defined, made[-1]]
    return f"{clauses.preamble(terms, rng)}\n\n{_numbered(made)}"


def _numbered(made: list[Clause]) -> str:
    blocks = []
    for number, (heading, said) in enumerate(made, 1):
        lines = [f"{number}.{place} {text}" for place, text in enumerate(said, 1)]
        blocks.append("\n".join([f"{number}. {heading}", *lines]))
    return "\n\n".join(blocks)


def _plain(rng: Random) -> tuple[Terms, str]:
    terms = draw(rng)
    return terms, _body(terms, rng)


def _defined(rng: Random) -> tuple[Terms, str]:
    """Values by definition: fee by its rate, cap by the fee, notice and due date by their names."""
    terms = _by_share(draw(rng), rng)
    return terms, _body(terms, rng, indirect=True)


def _by_share(terms: Terms, rng: Random) -> Terms:
    terms.cap, terms.cap_percent = None, rng.choice((50, 75, 100, 125, 150, 200, 300))
    return terms


def _amended(rng: Random) -> tuple[Terms, str]:
    """Two amendments that both change something; the cap may follow the fee."""
    terms = draw(rng) if rng.random() < 0.5 else _by_share(draw(rng), rng)
    body, used = _body(terms, rng), list[Change]()
    first = amend(terms, rng, 1, 2, used)
    used = [change for change in used if rng.random() < 0.5]
    return terms, f"{body}\n\n{first}\n\n{amend(terms, rng, 2, 2, used)}"


def _unsigned(rng: Random) -> tuple[Terms, str]:
    """One amendment in force beside one that is not, or that is taken back."""
    terms = draw(rng)
    body, used = _body(terms, rng), list[Change]()
    if rng.random() < 0.5:
        before = copy(terms)
        first = amend(terms, rng, 1, 3, used)
        third = amend(before, rng, 3, 1, [])
        back = revoke(2, 1, terms.effective + timedelta(days=400))
        return before, "\n\n".join([body, first, back, third])
    first = amend(terms, rng, 1, 2, used)
    return terms, "\n\n".join([body, first, amend(terms, rng, 2, 2, [], signed=False)])


def _open(rng: Random) -> tuple[Terms, str]:
    """An indefinite time, and terms that are missing."""
    terms = draw(rng, open_ended=True)
    return terms, _body(terms, rng, indirect=rng.random() < 0.3)


def _german(rng: Random) -> tuple[Terms, str]:
    terms = draw(rng, german=True, open_ended=rng.random() < 0.3)
    terms = _by_share(terms, rng) if rng.random() < 0.4 else terms
    return terms, f"{klauseln.preamble(terms, rng)}\n\n{_numbered(klauseln.clauses(terms, rng))}"


STRATA: Mapping[str, Callable[[Random], tuple[Terms, str]]] = {
    "plain": _plain,
    "defined": _defined,
    "amended": _amended,
    "unsigned": _unsigned,
    "open": _open,
    "german": _german,
}


def write(stratum: str, rng: Random) -> tuple[Terms, str]:
    """The terms in force and the document of a contract of a stratum."""
    return STRATA[stratum](rng)
