"""Who may approve an order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from random import Random
from types import SimpleNamespace

from .blueprint import Facts, Limits, either, near, some_day, written


def limits(rng: Random) -> Limits:
    """The numbers of one policy."""
    low, high = rng.choice((1000, 2000, 2500, 5000)), rng.choice((20000, 25000, 50000))
    window, quotes, rise = rng.choice((14, 30, 60)), rng.choice((2, 3)), rng.choice((3, 5, 8))
    repair, pool = rng.choice((8000, 10000)), rng.choice((12000, 15000))
    return SimpleNamespace(
        low=low,
        high=high,
        window=window,
        quotes=quotes,
        rise=rise,
        repair=repair,
        pool=pool,
        other=rng.randint(60, 120),
    )


def draw(rng: Random, t: Limits) -> Facts:
    """A case, near the limits."""
    ordered, value = (
        some_day(rng),
        rng.choice((t.low, t.high, t.low, t.repair, t.pool)) + rng.choice((0, 1, -1, 250, -300, 40)),
    )
    new = rng.random() < 0.3
    earlier = 0 if new else rng.choice((0, 200, 400, 900))
    return {
        "ordered": ordered,
        "value": max(300, value - rng.choice((0, earlier))),
        "earlier": earlier,
        "before": ordered - timedelta(days=near(rng, t.window, 1)),
        "new": new,
        "quotes": rng.choice((1, 2, 3, 4)),
        "personal": rng.random() < 0.25,
        "renewal": not new and rng.random() < 0.35,
        "rise": near(rng, t.rise),
        "burst": rng.random() < 0.15,
        "watch": rng.random() < 0.12,
        "framework": not new and rng.random() < 0.25,
        "lead": rng.randint(2, 9),
    }


def _amount(f: Facts, t: Limits) -> int:
    counted = f["earlier"] and (f["ordered"] - f["before"]).days <= t.window
    return int(f["value"] + (f["earlier"] if counted else 0))


APPLIES: Mapping[str, Callable[[Facts, Limits], bool]] = {
    "small": lambda f, t: _amount(f, t) < t.low,
    "middle": lambda f, t: t.low <= _amount(f, t) <= t.high,
    "large": lambda f, t: _amount(f, t) > t.high,
    "few_quotes": lambda f, t: f["new"] and f["quotes"] < t.quotes,
    "renewal": lambda f, t: f["renewal"] and f["rise"] <= t.rise,
    "personal_data": lambda f, t: f["personal"] and _amount(f, t) < t.low,
    "dearer_renewal": lambda f, t: f["renewal"] and f["rise"] > t.rise,
    "repair": lambda f, t: f["burst"] and _amount(f, t) <= t.repair,
    "watch_list": lambda f, t: f["watch"],
    "framework": lambda f, t: f["framework"] and _amount(f, t) <= t.pool,
}
"""By clause of the text."""


def tell(f: Facts, t: Limits, rng: Random) -> list[str]:
    """The case in sentences, in no order but for the first."""
    return [
        f"On {written(f['ordered'])} a team wants to place an order worth {f['value']} EUR.",
        *either(
            f["earlier"] > 0,
            f"From the same supplier it ordered for {f['earlier']} EUR on {written(f['before'])}.",
        ),
        *either(
            f["new"],
            f"The firm has never bought from this supplier; {f['quotes']} "
            f"{'quote was' if f['quotes'] == 1 else 'quotes were'} obtained.",
            f"The firm has bought from this supplier for years; {f['quotes']} quotes are on file.",
        ),
        *either(f["personal"], "The supplier will keep the addresses of the firm's customers."),
        *either(
            f["renewal"],
            f"It continues last year's contract unchanged, at a price that is {f['rise']}% higher.",
        ),
        *either(f["burst"], "It is for the repair of a burst pipe; the line stands still until then."),
        *either(
            f["watch"],
            "The supplier stands on the watch list.",
            "The supplier was taken off the watch list last year.",
        ),
        *either(f["framework"], "There is a framework contract, and this is a call under it."),
        f"Delivery takes {f['lead']} weeks.",
    ]
