"""Floors, terraces and walls in mixed units, covered with what is sold in whole packs."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from .story import NAMES, Story


def units(rng: Random, level: int) -> Story:
    """An area or a volume in mixed units, with waste, sold in whole packs."""
    s, name = Story(rng), rng.choice(NAMES)
    length, width = Fraction(rng.randint(320, 980), 100), rng.randint(180, 640)
    a, b = s.given("length", length, 2), s.given("width", width)
    floor, unit = rng.choice((("floor", "tiles"), ("terrace", "slabs"), ("wall", "panels")))
    s.say(f"A {floor} is {a} m long and {b} cm {'high' if floor == 'wall' else 'wide'}.")
    area = _area(s, length, width, level)
    waste = rng.choice((5, 8, 10, 12, 15))
    w = s.given("waste", waste)
    s.say(f"For cutting, {w}% more is bought.", f"{w}% are added for what is cut off.")
    area = s.calc("With waste", "{} x (100 + {}) / 100", area, waste)
    pack = Fraction(rng.randint(60, 240), 100)
    p = s.given("pack", pack, 2)
    s.say(
        f"A pack of {unit} covers {p} square metres.",
        f"{unit.capitalize()} come in packs for {p} square metres.",
    )
    packs = s.whole("Packs", "{} / {}", area, pack, up=True)
    if level > 1:
        cost = _cost(s, packs, level)
        s.ask(cost, f"What does {name} pay for the {unit}, in EUR and to the cent?", places=2)
    else:
        s.ask(packs, f"How many packs must {name} buy?")
    s.aside(
        f"The house was built in {rng.randint(1890, 2015)}.",
        f"A pack weighs {rng.randint(9, 28)} kg.",
        f"{name} has {rng.randint(2, 6)} days for the work.",
        f"The ceiling is {rng.randint(230, 310)} cm high."
        if floor != "wall"
        else f"The room has {rng.randint(1, 4)} windows.",
    )
    return s


def _area(s: Story, length: Fraction, width: int, level: int) -> Fraction:
    if level == 1:
        return s.calc("Square metres", "{} x {} / 100", length, width)
    gap, gap2 = s.rng.randint(50, 110), s.rng.randint(60, 160)
    g, h = s.given("gap", gap), s.given("gap2", gap2)
    s.say(f"A part of {g} cm by {h} cm stays free.", f"Left out is a piece of {g} by {h} cm.")
    if level == 2:
        return s.calc("Square metres", "{} x {} / 100 - {} x {} / 10000", length, width, gap, gap2)
    area = s.calc("Square metres", "{} x {} / 100", length, width)
    return s.calc("Without the free part", "{} - {} x {} / 10000", area, gap, gap2)


def _cost(s: Story, packs: int, level: int) -> Fraction:
    price = Fraction(s.rng.randint(180, 900), 20)
    q = s.given("price", price, 2)
    s.say(f"A pack costs {q} EUR.", f"Each pack is {q} EUR.")
    if level == 2:
        return s.calc("Cost", "{} x {}", packs, price)
    free = s.rng.randint(4, 8)
    f = s.given("free", free)
    s.say(
        f"For every {f} packs bought, the price of one of them is waived.",
        f"Of every full {f} packs, one costs nothing.",
    )
    gratis = s.whole("Free of charge", "{} / {}", packs, free, up=False)
    return s.calc("Cost", "({} - {}) x {}", packs, gratis, price)
