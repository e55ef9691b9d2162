"""Requests for days off."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from random import Random
from types import SimpleNamespace

from .blueprint import Calendar, Facts, Limits, either, near, some_day, written

TEAMS = ("sales", "finance", "support", "design", "logistics")


def limits(rng: Random) -> Limits:
    """The numbers of one policy."""
    notice, probation, trial = rng.choice((5, 8, 10, 15)), rng.choice((3, 4, 6)), rng.choice((2, 3))
    peak, child, moving = rng.choice((5, 7, 8)), rng.choice((4, 5, 6)), rng.choice((1, 2))
    month = rng.choice((6, 7, 9, 11))
    first, last = date(2025, month, rng.randint(5, 12)), date(2025, month, rng.randint(20, 28))
    calendar = Calendar.drawn(rng)
    return SimpleNamespace(
        notice=notice,
        probation=probation,
        trial=trial,
        peak=peak,
        child=child,
        moving=moving,
        month=month,
        first=first,
        last=last,
        calendar=calendar,
        first_day=first.day,
        first_month=f"{first:%B}",
        last_day=last.day,
        last_month=f"{last:%B}",
        other=rng.randint(3, 8),
        moving_days="day is" if moving == 1 else "days are",
    )


def draw(rng: Random, t: Limits) -> Facts:
    """A case, near the limits."""
    begin = rng.choice(
        (t.first, t.last, t.first - timedelta(days=3), t.last + timedelta(days=1), some_day(rng))
    )
    begin = t.calendar.after(begin - timedelta(days=1), 1)
    asked = begin - timedelta(days=rng.randint(4, 30))
    while t.calendar.between(asked, begin) > near(rng, t.notice, 1):
        asked += timedelta(days=1)
    days = rng.choice((near(rng, t.peak, 1), near(rng, t.trial, 1), near(rng, t.child, 1), rng.randint(1, 9)))
    return {
        "asked": asked,
        "begin": begin,
        "days": days,
        "balance": near(rng, days),
        "tenure": near(rng, rng.choice((t.probation, 30)), 1),
        "away": rng.choice((0, 0, 1, 2, 3)),
        "reason": rng.choice(("holiday", "holiday", "holiday", "moving", "child")),
        "age": min(17, near(rng, 12, 1)),
        "team": rng.choice(TEAMS),
        "confirmed": rng.random() < 0.15,
        "size": rng.randint(5, 14),
    }


def _in_time(f: Facts, t: Limits) -> bool:
    return bool(t.calendar.between(f["asked"], f["begin"]) >= t.notice)


def _at_peak(f: Facts, t: Limits) -> bool:
    return bool(t.first <= f["begin"] <= t.last)


APPLIES: Mapping[str, Callable[[Facts, Limits], bool]] = {
    "covered": lambda f, t: _in_time(f, t) and f["days"] <= f["balance"],
    "beyond_balance": lambda f, t: _in_time(f, t) and f["days"] > f["balance"],
    "short_notice": lambda f, t: not _in_time(f, t),
    "peak": lambda f, t: _at_peak(f, t) and f["days"] > t.peak,
    "probation": lambda f, t: f["tenure"] <= t.probation and f["days"] > t.trial,
    "team_away": lambda f, t: f["away"] >= 2,
    "moving": lambda f, t: f["reason"] == "moving" and f["days"] <= t.moving,
    "sick_child": lambda f, t: f["reason"] == "child" and f["age"] < 12 and f["days"] <= t.child,
    "finance": lambda f, t: f["team"] == "finance" and f["begin"].day <= 5,
    "confirmed": lambda f, t: f["confirmed"],
    "older_child": lambda f, t: f["reason"] == "child" and f["age"] >= 12 and f["days"] > f["balance"],
}
"""By clause of the text."""


def tell(f: Facts, t: Limits, rng: Random) -> list[str]:
    """The case in sentences, in no order but for the first."""
    why = {
        "holiday": "It is for a holiday.",
        "moving": "It is for moving house.",
        "child": f"It is for the care of a sick child, aged {f['age']}.",
    }[f["reason"]]
    days = "day" if f["days"] == 1 else "days"
    return [
        f"On {written(f['asked'])} someone in {f['team']} asks for {f['days']} {days} of leave, the first "
        f"being {written(f['begin'])}.",
        why,
        f"The balance is {f['balance']} days.",
        f"The person is in month {f['tenure']} of service.",
        f"On the first day {('none', 'one', 'two', 'three')[f['away']]} of the team will be away.",
        *either(
            f["confirmed"],
            "The lead had agreed to these days by e-mail in spring.",
            rng.choice(("The lead had said in passing that it should be fine.", "")),
        ),
        f"The team has {f['size']} people.",
    ]
