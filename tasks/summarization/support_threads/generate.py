"""Support threads to summarise: cases with known facts, told over several days by several people."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from whichmodel.domain import Item

FOLDER = Path(__file__).parent
TWISTS = ("plain", "corrected", "implicit")
WORDS = {1: 120, 2: 160}
"""Limit of the summary by the number of cases in a thread."""
FIRST_NAMES = (
    "Anna", "Bruno", "Carla", "Dimitri", "Edda", "Farid", "Gwen", "Henrik", "Irena", "Jonas", "Katya", "Luis",
    "Marta", "Nils", "Olga", "Piet", "Quentin", "Rosa", "Stefan", "Tilda", "Ulrich", "Vera", "Wanda", "Yusuf",
)  # fmt: skip
LAST_NAMES = (
    "Albers", "Brandt", "Castro", "Dahl", "Eriksen", "Fontana", "Garcia", "Hofmann", "Ilves", "Janssen",
    "Kovacs", "Lemaire", "Moritz", "Nowak", "Oliveira", "Pavlov", "Reuter", "Santos", "Tamm", "Varga",
    "Wagner", "Zeman",
)  # fmt: skip
GENERIC = frozenset({"machine", "unit", "table", "desk"})
"""Words for a product that a summary also uses for other things."""
GREETINGS = ("Hello,", "Good morning,", "Hi there,", "Dear support team,", "Hi,", "Good afternoon,")
VISITED = frozenset({"coffee machine", "standing desk", "router", "dehumidifier"})
"""Products that a technician comes for."""
GUESSES = (
    "Hello {}, I am sorry to hear that. From what you write I would first think of {}. Could you tell me "
    "what you have tried so far?",
    "Dear {}, thank you for writing. This sounds like {} to me, but let us not jump to conclusions. What "
    "have you tried until now?",
    "Hi {}, that is annoying. My first guess is {}. Which steps have you taken already?",
)
NO_LUCK = ("Neither made any difference.", "No change at all.", "It is just as before.", "Both in vain.")
HANDED = (
    "Thank you, {}. I pass this on to {} in our workshop, who knows the {} well.",
    "Thanks for trying, {}. I have shown your case to {}, our specialist for the {}.",
    "All right, {}. This is one for {} in the workshop, who takes the {} apart every week.",
)
FOUND = (
    "I looked at the photos and the log. It is not {}: {}. We see that once or twice a year.",
    "Had a look at what you sent. First I also thought of {}, but that is ruled out. {}, that is all.",
    "We rebuilt the case on our bench. The guess was {}, and the guess was wrong: {}.",
)
PROMISES = (
    (2, "the day after tomorrow"),
    (7, "a week from today"),
    (10, "in exactly ten days from today"),
    (14, "two weeks from today"),
)
"""Days from a message to a date that it promises, and how it says so."""
ASKED = {
    1: "Name the customer, the product with its model, the order number, the problem, the two things that "
    "the customer tried, the cause that was found, the solution that was agreed, the amount that the "
    "customer gets, the date that was promised for the solution, and the one point that is still open.",
    2: "It holds two cases. For each one name the customer, the product with its model, the order number, "
    "the problem, the cause that was found, the solution that was agreed, the amount that the customer gets "
    "and the date that was promised for the solution.",
}


@dataclass(frozen=True, slots=True)
class Case:
    """One customer's case and its facts; what begins with `old_` was said first and put right later."""

    customer: str
    colleague: str
    product: dict[str, Any]
    problem: dict[str, Any]
    model: str
    old_model: str
    order: str
    old_order: str
    steps: list[dict[str, Any]]
    cause: dict[str, Any]
    suspect: dict[str, Any]
    fix: dict[str, Any]
    old_fix: dict[str, Any]
    credit: dict[str, Any]
    amount: int
    old_amount: int
    price: int
    began: date
    agreed: date
    promised: date
    old_promised: date
    in_days: str
    """How an implicit thread says the promised date on the day of the agreement."""
    still_open: dict[str, Any]
    closed: dict[str, Any]

    @property
    def kind(self) -> str:
        """What the product is."""
        return str(self.product["kind"])

    def said(self, text: str, amount: int | None = None) -> str:
        """A phrase of the tables with this case's product and amount."""
        return text.replace("{kind}", self.kind).replace("{}", str(self.amount if amount is None else amount))


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a thread."""

    day: date
    hour: int
    author: str
    role: str
    text: str

    def __str__(self) -> str:
        head = f"[{self.day:%a} {_day(self.day)} {self.day.year}, {self.hour:02d}:{self.day.day:02d}]"
        return f"{head} {self.author} ({self.role}):\n{self.text}\n"


def generate(seed: int, count: int) -> Iterable[Item]:
    """The twists and sizes in turn; an item's stratum is both."""
    rng = random.Random(f"support threads {seed}")
    for number in range(count):
        twist = TWISTS[number % len(TWISTS)]
        size = 1 + number // len(TWISTS) % 2
        yield _thread(f"support_threads-s{seed}-{number:04d}", twist, size, rng)


