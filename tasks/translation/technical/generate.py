"""Maintenance instructions in English, German, French and Spanish: three sentences, glossary, figures.

Sentences are parallel by construction: one template, one set of terms and one number for all languages.
A slot `{a:an}` is a term with its article in the form that its language names `an`; `{n}` is the number.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from whichmodel.domain import Item

LANGUAGES = {"en": "English", "de": "German", "fr": "French", "es": "Spanish"}
DIRECTIONS = (("en", "de"), ("en", "fr"), ("en", "es"), ("de", "en"), ("fr", "en"), ("es", "en"))


@dataclass(frozen=True, slots=True)
class Term:
    """A part in four languages, its genders, and its traits."""

    en: str
    de: str
    fr: str
    es: str
    genders: str
    """German (m, f, n), French (m, f), Spanish (m, f)."""
    traits: str = ""
    """e electric, r turning, f with a flow through it, a adjustable."""


@dataclass(frozen=True, slots=True)
class Template:
    """One sentence in four languages; the traits its terms need; the range, step and unit of its number."""

    en: str
    de: str
    fr: str
    es: str
    traits: str = ""
    """Trait of term a. "" = any term fits."""
    low: str = ""
    high: str = ""
    step: str = "1"
    unit: str = ""
    """"" = the sentence has no number."""
    sense: str = ""
    """never: it forbids. most, least: it sets a limit by a negation. do: it orders. "" = none of these."""


WORDS = json.loads((Path(__file__).parent / "words.json").read_text(encoding="utf-8"))
TERMS = tuple(Term(**term) for term in WORDS["terms"])
"""Some parts have two names: which one is right, the glossary alone says."""
TEMPLATES = tuple(Template(**template) for template in WORDS["templates"])
ARTICLES, UNITS = WORDS["articles"], WORDS["units"]
"""The articles of each language by form and gender; the accepted spellings of each unit."""
NEGATIONS, LIMITS = WORDS["negations"], WORDS["limits"]
"""Words that turn an instruction into a prohibition; words that set a limit without a negation."""
COUNTED = tuple(template for template in TEMPLATES if template.unit)
PLAIN = tuple(template for template in TEMPLATES if not template.unit)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A template with what fills its slots."""

    template: Template
    terms: Mapping[str, Term]
    number: Decimal | None

    def text(self, language: str) -> str:
        """The sentence in one language."""

        def fill(found: re.Match[str]) -> str:
            return _with_article(self.terms[found[1]], found[2], language)

        text = re.sub(r"\{([ab]):(\w+)\}", fill, getattr(self.template, language))
        if self.number is not None:
            text = text.replace("{n}", _written(self.number, language))
        return text[0].upper() + text[1:]


def generate(seed: int, count: int) -> Iterable[Item]:
    """The six directions in turn; an item's stratum is its direction."""
    rng = random.Random(f"technical {seed}")
    for number in range(count):
        source, goal = DIRECTIONS[number % len(DIRECTIONS)]
        sentences = _sentences(rng)
        terms = list(dict.fromkeys(term for sentence in sentences for term in sentence.terms.values()))
        text = " ".join(sentence.text(source) for sentence in sentences)
        reference = " ".join(sentence.text(goal) for sentence in sentences)
        listed = rng.sample([*terms, *_strangers(terms, rng)], len(terms) + 2)
        glossary = {getattr(term, source): getattr(term, goal) for term in listed}
        yield Item(
            id=f"technical-s{seed}-{number:04d}",
            input=_prompt(source, goal, glossary, text),
            target={
                "references": [reference],
                "language": goal,
                "terms": [[getattr(term, goal)] for term in terms],
                "figures": [
                    {"value": str(s.number), "units": list(UNITS[s.template.unit])}
                    for s in sentences
                    if s.number is not None
                ],
                "senses": [_sense(s, goal) for s in sentences if s.template.sense],
            },
            reference=reference,
            stratum=f"{source}-{goal}",
            metadata={"glossary": {getattr(term, source): getattr(term, goal) for term in terms}},
        )


def _sense(sentence: Sentence, goal: str) -> dict[str, list[str]]:
    """What the sentence on its first term must hold, or must not."""
    at, kind = [getattr(sentence.terms["a"], goal)], sentence.template.sense
    if kind == "do":
        return {"at": at, "bars": list(NEGATIONS[goal])}
    return {"at": at, "needs": [*NEGATIONS[goal], *LIMITS[kind][goal]]}


def _strangers(terms: list[Term], rng: random.Random) -> list[Term]:
    """Two entries of the glossary that the passage does not use, and that no part of it could be."""
    first = rng.choice([term for term in TERMS if not any(_alike(term, other) for other in terms)])
    second = rng.choice([t for t in TERMS if not any(_alike(t, other) for other in (*terms, first))])
    return [first, second]


def _alike(one: Term, other: Term) -> bool:
    """Whether two terms have the same name in a language."""
    return any(getattr(one, language) == getattr(other, language) for language in LANGUAGES)


def _sentences(rng: random.Random) -> list[Sentence]:
    """Two sentences with a number and one of any kind, no part named twice."""
    first, second = rng.sample(COUNTED, 2)
    third = rng.choice([t for t in (*PLAIN, *COUNTED) if t not in (first, second)])
    made: list[Sentence] = []
    used: list[Term] = []

    def pick(traits: str = "") -> Term:
        fitting = [term for term in TERMS if set(traits) <= set(term.traits)]
        used.append(rng.choice([t for t in fitting if not any(_alike(t, other) for other in used)]))
        return used[-1]

    for template in rng.sample([first, second, third], 3):
        terms = {"a": pick(template.traits)}
        if "{b:" in template.en:
            terms["b"] = pick()
        made.append(Sentence(template, terms, _number(template, rng)))
    return made


def _number(template: Template, rng: random.Random) -> Decimal | None:
    if not template.unit:
        return None
    low, high, step = Decimal(template.low), Decimal(template.high), Decimal(template.step)
    return (low + step * rng.randint(0, int((high - low) / step))).normalize() + 0


def _written(number: Decimal, language: str) -> str:
    """With the decimal and thousands marks of the language; Spanish parts no number of four digits."""
    text = f"{number:,f}"
    marks = {"en": ".,", "de": ",.", "fr": ",\u202f", "es": ","}[language]
    group = marks[1] if len(marks) == 2 else ""
    return "".join({".": marks[0], ",": group}.get(sign, sign) for sign in text)


def _with_article(term: Term, form: str, language: str) -> str:
    word: str = getattr(term, language)
    if language == "en":
        return f"{form} {word}"
    gender = term.genders[["de", "fr", "es"].index(language)]
    if language == "fr" and word[0].casefold() in "aeéiouh":
        return f"{ARTICLES['fr'][form]['']}{word}"
    return f"{ARTICLES[language][form][gender]} {word}"


def _prompt(source: str, goal: str, glossary: Mapping[str, str], text: str) -> str:
    listed = "\n".join(f"- {one} = {other}" for one, other in glossary.items())
    return (
        f"Translate this passage of a maintenance manual from {LANGUAGES[source]} into {LANGUAGES[goal]}.\n"
        "Use the terms of the glossary and keep every number with its unit. "
        "Reply with the translation only.\n\n"
        f"Glossary ({LANGUAGES[source]} = {LANGUAGES[goal]}):\n{listed}\n\nPassage:\n{text}"
    )
