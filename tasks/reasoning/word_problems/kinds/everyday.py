"""Hours over days of the week, stocks, and ages."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from random import Random

from .story import NAMES, Story, Unfit

_STORES = (
    ("bakery", "sacks of flour"),
    ("clinic", "boxes of gloves"),
    ("café", "kg of coffee"),
    ("workshop", "packs of screws"),
)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _clock(minutes: int) -> str:
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"


def schedules(rng: Random, level: int) -> Story:
    """Shifts with breaks over days of the week, paid by the hour."""
    s, name = Story(rng), rng.choice(NAMES)
    begin, length = rng.randint(24, 44) * 15, rng.randint(26, 38) * 15 + rng.choice((0, 5, 10))
    pause = rng.choice((20, 30, 40, 45))
    start, end, p = _clock(begin), _clock(begin + length), s.given("pause", pause)
    s.figures |= {"begin": start, "end": end}
    s.say(
        f"{name} works from {start} to {end} with an unpaid break of {p} minutes.",
        f"A shift of {name} begins at {start} and ends at {end}; {p} minutes of it are an unpaid break.",
    )
    paid = s.calc("Paid minutes a day", "{} - {} - {}", begin + length, begin, pause)
    first = date(2025, 1, 1) + timedelta(days=rng.randint(0, 360))
    span = rng.randint(16, 40)
    day, last = first, first + timedelta(days=span - 1)
    s.figures |= {"first": f"{first.day} {first:%B %Y}", "last": f"{last.day} {last:%B %Y}"}
    s.say(
        f"This goes on from {first:%A}, {s.figures['first']}, to {s.figures['last']}, both days included.",
        f"The job lasts from {s.figures['first']}, a {first:%A}, up to and including {s.figures['last']}.",
    )
    days = s.calc("Days", "{} + 1", (last - day).days)
    if level == 1:
        s.say(f"There is work on every day, {name} has none off.", "No day is free.")
        hours = s.calc("Paid hours", "{} x {} / 60", days, paid)
        s.ask(hours, "How many hours are paid in all? Give them to two decimals.", places=2)
    else:
        worked = s.calc("Days at work", "{} - {}", days, _free_days(s, name, first, span))
        hours = s.calc("Paid hours", "{} x {} / 60", worked, paid)
        if level > 2:
            _pay(s, hours)
        else:
            s.ask(hours, "How many hours are paid in all? Give them to two decimals.", places=2)
    s.aside(
        f"The way to work takes {rng.randint(10, 70)} minutes.",
        f"{rng.randint(3, 30)} others have the same hours.",
        f"The canteen opens at {rng.randint(11, 12)}:{rng.choice((15, 30, 45))}.",
        f"{name} has been there since {rng.randint(2009, 2023)}.",
    )
    return s


def _free_days(s: Story, name: str, first: date, span: int) -> int:
    off = s.rng.sample(range(7), s.rng.choice((1, 2)))
    names = " and ".join(f"{_WEEKDAYS[n]}s" for n in sorted(off))
    s.figures["off"] = names
    s.say(f"{names} are free.", f"{name} does not work on {names}.")
    return sum((first + timedelta(days=n)).weekday() in off for n in range(span))


def _pay(s: Story, hours: Fraction) -> None:
    wage, limit, extra = s.rng.randint(14, 36), s.rng.randint(50, 90), s.rng.choice((20, 25, 30, 50))
    w, k, x = s.given("wage", wage), s.given("limit", limit), s.given("extra", extra)
    s.say(
        f"An hour pays {w} EUR; every hour beyond {k} in all pays {x}% more.",
        f"The wage is {w} EUR an hour, {x}% higher for hours beyond {k} in all.",
    )
    if hours <= limit:
        raise Unfit
    bonus = s.calc("Extra", "({} - {}) x {} x {} / 100", hours, limit, wage, extra)
    pay = s.calc("Pay", "{} x {} + {}", hours, wage, bonus)
    s.ask(pay, "What is the pay in all, in EUR and to the cent?", places=2)


def stock(rng: Random, level: int) -> Story:
    """What a store holds after sales, spoilage and deliveries, and when it runs out."""
    s = Story(rng)
    place, goods = rng.choice(_STORES)
    start, daily, days = rng.randint(200, 600), rng.randint(9, 24), rng.randint(6, 14)
    a, d, n = s.given("start", start), s.given("daily", daily), s.given("days", days)
    s.say(
        f"A {place} has {a} {goods} and uses {d} a day.",
        f"{a} {goods} lie in the store of a {place}, which uses {d} a day.",
    )
    s.say(f"This goes on for {n} days.", f"For {n} days nothing else happens.")
    left = s.calc("After these days", "{} - {} x {}", start, daily, days)
    if level > 1:
        packs, size = rng.randint(3, 12), rng.choice((6, 8, 12, 15, 20))
        k, z = s.given("packs", packs), s.given("size", size)
        s.say(f"Then {k} pallets of {z} arrive.", f"A delivery brings {k} pallets with {z} each.")
        left = s.calc("With the delivery", "{} + {} x {}", left, packs, size)
    spoilt = rng.choice((4, 5, 10, 20, 25))
    p = s.given("spoilt", spoilt)
    s.say(
        f"A leak spoils {p}% of what is there then.",
        f"Of what is there then, {p}% get wet and are thrown away.",
    )
    left = s.calc("After the leak", "{} x (100 - {}) / 100", left, spoilt)
    if left <= 0 or left.denominator != 1:
        raise Unfit
    if level > 1:
        s.ask(_full_days(s, left, daily, level), "For how many full days does the stock then last?")
    else:
        s.ask(left, f"How many {goods} are left?")
    s.aside(
        f"The {place} is open {rng.randint(5, 6)} days a week, but uses them every day.",
        f"One costs {rng.randint(4, 60)} EUR.",
        f"The store measures {rng.randint(12, 80)} square metres.",
        f"A year ago {rng.randint(100, 700)} were held.",
    )
    return s


def _full_days(s: Story, left: Fraction, daily: int, level: int) -> int:
    more, reserve = s.rng.choice((20, 25, 50)), s.rng.randint(3, 9) * 5
    m = s.given("more", more)
    s.say(f"From now on {m}% more are used a day.", f"The use a day then rises by {m}%.")
    if level == 2:
        return s.whole("Full days", "{} / ({} x (100 + {}) / 100)", left, daily, more, up=False)
    daily2 = s.calc("Use a day", "{} x (100 + {}) / 100", daily, more)
    r = s.given("reserve", reserve)
    s.say(f"{r} are kept back as a reserve.", f"The last {r} are a reserve and not touched.")
    usable = s.calc("Usable", "{} - {}", left, reserve)
    if usable <= daily2:
        raise Unfit
    return s.whole("Full days", "{} / {}", usable, daily2, up=False)


def ages(rng: Random, level: int) -> Story:
    """Ages by sums, multiples and years that pass."""
    s = Story(rng)
    one, two, three = rng.sample(NAMES, 3)
    young, times, gap = rng.randint(5, 16), rng.randint(2, 4), rng.randint(2, 9)
    t, g = s.given("times", times), s.given("gap", gap)
    old = young * times
    s.say(f"{one} is {t} times as old as {two}.", f"The age of {one} is {t} times that of {two}.")
    s.say(f"{three} is {g} years older than {two}.", f"Between {two} and the older {three} lie {g} years.")
    later = rng.randint(3, 12)
    y = s.given("later", later)
    if level == 1:
        total = s.given("total", old + young + young + gap)
        s.say(f"Together the three are {total} years old.", f"Their ages add up to {total}.")
        base = s.calc(two, "({} - {}) / ({} + 2)", int(total), gap, times)
        aged = s.calc(f"{one} in {y} years", "{} x {} + {}", times, base, later)
        s.ask(aged, f"How old is {one} in {y} years?")
    else:
        ahead = 3 * later + old + young + young + gap
        total = s.given("total", ahead)
        s.say(
            f"In {y} years their ages will add up to {total}.",
            f"{y} years from now the three will be {total} together.",
        )
        now = s.calc("Together now", "{} - 3 x {}", ahead, later)
        base = s.calc(two, "({} - {}) / ({} + 2)", now, gap, times)
        ago = rng.randint(1, young - 2)
        b = s.given("ago", ago)
        third = s.calc(three, "{} + {}", base, gap)
        then = f"{b} {'year' if ago == 1 else 'years'} ago"
        if level == 2:
            s.ask(s.calc("Before", "{} - {}", third, ago), f"How old was {three} {then}?")
        else:
            hers = _mother(s, three, third)
            both = s.calc(f"Mother and {one}", "{} + {} x {}", hers, times, base)
            s.ask(
                s.calc("Before", "{} - 2 x {}", both, ago),
                f"How many years did the mother of {three} and {one} have together {then}?",
            )
    s.aside(
        f"They live at number {rng.randint(2, 140)}.",
        f"{two} has {rng.randint(2, 5)} cats.",
        f"{one} is {rng.randint(105, 185)} cm tall.",
        f"Their street has {rng.randint(12, 80)} houses.",
    )
    return s


def _mother(s: Story, child: str, age: Fraction) -> Fraction:
    mother = s.rng.randint(22, 34)
    m = s.given("mother", mother)
    s.say(
        f"The mother of {child} was {m} when {child} was born.",
        f"{child} was born when the mother was {m}.",
    )
    return s.calc("Mother", "{} + {}", age, mother)