@cache
def _tables() -> dict[str, Any]:
    tables: dict[str, Any] = json.loads((FOLDER / "cases.json").read_text(encoding="utf-8"))
    return tables


def _thread(name: str, twist: str, size: int, rng: random.Random) -> Item:
    firsts, lasts = rng.sample(FIRST_NAMES, 6), rng.sample(LAST_NAMES, 6)
    people = [f"{first} {last}" for first, last in zip(firsts, lasts, strict=True)]
    agent, expert = people[:2]
    began = date(2026, 1, 12) + timedelta(days=rng.randrange(200))
    products = rng.sample(_tables()["products"], size)
    cases = [
        _case(product, people[2 + 2 * n : 4 + 2 * n], began + timedelta(days=n), rng)
        for n, product in enumerate(products)
    ]
    messages = [m for case in cases for m in _messages(case, twist, size, agent, expert, rng)]
    messages.sort(key=lambda message: (message.day, message.hour))
    facts = [
        fact
        for n, case in enumerate(cases, start=1)
        for fact in _facts(case, twist, f"case {n}" if size > 1 else None, agent)
    ]
    return Item(
        id=name,
        input=(FOLDER / "prompt.txt")
        .read_text(encoding="utf-8")
        .format(limit=WORDS[size], asked=ASKED[size], thread="\n".join(map(str, messages)).rstrip())
        .rstrip(),
        target={
            "facts": facts,
            "topics": {f"case {n}": _forms(case) for n, case in enumerate(cases, start=1)}
            if size > 1
            else {},
            "names": people,
            "max_words": WORDS[size],
        },
        reference="\n\n".join(_summary(case, size) for case in cases),
        stratum=f"{twist}-{size}",
    )


