"""The final answer that a text states, apart from how it got there.

Read from, in this order: a JSON object with the asked key; what stands behind the last marker (`Answer:`,
`The answer is`, ...) or in the last `\\boxed{}`, whichever comes later; the whole of a short text. Of a
longer text without any of them the last line (or fence) is taken, which is a guess and said to be one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from whichmodel.scoring import json_answer, latex

Place = Literal["json", "marker", "box", "whole", "last line", "nowhere"]

_KIND = (
    r"(?:final |correct |best |right |most likely ){0,3}(?:answer|option|choice|label|category|class|intent)"
)
_DEFAULT = re.compile(
    rf"\b(?:the |my |so |thus ){{0,3}}{_KIND}[*_`\"']*(?: is| would be| must be| ?:)(?: that)?:?"
    rf"|^#+ *{_KIND}[*_ ]*$",
    re.IGNORECASE | re.MULTILINE,
)
_COURTESY = re.compile(
    r"\.?\s*(?:I hope (?:it|this|that) (?:is correct|helps)|Let me know\b.*)[.!]?\s*\Z", re.IGNORECASE
)
SHORT_WORDS = 12
"""Words of a text that is its answer and nothing else."""
_LONGEST = 2000
"""Characters of a text that is searched for decoration; bounds the work on hostile text."""
_LAST_FENCE = re.compile(r"```[\w-]*\n((?:(?!```).)*)```\s*\Z", re.DOTALL)
_WRAPPED = (
    re.compile(r"```[\w-]*\n?(.*?)\n?```", re.DOTALL),
    re.compile(r"<answer>(.*?)</answer>", re.DOTALL | re.IGNORECASE),
    re.compile(r"\\(?:boxed|fbox|text|textbf|mathrm|mathbf)\s*\{(.*)\}", re.DOTALL),
    re.compile(r"\\\((.*)\\\)|\\\[(.*)\\\]|\$\$(.*)\$\$|\$([^$]*)\$", re.DOTALL),
    re.compile(r"(\*\*\*|\*\*|\*|__|_|`+)(?=\S)(.*)(?<=\S)\1", re.DOTALL),
    re.compile(r"[\"“„«](.*)[\"”“»]|'(.*)'|‘(.*)’", re.DOTALL),
)


@dataclass(frozen=True, slots=True)
class Stated:
    """An answer free of decoration, and where it was read."""

    text: str
    """"" = there is none."""
    place: Place

    @property
    def certain(self) -> bool:
        """Whether it stands where an answer stands; a last line is a guess."""
        return self.place not in ("last line", "nowhere")


def find(
    text: str, *, marker: str = "", keys: Sequence[str] = ("answer",), short: int = SHORT_WORDS
) -> Stated:
    """The final answer of a text.

    marker: the one that was asked for; "" = the usual ones are read. short: words of a text that is its
    answer and nothing else.
    """
    found = json_answer.find(text, keys)
    if found is not None:
        value = next(found.value[key] for key in keys if key in found.value)
        if isinstance(value, str | int | Decimal) and not isinstance(value, bool):
            return Stated(bare(str(value)), "json")
    pattern = re.compile(re.escape(marker), re.IGNORECASE) if marker else _DEFAULT
    marks, box = list(pattern.finditer(text)), latex.boxed(text)
    if marks and (box is None or box.start < marks[-1].end()):
        return Stated(bare(_line(text[marks[-1].end() :])), "marker")
    if box is not None:
        return Stated(bare(box.inner), "box")
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        return Stated("", "nowhere")
    whole = bare(text)
    if "\n" not in whole and len(whole.split()) <= short:
        return Stated(whole, "whole")
    fence = _LAST_FENCE.search(text[-_LONGEST:])
    return Stated(bare(fence[1] if fence else lines[-1]), "last line")


def announced(text: str) -> str | None:
    """What the last line states behind a usual marker (`Answer:`, `The answer is`). None = it has none.

    Earlier lines do not count, nor long ones behind a colon: `Answer:` may open a working as well as end it.
    """
    last = text.rstrip().rpartition("\n")[2]
    marks = list(_DEFAULT.finditer(last))
    if not marks:
        return None
    behind = last[marks[-1].end() :]
    colon = ":" in marks[-1][0] or behind.startswith(":")
    return None if colon and len(behind.split()) > SHORT_WORDS else behind


def bare(text: str) -> str:
    """A text without Markdown, quotes, fences, boxes and tags around the whole of it, and the dot behind."""
    if len(text) > _LONGEST:
        return text.strip()
    text = _COURTESY.sub("", text)
    while True:
        before, text = text, text.strip()
        if text.count("**") % 2:
            text = text.removeprefix("**").removesuffix("**").strip()
        for pattern in _WRAPPED:
            if found := pattern.fullmatch(text.rstrip(".") if len(text) > 1 else text):
                text = next(group for group in reversed(found.groups()) if group is not None)
        if text == before:
            return text


def _line(text: str) -> str:
    """What stands behind a marker: the rest of its line, else the next line, a fence as a whole."""
    rest = re.sub(r"\A[\s:*_]*(?=```)", "", text)
    if rest.startswith("```") and (fence := re.match(r"```.*?```", rest, re.DOTALL)):
        return fence[0]
    first = text.partition("\n")[0]
    if re.search(r"[\w$\\]", first):
        return re.sub(r"\A\s*[*_]{1,3}\s(?=.*\S)", "", first)
    return text.lstrip(" \t\r\n*_:`").partition("\n")[0]
