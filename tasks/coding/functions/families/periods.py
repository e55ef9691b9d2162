"""Periods of time: what a subscription costs, how working time is split."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from .problem import Family, Problem, call, name, program, prose

_BILLING_RULES = """
Write `@name@(start, end, price)`, which lists the invoices of a subscription as `[date, cents]`, in order.
`start` and `end` are dates (`YYYY-MM-DD`) of which `end` is @end@ day of the subscription; `price` is the
whole price of a period in cents.

- The first @trial@ days are free: the anchor is the day @trial@ days after `start`. If the subscription
  ends before the anchor, there are no invoices.
- Period k (k = 0, 1, 2, ...) begins k times @months@ month(s) after the anchor, on the anchor's day of the
  month; where a month is too short for that, on @clamped@. Later periods have the anchor's day again. A
  period lasts until the day before the next one begins.
- Every period that has at least one day of the subscription is invoiced. If the subscription ends before
  the period does, the price is the share of its days in the subscription, price * days // days of the whole
  period, @rounded@
- Period 0 costs @first@ percent of the price, every @nth@th period (k = @nth@ - 1, 2 * @nth@ - 1, ...)
  @gift@. Percentages are taken, rounded down, before the share of days.
- The date of an invoice is the @due@ day of its period@weekend@.
- `ValueError` is raised if `end` is before `start` or `price` is negative.
"""

_BILLING = """
from datetime import date, timedelta


def begin(anchor, months):
    year, month = divmod(anchor.year * 12 + anchor.month - 1 + months, 12)
    day = anchor.day
    while True:
        try:
            return date(year, month + 1, day)
        except ValueError:
            if @overflow@:
                return date(year, month + 2, 1)
            day -= 1


def @name@(start, end, price):
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    if last < first or price < 0:
        raise ValueError("no such subscription")
    last -= timedelta(days=@shift@)
    anchor = first + timedelta(days=@trial@)
    invoices, k = [], 0
    while begin(anchor, k * @months@) <= last:
        opens, following = begin(anchor, k * @months@), begin(anchor, (k + 1) * @months@)
        closes = following - timedelta(days=1)
        cents = price
        if k == 0:
            cents = cents * @first@ // 100
        if (k + 1) % @nth@ == 0:
            cents = @gift@
        if last < closes:
            days, whole = (last - opens).days + 1, (following - opens).days
            cents = @share@
        due = @due@@move@
        invoices.append([due.isoformat(), cents])
        k += 1
    return invoices