def _case(product: dict[str, Any], people: list[str], began: date, rng: random.Random) -> Case:
    tables = _tables()
    problem = rng.choice(product["problems"])
    model, old_model = rng.sample(product["models"], 2)
    cause, suspect = rng.sample(problem["causes"], 2)
    fixes = [f for f in tables["fixes"] if "technician" not in f["label"] or product["kind"] in VISITED]
    fix, old_fix = rng.sample(fixes, 2)
    low, high = product["price"]
    price = rng.randrange(low, high, 10)
    amount, old_amount = rng.sample(range(15, max(48, price // 3)), 2)
    digits = [str(rng.randrange(10)) for _ in range(4)]
    order = f"{rng.choice('BHKLRT')}{rng.choice('DGNSW')}-{rng.randrange(21, 98)}" + "".join(digits)
    agreed = began + timedelta(days=rng.randrange(4, 7))
    days, in_days = rng.choice(PROMISES)
    promised = agreed + timedelta(days=days)
    still_open, closed = rng.sample(tables["opens"], 2)
    return Case(
        customer=people[0],
        colleague=people[1],
        product=product,
        problem=problem,
        model=model,
        old_model=old_model,
        order=order,
        old_order=_misread(order, rng),
        steps=rng.sample(problem["steps"], 2),
        cause=cause,
        suspect=suspect,
        fix=fix,
        old_fix=old_fix,
        credit=rng.choice(tables["credits"]),
        amount=amount,
        old_amount=old_amount,
        price=price,
        began=began,
        agreed=agreed,
        promised=promised,
        old_promised=promised + timedelta(days=rng.choice((-1, 3, 5, 7))),
        in_days=in_days,
        still_open=still_open,
        closed=closed,
    )


def _misread(order: str, rng: random.Random) -> str:
    """An order number with two neighbouring digits exchanged, or one changed."""
    at = rng.randrange(3, len(order) - 1)
    swapped = order[:at] + order[at + 1] + order[at] + order[at + 2 :]
    if swapped != order:
        return swapped
    return order[:at] + str((int(order[at]) + 1) % 10) + order[at + 1 :]


def _messages(
    case: Case, twist: str, size: int, agent: str, expert: str, rng: random.Random
) -> Iterator[Message]:
    """What is said on one case, in order."""
    wrong = twist == "corrected"
    given, mine = case.customer.split()[0], "customer"
    day, hello = case.began, rng.choice(GREETINGS)
    model, order = (case.old_model, case.old_order) if wrong else (case.model, case.order)
    voice = rng.choice(case.problem["says"])
    bought = day - timedelta(days=rng.randrange(20, 300))
    yield Message(
        day, 8, case.customer, mine,
        f"{hello}\n{_capital(case.said(voice))} It is a {model}, order {order}, bought on {_day(bought)} for "
        f"{case.price} euros.\n{given}",
    )  # fmt: skip
    yield Message(
        day, 11, agent, "support",
        rng.choice(GUESSES).format(given, case.suspect["label"]),
    )  # fmt: skip
    first, second = (step["says"] for step in case.steps)
    mended = (
        f" By the way, I mistyped: the order is {case.order}, and the label underneath says {case.model}."
        if wrong
        else ""
    )
    yield Message(
        day + timedelta(days=1), 9, case.customer, mine,
        f"I {first}, and I {second}. {rng.choice(NO_LUCK)}{mended}",
    )  # fmt: skip
    day += timedelta(days=2)
    offered = f" So that you are not left waiting: {_offer(case, old=True)}" if wrong else ""
    yield Message(
        day, 10, agent, "support",
        f"{rng.choice(HANDED).format(given, expert.split()[0], case.model)}{offered}",
    )  # fmt: skip
    yield Message(
        day + timedelta(days=1), 14, expert, "workshop",
        _sentences(rng.choice(FOUND).format(case.suspect["label"], case.cause["says"])),
    )  # fmt: skip
    yield from _ending(case, twist, size, agent, rng)


def _ending(case: Case, twist: str, size: int, agent: str, rng: random.Random) -> Iterator[Message]:
    """How a case is settled."""
    given, colleague = case.customer.split()[0], case.colleague.split()[0]
    if twist == "corrected":
        yield Message(
            case.agreed, 8, case.colleague, "customer",
            f"{colleague} here, I answer for {given}, who is travelling; the case stays with {given}. "
            f"{_day(case.old_promised)} does not suit us, and we would rather have "
            f"{case.said(case.fix['label'])}. And {case.old_amount} euros seemed a little odd for all this.",
        )  # fmt: skip
    elif rng.random() < 0.5:
        yield Message(
            case.agreed, 8, case.customer, "customer",
            rng.choice(("Any news? It has been quiet for days.", "May I ask where this stands?")),
        )  # fmt: skip
    settled = _offer(case, implicit=twist == "implicit")
    opening = "Understood, then like this, and this is final" if twist == "corrected" else "Good news"
    yield Message(case.agreed, 13, agent, "support", f"{opening}: {settled}")
    thanks = rng.choice(("Thank you, agreed.", "That sounds fair, thank you.", "Fine by us, thanks."))
    if size > 1:
        yield Message(case.agreed, 16, case.customer, "customer", thanks)
        return
    closed, left = case.closed, case.still_open
    yield Message(
        case.agreed, 16, case.customer, "customer", f"{thanks} {closed['says']} {left['says']}"
    )  # fmt: skip
    yield Message(
        case.agreed + timedelta(days=1), 10, agent, "support",
        f"{closed['closed']} The other point I have to leave to my colleague, I am on leave from tomorrow.",
    )  # fmt: skip


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _sentences(text: str) -> str:
    """A text whose sentences begin with a capital."""
    return re.sub(r"(?<=\. )[a-z]", lambda found: found[0].upper(), text)


def _offer(case: Case, *, old: bool = False, implicit: bool = False) -> str:
    """Solution, amount and date, as an agent writes them."""
    fix = case.old_fix if old else case.fix
    amount = case.old_amount if old else case.amount
    if old:
        when = f"on {_day(case.old_promised)}"
    else:
        when = case.in_days if implicit else f"on {_day(case.promised)}"
    return f"{case.said(fix['says'])}, {when} at the latest, and {case.said(case.credit['says'], amount)}."


def _facts(case: Case, twist: str, topic: str | None, agent: str) -> list[dict[str, Any]]:
    """What a summary has to say of a case, as the scorer wants it."""
    wrong = twist == "corrected"

    def fact(
        slot: str, kind: str, accept: list[Any], *instead: str, cue: Iterable[str] = ()
    ) -> dict[str, Any]:
        made = {"slot": slot, "kind": kind, "accept": accept, "instead": list(instead)}
        return made | ({"topic": topic} if topic else {}) | ({"cue": list(cue)} if cue else {})

    def groups(table: dict[str, Any]) -> list[list[str]]:
        return [[case.said(form) for form in group] for group in table["accept"]]

    code, old_code = case.model.split()[1], case.old_model.split()[1]
    old_fix = [form for group in groups(case.old_fix) for form in group] if wrong else []
    fix = {form for group in groups(case.fix) for form in group}
    dated = ("promis", "deadline", "due", "by when", "latest")
    facts = [
        fact("customer", "name", [case.customer], case.colleague, agent, cue=("customer", "client")),
        fact("product", "text", [[code]], *([old_code] if wrong else [])),
        fact("order", "code", [case.order], *([case.old_order] if wrong else [])),
        fact("problem", "text", groups(case.problem)),
        *(fact(f"tried {n}", "text", groups(s)) for n, s in enumerate(case.steps, start=1) if not topic),
        fact("cause", "text", groups(case.cause), *(f for g in groups(case.suspect) for f in g)),
        fact("solution", "text", groups(case.fix), *(form for form in old_fix if form not in fix)),
        fact(
            "amount", "number", [str(case.amount)], *([str(case.old_amount)] if wrong else []),
            cue=case.credit["cue"],
        ),
        fact(
            "date", "date", [case.promised.isoformat()],
            *([case.old_promised.isoformat()] if wrong else []), cue=dated,
        ),
    ]  # fmt: skip
    if not topic:
        facts.append(fact("open", "text", groups(case.still_open)))
    return facts


def _forms(case: Case) -> list[str]:
    """How a summary may name a case."""
    first, last = case.customer.split()
    kinds = [form for form in case.product["forms"] if form not in GENERIC]
    return [first, last, case.model.split()[1], case.order, case.order[3:], *kinds]


def _summary(case: Case, size: int) -> str:
    lines = [
        f"Customer: {case.customer}.",
        f"Product: {case.kind} {case.model}.",
        f"Order: {case.order}.",
        f"Problem: it {case.problem['label']}.",
        *(
            [f"Tried: {case.steps[0]['label']}.", f"Also tried: {case.steps[1]['label']}."]
            if size == 1
            else []
        ),
        f"Cause: {case.cause['label']}.",
        f"Solution: {case.said(case.fix['label'])}.",
        f"Amount: {case.said(case.credit['label'])}.",
        f"Promised for {_day(case.promised)}.",
        *([f"Open: {case.still_open['label']}."] if size == 1 else []),
    ]
    return "\n".join(f"- {line}" for line in lines)


def _day(day: date) -> str:
    return f"{day.day} {day:%B}"
