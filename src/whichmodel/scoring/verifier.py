"""Puzzles of reasoning-gym, judged by the verifiers it brings along.

`metadata`: `dataset`, a name in reasoning-gym, and `entry`, the `answer` and `metadata` its verifier needs.
A verifier's partial credit counts for nothing: an answer is right (exactly 1.0) or wrong.

The answer stands after the last `ANSWER:` that opens a line. Without one the answer is read as `stated` finds
it (another marker, a box, the last line) and counted as unparsed. LaTeX, thousands commas and white space,
which verifiers that compare texts do not know, are tolerated.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache

from whichmodel.domain import Answer, Item, Json, Verdict
from whichmodel.errors import ScoringFailed
from whichmodel.scoring import latex, stated
from whichmodel.scoring.reading import spoken

FAMILIES = frozenset(
    {
        "ab",
        "arc_1d",
        "basic_arithmetic",
        "calendar_arithmetic",
        "color_cube_rotation",
        "cryptarithm",
        "decimal_chain_sum",
        "dice",
        "family_relationships",
        "game_of_life",
        "knights_knaves",
        "largest_island",
        "maze",
        "path_star",
        "rotten_oranges",
        "shortest_path",
        "string_manipulation",
        "time_intervals",
    }
)
"""Those whose verifiers were read: others (spiral_matrix, n_queens, ...) run the answer as Python code."""

_MARKER = re.compile(r"^[\s>#*_`-]*answer[*_`\s]*:[*_`\s]*(.*)$", re.IGNORECASE | re.MULTILINE)


def score(answer: Answer, item: Item, options: Mapping[str, Json]) -> Verdict:
    """1 when the verifier gives its full mark, else 0. Raises ScoringFailed for a family it may not run."""
    name, entry = item.metadata.get("dataset"), item.metadata.get("entry")
    if name not in FAMILIES or not isinstance(entry, dict):
        raise ScoringFailed(
            f"The item {item.id} names no puzzle family with a verifier that is safe to run: {name!r}.",
            where="scorer `verifier`",
            remedy=f"Known families: {', '.join(sorted(FAMILIES))}.",
        )
    given, parsed = read(answer.text)
    right = any(_judge(name, candidate, entry) for candidate in _candidates(given))
    how = "behind its marker" if parsed else "elsewhere, for want of the marker"
    said = f"'{given}' {how}" if given else "nothing"
    return Verdict(
        score=float(right),
        parsed=parsed,
        answer_norm=" ".join(given.casefold().split()),
        detail={"explanation": f"The answer is {said}: {'right' if right else 'wrong'}.", "family": name},
    )


def read(text: str) -> tuple[str, bool]:
    """What a text answers, free of decoration, and whether it stands where it was asked for."""
    text = spoken(text)
    marked = [found for found in _MARKER.findall(text) if _bare(found)]
    if marked:
        return _bare(marked[-1]), True
    return stated.find(text).text, False


def _bare(text: str) -> str:
    return stated.bare(text.strip().strip("*`")).strip('"`*').strip()


def _candidates(given: str) -> tuple[str, ...]:
    """The answer as given, without the full stop of a sentence, and in plain characters on one line."""
    plain = " ".join(latex.plain(given).replace("$", "").split()).removesuffix(".")
    ungrouped = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", plain)
    return tuple(dict.fromkeys((given, given.removesuffix(".").rstrip(), plain, ungrouped)))


def _judge(name: str, given: str, entry: dict[str, Json]) -> bool:
    if not given:
        return False
    verify = _verifier(name)
    try:
        if verify(entry["answer"], entry) != 1.0:
            raise ValueError("its own gold answer does not get the full mark")
    except Exception as error:
        raise ScoringFailed(
            f"The verifier of '{name}' does not work on this item: {error!r}.", where="scorer `verifier`"
        ) from error
    try:
        return verify(given, entry) == 1.0
    except Exception:
        return False  # The verifier works, as the gold has just shown: it is the answer it cannot read.


@cache
def _verifier(name: str) -> Callable[[str, dict[str, Json]], float]:
    from reasoning_gym.factory import get_score_answer_fn

    verify: Callable[[str, dict[str, Json]], float] = get_score_answer_fn(name)
    return verify
