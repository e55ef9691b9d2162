"""A list of questions with expected answers, as TIFA and DSG write theirs -> demands.

`[{question, answer, choices?, id?, depends_on?}]`. An answer is yes or no, a number, one of `choices`, or
words that the reply must hold. `depends_on` is an id or a list of ids; without ids, places from 0. A question
whose parent is not met fails unasked (Cho et al. 2024, "Davidsonian Scene Graph").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from whichmodel.domain import Json
from whichmodel.scoring.image.demand import NUMBER, WORDS, YES_NO, Check, Count, Demand, Named, YesNo


def questioned(listed: Sequence[Mapping[str, Json]], start: int = 0) -> tuple[Demand, ...]:
    """One demand a question, in the order of the list; needs count from `start`.

    Raises KeyError, TypeError or ValueError for a list that cannot be read.
    """
    ids = [str(entry.get("id", place)) for place, entry in enumerate(listed)]
    if len(set(ids)) < len(ids):
        raise ValueError("two questions have the same id")
    made = []
    for entry in listed:
        needs = tuple(start + ids.index(parent) for parent in _parents(entry, ids))
        question = str(entry["question"]).strip()
        made.append(Demand(f"asked: {question} {entry['answer']}", _asked(question, entry), needs))
    return tuple(made)


def _parents(entry: Mapping[str, Json], ids: Sequence[str]) -> list[str]:
    """Ids of the questions this one depends on. DSG counts its ids from 1, and 0 stands for none."""
    named = entry.get("depends_on")
    if named is None:
        return []
    parents = [str(parent) for parent in (named if isinstance(named, list | tuple) else [named])]
    return [parent for parent in parents if parent != "0" or "0" in ids]


def _asked(question: str, entry: Mapping[str, Json]) -> Check:
    answer = entry["answer"]
    if isinstance(answer, bool):
        answer = "yes" if answer else "no"
    text = " ".join(str(answer).split()).casefold()
    choices = tuple(str(choice) for choice in entry.get("choices") or ())
    if text in {"yes", "no"}:
        return YesNo(question + YES_NO, wanted=text == "yes")
    if text.isdecimal():
        return Count(question + NUMBER, int(text), int(text) + 1)
    if not text:
        raise ValueError("a question has no answer")
    if not choices:
        return Named(question + WORDS, str(answer))
    if str(answer) not in choices:
        raise ValueError(f"the answer {answer!r} is none of the choices")
    return Named(f"{question} Answer with one of these only: {', '.join(choices)}.", str(answer), choices)
