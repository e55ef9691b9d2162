"""Minutes to summarise: meetings made from known decisions, owners, deadlines and figures."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from whichmodel.domain import Item

WORDS_PER_DECISION = 35


@dataclass(frozen=True, slots=True)
class Topic:
    """Something a meeting decides on."""

    names: tuple[str, ...]
    """The one that the meeting uses, and others that a summary may."""
    plan: str
    """What is decided, `{}` in place of what it is decided on."""
    choices: tuple[str, ...]


PLACES = ("Oslo", "Turin", "Ghent", "Bilbao", "Tallinn", "Lyon", "Graz", "Porto", "Aarhus", "Brno")
VENDORS = ("Northgate", "Calderwood", "Brightwell", "Halden", "Merivale", "Stonebridge")
TOPICS = (
    Topic(("billing database", "billing db", "billing data"), "move the billing database to {}", PLACES),
    Topic(("warehouse", "storage depot"), "open a second warehouse in {}", PLACES),
    Topic(("mobile app", "smartphone app"), "release the mobile app in {}", PLACES),
    Topic(("support desk", "help desk", "helpdesk", "service desk"), "extend the support desk to {}", PLACES),
    Topic(("customer survey", "survey"), "run the customer survey in {}", PLACES),
    Topic(("trade fair", "fair"), "take a stand at the trade fair in {}", PLACES),
    Topic(("office lease", "lease"), "renew the office lease in {}", PLACES),
    Topic(("loyalty scheme", "loyalty program"), "launch the loyalty scheme in {}", PLACES),
    Topic(("payroll",), "hand the payroll over to {}", VENDORS),
    Topic(("backups", "backup"), "store the backups with {}", VENDORS),
    Topic(("translations", "translation"), "buy the translations from {}", VENDORS),
    Topic(("cleaning contract", "cleaning"), "give the cleaning contract to {}", VENDORS),
    Topic(("packaging",), "switch the packaging to {}", ("cardboard", "glass", "bamboo", "paper")),
    Topic(
        ("delivery vans", "vans", "delivery fleet"), "replace the delivery vans by {}", ("bicycles", "trams")
    ),
    Topic(
        ("solar panels", "solar"),
        "put solar panels on the {}",
        ("canteen", "garage", "workshop", "gatehouse"),
    ),
    Topic(
        ("safety audit", "audit"), "order a safety audit of the {}", ("laboratory", "foundry", "paint shop")
    ),
    Topic(
        ("training course", "training"),
        "start a training course for {}",
        ("drivers", "apprentices", "welders"),
    ),
    Topic(("price list", "prices"), "raise the price list for {}", ("spare parts", "exporters", "resellers")),
)
FIGURES = (
    ("a budget of {} euros", range(11_500, 98_500, 500)),
    ("a cap of {} working hours", range(120, 980, 10)),
    ("a saving target of {} percent", range(12, 49)),
    ("a first batch of {} units", range(150, 990, 10)),
)
FIRST_NAMES = (
    "Mei", "Tomas", "Anika", "Omar", "Priya", "Lars", "Chloe", "Mateo", "Yuki", "Nadia", "Pavel", "Ines",
    "Kofi", "Greta", "Samir", "Elena", "Hugo", "Leila", "Viktor", "Amara",
)  # fmt: skip
LAST_NAMES = (
    "Chen", "Novak", "Bergstrom", "Haddad", "Raman", "Jensen", "Moreau", "Ibarra", "Tanaka", "Petrova",
    "Kowalski", "Duarte", "Mensah", "Lindqvist", "Farouk", "Rossi", "Keller", "Sandoval", "Okafor", "Vance",
)  # fmt: skip
TEAMS = ("operations", "product", "logistics", "customer service", "facilities", "finance")
REMARKS = (
    "I would like to see the comparison again, but I can live with it.",
    "That is what the people on the floor have been asking for.",
    "My only worry is the handover, we always underestimate that.",
    "We tried something similar before and it went better than expected.",
    "Could we please not reopen this at every meeting?",
    "I am in favour, as long as somebody writes it down properly.",
    "Let us keep the old arrangement as a fallback until it works.",
)
TWISTS = ("plain", "revised", "implicit")
SIZES = (3, 4)


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision and its facts."""

    topic: Topic
    choice: str
    owner: str
    deadline: date
    figure: str
    number: int

    @property
    def plan(self) -> str:
        """What is decided, in words."""
        return self.topic.plan.format(self.choice)

    @property
    def amount(self) -> str:
        """The figure in words."""
        return self.figure.format(f"{self.number:,}")

    def facts(self, key: str) -> list[dict[str, Any]]:
        """The four facts, as the scorer wants them."""
        return [
            _fact(key, "decision", "text", [list(self.topic.names), [self.choice]]),
            _fact(key, "owner", "name", [self.owner]),
            _fact(key, "deadline", "date", [self.deadline.isoformat()]),
            _fact(key, "figure", "number", [str(self.number)]),
        ]


def _fact(topic: str, slot: str, kind: str, accept: list[Any]) -> dict[str, Any]:
    return {"topic": topic, "slot": slot, "kind": kind, "accept": accept}


