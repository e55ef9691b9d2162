"""Plausible wrong answers, made from right ones.

A simulated model that errs gives back a corruption of the item's reference answer: a field misread, a loop
that ends one too early, a dropped fact. The real scorers judge the text; nothing here knows a score.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from whichmodel.simulator.answers import Question
from whichmodel.simulator.corrupt import label, program, prose, record, result

Corruption = Callable[[Question, Random], str]

CORRUPTIONS: Mapping[str, Corruption] = {
    "code": program.wrong,
    "fields": record.wrong,
    "entities": record.wrong,
    "numeric": result.wrong,
    "verifier": result.wrong,
    "choice": label.wrong,
    "summary": prose.wrong_summary,
    "facts": prose.wrong_summary,
    "judge": prose.wrong_summary,
    "translation": prose.wrong_translation,
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


def untidy(scorer: str, text: str, chance: Random) -> str:
    """The same answer in a format that was not asked for."""
    if scorer in {"fields", "entities"}:
        return chance.choice([record.as_list, record.unclosed])(text)
    if scorer == "code":
        return program.described(text)
    if scorer in {"numeric", "verifier"}:
        return result.unmarked(text)
    if scorer == "choice":
        return "More than one of these could be meant; I would need to know more."
    return f"Here is what you asked for.\n\n{text}"
