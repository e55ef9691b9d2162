"""How the races of a run ended: who won, what it took, what asking everybody everything would have cost."""

from __future__ import annotations

from dataclasses import asdict
from math import isfinite
from typing import Any

from rich.text import Text

from whichmodel.analyse.bill import Bill, total
from whichmodel.cli.output import answer, share, table, usd
from whichmodel.cli.racing.course import Course
from whichmodel.cli.racing.feed import Races
from whichmodel.cli.racing.watch import counts
from whichmodel.cli.run_report import STATUS
from whichmodel.decide.race import Comparison, Verdict

LIKE = "as if charged"
"""What is said of the cost of simulated answers."""


def show(races: Races, *, simulated: bool, again: str) -> None:
    """Print it. again: the command that goes on with what is open."""
    courses = list(races.courses.values())
    if not courses:
        return
    answer(Text("\nRaces", style="bold"))
    headings = ["task", "route", "status", "look", "of", "cost", "of all"]
    answer(table(headings, [_row(course) for course in courses], numbers=[3, 4, 5, 6]))
    for course in courses:
        for text in words(course):
            answer(text)
    answer(f"\n{spent(bill(races), simulated=simulated)}")
    if any(not course.over for course in courses):
        answer(f"What is open goes on: {again}")


def bill(races: Races) -> Bill:
    """All races together."""
    return total([part for course in races.courses.values() for part in course.bill])


def _row(course: Course) -> list[str]:
    assert course.now is not None
    found, so_far = total(course.bill), course.now.answer
    status = STATUS[so_far.status] if course.over else "… open"
    return [
        course.race.task,
        so_far.model or "none",
        status,
        f"{course.now.look:,}",
        f"{len(course.race.items):,}",
        usd(found.used_usd),
        share(found.share),
    ]


def words(course: Course) -> list[str]:
    """What the table has no room for: items of each model, what is open, who dropped out."""
    task, now = course.race.task, course.now
    assert now is not None
    lines = [f"{task}: {counts(course.used())} items."]
    if not course.over:
        lines.append(f"{task} is open ({course.why or 'it was cut off'}): {_undecided(course)}.")
    lines += [
        f"{task} went on without {name}: {course.lost.get(name, 'it could not be asked')}."
        for name in now.withdrawn
    ]
    return lines


def _undecided(course: Course) -> str:
    """What the race was about when it stopped."""
    assert course.now is not None
    asks = course.now.asks
    candidate = asks.candidate if asks else None
    if course.now.withdrawn and asks is None:
        return f"{len(course.now.withdrawn):,} models were stopped"
    if candidate is None:
        return (
            f"not every model has come to the first look of {course.race.items and course.now.look:,} items"
        )
    still = [p for p in course.now.answer.pairs if p.model == candidate and p.verdict is Verdict.OPEN]
    against = ", ".join(f"{p.against or 'the bar'} (n = {p.n:,})" for p in still)
    return f"{candidate} is not yet told from {against}" if against else f"{candidate} needs more items"


def spent(found: Bill, *, simulated: bool) -> str:
    """Used against every item for every model, in a sentence."""
    low, high = found.whole
    mark = f", {LIKE}" if simulated else ""
    text = (
        f"The answers that these races rest on cost {usd(found.used_usd)}{mark}: {share(found.share)} of "
        f"{usd(found.whole_usd)} [{usd(low)}, {usd(high)}] for every item and every model at mean costs."
    )
    if found.unknown:
        text += f" In neither figure, since their price is unknown: {', '.join(found.unknown)}."
    return text


def as_json(races: Races) -> dict[str, Any]:
    """The races of the document of `bench run --json`; null = unknown."""
    return {
        "races": [_course(course) for course in races.courses.values()],
        "race_bill": _bill(bill(races)),
    }


def _course(course: Course) -> dict[str, Any]:
    assert course.now is not None
    now = course.now
    return {
        "task": course.race.task,
        "race_id": course.race.race_id,
        "state": "settled" if course.over else "open",
        "why": "" if course.over else course.why,
        "model": now.answer.model,
        "status": now.answer.status,
        "certified": now.answer.certified,
        "inferior": now.answer.inferior,
        "incumbent": course.race.incumbent,
        "kind": course.race.kind,
        "look": now.look,
        "bank": len(course.race.items),
        "items": course.used(),
        "asked": now.asked,
        "looks_taken": course.looks,
        "goes_on": course.entry.goes_on,
        "delta": now.answer.delta,
        "alpha": now.answer.alpha,
        "fates": [asdict(fate) for fate in now.answer.fates],
        "pairs": [_pair(pair) for pair in now.answer.pairs],
        "withdrawn": {name: course.lost.get(name, "") for name in now.withdrawn},
        "bill": _bill(total(course.bill)),
    }


def _pair(pair: Comparison) -> dict[str, Any]:
    """A comparison; what is not a number is null."""
    figures = asdict(pair)
    return {k: None if isinstance(v, float) and not isfinite(v) else v for k, v in figures.items()}


def _bill(found: Bill) -> dict[str, Any]:
    return {
        "used_usd": found.used_usd,
        "every_item_usd": found.whole_usd,
        "low_usd": found.whole[0],
        "high_usd": found.whole[1],
        "share": found.share,
        "unknown_price": found.unknown,
    }
