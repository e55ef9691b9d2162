"""Support tickets of twenty intents and out_of_scope, with the intent as gold.

A ticket is an ask with its slots filled, often with a sentence on what happened, between sentences that
carry no intent. The stratum says what makes it hard: nothing (direct), words that the label does not use
(indirect), typing errors (typos), a second matter that is settled and only mentioned (two-topics), or a
neighbouring intent that is named and denied (contrast). Labels and strata alternate, so that each label meets
each stratum equally often; within both, no ask comes again before all others of its kind.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path

from whichmodel.domain import Item, Json

FOLDER = Path(__file__).parent
STRATA = ("direct", "indirect", "typos", "two-topics", "contrast")

PRODUCTS = (
    "desk lamp", "coffee grinder", "office chair", "rain jacket", "headset", "bread knife", "suitcase",
    "bicycle pump", "wall clock", "air filter", "keyboard", "garden hose", "tea pot", "yoga mat",
    "camping stove", "bread maker", "ironing board", "fountain pen", "baby monitor", "bird feeder",
    "shower curtain", "chess board", "electric kettle", "picture frame", "hiking pole",
    "sewing machine", "letter box", "soldering iron", "door mat", "music stand", "paper shredder",
    "rocking chair", "salad bowl", "tool box",
)  # fmt: skip
NAMES = (
    "Ana", "Björn", "Chidi", "Dana", "Emre", "Fiona", "Goran", "Hanna", "Ivo", "Jing", "Kofi", "Lena",
    "Marek", "Noor", "Oskar", "Priya", "Quentin", "Rosa", "Sven", "Thuy", "Uma", "Victor", "Wanda",
    "Yusuf", "Zoe",
)  # fmt: skip
OPENINGS = (
    "Hello,", "Hi there,", "Good morning,", "Dear team,", "Hello support,", "Good evening,", "Hi,",
    "To whom it may concern,", "Hey,", "Dear Sir or Madam,", "",
)  # fmt: skip
FILLERS = (
    "I have been a customer for {years} years.",
    "I am writing from my phone.",
    "I could not find this on your pages.",
    "I hope you can help.",
    "I tried the chat first, nobody answered.",
    "You answered me well the last time, about something else.",
    "You can reach me at {email}.",
    "Sorry if this is the wrong place.",
    "English is not my first language.",
    "This is my second mail.",
    "I am usually very happy with you.",
    "Please answer soon, I leave at the weekend.",
    "Honestly, this takes more of my time than it should.",
    "I know you are busy.",
    "A colleague of mine recommended your shop.",
    "Please write rather than call.",
    "",
    "",
    "",
)
MOODS = (
    "",
    "",
    "",
    "",
    "",
    "This is urgent.",
    "No hurry.",
    "I am rather annoyed by now.",
    "Thank you in advance!",
)
CLOSINGS = ("Best regards, {name}", "Thanks, {name}", "Kind regards\n{name}", "{name}", "Yours, {name}")
LINKS = (
    "By the way: ",
    "One more thing: ",
    "Apart from that: ",
    "First of all: ",
    "Before I forget: ",
    "",
    "",
)


def generate(seed: int, count: int) -> Iterator[Item]:
    """Tickets of a seed; each item depends on seed and place alone."""
    intents: dict[str, Mapping[str, Json]] = json.loads((FOLDER / "words.json").read_text(encoding="utf-8"))
    prompt = (FOLDER / "prompt.txt").read_text(encoding="utf-8").rstrip()
    labels = list(intents)
    listed = "\n".join(f"- {label}: {intent['means']}" for label, intent in intents.items())
    for place in range(count):
        rng = random.Random(f"tickets-{seed}-{place}")
        label, stratum = labels[place % len(labels)], STRATA[place % len(STRATA)]
        ask = _ask(seed, place, label, stratum, intents)
        yield Item(
            id=f"tickets-s{seed}-{place:04d}",
            input=prompt.format(labels=listed, ticket=_ticket(rng, ask, stratum, label, intents)),
            target=label,
            reference=label,
            stratum=stratum,
            metadata={"labels": labels},
        )


def _ask(seed: int, place: int, label: str, stratum: str, intents: Mapping[str, Mapping[str, Json]]) -> str:
    """What is asked for: the sentences of a kind in turn, in an order of the seed's own."""
    turn = place // (len(intents) * len(STRATA))
    indirect = stratum == "indirect" or (stratum in {"typos", "two-topics"} and turn % 4 == 3)
    kind = "contrast" if stratum == "contrast" else "indirect" if indirect else "direct"
    asks: list[str] = list(intents[label][kind])
    random.Random(f"tickets-{seed}-{label}-{kind}").shuffle(asks)
    return asks[(turn + 2 * STRATA.index(stratum)) % len(asks)]


def _ticket(
    rng: random.Random, ask: str, stratum: str, label: str, intents: Mapping[str, Mapping[str, Json]]
) -> str:
    slots = _slots(rng)
    sentences = [ask]
    if rng.random() < 0.65:
        sentences.insert(rng.randint(0, 1), rng.choice(intents[label]["situation"]))
    if stratum == "two-topics":
        other = rng.choice([name for name in intents if name not in (label, "out_of_scope")])
        sentences.insert(
            rng.randint(0, len(sentences)), rng.choice(LINKS) + rng.choice(intents[other]["aside"])
        )
    sentences.insert(rng.choice((0, len(sentences))), rng.choice(FILLERS))
    sentences.append(rng.choice(MOODS))
    body = " ".join(sentence for sentence in sentences if sentence).format(**slots)
    if stratum == "typos":
        body = _misspell(body, rng)
    parts = [rng.choice(OPENINGS), body, rng.choice(CLOSINGS).format(**slots)]
    return "\n".join(part for part in parts if part)


def _slots(rng: random.Random) -> dict[str, str]:
    product, other = rng.sample(PRODUCTS, 2)
    name = rng.choice(NAMES)
    day = date(2025, 1, 1) + timedelta(days=rng.randrange(365))
    return {
        "order": f"{rng.choice(('#', 'no. ', 'A-'))}{rng.randint(100_000, 999_999)}",
        "product": product,
        "other": other,
        "amount": f"{rng.randint(9, 480)}.{rng.randint(0, 99):02d} {rng.choice(('EUR', 'USD', 'GBP'))}",
        "day": f"{day.day} {day:%B}",
        "code": f"{rng.choice(('SPRING', 'HELLO', 'TEN', 'CLUB'))}{rng.randint(10, 9_999)}",
        "email": f"{name.lower().replace('ö', 'o')}{rng.randint(1, 999)}@example.com",
        "years": str(rng.randint(2, 15)),
        "name": name,
    }


def _misspell(text: str, rng: random.Random) -> str:
    """A slip in two of five longer words: letters swapped, dropped or doubled; never the first."""
    return " ".join(
        _slip(word, rng) if len(word) > 4 and word.isalpha() and rng.random() < 0.4 else word
        for word in text.split(" ")
    )


def _slip(word: str, rng: random.Random) -> str:
    at = rng.randint(1, len(word) - 2)
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return rng.choice((swapped, word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:]))
