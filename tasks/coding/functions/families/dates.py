"""Calendars and clocks: working days, recurring dates, free time."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from .problem import Family, Problem, call, fill, name

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
    some = sorted(date(2024, 1, 1) + timedelta(days=d) for d in rng.sample(range(366), 3))
    closed, forward = [day.isoformat()[5:] for day in some], rng.random() < 0.5

    def day(year: int | None = None) -> date:
        return date(year or rng.randint(2019, 2029), 1, 1) + timedelta(days=rng.randrange(365))

    def near(start: date) -> list[str]:
        return [(start + timedelta(days=rng.randint(-9, 9))).isoformat() for _ in range(rng.randint(0, 4))]

    off = day()
    off += timedelta(days=(weekend[0] - off.weekday()) % 7)
    shut = f"2026-{closed[0]}" if closed[0] != "02-29" else "2028-02-29"
    plain = [("2024-02-28", 1), ("2024-12-31", 1), ("2025-01-01", -1), (off.isoformat(), 0),
        (off.isoformat(), 1),
             (off.isoformat(), -1), (shut, 0), (shut, 1), (shut, -1), ("2023-02-28", 2), ("2026-06-17", 0),
             ("2026-06-17", 260), ("2026-06-17", -260), ("2000-02-28", 1)]  # fmt: skip
    cases = [call(start, days, []) for start, days in plain]
    for _ in range(14):
        start = day()
        cases.append(call(start.isoformat(), rng.randint(-30, 30), near(start)))
    cases.append(call("2026-03-04", 0, ["2026-03-04", "2026-03-04", "2026-03-05"]))
    called = name(rng, "shift add move", "working_days business_days workdays")
    return Problem(
        name=called,
        rules=fill(
            _WORKING_RULES,
            name=called,
            shape=f"`{shape}`",
            weekend=" or ".join(_DAYS[d] for d in weekend),
            closed=", ".join(f"`{c}`" for c in closed),
            zero="next" if forward else "previous",
        ),
        reference=fill(
            _WORKING, name=called, weekend=weekend, closed=closed, format=form, zero=1 if forward else -1
        ),
        examples=[call("2026-05-13", 3, ["2026-05-14"]), call("2026-09-30", -2, [])],
        cases=cases,
    )


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
            days = [date(year, month, 1) + timedelta(days=d) for d in range(31)]
            fitting = [d for d in days if d.month == month and d.weekday() == @weekday@]
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
    made: list[date] = []
    for month in months:
        days = [date(2026, month, 1) + timedelta(days=d) for d in range(31)]
        made.append(
            [d for d in days if d.month == month and d.weekday() == weekday][index] + timedelta(days=shift)
        )
    skipped = sorted({day.isoformat()[5:] for day in rng.sample(made, 2)})
    on = made[0].isoformat()
    moved = {
        0: "on that very day",
        1: "on the day after it",
        -1: "on the day before it",
    }.get(shift, f"{abs(shift)} days {'after' if shift > 0 else 'before'} it")

    def span() -> tuple[str, str]:
        start = date(rng.randint(2018, 2032), 1, 1) + timedelta(days=rng.randrange(365))
        return start.isoformat(), (start + timedelta(days=rng.randint(0, 500))).isoformat()

    spans = [(on, on), ("2026-12-31", "2026-01-01"), ("2026-01-01", "2026-12-31"),
        ("2024-02-01", "2024-03-31"),
             ("2025-12-20", "2026-01-10"), ("2027-12-25", "2028-01-12"), ("2026-07-03", "2026-07-03"),
             (made[-1].isoformat(), "2027-02-02"), ("2025-01-01", made[1].isoformat()),
             ((made[0] + timedelta(days=1)).isoformat(), (made[1] - timedelta(days=1)).isoformat()),
             ("2000-01-01", "2000-12-31"), ("2019-01-01", "2023-12-31")]  # fmt: skip
    called = name(rng, "list find dates_of", "meetings events sessions reviews")
    return Problem(
        name=called,
        rules=fill(
            _RECURRING_RULES,
            name=called,
            rank=rank,
            weekday=_DAYS[weekday],
            months=", ".join(_MONTHS[m - 1] for m in months),
            shift=moved,
            skipped=" and ".join(f"`{day}`" for day in skipped),
        ),
        reference=fill(
            _RECURRING, name=called, months=months, weekday=weekday, index=index, shift=shift, skipped=skipped
        ),
        examples=[call("2025-01-01", "2025-06-30"), call("2025-10-01", "2025-10-03")],
        cases=[call(*s) for s in [*spans, *(span() for _ in range(14))]],
    )


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
        if start - at >= @least@:
            slots.append((at, start))
        at = max(at, end)
    pieces = []
    for start, end in slots:
        while @cut@ and end - start > @most@:
            pieces.append((start, start + @most@))
            start += @most@
        if end - start >= @least@:
            pieces.append((start, end))
    return [[text(start), text(end)] for start, end in pieces]
"""


