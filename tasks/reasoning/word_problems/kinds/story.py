"""A word problem as it is told: givens, asides that do not matter, and a working."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor
from random import Random

Number = int | Fraction

NAMES = (
    "Ana", "Bashir", "Chiara", "Dmitri", "Elif", "Farah", "Gustav", "Hana", "Ivo", "Jamal", "Katrin", "Leila",
    "Marek", "Nadia", "Oskar", "Priya", "Quentin", "Rosa", "Samir", "Tove", "Umar", "Vera", "Wanja", "Yusuf",
)  # fmt: skip
_OPERATORS: Mapping[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


class Unfit(Exception):
    """These numbers make no good problem; others are drawn."""


@dataclass
class Story:
    """A problem while it is told. Each line of the working is one step."""

    rng: Random
    sentences: list[str] = field(default_factory=list)
    asides: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    figures: dict[str, str] = field(default_factory=dict)
    """Givens by name, as they stand in the text."""
    question: str = ""
    answer: str = ""

    def given(self, name: str, value: Number, places: int = 0) -> str:
        """A given as the text shows it, with that many decimals."""
        self.figures[name] = f"{float(value):.{places}f}"
        return self.figures[name]

    def say(self, *forms: str) -> None:
        """One sentence of the text, in one of several forms."""
        self.sentences.append(self.rng.choice(forms))

    def aside(self, *forms: str, most: int = 2) -> None:
        """Sentences with numbers that do not matter, one or more of these."""
        self.asides += self.rng.sample(forms, self.rng.randint(1, min(most, len(forms))))

    def calc(self, label: str, template: str, *values: Number) -> Fraction:
        """One step: `{} x {}` over the values, shown in the working and done exactly."""
        value = _value(
            ast.parse(template.replace("x", "*").format(*(f"({v})" for v in values)), mode="eval").body
        )
        self.lines.append(f"{label}: {template.format(*map(shown, values))} = {shown(value)}")
        return value

    def whole(self, label: str, template: str, *values: Number, up: bool) -> int:
        """One step whose result is rounded up or down to a whole number."""
        value = self.calc(label, template, *values)
        rounded = ceil(value) if up else floor(value)
        if rounded != value:
            self.lines[-1] += f", rounded {'up' if up else 'down'}: {rounded}"
        return rounded

    def ask(self, value: Number, question: str, places: int | None = None) -> None:
        """The question and its answer; places: decimals it is rounded to, half up. None = it is exact.

        Raises Unfit where the answer is negative, or so near to half a unit that roundings would differ.
        """
        self.question = question
        exact = Fraction(value)
        if exact <= 0 or (places is None and not _terminates(exact)):
            raise Unfit
        if places is None:
            self.answer = shown(exact)
            return
        scaled = exact * 10**places
        if abs(scaled - floor(scaled) - Fraction(1, 2)) < Fraction(1, 50):
            raise Unfit
        self.answer = f"{float(Fraction(floor(scaled + Fraction(1, 2)), 10**places)):.{places}f}"
        if scaled.denominator != 1:
            self.lines[-1] += f", rounded: {self.answer}"

    def text(self) -> str:
        """The sentences with the asides among them, the question last or, now and then, first."""
        told = list(self.sentences)
        for aside in self.asides:
            told.insert(self.rng.randint(1, len(told)), aside)
        if self.rng.random() < 0.25 and " then " not in self.question:
            return " ".join([self.question, *told])
        return " ".join([*told, self.question])


def shown(value: Number) -> str:
    """A number as a working shows it: `12.5`; a fraction where it has no end as a decimal."""
    exact = Fraction(value)
    if exact.denominator == 1:
        return str(exact.numerator)
    if not _terminates(exact):
        return f"({exact.numerator}/{exact.denominator})"
    places = next(n for n in range(1, 40) if 10**n % exact.denominator == 0)
    scaled = abs(exact.numerator) * 10**places // exact.denominator
    digits = f"{scaled:0{places + 1}d}"
    return f"{'-' if exact < 0 else ''}{digits[:-places]}.{digits[-places:]}"


def _terminates(value: Fraction) -> bool:
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest == 1


def _value(node: ast.expr) -> Fraction:
    if isinstance(node, ast.BinOp):
        return _OPERATORS[type(node.op)](_value(node.left), _value(node.right))
    if isinstance(node, ast.UnaryOp):
        return -_value(node.operand)
    assert isinstance(node, ast.Constant)
    return Fraction(str(node.value))
