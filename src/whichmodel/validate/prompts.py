"""What prompts alone tell: copies, near-copies, an answer that stands in the question."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from whichmodel.domain import Item, TaskCard
from whichmodel.validate.findings import Finding

SHOWN_ANSWER = 40
"""Characters from which on a whole answer that stands in the prompt is no coincidence."""
MARKED = frozenset({"exact", "numeric", "verifier"})
"""Scorers whose answer stands in a line of its own."""
QUOTED = frozenset({"choice", "exact", "image", "numeric"})
"""Scorers whose answer may well be words of the prompt: a label of its list, a span of its passage."""
PROGRAMS = frozenset({"code", "sql", "tests"})
"""Scorers whose answer is a program, which means another thing with another indent."""
_CUE = re.compile(
    r"^\W*(?:the )?(?:correct |right |expected |final )?"
    r"(answer|label|gold|target|solution|output)\W*[:=]+\s*(.*)$"
)
_DIGITS = re.compile(r"\d+")
_FENCE = re.compile(r"^```\w*$", re.MULTILINE)


def copies(items: Sequence[Item]) -> list[Finding]:
    """Items with the same prompt, and items with none."""
    found = []
    by_prompt: dict[str, list[str]] = {}
    for item in items:
        by_prompt.setdefault(item.input.strip(), []).append(item.id)
    if empty := by_prompt.pop("", []):
        found.append(Finding("prompts", "The prompt is empty.", tuple(empty)))
    same = [ids for ids in by_prompt.values() if len(ids) > 1]
    if same:
        text = f"{len(same):,} prompts stand more than once; {same[0][1]} repeats {same[0][0]}."
        found.append(Finding("prompts", text, tuple(item for ids in same for item in ids[1:])))
    return found


def near_copies(items: Sequence[Item]) -> int:
    """Items that are another one's copy but for digits, case and spaces; whole copies count too."""
    forms = Counter(" ".join(_DIGITS.sub("0", item.input.casefold()).split()) for item in items)
    return len(items) - len(forms)


def leaks(card: TaskCard, items: Sequence[Item]) -> list[Finding]:
    """Items whose prompt holds the gold as an answer: not as a value to extract, nor as a label of a list."""
    found = tuple(item.id for item in items if leaks_in(card, item))
    return [Finding("leak", "The prompt holds the answer.", found)] if found else []


def leaks_in(card: TaskCard, item: Item) -> bool:
    """Whether a prompt holds its answer.

    It does where a line says so (`Answer: x`, once: several such lines are examples), where the line that the
    answer is read from stands as a line of the prompt, or where a whole answer of more than a few words does;
    of a program line by line, since an indent may be the error that is to be found.
    """
    lines = [_normal(line) for line in item.input.split("\n")]
    if (_told(lines) & set(_golds(item))) - {""}:
        return True
    reference = item.reference.strip()
    if card.scorer in PROGRAMS:
        code = _FENCE.sub("", reference).strip("\n")
        return len(code) >= SHOWN_ANSWER and f"\n{code}\n" in f"\n{item.input}\n"
    if card.scorer in MARKED and _is_marked(reference):
        return _normal(reference.rpartition("\n")[2]) in lines
    whole = _normal(_FENCE.sub("", reference))
    return card.scorer not in QUOTED and len(whole) >= SHOWN_ANSWER and whole in " ".join(filter(None, lines))


def _told(lines: Sequence[str]) -> set[str]:
    """What stands behind a word such as `Answer:` that comes up once."""
    cues = [found for line in lines if (found := _CUE.match(line))]
    times = Counter(cue.group(1) for cue in cues)
    return {cue.group(2).strip(" .`'\"*") for cue in cues if times[cue.group(1)] == 1}


def _golds(item: Item) -> Iterator[str]:
    """Short forms of the right answer."""
    targets = item.target if isinstance(item.target, list) else [item.target]
    for target in targets:
        if isinstance(target, str | int | float) and str(target).strip():
            yield _normal(str(target)).strip(" .`'\"*")
    if isinstance(item.target, dict | list):
        yield _normal(json.dumps(item.target, ensure_ascii=False))
    last = _normal(item.reference.strip().rpartition("\n")[2])
    if last and len(last) <= 2 * SHOWN_ANSWER:
        yield last.strip(" .`'\"*")


def _is_marked(reference: str) -> bool:
    last = reference.rpartition("\n")[2]
    return "####" in last or ":" in last


def _normal(text: str) -> str:
    return " ".join(text.casefold().split())