def free_slots(rng: Random) -> Problem:
    """What bookings leave of a day."""
    opens, closes = 15 * rng.randint(24, 40), 15 * rng.randint(60, 88)
    before, after, least = 5 * rng.randint(0, 3), 5 * rng.randint(0, 6), 5 * rng.randint(2, 9)
    cut, most = rng.random() < 0.5, 10 * rng.randint(10, 24)

    def clock(minute: int) -> str:
        return f"{minute // 60:02d}:{minute % 60:02d}"

    def booking() -> list[str]:
        start = 5 * rng.randint(60, 260)
        return [clock(start), clock(min(start + 5 * rng.randint(1, 30), 1435))]

    o, c, m = opens, closes, (opens + closes) // 2
    tight = m + before + after + least
    edges = [[], [[clock(o), clock(c)]], [["00:00", "23:59"]], [["00:05", clock(o - after)]],
        [["00:05", "01:00"]],
             [[clock(c + before), "23:30"]], [[clock(m), clock(m)]], [[clock(m), clock(m - 5)]],
             [["10:00", "09:00"], ["08:00", "09:00"]], [[clock(o), clock(o + 30)]],
             [[clock(c - 30), clock(c)]],
             [[clock(m - 30), clock(m)], [clock(tight), clock(tight + 20)]],
             [[clock(m - 30), clock(m)], [clock(tight - 1), clock(tight + 20)]],
             [[clock(m), clock(m + 60)], [clock(m + 10), clock(m + 20)]], [[clock(m), clock(m + 5)]] * 2,
             [[clock(m), clock(m + 60)], [clock(m - 20), clock(m)]],
             [[clock(c - 10), "23:59"], ["00:00", clock(o + 1)]],
             [[clock(o + before + least), clock(o + before + least + 5)]],
             [[clock(o + before + least - 1), clock(o + before + least + 5)]]]  # fmt: skip
    called = name(rng, "find list compute", "free_slots gaps openings vacancies")
    return Problem(
        name=called,
        rules=fill(
            _FREE_RULES,
            name=called,
            opens=clock(opens),
            closes=clock(closes),
            before=before,
            after=after,
            least=least,
            long=f"A free slot of more than {most} minutes is cut, from its start, into slots of {most} "
            f"minutes; what is left over at the end is a slot too if it has at least {least} minutes."
            if cut
            else "A free slot may have any length beyond that.",
        ),
        reference=fill(
            _FREE,
            name=called,
            opens=opens,
            closes=closes,
            before=before,
            after=after,
            least=least,
            cut=cut,
            most=most,
        ),
        examples=[call([["11:00", "12:30"], ["14:20", "14:50"]]), call([["12:00", "12:10"]])],
        cases=[
            call(b) for b in [*edges, *([booking() for _ in range(rng.randint(2, 6))] for _ in range(10))]
        ],
    )


FAMILIES: tuple[Family, ...] = (working_days, recurring, free_slots)
