"""Returns to a web shop."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from random import Random
from types import SimpleNamespace

from .blueprint import Calendar, Facts, Limits, either, near, some_day, written

GOODS = ("headset", "kettle", "jacket", "drill", "lamp", "backpack", "keyboard", "mixer")


def limits(rng: Random) -> Limits:
    """The numbers of one policy."""
    days, gold, report = rng.choice((14, 21, 28, 30)), rng.choice((40, 45, 60)), rng.choice((3, 5, 8, 10))
    small, cheap = rng.choice((40, 50, 75, 100)), rng.choice((15, 20, 25, 30))
    calendar = Calendar.drawn(rng)
    return SimpleNamespace(
        days=days,
        gold=gold,
        report=report,
        small=small,
        cheap=cheap,
        calendar=calendar,
        other=rng.randint(5, 12),
    )


def draw(rng: Random, t: Limits) -> Facts:
    """A case, near the limits."""
    left, gone = some_day(rng), near(rng, rng.choice((t.days, t.days, t.gold)), 1)
    picked = left + timedelta(days=rng.choice((0, 0, 2, 3, 4)))
    faulty = rng.random() < 0.4
    told = t.calendar.after(picked, near(rng, t.report)) if faulty else None
    asked = max(picked + timedelta(days=gone), told or picked)
    return {
        "left": left,
        "picked": picked,
        "asked": asked,
        "gone": (asked - picked).days,
        "opened": rng.random() < 0.5,
        "sale": rng.random() < 0.25,
        "engraved": rng.random() < 0.2,
        "gold": rng.random() < 0.35,
        "receipt": rng.random() < 0.75,
        "faulty": faulty,
        "told": told,
        "price": rng.choice((near(rng, t.small), near(rng, t.cheap), rng.randint(12, 240))),
        "recall": rng.random() < 0.12,
        "thing": rng.choice(GOODS),
        "weight": rng.randint(1, 9),
    }


def _reported(f: Facts, t: Limits) -> bool:
    return bool(f["faulty"] and t.calendar.between(f["picked"], f["told"]) <= t.report)


APPLIES: Mapping[str, Callable[[Facts, Limits], bool]] = {
    "unopened": lambda f, t: f["gone"] <= t.days and not f["opened"],
    "opened": lambda f, t: f["gone"] <= t.days and f["opened"],
    "late": lambda f, t: f["gone"] > t.days,
    "sale": lambda f, t: f["sale"] and f["gone"] <= t.days,
    "engraved": lambda f, t: f["engraved"],
    "gold": lambda f, t: f["gold"] and not f["opened"] and f["gone"] <= t.gold,
    "small_without_receipt": lambda f, t: not f["receipt"] and f["price"] <= t.small,
    "large_without_receipt": lambda f, t: not f["receipt"] and f["price"] > t.small,
    "faulty": lambda f, t: _reported(f, t),
    "cheap_and_faulty": lambda f, t: _reported(f, t) and f["price"] < t.cheap,
    "recall": lambda f, t: f["recall"],
    "late_report": lambda f, t: f["faulty"] and not _reported(f, t),
}
"""By clause of the text."""


def tell(f: Facts, t: Limits, rng: Random) -> list[str]:
    """The case in sentences, in no order but for the first."""
    shop = f["picked"] != f["left"]
    arrived = (
        f"The {f['thing']} was {'left at a parcel shop' if shop else 'handed over'} on {written(f['left'])}"
    )
    return [
        arrived + (f" and picked up by the customer on {written(f['picked'])}." if shop else "."),
        f"The return was asked for on {written(f['asked'])}.",
        *either(
            f["opened"],
            "The seal inside is broken.",
            "The shipping box is torn open, the seal inside is whole.",
        ),
        *either(f["sale"], "It came from the summer sale.", "It was sold at the full price."),
        *either(f["engraved"], "It is engraved with the customer's name."),
        *either(
            f["gold"],
            "The customer had been a gold member for a year when it came.",
            rng.choice(
                ("The customer became a gold member the week after it came.", "The customer is no member.")
            ),
        ),
        *either(f["receipt"], "The receipt is at hand.", "There is no receipt any more."),
        f"The price was {f['price']} EUR.",
        *either(
            f["faulty"],
            f"It does not work any more, as the customer reported on {written(f['told'] or f['asked'])}.",
            "It works; it is just not wanted any more.",
        ),
        *either(f["recall"], "The maker has recalled this model."),
        f"The parcel weighs {f['weight']} kg.",
    ]
