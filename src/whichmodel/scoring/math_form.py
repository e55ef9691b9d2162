r"""Answers of mathematics in a normal form: equal answers of a simple kind become equal strings.

Numbers are compared by value (`\frac{1}{2}`, 1/2 and 0.5 are one), tuples and intervals part by part with
their brackets, sets and bare lists in any order, all else as LaTeX without its typography (after `is_equiv`
of MATH, Hendrycks 2021). `x+1` and `1+x` stay different: to tell that they are equal takes a computer algebra
system, and sympy's parser runs what it reads as Python, which a model's answer must never be.
"""

from __future__ import annotations

import re

from whichmodel.scoring import latex, notation

_TYPOGRAPHY = (
    (r"\\(?:left|right|displaystyle|bigl?|bigr|Bigl?|Bigr)(?![A-Za-z])|\\[,;:! ]|~|\\quad|\\qquad|\$", ""),
    (r"\\[dtc]frac", r"\\frac"),
    (r"\\(?:text|mbox|mathrm)\s*\{\s*(?:and|or)\s*\}", ","),
    (r"\\(?:text|mbox|mathrm|textbf|mathbf)\s*\{([^{}]*)\}", r"\1"),
    (r"\^\s*\{?\s*\\circ\s*\}?|°|\\%|%", ""),
    (r"\\frac\s*(\d)\s*(\d)", r"\\frac{\1}{\2}"),
    (r"\\sqrt\s*(\w)", r"\\sqrt{\1}"),
    (r"\\frac\s*(\d)\s*\{", r"\\frac{\1}{"),
    (r"(\\frac\s*\{(?:[^{}]|\{[^{}]*\})*\})\s*(\d)", r"\1{\2}"),
    (r"\\(?:cdot|times)(?![A-Za-z])", "*"),
    (r"\\le(?![A-Za-z])", r"\\leq"),
    (r"\\ge(?![A-Za-z])", r"\\geq"),
    (r"−", "-"),
    (r"∞", r"\\infty"),
    (r"√\(([^()]*)\)|√(\d+|\w)", r"\\sqrt{\1\2}"),
    (r"π", r"\\pi"),
    (r"∪", r"\\cup"),
)
_NAMED = re.compile(r"(?:[a-zA-Z]|[a-zA-Z]\([a-zA-Z]\)|\([a-zA-Z](?:,[a-zA-Z])*\))(?:=|\\in(?![a-z]))(.+)")
"""`x=5`, `f(x)=2x`, `x\\in[0,1]`: what stands behind is the answer."""
_UNIT = re.compile(r"\s*(?:%|°|[a-zA-Z]{2,}(?:[ /][a-zA-Z]+)*)?\s*")
_LONGEST = 1000
"""Characters of an answer that is read as mathematics; bounds the work on hostile text."""
_DEEPEST = 5
"""Brackets within brackets that are looked into."""


def normal(text: str) -> str:
    """The normal form of an answer; "" where there is none."""
    box = latex.boxed(text)
    answer = box.inner if box else text
    return _normal(answer, depth=0) if len(answer) <= _LONGEST else answer.strip()


def _normal(text: str, depth: int) -> str:
    text = text.strip().rstrip(".").strip()
    number = _number(text)
    if number is not None:
        return number
    for pattern, sign in _TYPOGRAPHY:
        text = re.sub(pattern, sign, text)
    text = re.sub(r"\s+", "", text)
    if named := _NAMED.fullmatch(text):
        text = named[1]
    if (number := _number(text)) is not None or depth > _DEEPEST:
        return number or text
    parts = _split(text)
    if len(parts) > 1:
        return ",".join(sorted(_normal(part, depth + 1) for part in parts))
    for opening, closing, ordered in ((r"\{", r"\}", False), ("(", ")", True), ("[", "]", True)):
        if text.startswith(opening) and text[-1:] in ")]}" and (inner := _inside(text, opening)) is not None:
            inner_parts = [_normal(part, depth + 1) for part in _split(inner)]
            if len(inner_parts) == 1 and opening == "(" and text.endswith(")"):
                return inner_parts[0]
            listed = inner_parts if ordered else sorted(inner_parts)
            return f"{opening}{','.join(listed)}{text[-1] if ordered else closing}"
    return text


def _number(text: str) -> str | None:
    """The number that a text is, units aside; None = it is more than that, or something else."""
    plain = latex.plain(text).replace("$", "").strip()
    grouped = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", plain)
    if not re.match(r"[-−+]?\s*[.(\d]", plain) or "," in grouped:
        return None
    plain = re.sub(r"^([-−+]?)\s*\((\d+)\)/\((\d+)\)$", r"\1\2/\3", plain)
    found = notation.alone(plain)
    if found is None or found.start or not _UNIT.fullmatch(plain[found.end :]):
        return None
    return notation.plain(found.value)


def _inside(text: str, opening: str) -> str | None:
    """What stands between the brackets at both ends, if they belong together."""
    depth = 0
    for at, sign in enumerate(text):
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(sign, 0)
        if depth == 0 and sign in ")]}":
            if at < len(text) - 1:
                return None
            end = text[:at].removesuffix("\\") if opening == r"\{" else text[:at]
            return end[len(opening) :]
    return None


def _split(text: str) -> list[str]:
    """Parts between commas that stand outside of all brackets."""
    parts, depth = [""], 0
    for sign in text:
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(sign, 0)
        if sign == "," and depth <= 0:
            parts.append("")
        else:
            parts[-1] += sign
    return parts