"""

_CLAMPED = [("the last day of that month", False), ("the first day of the month after it", True)]
_ROUNDED = [
    ("rounded down.", "cents * days // whole"),
    ("but rounded up.", "-(-cents * days // whole)"),
    ("but rounded down to whole tens of cents.", "cents * days // whole // 10 * 10"),
]
_GIFTS = [("nothing", "0"), ("half of it", "cents // 2"), ("75 percent of it", "cents * 75 // 100")]
_MOVE = "\n        while due.weekday() >= 5:\n            due += timedelta(days={})"
_WEEKENDS = [
    ("", ""),
    ("; on a Saturday or Sunday it is the Monday after it instead", _MOVE.format(1)),
    ("; on a Saturday or Sunday it is the Friday before it instead", _MOVE.format(-1)),
]


def billing(rng: Random) -> Problem:
    """Invoices of a subscription, month ends and part periods included."""
    clamped, overflow = rng.choice(_CLAMPED)
    rounded, share = rng.choice(_ROUNDED)
    gift, cents = rng.choice(_GIFTS)
    weekend, move = rng.choice(_WEEKENDS)
    included, advance, trial = rng.random() < 0.5, rng.random() < 0.5, rng.choice([0, 7, 10, 14, 30])
    months, nth, first = rng.choice([1, 1, 1, 2, 3]), rng.randint(4, 7), rng.choice([0, 20, 33, 50, 75, 90])
    values: dict[str, Any] = {
        "name": name(rng, "list bill invoice charge", "subscription plan membership contract"),
        "trial": trial,
        "months": months,
        "nth": nth,
        "first": first,
    }
    return Problem(
        name=values["name"],
        rules=prose(
            _BILLING_RULES,
            **values,
            end="the last" if included else "the first day after the last",
            clamped=clamped,
            rounded=rounded,
            gift=gift,
            due="first" if advance else "last",
            weekend=weekend,
        ),
        reference=program(
            _BILLING,
            **values,
            overflow=overflow,
            shift=0 if included else 1,
            gift=cents,
            share=share,
            due="opens" if advance else "closes",
            move=move,
        ),
        examples=[
            call("2026-01-15", "2026-04-20", 100 * rng.randint(5, 99)),
            call("2025-11-03", "2025-11-03", rng.randint(100, 9999)),
        ],
        cases=[
            call(*given)
            for given in [*_subscriptions(trial, months), *(_subscription(rng) for _ in range(14))]
        ],
    )


def _subscriptions(trial: int, months: int) -> list[tuple[str, str, int]]:
    def from_anchor(anchor: date, days: int, price: int = 3100) -> tuple[str, str, int]:
        return (f"{anchor - timedelta(days=trial)}", f"{anchor + timedelta(days=days)}", price)

    return [
        ("2026-01-01", "2025-12-31", 100), ("2026-01-01", "2026-06-01", -1), ("2026-01-01", "2026-06-30", 0),
        from_anchor(date(2026, 5, 1), -1), from_anchor(date(2026, 5, 1), 0), from_anchor(date(2026, 5, 1), 1),
        from_anchor(date(2026, 1, 31), 400), from_anchor(date(2024, 1, 30), 400),
        from_anchor(date(2023, 11, 29), 500), from_anchor(date(2026, 1, 1), 30),
        from_anchor(date(2026, 1, 1), 31), from_anchor(date(2026, 1, 1), 32),
        from_anchor(date(2026, 8, 31), 100), from_anchor(date(2026, 12, 31), 92),
        from_anchor(date(2024, 2, 29), 800), from_anchor(date(2026, 3, 1), 31 * months - 2, 999),
        from_anchor(date(2026, 10, 31), 29, 1999), ("2026-02-28", "2026-02-28", 1),
        ("2026-06-06", "2027-08-08", 12345), from_anchor(date(2026, 3, 31), 61, 7),
    ]  # fmt: skip


def _subscription(rng: Random) -> tuple[str, str, int]:
    start = date(rng.randint(2022, 2029), 1, 1) + timedelta(days=rng.randrange(365))
    return f"{start}", f"{start + timedelta(days=rng.randint(0, 700))}", rng.randint(1, 20000)


_SHIFT_RULES = """
Write `@name@(spans)`, which splits working time by local day and rate. `spans` is a list of `[from, to]`,
each a moment written `YYYY-MM-DDTHH:MM` and an offset from UTC: `Z`, or a sign and `HH:MM` (local time
minus UTC). The result is a list of `[day, normal, special]`, in order of the days, for each local day
(`YYYY-MM-DD`) with any working time: minutes at the normal and at the special rate.

- Local time is always UTC@offset@, whatever the offsets in `spans` are.
- Every moment is first rounded @rounded@.
- A span that after rounding is empty is ignored; one that, after rounding, ends before it starts raises
  `ValueError`.
- Time in several spans counts once. @bridge@
- The special rate holds every day from @from@ to @until@ local time@whole@; all other time is normal.
- A minute belongs to the local day in which it lies. @most@
"""

_SHIFT = """
from datetime import datetime, timedelta

EPOCH = datetime(2000, 1, 1)


def moment(text):
    clock, offset = text[:16], text[16:]
    shift = 0
    if offset != "Z":
        shift = int(offset[1:3]) * 60 + int(offset[4:6])
        shift = -shift if offset[0] == "-" else shift
    utc = datetime.strptime(clock, "%Y-%m-%dT%H:%M") - timedelta(minutes=shift)
    local = (utc - EPOCH) // timedelta(minutes=1) + @local@
    return (local + @add@) // @grain@ * @grain@


def @name@(spans):
    merged = []
    pairs = [(moment(start), moment(end)) for start, end in spans]
    if any(end < start for start, end in pairs):
        raise ValueError("a span ends before it starts")
    for start, end in sorted(pair for pair in pairs if pair[0] < pair[1]):
        if merged and start @joins@ merged[-1][1] + @pause@:
            merged[-1][1] = max(merged[-1][1], end)
        else:
            merged.append([start, end])
    days = {}
    for start, end in merged:
        for minute in range(start, end, 5):
            day, clock = divmod(minute, 1440)
            special = clock >= @from@ or clock < @until@ or @free@
            days.setdefault(day, [0, 0])[special] += 5
    result = []
    for day, (normal, special) in sorted(days.items()):
        over = max(0, normal - @most@)
        name = (EPOCH + timedelta(days=day)).strftime("%Y-%m-%d")
        result.append([name, normal - over, special + over])
    return result
