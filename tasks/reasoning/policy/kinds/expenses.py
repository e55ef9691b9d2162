"""Claims for hotel nights."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from random import Random
from types import SimpleNamespace

from .blueprint import Calendar, Facts, Limits, either, near, some_day, written


def limits(rng: Random) -> Limits:
    """The numbers of one policy."""
    cap, fair, late = (
        rng.choice((110, 130, 140, 160)),
        rng.choice((220, 240, 260)),
        rng.choice((8, 10, 15, 20)),
    )
    statement, course, sick = rng.choice((60, 80, 90)), rng.choice((400, 500, 600)), rng.choice((3, 5))
    months, city = rng.choice((2, 3, 6)), rng.choice(("Leipzig", "Lyon", "Turin", "Ghent"))
    calendar = Calendar.drawn(rng)
    return SimpleNamespace(
        cap=cap,
        fair=fair,
        late=late,
        statement=statement,
        course=course,
        sick=sick,
        months=months,
        city=city,
        calendar=calendar,
        other=rng.randint(5, 9),
    )


def draw(rng: Random, t: Limits) -> Facts:
    """A case, near the limits."""
    back = some_day(rng)
    filed = t.calendar.after(back, near(rng, t.late, 1))
    well = filed - timedelta(days=rng.choice((1, 2, 4, 6, 8)))
    return {
        "back": back,
        "filed": filed,
        "nights": rng.randint(1, 4),
        "well": well,
        "rate": rng.choice(
            (near(rng, t.cap), near(rng, t.fair), near(rng, t.statement), rng.randint(70, 300))
        ),
        "status": rng.choice(("staff", "staff", "staff", "intern", "contractor")),
        "months": near(rng, t.months, 1),
        "contract": rng.random() < 0.5,
        "purpose": rng.choice(("client", "client", "course", "meeting")),
        "fair": rng.random() < 0.25,
        "receipt": rng.random() < 0.75,
        "sick": well > back and rng.random() < 0.5,
        "client_pays": rng.random() < 0.15,
        "frozen": rng.random() < 0.15,
        "km": rng.randint(90, 900),
    }


def _in_time(f: Facts, t: Limits) -> bool:
    return bool(t.calendar.between(f["back"], f["filed"]) <= t.late)


def _outside(f: Facts, t: Limits) -> bool:
    return bool(f["status"] == "contractor" or (f["status"] == "intern" and f["months"] < t.months))


def _total(f: Facts, t: Limits) -> int:
    return int(f["nights"] * f["rate"])


APPLIES: Mapping[str, Callable[[Facts, Limits], bool]] = {
    "usual": lambda f, t: _in_time(f, t) and f["rate"] <= t.cap,
    "above_usual": lambda f, t: _in_time(f, t) and f["rate"] > t.cap,
    "late": lambda f, t: not _in_time(f, t),
    "no_employee": lambda f, t: _outside(f, t) and not f["contract"],
    "fair": lambda f, t: f["fair"] and t.cap < f["rate"] <= t.fair,
    "course": lambda f, t: f["purpose"] == "course" and _total(f, t) > t.course,
    "small_without_receipt": lambda f, t: not f["receipt"] and f["rate"] <= t.statement,
    "large_without_receipt": lambda f, t: not f["receipt"] and f["rate"] > t.statement,
    "client_pays": lambda f, t: f["client_pays"],
    "frozen": lambda f, t: f["frozen"],
    "ill": lambda f, t: (
        f["sick"]
        and (not _in_time(f, t))
        and (f["well"] > t.calendar.after(f["back"], t.late))
        and (t.calendar.between(f["well"], f["filed"]) <= t.sick)
    ),
}
"""By clause of the text."""


def tell(f: Facts, t: Limits, rng: Random) -> list[str]:
    """The case in sentences, in no order but for the first."""
    who = {
        "staff": "The claim comes from a member of staff of long standing",
        "intern": f"The claim comes from an intern in month {f['months']} of service",
        "contractor": "The claim comes from a contractor",
    }[f["status"]]
    contract = "" if f["status"] == "staff" else (
        ", whose contract provides for travel" if f["contract"] else ", whose contract says nothing of travel"
    )  # fmt: skip
    purpose = {"client": "a visit to a client", "course": "a course", "meeting": "a meeting of the group"}[
        f["purpose"]
    ]
    return [
        f"{who}{contract}.",
        f"It is for {f['nights']} {'night' if f['nights'] == 1 else 'nights'} at {f['rate']} EUR each.",
        f"The journey, {f['km']} km each way, was for {purpose} and ended on {written(f['back'])}.",
        f"It was filed on {written(f['filed'])}.",
        *either(
            f["fair"],
            f"The hotel is in {t.city}, in the week of the fair.",
            f"The hotel is in {t.city}; no fair was on.",
        ),
        *either(f["receipt"], "The receipt is attached.", "The receipt is lost."),
        *either(
            f["sick"], f"After the journey the person fell ill and was well again on {written(f['well'])}."
        ),
        *either(f["client_pays"], "The client had agreed by letter to bear the hotel."),
        *either(
            f["frozen"],
            "The budget of the department is frozen.",
            "The department has spent half of its budget.",
        ),
    ]
