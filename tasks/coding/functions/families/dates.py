"""Calendars and clocks: working days, recurring dates, free time."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from .problem import Family, Problem, call, name, program, prose

_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_MONTHS = [date(2000, month, 1).strftime("%B") for month in range(1, 13)]

_WORKING_RULES = """
Write `@name@(start, days, holidays)`, which counts working days. `start` is a date as `YYYY-MM-DD`, `days`
an int and `holidays` a list of dates as `YYYY-MM-DD`, in any order and perhaps repeated. It returns a date
as @shape@.

- A working day is a day that is not a @weekend@, not in `holidays`, and not one of the yearly closing days
  @closed@ (month-day, every year).
- `days` > 0: the result is the `days`-th working day after `start`. `days` < 0: the `-days`-th working day
  before it. `start` itself never counts and may be any day.
- `days` = 0: the result is `start` if it is a working day, otherwise the @zero@ working day.
"""

_WORKING = """
from datetime import date, timedelta


def @name@(start, days, holidays):
    off = set(holidays)

    def works(day):
        if day.weekday() in @weekend@ or day.isoformat() in off:
            return False
        return day.isoformat()[5:] not in @closed@

    day = date.fromisoformat(start)
    if days == 0:
        if works(day):
            return day.strftime("@format@")
        days = @zero@
    step = timedelta(days=1 if days > 0 else -1)
    left = abs(days)
    while left:
        day += step
        left -= works(day)
    return day.strftime("@format@")
"""


def working_days(rng: Random) -> Problem:
    """The n-th working day from a date."""
    weekend = rng.choice([[5, 6], [4, 5], [6], [3, 4], [4], [0, 6]])
    shape, form = rng.choice(
        [("YYYY-MM-DD", "%Y-%m-%d"), ("DD.MM.YYYY", "%d.%m.%Y"), ("YYYY/MM/DD", "%Y/%m/%d")]
    )
    days = sorted(date(2024, 1, 1) + timedelta(days=d) for d in rng.sample(range(366), 3))
    closed, forward = [day.isoformat()[5:] for day in days], rng.random() < 0.5
    named = name(rng, "shift add move", "working_days business_days workdays")
    return Problem(
        name=named,
        rules=prose(
            _WORKING_RULES,
            name=named,
            shape=f"`{shape}`",
            weekend=" or ".join(_DAYS[d] for d in weekend),
            closed=", ".join(f"`{day}`" for day in closed),
            zero="next" if forward else "previous",
        ),
        reference=program(
            _WORKING, name=named, weekend=weekend, closed=closed, format=form, zero=1 if forward else -1
        ),
        examples=[call("2026-05-13", 3, ["2026-05-14"]), call("2026-09-30", -2, [])],
        cases=[call(*arguments) for arguments in _shifts(rng, weekend[0], closed[0])],
    )


def _shifts(rng: Random, weekday: int, closed: str) -> list[tuple[str, int, list[str]]]:
    free = _any_day(rng)
    off = (free + timedelta(days=(weekday - free.weekday()) % 7)).isoformat()
    shut = f"2028-{closed}"
    plain = [
        (off, 0), (off, 1), (off, -1), (shut, 0), (shut, 1), (shut, -1), ("2024-02-28", 1),
        ("2024-12-31", 1), ("2025-01-01", -1), ("2023-02-28", 2), ("2026-06-17", 0), ("2026-06-17", 260),
        ("2026-06-17", -260), ("2000-02-28", 1),
    ]  # fmt: skip
    shifts = [(start, days, list[str]()) for start, days in plain]
    shifts.append(("2026-03-04", 0, ["2026-03-04", "2026-03-04", "2026-03-05"]))
    for _ in range(14):
        day = _any_day(rng)
        near = [(day + timedelta(days=rng.randint(-9, 9))).isoformat() for _ in range(rng.randint(0, 4))]
        shifts.append((day.isoformat(), rng.randint(-30, 30), near))
    return shifts


def _any_day(rng: Random) -> date:
    return date(rng.randint(2018, 2032), 1, 1) + timedelta(days=rng.randrange(365))


_RECURRING_RULES = """
Write `@name@(start, end)`, which lists the dates of a recurring event. Both arguments and all results are
dates as `YYYY-MM-DD`.

