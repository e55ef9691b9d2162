"""Plausible wrong answers, made from right ones.

A simulated model that errs gives back a corruption of the item's reference answer: a field misread, a loop
that ends one too early, a dropped fact. The real scorers judge the text; nothing here knows a score.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random

from whichmodel.simulator.answers import Question
from whichmodel.simulator.corrupt import label, program, prose, query, record, result

Corruption = Callable[[Question, Random], str]

CORRUPTIONS: Mapping[str, Corruption] = {
    "choice": label.wrong,
    "code": program.wrong,
    "entities": record.wrong_entities,
    "exact": result.wrong,
    "facts": prose.wrong_summary,
    "fields": record.wrong,
    "judge": prose.wrong_summary,
    "numeric": result.wrong,
    "sql": query.wrong,
    "summary": prose.wrong_summary,
    "tests": program.wrong,
    "translation": prose.wrong_translation,
    "verifier": result.wrong,
}
"""By scorer: what it reads is what an error has to sit in."""
TRIES = 8


def wrong(question: Question, chance: Random) -> str:
    """A plausible wrong answer in the asked format; never the reference itself."""
    reference = question.item.reference.strip()
    corruption = CORRUPTIONS.get(question.card.scorer, prose.wrong_summary)
    for _ in range(TRIES):
        text = corruption(question, chance)
        if text.strip() != reference:
            return text
    strangers = [text for text in question.others if text.strip() != reference]
    return chance.choice(strangers) if strangers else "I do not know."


def _undecided(text: str) -> str:
    return "More than one of these could be meant; I would need to know more."


_DATA = (record.as_list, record.as_python, record.unclosed)
UNTIDY: Mapping[str, Sequence[Callable[[str], str]]] = {
    "choice": (_undecided,),
    "code": (program.described,),
    "entities": _DATA,
    "exact": (result.unmarked,),
    "fields": _DATA,
    "numeric": (result.unmarked,),
    "sql": (query.described,),
    "tests": (program.described,),
    "verifier": (result.unmarked,),
}
"""By scorer: the same answer in other forms than the one asked for. Prose comes with an announcement."""


def untidy(scorer: str, text: str, chance: Random) -> str:
    """The same answer in a format that was not asked for."""
    forms = UNTIDY.get(scorer)
    return chance.choice(forms)(text) if forms else f"Here is what you asked for.\n\n{text}"
