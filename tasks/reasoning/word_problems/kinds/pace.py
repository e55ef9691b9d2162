"""Work that is shared, journeys in legs, and machines that make what others reject."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from .story import NAMES, Story, Unfit

_MACHINES = (
    ("press", "lids"),
    ("bottling line", "bottles"),
    ("cutter", "boards"),
    ("printer", "labels"),
    ("oven", "rolls"),
)
_JOBS = (
    ("paint a fence", "the fence", "the paint costs {} EUR a tin"),
    ("enter a stack of forms", "the stack", "each form has {} fields"),
    ("clear a meadow", "the meadow", "the meadow lies {} km from the village"),
    ("pack an order", "the order", "the order goes to {} addresses"),
    ("lay a floor", "the floor", "the house is {} years old"),
)


def work(rng: Random, level: int) -> Story:
    """Two or three people at one job, not all from the start."""
    s = Story(rng)
    one, two, three = rng.sample(NAMES, 3)
    job, thing, fact = rng.choice(_JOBS)
    hours, hours2, alone = rng.randint(6, 18), rng.randint(8, 24), rng.randint(1, 4)
    h, h2, start = s.given("hours", hours), s.given("hours2", hours2), s.given("alone", alone)
    s.say(
        f"{one} alone needs {h} hours to {job}, {two} alone {h2} hours.",
        f"To {job} takes {one} {h} hours alone and {two} {h2} hours alone.",
    )
    s.say(f"{one} begins and works {start} hours alone.", f"For the first {start} hours only {one} is there.")
    left = s.calc("Left", "1 - {} / {}", alone, hours)
    s.say(f"Then {two} joins in.", f"After that {two} helps.")
    together = s.calc("Together an hour", "1 / {} + 1 / {}", hours, hours2)
    if level > 1:
        hours3, pair = rng.randint(9, 30), rng.randint(1, 2)
        h3, q = s.given("hours3", hours3), s.given("pair", pair)
        hour = "hour" if pair == 1 else "hours"
        s.say(
            f"{q} {hour} later {three}, who alone would need {h3} hours, comes too.",
            f"After another {q} {hour} {three} comes as a third, with {h3} hours alone.",
        )
        left = s.calc("Left for three", "{} - {} x {}", left, pair, together)
        if left <= 0:
            raise Unfit
        if level > 2:
            minutes = _with_rest(
                s, left, s.calc("Three an hour", "{} + 1 / {}", together, hours3), alone + pair
            )
        else:
            minutes = s.calc("Minutes of the three", "{} / ({} + 1 / {}) x 60", left, together, hours3)
    else:
        minutes = s.calc("Minutes together", "{} / {} x 60", left, together)
    s.aside(
        f"By the way, {fact.format(rng.randint(3, 40))}.",
        f"{two} lives {rng.randint(5, 45)} minutes away.",
        f"Last year the same job took {rng.randint(1, 3)} days.",
    )
    asked = {
        1: f"How many minutes do the two then need together to finish {thing}?",
        2: f"How many minutes do the three then need together to finish {thing}?",
        3: f"How many minutes after {one} began is {thing} finished?",
    }[level]
    s.ask(minutes, f"{asked} Round to whole minutes.", places=0)
    return s


def _with_rest(s: Story, left: Fraction, together: Fraction, before: int) -> Fraction:
    """Minutes from the start: the hours before, those of the three, and a rest."""
    pause = s.rng.choice((10, 15, 20, 25, 40))
    p = s.given("pause", pause)
    s.say(f"All three rest once for {p} minutes.", f"Once, the three of them stop for {p} minutes.")
    minutes = s.calc("Minutes of the three", "{} / {} x 60", left, together)
    return s.calc("From the start", "{} x 60 + {} + {}", before, minutes, pause)


def travel(rng: Random, level: int) -> Story:
    """Legs at different speeds with stops: the time, the speed over all, or what the fuel costs."""
    s, name = Story(rng), rng.choice(NAMES)
    vehicle = rng.choice(("van", "truck", "coach", "car"))
    leg, speed = rng.randint(6, 24) * 10, rng.randint(9, 13) * 10
    leg2, speed2 = rng.randint(4, 15) * 5, rng.randint(8, 16) * 5
    a, v, b, w = map(s.given, ("leg", "speed", "leg2", "speed2"), (leg, speed, leg2, speed2))
    s.say(
        f"{name} drives a {vehicle} {a} km on motorways at {v} km/h and {b} km on smaller roads at {w} km/h.",
        f"A {vehicle} with {name} at the wheel covers {a} km at {v} km/h, then {b} km at {w} km/h.",
    )
    minutes = s.calc("Motorway, minutes", "{} / {} x 60", leg, speed)
    if level == 1:
        minutes = s.calc("Both, minutes", "{} + {} / {} x 60", minutes, leg2, speed2)
    else:
        second = s.calc("Smaller roads, minutes", "{} / {} x 60", leg2, speed2)
        stops, pause = rng.randint(2, 4), rng.randint(4, 18)
        k, p = s.given("stops", stops), s.given("pause", pause)
        s.say(f"There are {k} stops of {p} minutes each.", f"{k} times {name} stops, for {p} minutes each.")
        minutes = s.calc("With the stops", "{} + {} + {} x {}", minutes, second, stops, pause)
    s.aside(
        f"The {vehicle} has {rng.randint(20, 190)},{rng.randint(100, 999)} km on the clock.",
        f"{name} has driven for the firm for {rng.randint(2, 20)} years.",
        f"Outside it is {rng.randint(4, 29)} degrees.",
        f"The load weighs {rng.randint(200, 900)} kg.",
    )
    if level == 1:
        s.ask(minutes, "How many minutes does the journey take? Round to whole minutes.", places=0)
    elif level == 2:
        mean = s.calc("Speed over all", "({} + {}) / {} x 60", leg, leg2, minutes)
        s.ask(mean, "What is the mean speed over all, stops included, in km/h to one decimal?", places=1)
    else:
        _fuel(s, leg, leg2, minutes)
    return s


def _fuel(s: Story, leg: int, leg2: int, minutes: Fraction) -> None:
    litres, price = Fraction(s.rng.randint(56, 118), 10), Fraction(s.rng.randint(142, 199), 100)
    wage = s.rng.randint(18, 34)
    use, p, w = s.given("litres", litres, 1), s.given("fuel", price, 2), s.given("wage", wage)
    s.say(
        f"It burns {use} litres for 100 km, at {p} EUR a litre.",
        f"Fuel is {p} EUR a litre, and 100 km take {use} litres.",
    )
    s.say(
        f"The driver is paid {w} EUR an hour for the whole time, stops too.",
        f"Every hour from start to end, stops included, costs {w} EUR of wages.",
    )
    fuel = s.calc("Fuel", "({} + {}) / 100 x {} x {}", leg, leg2, litres, price)
    cost = s.calc("Fuel and wages", "{} + {} / 60 x {}", fuel, minutes, wage)
    s.ask(cost, "What does the journey cost in fuel and wages together, in EUR and to the cent?", places=2)


def machines(rng: Random, level: int) -> Story:
    """Machines at different rates, a breakdown, and rejects."""
    s, (site, goods) = Story(rng), rng.choice(_MACHINES)
    rate, more, hours = rng.randint(8, 60) * 5, rng.choice((10, 20, 25, 40, 50)), rng.randint(5, 11)
    r, m, h = s.given("rate", rate), s.given("faster", more), s.given("hours", hours)
    s.say(
        f"An old {site} makes {r} {goods} an hour; a new one makes {m}% more.",
        f"A new {site} is {m}% faster than the old one, which makes {r} {goods} an hour.",
    )
    fast = s.calc("New one an hour", "{} x (100 + {}) / 100", rate, more)
    s.say(f"Both run for {h} hours.", f"The two run side by side for {h} hours.")
    if level == 1:
        made = s.calc("Made", "({} + {}) x {}", rate, fast, hours)
    else:
        down = rng.randint(3, 19) * 6
        d = s.given("down", down)
        s.say(
            f"The new one stands still for {d} minutes of that.",
            f"In that time the new one is down for {d} minutes.",
        )
        ran = s.calc("New one, hours", "{} - {} / 60", hours, down)
        made = s.calc("Made", "{} x {} + {} x {}", rate, hours, fast, ran)
    good = made
    if level > 1:
        bad = rng.randint(2, 9)
        b = s.given("bad", bad)
        s.say(f"Of all {goods}, {b}% are rejected.", f"{b}% of what they make fails the test.")
        good = s.calc("Good ones", "{} x (100 - {}) / 100", made, bad)
    if good.denominator != 1:
        raise Unfit
    if level > 2:
        good = _takings(s, goods, good)
    s.aside(
        f"The hall measures {rng.randint(20, 90)} by {rng.randint(12, 40)} metres.",
        f"{rng.randint(2, 9)} people look after the machines.",
        f"A {site} costs {rng.randint(12, 95)},000 EUR.",
        f"Yesterday {rng.randint(500, 3000)} {goods} were made.",
    )
    asked = {1: f"How many {goods} do they make?", 2: f"How many good {goods} are there?"}
    s.ask(good, asked.get(level, "What are they sold for, in EUR?"), places=2 if level > 2 else None)
    return s


def _takings(s: Story, goods: str, good: Fraction) -> Fraction:
    box, price = s.rng.choice((12, 24, 30, 36, 48)), Fraction(s.rng.randint(40, 240), 5)
    x, p = s.given("box", box), s.given("price", price, 2)
    s.say(f"Good {goods} go into boxes of {x}; only full boxes are sold, at {p} EUR each.")
    boxes = s.whole("Full boxes", "{} / {}", good, box, up=False)
    return s.calc("Takings", "{} x {}", boxes, price)
