"""Clocks: when a job runs next, what a subscription costs, how working time is split."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from .problem import Family, Problem, call, name, program, prose

_CRON_RULES = """
Write `@name@(spec, after)`, which says when a job runs next. `after` and the result are written `YYYY-MM-DD
HH:MM`; the result is the first fitting minute @strict@ `after`, or `None` if there is none on the day of
`after` and the @days@ days that follow it.

- `spec` is five fields separated by one or more blanks: minute (0-59), hour (0-23), day of the month
  (1-31), month (1-12) and day of the week (@week@). Other numbers of fields raise `ValueError`.
- A field is one or more items joined by `,`, each `*`, a number (digits 0-9) or a range `a-b` (both ends
  included), and `*` and a range may be followed by `/n`: of their values every n-th one, beginning with the
  first. n is at least 1.
- A range with a > b @wraps@
- In place of a number, the month may be one of @months@ (for 1 to 12) and the day of the week one of
  @names@ (for @numbers@), in @case@.
- A day fits when its month fits and @both@
- `@last@` as an item of the day of the month is the last day of the month (it is no end of a range).
- Whatever does not follow these rules, a number out of its field's limits among it, raises `ValueError`.
"""

_CRON = """
from datetime import datetime, timedelta

MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
WEEK = @order@


def number(text, low, high, names):
    text = text@lower@
    if text in names:
        return low + names.index(text)
    if not (text.isascii() and text.isdigit()) or not low <= int(text) <= high:
        raise ValueError(f"not a number of this field: {text!r}")
    return int(text)


def members(field, low, high, names=()):
    found = set()
    for item in field.split(","):
        if item == "@last@" and high == 31:
            found.add("last")
            continue
        base, slash, every = item.partition("/")
        first, dash, last = base.partition("-")
        if base == "*":
            values = list(range(low, high + 1))
        elif dash:
            a, b = number(first, low, high, names), number(last, low, high, names)
            values = list(range(a, b + 1))
            if a > b:
                @backwards@
        elif slash:
            raise ValueError(f"a step without a range: {item!r}")
        else:
            values = [number(base, low, high, names)]
        step = number(every, 1, 9999, ()) if slash else 1
        found.update(values[::step])
    return found


def @name@(spec, after):
    fields = [field for field in spec.split(" ") if field]
    if len(fields) != 5:
        raise ValueError("five fields are needed")
    minutes, hours = members(fields[0], 0, 59), members(fields[1], 0, 23)
    days, months = members(fields[2], 1, 31), members(fields[3], 1, 12, MONTHS)
    week = members(fields[4], @first@, @first@ + 6, WEEK)
    start = datetime.strptime(after, "%Y-%m-%d %H:%M") + timedelta(minutes=@later@)
    given = datetime.strptime(after, "%Y-%m-%d %H:%M").date()
    day = start.date()
    while day <= given + timedelta(days=@days@):
        by_day = day.day in days or ("last" in days and (day + timedelta(days=1)).day == 1)
        by_week = (day.weekday() + @shift@) % 7 + @first@ in week
        if day.month in months and @both@:
            for hour in sorted(hours):
                for minute in sorted(minutes):
                    if day > start.date() or (hour, minute) >= (start.hour, start.minute):
                        return f"{day} {hour:02d}:{minute:02d}"
        day += timedelta(days=1)
    return None
