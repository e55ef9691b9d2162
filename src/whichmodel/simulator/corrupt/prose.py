"""Errors of writing: facts that are lost or changed, words that stay untranslated."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from random import Random

from whichmodel.domain import Item
from whichmodel.simulator.answers import Question
from whichmodel.simulator.corrupt import scalar

SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?=\d)[^.!?\n]+)*[.!?]*[ \n]*")
NAME = re.compile(r"(?<![.!?\n] )(?<!^)(?<!- )\b[A-Z][a-z]{2,}\b", re.MULTILINE)


def wrong_summary(question: Question, chance: Random) -> str:
    """The reference with a sentence dropped, and perhaps a number or a name changed."""
    reference = question.item.reference
    text = _without_sentence(reference, chance)
    if chance.random() < 0.5:
        text = _with_other_fact(text, chance)
    return text if text.strip() else _with_other_fact(reference, chance)


def wrong_translation(question: Question, chance: Random) -> str:
    """The reference with a glossary term left in the source language, a number changed or words lost.

    The glossary is `item.metadata["glossary"]`, source term -> target term.
    """
    reference = question.item.reference
    terms = [
        (source, target) for source, target in _glossary(question.item) if target and target in reference
    ]
    if terms and chance.random() < 0.6:
        source, target = chance.choice(terms)
        return reference.replace(target, source)
    changed = scalar.number_in(reference, chance)
    if changed != reference and chance.random() < 0.5:
        return changed
    return _without_words(reference, chance)


def _glossary(item: Item) -> Iterator[tuple[str, str]]:
    found = item.metadata.get("glossary", {})
    if isinstance(found, Mapping):
        yield from ((str(source), str(target)) for source, target in found.items() if source != target)


def _without_sentence(text: str, chance: Random) -> str:
    sentences = SENTENCE.findall(text)
    if len(sentences) < 2:
        return _without_words(text, chance)
    lost = chance.randrange(len(sentences))
    return "".join(part for index, part in enumerate(sentences) if index != lost).strip()


def _without_words(text: str, chance: Random) -> str:
    """A text without a run of up to a third of its words."""
    words = text.split(" ")
    if len(words) < 2:
        return scalar.string(text, chance)
    run = max(1, len(words) // 3)
    start = chance.randrange(len(words) - run + 1)
    return " ".join(words[:start] + words[start + run :])


def _with_other_fact(text: str, chance: Random) -> str:
    """A text with two names exchanged, else with a number changed."""
    names = sorted(set(NAME.findall(text)))
    if len(names) > 1 and chance.random() < 0.5:
        one, two = chance.sample(names, 2)
        exchange = {one: two, two: one}
        return re.sub(rf"\b({one}|{two})\b", lambda match: exchange[match.group()], text)
    changed = scalar.number_in(text, chance)
    return changed if changed != text else _without_words(text, chance)