- The event belongs to the @rank@ @weekday@ of a month, in these months of every year: @months@.
- It takes place @shift@.
- An event that would fall on one of the days @skipped@ (month-day) is held a week later instead.
- The result is the list of all event dates from `start` to `end`, both included, in order. It is the date
  on which the event is held that counts. If `start` is after `end`, the result is `[]`.
"""

_RECURRING = """
from datetime import date, timedelta


def @name@(start, end):
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    found = []
    for year in range(first.year - 1, last.year + 2):
        for month in @months@:
            first_day = date(year, month, 1)
            ahead = (@weekday@ - first_day.weekday()) % 7
            days = [first_day + timedelta(days=ahead + 7 * k) for k in range(5)]
            fitting = [day for day in days if day.month == month]
            held = fitting[@index@] + timedelta(days=@shift@)
            if held.isoformat()[5:] in @skipped@:
                held += timedelta(days=7)
            if first <= held <= last:
                found.append(held.isoformat())
    return sorted(found)
"""


def recurring(rng: Random) -> Problem:
    """The k-th weekday of some months, moved by some days."""
    weekday, shift = rng.randrange(7), rng.choice([0, -3, -2, -1, 1, 2, 3, 4, 5])
    index, rank = rng.choice([(0, "first"), (1, "second"), (2, "third"), (3, "fourth"), (-1, "last")])
    months = sorted(rng.sample(range(1, 13), rng.randint(3, 9)))
    held = [_weekday_of_month(month, weekday, index) + timedelta(days=shift) for month in months]
    skipped = sorted({day.isoformat()[5:] for day in rng.sample(held, 2)})
    days = "the day" if abs(shift) == 1 else f"{abs(shift)} days"
    named = name(rng, "list find dates_of", "meetings events sessions reviews")
    return Problem(
        name=named,
        rules=prose(
            _RECURRING_RULES,
            name=named,
            rank=rank,
            weekday=_DAYS[weekday],
            months=", ".join(_MONTHS[m - 1] for m in months),
            shift=f"{days} {'after' if shift > 0 else 'before'} it" if shift else "on that very day",
            skipped=" and ".join(f"`{day}`" for day in skipped),
        ),
        reference=program(
            _RECURRING, name=named, months=months, weekday=weekday, index=index, shift=shift, skipped=skipped
        ),
        examples=[call("2025-01-01", "2025-06-30"), call("2025-10-01", "2025-10-03")],
        cases=[call(*span) for span in _spans(rng, held)],
    )


def _weekday_of_month(month: int, weekday: int, index: int) -> date:
    """In 2026."""
    days = [date(2026, month, 1) + timedelta(days=d) for d in range(31)]
    return [day for day in days if day.month == month and day.weekday() == weekday][index]


def _spans(rng: Random, held: list[date]) -> list[tuple[str, str]]:
    one = timedelta(days=1)
    first, second, last = held[0], held[1], held[-1]
    spans = [
        (f"{first}", f"{first}"), (f"{last}", "2027-02-02"), ("2025-01-01", f"{second}"),
        (f"{first + one}", f"{second - one}"), ("2026-12-31", "2026-01-01"), ("2026-01-01", "2026-12-31"),
        ("2024-02-01", "2024-03-31"), ("2025-12-20", "2026-01-10"), ("2027-12-25", "2028-01-12"),
        ("2026-07-03", "2026-07-03"), ("2000-01-01", "2000-12-31"), ("2019-01-01", "2023-12-31"),
    ]  # fmt: skip
    for _ in range(14):
        start = _any_day(rng)
        spans.append((f"{start}", f"{start + timedelta(days=rng.randint(0, 500))}"))
    return spans


_FREE_RULES = """
Write `@name@(bookings)`, which finds the free slots of one day. `bookings` is a list of `[from, to]` pairs,
each time written `HH:MM` (24 hours), in any order and perhaps overlapping. The result is a list of such
pairs, in order.

