"""Incident reports: what failed, for how long, for whom, why, and who does what about it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from .report import Report, day, fact, people, words

LIMIT = 140
CREDITS = "credits of {} euros were paid to customers"


def report(rng: Random, revised: bool) -> Report:
    """A report on an outage. The length has to be read as it is written, in hours and minutes."""
    tables = words("incident")
    began = datetime(2026, 1, 8, 7, 0) + timedelta(minutes=rng.randrange(200 * 1440))
    minutes, old_minutes = rng.sample([n for n in range(72, 290) if n % 60], 2)
    service, (cause, suspect), fix = (
        rng.choice(tables["services"]),
        rng.sample(tables["causes"], 2),
        rng.choice(tables["fixes"]),
    )
    affected, credit = rng.randrange(2100, 48900), rng.randrange(1100, 29900)
    old_affected = _alike(affected)
    code = f"INC-{rng.randrange(20417, 98700)}"
    author, first, second, third = people(rng, 4)
    actions = rng.sample(tables["actions"], 2)
    days = rng.sample(range(10, 70), 2)
    due = [began.date() + timedelta(days=n) for n in days]
    stated_minutes, stated_affected = (old_minutes, old_affected) if revised else (minutes, affected)
    text = "\n\n".join(
        [
            f"INCIDENT REPORT {code}\nOutage of {service[0]} on {day(began.date())} 2026\nAuthor: {author}",
            f"What happened. Late in the {_part(began)} {service[2]}. {rng.choice(tables['asides'])} "
            f"{_lasted(stated_minutes, rng)} {stated_affected:,} customers were affected, "
            f"{affected // rng.randrange(7, 13):,} of them more than once. "
            f"{_capital(CREDITS.format(f'{credit:,}'))}.",
            f"Cause. For the first half hour everybody looked at {suspect[0]}, since the logs seemed to "
            f"point there. It had nothing to do with it: {cause[1]}.",
            f"Repair. A restart of single services had no lasting effect. The outage ended when {fix[1]}.",
            rng.choice(tables["asides"][2:]),
            _measures(actions, (first, second), due, third, rng),
            *([_addendum(began.date(), minutes, affected, old_affected)] if revised else []),
        ]
    )
    return Report(
        text=text,
        asked="Name the number of the incident, the service, how long the outage lasted, how many "
        "customers were affected, the credits paid, the cause, what ended the outage, and each follow-up "
        "measure with who carries it out and by when.",
        lines=(
            f"Incident {code}: outage of {service[0]}.",
            f"Length: {_spelt(minutes)}.",
            f"Customers affected: {affected:,}.",
            f"Credits: {credit:,} euros.",
            f"Cause: {cause[0]}.",
            f"Ended by {fix[0]}.",
            *(
                f"Measure: {action[2]}. Owner: {owner}. By {day(by)}."
                for action, owner, by in zip(actions, (first, second), due, strict=True)
            ),
        ),
        facts=(
            fact("number", "code", [code]),
            fact("service", "text", service[1]),
            fact("length", "duration", [str(minutes)], instead=[str(old_minutes)] if revised else []),
            fact(
                "affected", "number", [str(affected)], instead=[str(old_affected)] if revised else [],
                cue=("affected", "impacted", "hit"),
            ),
            fact("credits", "number", [str(credit)], cue=("credit", "paid", "compensat")),
            fact("cause", "text", cause[2], instead=[form for group in suspect[2] for form in group]),
            fact("end", "text", fix[2]),
            *(
                one
                for action, owner, by in zip(actions, (first, second), due, strict=True)
                for one in (
                    fact("owner", "name", [owner], topic=action[0]),
                    fact("date", "date", [by.isoformat()], topic=action[0]),
                )
            ),
        ),
        max_words=LIMIT,
        names=(author, first, second, third),
        topics={action[0]: list(action[1]) for action in actions},
    )  # fmt: skip


def _alike(number: int) -> int:
    """A number with two of its digits exchanged, else the next hundred."""
    digits = list(str(number))
    for at in range(1, len(digits) - 1):
        if digits[at] != digits[at + 1]:
            digits[at], digits[at + 1] = digits[at + 1], digits[at]
            return int("".join(digits))
    return number + 100


def _part(began: datetime) -> str:
    return "morning" if began.hour < 12 else "afternoon" if began.hour < 17 else "evening"


def _spelt(minutes: int) -> str:
    """`1 hour 47 minutes`."""
    hours, rest = divmod(minutes, 60)
    return f"{hours} hour{'s' if hours > 1 else ''} {rest} minute{'s' if rest > 1 else ''}"


def _lasted(minutes: int, rng: Random) -> str:
    return rng.choice(
        (f"It lasted {_spelt(minutes)}.", f"It took {minutes} minutes until all was well again.")
    )


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _measures(
    actions: list[list[Any]], owners: tuple[str, str], due: list[date], other: str, rng: Random
) -> str:
    """Who does what by when; the first date of the second measure is put right in the same breath."""
    (one, two), (first, second) = actions, owners
    earlier = due[1] - timedelta(days=rng.choice((7, 14)))
    return (
        f"Measures. {first} will {one[2]} by {day(due[0])}. {second} will {two[2]}; {day(earlier)} was "
        f"asked for, {day(due[1])} was agreed. {other} keeps the minutes of the review and has no measure "
        "of their own."
    )


def _addendum(began: date, minutes: int, affected: int, old: int) -> str:
    later = began + timedelta(days=6)
    return (
        f"Addendum of {day(later)}: the evaluation of the logs is complete. The outage lasted "
        f"{_spelt(minutes)}, longer or shorter than first noted, and {affected:,} customers were "
        f"affected; {old:,} was a slip of the pen."
    )
