"""Prices with discount and tax in a stated order, currencies with fees, and sums that grow."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from .story import NAMES, Story, Unfit

_WARES = (
    (("desk lamp", "desk lamps", 18, 60), ("office chair", "office chairs", 70, 190)),
    (("bag of seed", "bags of seed", 6, 24), ("garden hose", "garden hoses", 21, 80)),
    (("notebook", "notebooks", 2, 9), ("fountain pen", "fountain pens", 14, 70)),
    (("floor tile", "floor tiles", 3, 17), ("tub of grout", "tubs of grout", 11, 39)),
    (("concert ticket", "concert tickets", 25, 90), ("programme", "programmes", 4, 12)),
)
_CURRENCIES = ("EUR", "USD", "GBP", "CHF", "CAD")


def _cents(rng: Random, low: int, high: int) -> Fraction:
    return Fraction(rng.randint(low * 20, high * 20), 20)


def prices(rng: Random, level: int) -> Story:
    """A bill: discount, voucher, tax and delivery, each at its place."""
    s, name, money = Story(rng), rng.choice(NAMES), rng.choice(_CURRENCIES)
    (one, many, low, high), (other, others, low2, high2) = rng.choice(_WARES)
    count, price, off = rng.randint(4, 28), _cents(rng, low, high), rng.choice((5, 8, 10, 12, 15, 20, 25, 30))
    n, p, d = s.given("count", count), s.given("price", price, 2), s.given("discount", off)
    s.say(
        f"{name} orders {n} {many} at {p} {money} each.", f"A {one} costs {p} {money}, and {name} needs {n}."
    )
    total = s.calc(many.capitalize(), "{} x {}", count, price)
    alone = level == 1
    if not alone:
        more, dear = rng.randint(2, 9), _cents(rng, low2, high2)
        n2, p2 = s.given("count2", more), s.given("price2", dear, 2)
        s.say(
            f"The order also holds {n2} {others} at {p2} {money} each.",
            f"{n2} {others} at {p2} {money} come on top.",
        )
    s.say(
        f"On the {many} there is a discount of {d}%{'' if alone else f', on the {others} there is none'}.",
        f"The {many} are reduced by {d}%{'' if alone else f'; the price of the {others} stands'}.",
    )
    total = s.calc("After the discount", "{} x (100 - {}) / 100", total, off)
    if level > 1:
        total = s.calc(f"With the {others}", "{} + {} x {}", total, more, dear)
    total = _billed(s, money, total, level)
    s.aside(
        f"The shop has been open for {rng.randint(3, 40)} years.",
        f"Last month a {one} still cost {_other_price(price, rng)} {money}.",
        f"The parcel weighs {rng.randint(2, 30)} kg.",
        f"A {other} has a guarantee of {rng.randint(2, 5)} years.",
    )
    s.ask(total, f"How much does {name} pay in all, in {money} and to the cent?", places=2)
    return s


def _billed(s: Story, money: str, total: Fraction, level: int) -> Fraction:
    """With tax; on the last level a voucher comes off before it, and delivery is added after it."""
    if level > 2:
        voucher = s.rng.choice((5, 10, 15, 20))
        v = s.given("voucher", voucher)
        s.say(
            f"A voucher of {v} {money} is taken off next, before tax.",
            f"Before tax, a voucher takes off {v} {money}.",
        )
        total = s.calc("After the voucher", "{} - {}", total, voucher)
    tax = s.rng.choice((7, 8, 10, 19, 20, 21, 25))
    t = s.given("tax", tax)
    s.say(f"Prices are without tax; {t}% of tax is added.", f"To what is left, {t}% of tax is added.")
    total = s.calc("With tax", "{} x (100 + {}) / 100", total, tax)
    if level < 3:
        return total
    fee = _cents(s.rng, 4, 15)
    f = s.given("delivery", fee, 2)
    s.say(
        f"Delivery costs {f} {money}, on which there is no tax.",
        f"Untaxed, {f} {money} for delivery come last.",
    )
    return s.calc("With delivery", "{} + {}", total, fee)


def _other_price(price: Fraction, rng: Random) -> str:
    return f"{float(price * rng.randint(105, 130) / 100):.2f}"


def currency(rng: Random, level: int) -> Story:
    """Money changed with a fee, partly spent, and changed back at another rate."""
    s, name = Story(rng), rng.choice(NAMES)
    home, away = rng.sample(_CURRENCIES, 2)
    amount, rate = rng.randint(20, 120) * 10, Fraction(rng.randint(72, 188), 100)
    fee = Fraction(rng.randint(2, 11), 2)
    a, r, f = s.given("amount", amount), s.given("rate", rate, 2), s.given("fee", fee, 1)
    s.say(
        f"{name} changes {a} {home} into {away} at {r} {away} for 1 {home}.",
        f"For a journey {name} exchanges {a} {home}; 1 {home} buys {r} {away}.",
    )
    s.say(
        f"The office keeps {f}% of the {home} first and changes the rest.",
        f"Before changing, the office takes a fee of {f}% of the {home}.",
    )
    left = s.calc("After the fee", "{} x (100 - {}) / 100", amount, fee)
    left = s.calc(f"In {away}", "{} x {}", left, rate)
    asked = away
    if level > 1:
        nights, price = rng.randint(2, 5), rng.randint(30, 75)
        n, p = s.given("nights", nights), s.given("night", price)
        s.say(
            f"{n} nights at {p} {away} each are paid from it.",
            f"Of this go {p} {away} a night, for {n} nights.",
        )
        spent = s.calc("Nights", "{} x {}", nights, price)
        left = s.calc(f"Left in {away}", "{} - {}", left, spent)
    if level > 2:
        left, asked = _changed_back(s, home, away, left, rate), home
    s.aside(
        f"The flight takes {rng.randint(2, 9)} hours.",
        f"A year ago the rate was {float(rate) + rng.choice((-0.06, 0.08, 0.11)):.2f}.",
        f"{name} is in row {rng.randint(4, 38)} of the plane.",
        f"A second office on the square charges {rng.randint(3, 9)}% and stays empty.",
    )
    s.ask(left, f"How many {asked} does {name} have in the end, to the cent?", places=2)
    return s


def _changed_back(s: Story, home: str, away: str, left: Fraction, rate: Fraction) -> Fraction:
    back, flat = rate + Fraction(s.rng.randint(3, 12), 100), s.rng.randint(2, 6)
    b, c = s.given("back", back, 2), s.given("flat", flat)
    s.say(
        f"Back home 1 {home} costs {b} {away}, and all that is left is changed at that rate.",
        f"What is left is changed back at {b} {away} for 1 {home}.",
    )
    s.say(f"This time the fee is {c} {home} flat.", f"A flat {c} {home} are kept as the fee for it.")
    left = s.calc(f"In {home}", "{} / {}", left, back)
    return s.calc("After the flat fee", "{} - {}", left, flat)


def growth(rng: Random, level: int) -> Story:
    """A sum that changes by percentages, one after the other."""
    s, name, money = Story(rng), rng.choice(NAMES), rng.choice(_CURRENCIES)
    what = rng.choice(("savings account", "fund", "deposit", "building account"))
    start, up, down = rng.randint(8, 90) * 100, rng.randint(2, 9), rng.randint(2, 7)
    a, u, d = s.given("start", start), s.given("up", up), s.given("down", down)
    s.say(f"{name} puts {a} {money} into a {what}.", f"A {what} starts with {a} {money} from {name}.")
    s.say(f"In the first year it gains {u}%.", f"The first year brings {u}%.")
    held = s.calc("After year 1", "{} x (100 + {}) / 100", start, up)
    if level > 1:
        paid = rng.randint(2, 19) * 50
        p = s.given("paid", paid)
        s.say(
            f"At the start of the second year {name} pays in another {p} {money}.",
            f"Then {p} {money} are paid in.",
        )
        held = s.calc("Paid in", "{} + {}", held, paid)
    s.say(
        f"In the second year it loses {d}% of what it then holds.",
        f"The second year takes {d}% of what is there.",
    )
    held = s.calc("After year 2", "{} x (100 - {}) / 100", held, down)
    if level > 1:
        third = rng.randint(2, 9)
        t = s.given("third", third)
        s.say(f"In the third year it gains {t}%.", f"The third year adds {t}% again.")
        held = s.calc("After year 3", "{} x (100 + {}) / 100", held, third)
    if level > 2:
        held = _taxed(s, held, start, paid)
    s.aside(
        f"The bank has {rng.randint(3, 60)} branches.",
        f"Prices in the country rose by {rng.randint(1, 6)}% in the same time.",
        f"{name} is {rng.randint(24, 66)} years old.",
        f"An account next door would have paid {rng.randint(1, 3)}.{rng.randint(1, 9)}% a year.",
    )
    s.ask(held, f"How much is it worth in the end, in {money} and to the cent?", places=2)
    return s


def _taxed(s: Story, held: Fraction, start: int, paid: int) -> Fraction:
    tax = s.rng.choice((15, 20, 25))
    t = s.given("tax", tax)
    s.say(
        f"At the end {t}% of the gain over everything paid in goes to tax.",
        f"Of what it then holds beyond all that was paid in, {t}% are due as tax.",
    )
    gain = s.calc("Gain", "{} - ({} + {})", held, start, paid)
    if gain <= 0:
        raise Unfit
    return s.calc("After tax", "{} - {} x {} / 100", held, gain, tax)
