"""Claims under a household insurance."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from types import SimpleNamespace

from .blueprint import Calendar, Facts, Limits, either, near, some_day, written


def limits(rng: Random) -> Limits:
    """The numbers of one policy."""
    days, own, large = rng.choice((5, 7, 10)), rng.choice((150, 200, 300)), rng.choice((5000, 8000, 10000))
    empty, police, overdue = rng.choice((30, 45, 60)), rng.choice((24, 48, 72)), rng.choice((14, 21, 30))
    calendar = Calendar.drawn(rng)
    return SimpleNamespace(
        days=days,
        own=own,
        large=large,
        empty=empty,
        police=police,
        overdue=overdue,
        calendar=calendar,
        other=rng.randint(8, 15),
    )


def draw(rng: Random, t: Limits) -> Facts:
    """A case, near the limits."""
    lost = some_day(rng)
    told = t.calendar.after(lost, near(rng, t.days))
    kind = rng.choice(("water", "water", "theft", "theft", "fire", "glass"))
    return {
        "lost": lost,
        "told": told,
        "kind": kind,
        "amount": rng.choice((near(rng, t.own, 20), near(rng, t.large), rng.randint(60, 3000))),
        "forced": rng.random() < 0.5,
        "empty": near(rng, t.empty),
        "police": near(rng, t.police, 1),
        "bicycle": rng.random() < 0.5,
        "claims": rng.choice((0, 0, 0, 1, 2)),
        "storm": kind != "theft" and rng.random() < 0.2,
        "overdue": rng.choice((0, 0, near(rng, t.overdue))),
        "locked": rng.random() < 0.6,
        "rooms": rng.randint(2, 7),
    }


def _in_time(f: Facts, t: Limits) -> bool:
    return bool(t.calendar.between(f["lost"], f["told"]) <= t.days)


def _bicycle(f: Facts, t: Limits) -> bool:
    return bool(f["kind"] == "theft" and f["bicycle"])


APPLIES: Mapping[str, Callable[[Facts, Limits], bool]] = {
    "above_own_share": lambda f, t: _in_time(f, t) and f["amount"] > t.own,
    "below_own_share": lambda f, t: _in_time(f, t) and f["amount"] <= t.own,
    "late": lambda f, t: not _in_time(f, t),
    "glass": lambda f, t: f["kind"] == "glass" and _in_time(f, t),
    "unforced": lambda f, t: f["kind"] == "theft" and not f["bicycle"] and not f["forced"],
    "vacant": lambda f, t: f["kind"] == "water" and f["empty"] > t.empty,
    "large": lambda f, t: f["amount"] >= t.large,
    "many_claims": lambda f, t: f["claims"] >= 2,
    "bicycle": lambda f, t: _bicycle(f, t) and f["locked"] and f["police"] <= t.police,
    "careless_bicycle": lambda f, t: _bicycle(f, t) and (not (f["locked"] and f["police"] <= t.police)),
    "overdue": lambda f, t: f["overdue"] > t.overdue,
    "disaster": lambda f, t: f["storm"],
}
"""By clause of the text."""


def tell(f: Facts, t: Limits, rng: Random) -> list[str]:
    """The case in sentences, in no order but for the first."""
    claims = "was one claim" if f["claims"] == 1 else "were two claims"
    stolen = "A bicycle was stolen from a street in the town"
    loss = {
        "water": "A pipe burst in the home",
        "fire": "A fire broke out in the kitchen",
        "glass": "A ball broke a pane of the balcony door",
        "theft": stolen if f["bicycle"] else "Jewellery was stolen from the home",
    }[f["kind"]]
    theft = f["kind"] == "theft"
    return [
        f"{loss} on {written(f['lost'])}.",
        f"The insurer was told on {written(f['told'])}.",
        f"The loss comes to {f['amount']} EUR.",
        f"Before that nobody had slept in the home for {f['empty']} days.",
        *either(
            theft and not f["bicycle"],
            "The lock of the door was drilled open."
            if f["forced"]
            else "The door was opened with a key that had been hidden outside.",
        ),
        *either(
            theft, f"The police were told {f['police']} {'hour' if f['police'] == 1 else 'hours'} later."
        ),
        *either(
            theft and f["bicycle"],
            "It was locked to a rail." if f["locked"] else "It was leaning against the wall, unlocked.",
        ),
        *either(
            f["claims"] > 0,
            f"There {claims} in the twelve months before.",
        ),
        *either(f["overdue"] > 0, f"The premium had been overdue for {f['overdue']} days."),
        *either(f["storm"], "The storm that caused it was declared a disaster by the province."),
        f"The home has {f['rooms']} rooms.",
    ]