- The room is open from @opens@ to @closes@; outside of that it is never free.
- Every booking also blocks the @before@ minutes before it and the @after@ minutes after it.
- A free slot is a longest stretch of open time that no booking blocks, of at least @least@ minutes. It may
  start the minute a blocked stretch ends.
- @long@
- A booking that does not end after it starts raises `ValueError`.
"""

_FREE = """
def @name@(bookings):
    def minutes(text):
        return int(text[:2]) * 60 + int(text[3:])

    def text(minute):
        return f"{minute // 60:02d}:{minute % 60:02d}"

    blocked = []
    for start, end in bookings:
        if minutes(end) <= minutes(start):
            raise ValueError(f"ends before it starts: {start}-{end}")
        blocked.append((minutes(start) - @before@, minutes(end) + @after@))
    slots, at = [], @opens@
    for start, end in [*sorted(blocked), (@closes@, @closes@)]:
        start = min(start, @closes@)
        if start > at:
            slots.append((at, start))
        at = max(at, end)
    pieces = []
    for start, end in slots:
        @cut@
        if end - start >= @least@:
            pieces.append((start, end))
    return [[text(start), text(end)] for start, end in pieces]
"""

_CUT = """while end - start > @most@:
            pieces.append((start, start + @most@))
            start += @most@"""


def free_slots(rng: Random) -> Problem:
    """What bookings leave of a day."""
    opens, closes = 15 * rng.randint(24, 40), 15 * rng.randint(60, 88)
    before, after, least = 5 * rng.randint(0, 3), 5 * rng.randint(0, 6), 5 * rng.randint(2, 9)
    cut, most = rng.random() < 0.5, 10 * rng.randint(10, 24)
    values = {
        "name": name(rng, "find list compute", "free_slots gaps openings vacancies"),
        "before": before,
        "after": after,
        "least": least,
    }
    pieces = (
        f"A free slot of more than {most} minutes is cut, from its start, into slots of {most} minutes; what "
        f"is left over at the end is a slot too if it has at least {least} minutes."
    )
    edges = _booking_edges(opens, closes, before, after, least)
    return Problem(
        name=str(values["name"]),
        rules=prose(
            _FREE_RULES,
            **values,
            opens=_clock(opens),
            closes=_clock(closes),
            long=pieces if cut else "A free slot may have any length beyond that.",
        ),
        reference=program(
            _FREE, **values, opens=opens, closes=closes, cut=_CUT.replace("@most@", str(most)) if cut else ""
        ),
        examples=[call([["11:00", "12:30"], ["14:20", "14:50"]]), call([["12:00", "12:10"]])],
        cases=[call(day) for day in [*edges, *(_bookings(rng) for _ in range(10))]],
    )


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _bookings(rng: Random) -> list[list[str]]:
    made = []
    for _ in range(rng.randint(2, 6)):
        start = 5 * rng.randint(60, 260)
        made.append([_clock(start), _clock(min(start + 5 * rng.randint(1, 30), 1435))])
    return made


def _booking_edges(opens: int, closes: int, before: int, after: int, least: int) -> list[list[list[str]]]:
    noon = (opens + closes) // 2
    tight = noon + before + after + least
    early = opens + before + least
    days: list[list[tuple[int, int]]] = [
        [], [(opens, closes)], [(0, 1439)], [(5, opens - after)], [(5, 60)], [(closes + before, 1410)],
        [(noon, noon)], [(noon, noon - 5)], [(600, 540), (480, 540)], [(opens, opens + 30)],
        [(closes - 30, closes)], [(noon - 30, noon), (tight, tight + 20)],
        [(noon - 30, noon), (tight - 1, tight + 20)], [(noon, noon + 60), (noon + 10, noon + 20)],
        [(noon, noon + 5), (noon, noon + 5)], [(noon, noon + 60), (noon - 20, noon)],
        [(closes - 10, 1439), (0, opens + 1)], [(early, early + 5)], [(early - 1, early + 5)],
    ]  # fmt: skip
    return [[[_clock(start), _clock(end)] for start, end in day] for day in days]


FAMILIES: tuple[Family, ...] = (working_days, recurring, free_slots)
