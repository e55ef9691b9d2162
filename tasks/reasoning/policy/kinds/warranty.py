"""Claims under a maker's warranty."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from random import Random
from types import SimpleNamespace

from .blueprint import Facts, Limits, either, months_later, near, some_day, written


def limits(rng: Random) -> Limits:
    """The numbers of one policy."""
    months, longer, trade = rng.choice((24, 30, 36)), rng.choice((48, 60)), rng.choice((6, 12))
    battery, register, goodwill = rng.choice((12, 18)), rng.choice((14, 28, 30)), rng.choice((2, 3, 4))
    low = rng.randint(20, 60) * 100
    high = low + rng.randint(3, 12) * 100
    return SimpleNamespace(
        months=months,
        longer=longer,
        trade=trade,
        battery=battery,
        register=register,
        goodwill=goodwill,
        low=low,
        high=high,
        other=rng.randint(20, 60),
    )


def draw(rng: Random, t: Limits) -> Facts:
    """A case, near the limits."""
    bought = some_day(rng)
    bought = bought.replace(day=min(bought.day, 28))
    limit = rng.choice((t.months, t.months, t.longer, t.trade, t.battery, t.months + t.goodwill))
    claimed = months_later(bought, limit) + timedelta(days=rng.choice((0, 0, 1, 1, -1, 12, -20, 45)))
    return {
        "bought": bought,
        "claimed": claimed,
        "cause": rng.choice(("material", "material", "material", "drop", "wear")),
        "registered": rng.choice((None, None, near(rng, t.register, 1))),
        "trade": rng.random() < 0.25,
        "battery": rng.random() < 0.25,
        "foreign": rng.random() < 0.2,
        "repairs": rng.choice((0, 0, 1, 2, 2, 3)),
        "serial": near(rng, rng.choice((t.low, t.high, t.high + 400, t.low - 300))),
        "price": rng.randint(8, 90) * 10,
    }


def _within(f: Facts, count: int, t: Limits) -> bool:
    return bool(f["claimed"] <= months_later(f["bought"], count))


APPLIES: Mapping[str, Callable[[Facts, Limits], bool]] = {
    "material": lambda f, t: f["cause"] == "material" and _within(f, t.months, t),
    "own_damage": lambda f, t: f["cause"] != "material",
    "expired": lambda f, t: f["cause"] == "material" and (not _within(f, t.months, t)),
    "registered": lambda f, t: (
        f["cause"] == "material"
        and f["registered"] is not None
        and f["registered"] <= t.register
        and _within(f, t.longer, t)
    ),
    "trade": lambda f, t: f["trade"] and (not _within(f, t.trade, t)),
    "battery": lambda f, t: (
        f["battery"]
        and f["cause"] == "material"
        and (not _within(f, t.battery, t))
        and _within(f, t.months, t)
    ),
    "foreign_workshop": lambda f, t: f["foreign"],
    "third_repair": lambda f, t: f["repairs"] >= 2 and f["cause"] == "material" and _within(f, t.longer, t),
    "serial": lambda f, t: t.low <= f["serial"] <= t.high,
    "goodwill": lambda f, t: (
        f["cause"] == "material" and (not _within(f, t.months, t)) and _within(f, t.months + t.goodwill, t)
    ),
}
"""By clause of the text."""


def tell(f: Facts, t: Limits, rng: Random) -> list[str]:
    """The case in sentences, in no order but for the first."""
    cause = {
        "material": "The service point finds a crack in the casting that was there from the start",
        "drop": "The service point finds that the machine fell from some height",
        "wear": "The service point finds nothing but worn brushes",
    }[f["cause"]]
    part = " of the battery" if f["battery"] and f["cause"] == "material" else ""
    if part:
        cause = "The service point finds a cell of the battery that was bad from the start"
    entered = f["registered"]
    return [
        f"A customer bought a machine on {written(f['bought'])} and claims on {written(f['claimed'])}.",
        f"{cause}.",
        *either(
            entered is not None,
            f"The machine was entered on the maker's page {entered} days after purchase.",
            "It was never entered on the maker's page.",
        ),
        *either(
            f["trade"],
            "On some weekends the customer mows the neighbours' lawns with it for a fee.",
            "The customer uses it in the own garden.",
        ),
        *either(f["foreign"], "A workshop round the corner, not one of the maker's list, has had it open."),
        *either(
            f["repairs"] > 0,
            f"It has been repaired under this warranty {f['repairs']} "
            f"{'time' if f['repairs'] == 1 else 'times'} before.",
        ),
        f"Its serial number is {f['serial']}.",
        f"It cost {f['price']} EUR.",
    ]
