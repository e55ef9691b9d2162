"""Mixtures, averages and shares."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from .story import NAMES, Story, Unfit


def mixtures(rng: Random, level: int) -> Story:
    """Two solutions poured together, thinned, and partly replaced."""
    s, name = Story(rng), rng.choice(NAMES)
    liquid, part = rng.choice(
        (("brine", "salt"), ("syrup", "sugar"), ("cleaner", "acid"), ("coolant", "glycol"))
    )
    one, strong, two, weak = rng.randint(6, 40), rng.randint(24, 60), rng.randint(8, 50), rng.randint(4, 20)
    a, p, b, q = s.given("one", one), s.given("strong", strong), s.given("two", two), s.given("weak", weak)
    s.say(
        f"{name} pours {a} litres of {liquid} with {p}% {part} and {b} litres with {q}% into one tank.",
        f"Into a tank go {a} litres of {liquid} at {p}% {part} and {b} litres at {q}%.",
    )
    held = s.calc(part.capitalize(), "{} x {} / 100 + {} x {} / 100", one, strong, two, weak)
    volume = Fraction(one + two)
    if level > 1:
        out = rng.randint(3, (one + two) // 3)
        o = s.given("out", out)
        s.say(f"After stirring, {o} litres are drawn off.", f"When it is well stirred, {o} litres run out.")
        held = s.calc("Left in the tank", "{} x (1 - {} / ({} + {}))", held, out, one, two)
        volume -= out
    if level > 2:
        add, third = rng.randint(3, 20), rng.randint(10, 70)
        c, t = s.given("add", add), s.given("third", third)
        s.say(
            f"Then {c} litres with {t}% {part} are added.",
            f"In their place {c} litres at {t}% are poured in.",
        )
        held = s.calc("With the third", "{} + {} x {} / 100", held, add, third)
        volume += add
    if level == 1:
        share = s.calc("Share", "{} / ({} + {}) x 100", held, one, two)
        s.ask(share, f"What percentage of the mixture is {part}? Give it to one decimal.", places=1)
    else:
        full = _thinned(s, part, held, volume)
        if level == 2:
            water = s.calc("Water", "{} - ({} + {} - {})", full, one, two, out)
        else:
            before = s.calc("Litres before", "{} + {} - {} + {}", one, two, out, add)
            water = s.calc("Water", "{} - {}", full, before)
        s.ask(water, "How many litres of water are added? Give it to one decimal.", places=1)
    s.aside(
        f"The tank could hold {rng.randint(150, 400)} litres.",
        f"It is {rng.randint(12, 28)} degrees in the room.",
        f"A litre of the stronger one costs {rng.randint(2, 9)}.{rng.randint(10, 99)} EUR.",
    )
    return s


def _thinned(s: Story, part: str, held: Fraction, volume: Fraction) -> Fraction:
    """Litres once water has brought the share down to a goal."""
    target = int(held / volume * 100) - s.rng.randint(2, 6)
    if target < 4:
        raise Unfit
    g = s.given("goal", target)
    s.say(
        f"Finally water is added until the tank holds {g}% {part}.",
        f"Water then brings it down to {g}% {part}.",
    )
    return s.calc("Litres at the end", "{} / ({} / 100)", held, target)


def averages(rng: Random, level: int) -> Story:
    """A mean after additions, withdrawals and a figure put right."""
    s, name = Story(rng), rng.choice(NAMES)
    what, unit = rng.choice(
        (("tests", "points"), ("parcels", "grams"), ("calls", "seconds"), ("harvests", "kg"))
    )
    count, mean = rng.randint(6, 24), rng.randint(40, 90)
    n, m = s.given("count", count), s.given("mean", mean)
    s.say(
        f"The mean of {n} {what} that {name} looks at is {m} {unit}.",
        f"{name} has {n} {what} with a mean of {m} {unit}.",
    )
    total = s.calc("Sum", "{} x {}", count, mean)
    if level > 1:
        total, count = _corrected(s, total, count, level)
    more = rng.randint(2, 6)
    k = s.given("more", more)
    if level == 1:
        mean3 = rng.randint(30, 99)
        y = s.given("more_mean", mean3)
        s.say(f"{k} more, with a mean of {y}, are added.", f"Then come {k} more with a mean of {y}.")
        total = s.calc("With the new ones", "{} + {} x {}", total, more, mean3)
        new = s.calc("New mean", "{} / ({} + {})", total, count, more)
        s.ask(new, f"What is the mean of all of them, in {unit} to two decimals?", places=2)
    else:
        goal = mean + rng.randint(1, 5)
        z = s.given("goal", goal)
        s.say(f"With {k} more the mean is to be {z}.", f"{k} more are to bring the mean to {z}.")
        needed = s.calc("Sum needed", "({} + {}) x {}", count, more, goal)
        if level > 2:
            lacking = s.calc("Lacking", "{} - {}", needed, total)
            new = s.calc("Mean of the new ones", "{} / {}", lacking, more)
        else:
            new = s.calc("Mean of the new ones", "({} - {}) / {}", needed, total, more)
        s.ask(new, f"What mean, in {unit} to two decimals, must the new ones have?", places=2)
    s.aside(
        f"The largest of them is {rng.randint(100, 140)}.",
        f"It is week {rng.randint(2, 51)} of the year.",
        f"{rng.randint(2, 9)} colleagues of {name} do the same elsewhere.",
        f"A year ago the mean was {rng.randint(40, 90)}.{rng.randint(1, 9)}.",
    )
    return s


def _corrected(s: Story, total: Fraction, count: int, level: int) -> tuple[Fraction, int]:
    """Sum and number once a figure is put right and, on the last level, some are taken out."""
    wrong, right = s.rng.sample(range(30, 99), 2)
    w, r = s.given("wrong", wrong), s.given("right", right)
    s.say(
        f"One of them was written down as {w} though it was {r}.",
        f"A figure of {w} among them should be {r}.",
    )
    total = s.calc("Put right", "{} - {} + {}", total, wrong, right)
    if level == 2:
        return total, count
    gone, mean2 = s.rng.randint(2, 4), s.rng.randint(30, 99)
    g, x = s.given("gone", gone), s.given("gone_mean", mean2)
    s.say(
        f"{g} others, with a mean of {x}, do not count and are taken out.",
        f"Then {g} with a mean of {x} are struck out.",
    )
    return s.calc("Without them", "{} - {} x {}", total, gone, mean2), count - gone


def shares(rng: Random, level: int) -> Story:
    """A sum shared by ratio after fixed amounts and percentages have gone first."""
    s = Story(rng)
    one, two, three = rng.sample(NAMES, 3)
    what = rng.choice(("prize", "profit", "bonus", "inheritance", "reward"))
    a, b, c = rng.sample(range(2, 10), 3)
    total = rng.randint(10, 95) * 120
    t = s.given("total", total)
    s.say(
        f"A {what} of {t} EUR goes to {one}, {two} and {three}.",
        f"{one}, {two} and {three} share a {what} of {t} EUR.",
    )
    rest, fixed = _taken_first(s, two, total, level)
    x, y, z = s.given("a", a), s.given("b", b), s.given("c", c)
    s.say(
        f"The rest is shared {x} : {y} : {z} in the order of the names." if level > 1
        else f"It is shared {x} : {y} : {z} in the order of the names.",
        f"{one} has {x} shares, {two} {y} and {three} {z}" + (" of what is left." if level > 1 else "."),
    )  # fmt: skip
    part = s.calc("One share", "{} / ({} + {} + {})", rest, a, b, c)
    if level == 1:
        mine = s.calc(one, "{} x {}", a, part)
        asked = f"How much does {one} get, in EUR and to the cent?"
    elif level == 2:
        mine = s.calc(two, "{} x {}", b, part)
        tax = rng.choice((10, 15, 20, 25))
        v = s.given("tax", tax)
        s.say(f"{two} has to pay {v}% of that share as tax.", f"Of that share, {v}% of tax fall on {two}.")
        mine = s.calc("After tax", "{} x (100 - {}) / 100", mine, tax)
        asked = f"How much is left to {two}, in EUR and to the cent?"
    else:
        mine = s.calc(f"{two} with the costs", "{} x {} + {}", b, part, fixed)
        mine = s.calc(f"Both of {one} and {two}", "{} + {} x {}", mine, a, part)
        asked = f"How much do {one} and {two} get together, in EUR and to the cent?"
    s.aside(
        f"{one} is {rng.randint(22, 70)} years old.",
        f"They have known each other for {rng.randint(3, 30)} years.",
        f"The year before it was {rng.randint(10, 90)}00 EUR.",
        f"{three} lives {rng.randint(20, 400)} km away.",
    )
    s.ask(mine, asked, places=2)
    return s


def _taken_first(s: Story, name: str, total: int, level: int) -> tuple[Fraction, int]:
    """What is left to share after a gift and costs, and the costs."""
    if level == 1:
        return Fraction(total), 0
    gift = s.rng.randint(2, 9)
    g = s.given("gift", gift)
    s.say(f"First {g}% go to a hospital.", f"Before they share, {g}% are given away.")
    rest = s.calc("After the gift", "{} x (100 - {}) / 100", total, gift)
    if level == 2:
        return rest, 0
    fixed = s.rng.randint(3, 20) * 10
    f = s.given("fixed", fixed)
    s.say(
        f"From the rest {name} gets {f} EUR ahead, for costs.",
        f"{name} is then paid {f} EUR of costs out of it.",
    )
    return s.calc("After the costs", "{} - {}", rest, fixed), fixed