"""


def shifts(rng: Random) -> Problem:
    """Working time by local day and rate, from moments with offsets."""
    local, grain = (
        rng.choice([-570, -300, -210, -180, 60, 120, 330, 345, 540, 765]),
        rng.choice([5, 10, 15, 30]),
    )
    add, rounded = rng.choice([(0, "down"), (grain - 1, "up"), (grain // 2, "to the nearest")])
    tie = f" {grain} minutes, halfway up" if add == grain // 2 and not grain % 2 else f" {grain} minutes"
    begins, until, pause = 60 * rng.randint(18, 23), 60 * rng.randint(4, 7), grain * rng.choice([0, 1, 2])
    free, whole = rng.choice(
        [
            ("day % 7 in (0, 1)", " and all day on Saturday and Sunday"),
            ("day % 7 == 1", " and all day on Sunday"),
            ("day % 7 == 6", " and all day on Friday"),
            ("False", ""),
        ]
    )
    most = rng.choice([300, 360, 420, 480, 600])
    named = name(rng, "split divide sum", "shifts hours work duty")
    bridge = f"A pause of at most {pause} minutes between spans counts as working time too."
    return Problem(
        name=named,
        rules=prose(
            _SHIFT_RULES,
            name=named,
            offset=_offset(local),
            rounded=f"{rounded} {'to whole multiples of' if add != grain // 2 else 'multiple of'}{tie} "
            "(counted from "
            "local midnight)",
            bridge=bridge if pause else "Pauses never count.",
            **{"from": f"{begins // 60:02d}:00", "until": f"{until // 60:02d}:00"},
            whole=whole,
            most=f"Of a local day's normal minutes, those above {most} are counted at the special rate "
            "instead.",
        ),
        reference=program(
            _SHIFT,
            name=named,
            local=local,
            add=add,
            grain=grain,
            joins="<=",
            pause=pause,
            **{"from": begins, "until": until},
            free=free,
            most=most,
        ),
        examples=[
            call(
                [
                    ["2026-05-06T08:00Z", "2026-05-06T09:30Z"],
                    ["2026-05-07T23:10-05:00", f"2026-05-08T0{rng.randint(2, 9)}:00Z"],
                ]
            ),
            call([["2026-05-06T10:00+01:00", "2026-05-06T09:00Z"]]),
        ],
        cases=[
            call(spans)
            for spans in [*_span_edges(begins, until, grain, pause, local), *(_some(rng) for _ in range(12))]
        ],
    )


def _offset(minutes: int) -> str:
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def _span_edges(begins: int, until: int, grain: int, pause: int, local: int) -> list[list[list[str]]]:
    zone = _offset(local)

    def one(first: int, last: int, day: int = 5) -> list[str]:
        """Local minutes of a day in May 2026."""
        return [f"2026-05-{day + m // 1440:02d}T{m // 60 % 24:02d}:{m % 60:02d}{zone}" for m in (first, last)]

    g = grain
    return [
        [], [one(600, 600)], [one(600, 601)], [one(600, 600 - g)], [one(600, 599)], [one(600, 600 + g - 1)],
        [one(600, 660)], [one(begins - g, begins + g)], [one(until - g, until + g)], [one(1380, 1500)],
        [one(0, 1440)], [one(0, 1440, 9)], [one(0, 4320, 8)], [one(0, 1440, 7)],
        [one(600, 700), one(650, 720)], [one(600, 700), one(620, 640)],
        [one(600, 700), one(700 + pause, 800)], [one(600, 690), one(690 + pause + g, 900)],
        [one(900, 960), one(600, 660)], [one(600, 660), one(600, 660)], [one(480, 480 + 720)],
        [one(603, 658)], [one(607, 652), one(656, 671)], [["2026-12-31T20:00-11:00", "2027-01-01T09:00Z"]],
        [["2028-02-28T12:00Z", "2028-03-01T12:00+14:00"]],
        [["2026-05-05T10:00+05:45", "2026-05-05T10:00-03:30"]],
        [["2026-05-05T10:00-03:30", "2026-05-05T10:00+05:45"]], [one(600, 660), one(700, 640)],
    ]  # fmt: skip


def _some(rng: Random) -> list[list[str]]:
    made = []
    zones = [("Z", 0), ("+02:00", 120), ("-05:00", -300), ("+09:30", 570)]
    for _ in range(rng.randint(1, 5)):
        start = 5 * rng.randint(0, 1700)
        end = start + rng.randint(1, 700)
        pair = []
        for minute in (start, end):
            zone, shift = rng.choice(zones)
            at = minute + shift
            clock = date(2026, 3, 5) + timedelta(days=at // 1440)
            pair.append(f"{clock}T{at // 60 % 24:02d}:{at % 60:02d}{zone}")
        made.append(pair)
    return made


FAMILIES: tuple[Family, ...] = (billing, shifts)
