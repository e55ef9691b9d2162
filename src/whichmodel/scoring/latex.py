"""LaTeX as models write it in answers: the box around a result, and what it says in plain characters."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BOX = re.compile(r"\\(?:boxed|fbox)\s*\{")
_FRACTION = re.compile(r"\\[dtc]?frac\s*(?:\{([^{}]*)\}|(\d))\s*(?:\{([^{}]*)\}|(\d))")
_WORDS = re.compile(r"\\(?:text|textbf|textit|textrm|mathrm|mathbf|mathit|mbox|operatorname)\s*\{([^{}]*)\}")
_NESTED = 4
"""Commands within commands that are resolved; what is nested deeper stays as it is."""
_MOST_BOXES = 20
"""Boxes of a text that are opened, from its end; bounds the work on hostile text."""
_SIGNS = (
    (r"\\(?:left|right|displaystyle|Bigl?|Bigr|bigl?|bigr)(?![A-Za-z])", ""),
    (r"\\[,;:! ]|~|\\quad|\\qquad", " "),
    (r"\{,\}", ","),
    (r"\\(?:times|cdot|ast)(?![A-Za-z])", "×"),
    (r"\^\s*\{?\s*\\circ\s*\}?|\\degree(?![A-Za-z])", "°"),
    (r"\\([$%#&_])", r"\1"),
    (r"\\(?:approx|sim|simeq)(?![A-Za-z])", "≈"),
    (r"\\[()\[\]]|\$\$", " "),
)


@dataclass(frozen=True, slots=True)
class Box:
    """A closed box, where it stands and what it holds."""

    inner: str
    start: int
    end: int


def boxed(text: str) -> Box | None:
    """The last closed box of a text; None without one."""
    for found in reversed(list(_BOX.finditer(text))[-_MOST_BOXES:]):
        depth = 1
        for at in range(found.end(), len(text)):
            depth += {"{": 1, "}": -1}.get(text[at], 0)
            if depth == 0:
                return Box(text[found.end() : at].strip(), found.start(), at + 1)
    return None


def plain(text: str) -> str:
    r"""A text with its commands in plain characters: `1\frac{3}{4}\text{ km}` is `1 3/4 km`."""
    if "\\" not in text and "$$" not in text and "{,}" not in text:
        return text
    for _ in range(_MOST_BOXES):
        if (box := boxed(text)) is None:
            break
        text = f"{text[: box.start]} {box.inner} {text[box.end :]}"
    for pattern, sign in _SIGNS:
        text = re.sub(pattern, sign, text)
    for _ in range(_NESTED):
        text = _FRACTION.sub(_fraction, _WORDS.sub(r"\1", text))
    return text


def _fraction(found: re.Match[str]) -> str:
    above, below = found[1] or found[2] or "", found[3] or found[4] or ""
    whole = " " if found.start() and found.string[found.start() - 1].isdigit() else ""
    if all(re.fullmatch(r"[\w.]+", part) for part in (above, below)):
        return f"{whole}{above}/{below}"
    return f"{whole}({above})/({below})"