"""

_EITHER = '(by_day or by_week if "*" not in (fields[2], fields[4]) else by_day and by_week)'
_WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def cron(rng: Random) -> Problem:
    """The next run of a job by its five fields."""
    strict, wrapping, either, lower = (rng.random() < 0.5 for _ in range(4))
    sunday, low, days = rng.random() < 0.5, rng.choice([0, 1]), rng.randint(370, 800)
    order = [_WEEK[-1], *_WEEK[:-1]] if sunday else _WEEK
    named = name(rng, "next find", "run start firing tick launch")
    last = rng.choice(["L", "end", "last", "$", "E"])
    both = (
        "both the day of the month and the day of the week fit, or, where neither of the two fields is "
        "just `*`, one of "
        "the two fits."
        if either
        else "both the day of the month and the day of the week fit."
    )
    return Problem(
        name=named,
        rules=prose(
            _CRON_RULES,
            name=named,
            strict="after" if strict else "at or after",
            days=days,
            week=f"{low} = {'Sunday' if sunday else 'Monday'} to {low + 6} = "
            f"{'Saturday' if sunday else 'Sunday'}",
            wraps="runs on from the field's largest value to its smallest."
            if wrapping
            else "raises `ValueError`.",
            months="`jan`, `feb`, `mar`, `apr`, `may`, `jun`, `jul`, `aug`, `sep`, `oct`, `nov`, `dec`",
            names=", ".join(f"`{day}`" for day in order),
            numbers=f"{low} to {low + 6}",
            case="upper-case, lower-case or both mixed" if lower else "lower-case letters only",
            both=both,
            last=last,
        ),
        reference=program(
            _CRON,
            name=named,
            order=order,
            lower=".lower()" if lower else "",
            last=last,
            backwards="values = [*range(a, high + 1), *range(low, b + 1)]"
            if wrapping
            else 'raise ValueError(f"a range that runs backwards: {item!r}")',
            first=low,
            later=1 if strict else 0,
            days=days,
            shift=1 if sunday else 0,
            both=_EITHER if either else "by_day and by_week",
        ),
        examples=[
            call(
                f"{rng.randint(0, 59)} {rng.randint(0, 23)} * * *", f"2026-{rng.randint(1, 12):02d}-28 12:00"
            ),
            call(f"*/15 9-17 1,{last} * mon-fri", "2027-02-26 17:50"),
        ],
        cases=[
            call(*pair) for pair in [*_specs(last, low, days), *(_spec(rng, last, low) for _ in range(12))]
        ],
    )


def _specs(last: str, low: int, days: int) -> list[tuple[str, str]]:
    after = "2026-03-04 10:30"
    far = (datetime(2026, 3, 4) + timedelta(days=days)).date()
    texts = [
        "* * * * *", "30 10 * * *", "29 10 * * *", "0 0 1 1 *", "0 0 29 2 *", "0 0 30 2 *", "*/7 * * * *",
        "5-20/5 11 * * *", "0 22-2 * * *", "0 22-2/2 5 * *", "0 9 * * fri-mon", "0 9 13 * fri",
        "0 9 */10 * *", f"0 0 {last} * *", f"0 0 5,{last} feb *", f"0 0 {last}-3 * *", "0 9 * * MON",
        "0 9 * Apr sat", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", f"0 0 * * {low}",
        f"0 0 * * {low + 6}", f"0 0 * * {low + 7}", f"0 0 * * {low - 1}", "* * * *", "* * * * * *", "",
        "1,,2 * * * *", "5/10 * * * *", "*/0 * * * *", "0  12 *  * *", "1-2-3 * * * *", "00 07 * * *",
        "5 3-3 * * *", "5 3-3/2 4 * *", "0 0 31 * *", "0 0 * nov-jan *", f"0 0 {far.day} {far.month} *",
        "0 10,8 * * *", "59,0 23,0 * * *", "mon * * * *", "0 9 * * mon/2", "0 9 * * mon-sun/3",
        "0 0 1-7 * tue", "0 0 * * *,mon", "0 0 *,3 * thu", "a * * * *", f"{last} 0 * * *",
    ]  # fmt: skip
    stamps = ["2024-02-28 23:59", "2026-12-31 23:59", "2028-02-29 00:00", "2026-12-31 23:58"]
    return [
        *((text, after) for text in texts),
        *(("0 0 * * *", stamp) for stamp in stamps),
        ("*/5 0 29 2 *", stamps[2]),
    ]


def _spec(rng: Random, last: str, low: int) -> tuple[str, str]:
    minute = rng.choice(["0", "*/20", "15,45", "50-10/5", "10-50/20"])
    hour = rng.choice(["*", "8", "6-18/4", "20-4", "0,12"])
    day = rng.choice(["*", "*", "1", "15,31", f"{last}", "1-7", "*/9"])
    month = rng.choice(["*", "*", "2", "jun-aug", "1-12/5"])
    week = rng.choice(["*", "*", "mon", f"{low}-{low + 2}", "sat,sun", f"{low + 6}"])
    stamp = datetime(2025, 1, 1) + timedelta(minutes=rng.randrange(1_500_000))
    return f"{minute} {hour} {day} {month} {week}", f"{stamp:%Y-%m-%d %H:%M}"


FAMILIES: tuple[Family, ...] = (cron,)