def generate(seed: int, count: int) -> Iterable[Item]:
    """The twists and sizes in turn; an item's stratum is both."""
    rng = random.Random(f"meetings {seed}")
    for number in range(count):
        twist = TWISTS[number % len(TWISTS)]
        size = SIZES[number // len(TWISTS) % len(SIZES)]
        yield _meeting(f"meetings-s{seed}-{number:04d}", twist, size, rng)


def _meeting(name: str, twist: str, size: int, rng: random.Random) -> Item:
    held = date(2026, 1, 5) + timedelta(days=rng.randrange(150))
    firsts, lasts = rng.sample(FIRST_NAMES, 5), rng.sample(LAST_NAMES, 5)
    people = [f"{first} {last}" for first, last in zip(firsts, lasts, strict=True)]
    chair = people[0]
    decisions = _decisions(size, people, held, rng)
    earlier = [_before(decision, people, rng) for decision in decisions]
    lines = [
        f"Meeting of the {rng.choice(TEAMS)} team on {_day(held)} {held.year}, present: "
        f"{', '.join(people[:-1])} and {people[-1]}.",
        "",
    ]
    for index, (decision, old) in enumerate(zip(decisions, earlier, strict=True)):
        kind = twist if index else "plain"
        lines += _discussion(decision, old, kind, chair, people, rng)
    lines.append(f"{chair}: That is everything. Thank you all.")
    used = [old for old in earlier[1:] if twist == "revised"]
    limit = WORDS_PER_DECISION * size
    return Item(
        id=name,
        input=_prompt("\n".join(lines), limit),
        target={
            "facts": [fact for n, d in enumerate(decisions) for fact in d.facts(f"decision {n + 1}")],
            "topics": {f"decision {n + 1}": list(d.topic.names) for n, d in enumerate(decisions)},
            "names": people,
            "numbers": sorted({str(d.number) for d in [*decisions, *used]} | {str(held.year)}),
            "dates": sorted({d.deadline.isoformat() for d in [*decisions, *used]} | {held.isoformat()}),
            "max_words": limit,
        },
        reference="\n".join(
            f"- Decision: {d.plan}. Owner: {d.owner}. Deadline: {_day(d.deadline)}. Figure: {d.amount}."
            for d in decisions
        ),
        stratum=f"{twist}-{size}",
    )


def _decisions(size: int, people: list[str], held: date, rng: random.Random) -> list[Decision]:
    """Decisions of different topics, choices, dates and numbers."""
    made: list[Decision] = []
    days = rng.sample(range(14, 150), size)
    for topic, days_left in zip(rng.sample(TOPICS, size), days, strict=True):
        figure, numbers = rng.choice(FIGURES)
        taken = {d.choice for d in made}
        made.append(
            Decision(
                topic=topic,
                choice=rng.choice([choice for choice in topic.choices if choice not in taken]),
                owner=rng.choice(people[1:]),
                deadline=held + timedelta(days=days_left),
                figure=figure,
                number=rng.choice([n for n in numbers if n not in {d.number for d in made}]),
            )
        )
    return made


def _before(decision: Decision, people: list[str], rng: random.Random) -> Decision:
    """What was proposed first: another owner, date and number."""
    _, numbers = next(pair for pair in FIGURES if pair[0] == decision.figure)
    return replace(
        decision,
        owner=rng.choice([person for person in people[1:] if person != decision.owner]),
        deadline=decision.deadline + timedelta(days=rng.choice((-7, 7, 14, 21))),
        number=rng.choice([n for n in numbers if n != decision.number]),
    )


def _discussion(
    decision: Decision, old: Decision, kind: str, chair: str, people: list[str], rng: random.Random
) -> list[str]:
    """What is said on one decision, as lines of the minutes."""
    owner = decision.owner
    critic, seconder = rng.sample([p for p in people[1:] if p not in {owner, old.owner}], 2)
    given = owner.split()[0]
    remark, second = rng.sample(REMARKS, 2)
    day = _day(decision.deadline)
    if kind == "plain":
        return [
            f"{chair}: On the {decision.topic.names[0]}, we will {decision.plan}. "
            f"{owner} owns it, the deadline is {day}, with {decision.amount}.",
            f"{critic}: {remark}",
            f"{seconder}: {second}",
        ]
    if kind == "revised":
        return [
            f"{chair}: Next, the {old.topic.names[0]}. The paper says we {old.plan}, led by {old.owner}, by "
            f"{_day(old.deadline)}, with {old.amount}.",
            f"{critic}: {remark}",
            f"{old.owner}: My desk is full until the summer. {given} knows it better than I do.",
            f"{owner}: Then I take it, but not by that day. "
            f"Give me until {day}, and make it {decision.amount}.",
            f"{chair}: Agreed, with {given}'s changes.",
        ]
    return [
        f"{critic}: There is still the {decision.topic.names[0]}. I propose that we {decision.plan}.",
        f"{seconder}: {second} And finance would allow {decision.amount}.",
        f"{owner}: Count me in, I will see to it myself.",
        f"{chair}: Good, that is settled then, amount included. Please have it done by {day}.",
    ]


def _day(day: date) -> str:
    return f"{day.day} {day:%B}"


def _prompt(source: str, limit: int) -> str:
    return (
        f"Summarise the meeting below in at most {limit} words. For each decision name what was decided, who "
        "owns it, the deadline and the figure that was finally agreed. Add nothing that was not said.\n\n"
        f"<source>\n{source}\n</source>"
    )
