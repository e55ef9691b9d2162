"""A policy with its sections in some order, its clauses numbered, and the rule that says which prevails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from .blueprint import SECTIONS, Blueprint, Clause, Facts

HEADINGS = {
    "rules": ("Rules", "General rules", "The usual case"),
    "exceptions": ("Particular cases", "Further provisions", "Deviations"),
    "special": ("Special provisions", "Other cases", "Supplementary provisions"),
}
FEATURES = ("rule", "override", "conflict")
"""What decides a case: a rule, where nothing else applies; a clause over a rule; one of several others."""


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy as it is printed, and how it decides."""

    text: str
    blueprint: Blueprint
    clauses: Mapping[str, Clause]
    """By number, in the order of the text."""
    sections: Mapping[str, str]
    """Number of a clause -> its section: rules, exceptions, special."""
    ranks: tuple[str, ...]
    """The sections, the one that prevails first."""
    lower_first: bool
    """Within a section the clause with the lower number prevails; False = the higher one."""

    def applying(self, facts: Facts) -> list[str]:
        """Numbers of the clauses that apply, the one that prevails first."""
        numbers = [number for number, clause in self.clauses.items() if clause.applies(facts)]
        if not self.lower_first:
            numbers.reverse()
        return sorted(numbers, key=lambda number: self.ranks.index(self.sections[number]))

    def feature(self, applying: Sequence[str]) -> str | None:
        """What decides a case; None where an override decides as the rule would, and so goes unnoticed."""
        *over, rule = [self.clauses[number].decision for number in applying]
        if not over:
            return "rule"
        if over[0] == rule:
            return None
        return "override" if len(over) == 1 else "conflict" if len(set(over)) > 1 else None


def numbered(blueprint: Blueprint, rng: Random) -> Policy:
    """The policy with sections and clauses in an order of its own."""
    order = rng.sample(SECTIONS, len(SECTIONS))
    ranks = (*rng.sample(["exceptions", "special"], 2), "rules")
    lower_first = rng.random() < 0.5
    clauses: dict[str, Clause] = {}
    sections: dict[str, str] = {}
    parts: list[str] = []
    places = _places(order, rng)
    for place, name in enumerate(places, start=1):
        if name == "definitions":
            parts.append(
                _section(place, "Definitions", rng.sample(blueprint.definitions, len(blueprint.definitions)))
            )
        elif name == "procedure":
            parts.append(_section(place, "Procedure", blueprint.procedure))
        elif name == "precedence":
            parts.append(_section(place, "Which clause prevails", _precedence(places, ranks, lower_first)))
        else:
            listed = rng.sample(blueprint.sections[name], len(blueprint.sections[name]))
            for at, clause in enumerate(listed, start=1):
                clauses[f"{place}.{at}"], sections[f"{place}.{at}"] = clause, name
            parts.append(_section(place, rng.choice(HEADINGS[name]), [clause.text for clause in listed]))
    text = "\n\n".join([blueprint.title.upper(), *parts])
    return Policy(text, blueprint, clauses, sections, ranks, lower_first)


def _places(order: Sequence[str], rng: Random) -> list[str]:
    """All sections in the order of the text."""
    places = ["definitions", *order]
    places.insert(rng.choice((1, 2, 3, 4)), "procedure")
    places.insert(rng.choice((0, 1, len(places), len(places))), "precedence")
    return places


def _precedence(places: Sequence[str], ranks: Sequence[str], lower_first: bool) -> tuple[str, ...]:
    first, second, last = [f"Section {places.index(name) + 1}" for name in ranks]
    number = "lower" if lower_first else "higher"
    return (
        f"Where several clauses apply to a case, those of {first} prevail over those of {second}, "
        f"and these over those of {last}.",
        f"Of several clauses of one section that apply, the one with the {number} number prevails.",
    )


def _section(place: int, heading: str, texts: Sequence[str]) -> str:
    lines = [f"{place}.{at} {text}" for at, text in enumerate(texts, start=1)]
    return "\n".join([f"{place}. {heading}", *lines])
