"""Requests for access to data sets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from random import Random
from types import SimpleNamespace

from .blueprint import Facts, Limits, either, months_later, near, some_day, written


def limits(rng: Random) -> Limits:
    """The numbers of one policy."""
    valid, longest, hours = rng.choice((12, 18, 24)), rng.choice((30, 60, 90)), rng.choice((24, 48, 72))
    rows, seat = rng.choice((500, 1000, 5000)), rng.choice(("the EEA", "the EEA or Switzerland"))
    return SimpleNamespace(
        valid=valid, longest=longest, hours=hours, rows=rows, seat=seat, other=rng.randint(2, 6)
    )


def draw(rng: Random, t: Limits) -> Facts:
    """A case, near the limits."""
    asked = some_day(rng)
    asked = asked.replace(day=min(asked.day, 28))
    trained = months_later(asked, -t.valid) + timedelta(days=rng.choice((0, 1, -1, 40, 200, -30)))
    trained = trained.replace(day=min(trained.day, 28))
    call = rng.random() < 0.25
    return {
        "asked": asked,
        "trained": rng.choice((trained, trained, trained, None)),
        "data": rng.choice(("internal", "confidential", "confidential", "confidential", "restricted")),
        "who": rng.choice(("staff", "staff", "contractor", "auditor")),
        "signed": rng.random() < 0.6,
        "private": rng.random() < 0.25,
        "abroad": rng.random() < 0.2,
        "days": 1 if call else near(rng, t.longest, 1),
        "call": call,
        "hours": near(rng, t.hours, 1),
        "hold": rng.random() < 0.12,
        "masked": rng.random() < 0.25,
        "rows": near(rng, t.rows, 10),
        "project": rng.randint(100, 999),
    }


def _fresh(f: Facts, t: Limits) -> bool:
    return bool(f["trained"] and f["asked"] <= months_later(f["trained"], t.valid))


def _guarded(f: Facts, t: Limits) -> bool:
    return bool(f["data"] != "internal")


APPLIES: Mapping[str, Callable[[Facts, Limits], bool]] = {
    "internal": lambda f, t: not _guarded(f, t),
    "trained": lambda f, t: f["data"] == "confidential" and _fresh(f, t),
    "untrained": lambda f, t: f["data"] == "confidential" and (not _fresh(f, t)),
    "restricted": lambda f, t: f["data"] == "restricted",
    "contractor_signed": lambda f, t: (
        f["who"] == "contractor" and f["signed"] and f["data"] == "confidential"
    ),
    "contractor_unsigned": lambda f, t: f["who"] == "contractor" and not f["signed"] and _guarded(f, t),
    "private_device": lambda f, t: f["private"] and _guarded(f, t),
    "long": lambda f, t: f["data"] == "confidential" and f["days"] > t.longest,
    "on_call": lambda f, t: f["call"] and f["hours"] <= t.hours,
    "auditor": lambda f, t: f["who"] == "auditor",
    "legal_hold": lambda f, t: f["hold"],
    "abroad": lambda f, t: f["abroad"] and _guarded(f, t) and not f["masked"],
    "masked": lambda f, t: f["masked"] and f["rows"] < t.rows and _fresh(f, t),
}
"""By clause of the text."""


def tell(f: Facts, t: Limits, rng: Random) -> list[str]:
    """The case in sentences, in no order but for the first."""
    signed = ", who has signed the secrecy agreement," if f["signed"] else ""
    who = {
        "staff": "A member of staff",
        "auditor": "An auditor sent by the group",
        "contractor": f"A freelance developer{signed}",
    }[f["who"]]
    extent = f"for {f['days']} {'day' if f['days'] == 1 else 'days'}"
    if f["call"]:
        extent = f"for {f['hours']} hours"
    return [
        f"On {written(f['asked'])} project {f['project']} asks for access to {f['data']} data.",
        f"{who} is to have it {extent}.",
        *either(
            f["trained"] is not None,
            f"That person passed the course on data protection on {written(f['trained'] or f['asked'])}.",
            "That person has never taken the course on data protection.",
        ),
        *either(
            f["who"] == "contractor" and not f["signed"],
            "The secrecy agreement was sent out and has not come back.",
        ),
        *either(
            f["private"],
            "The work is done on the person's own laptop.",
            "The work is done on a laptop of the firm.",
        ),
        *either(
            f["abroad"], "It is done from an office in Singapore.", "It is done in the office in Vienna."
        ),
        *either(f["call"], "The person is on call for an incident that is going on."),
        *either(f["hold"], "The set has been under a legal hold for a month."),
        *either(
            f["masked"],
            f"What is asked for is an extract of {f['rows']} records, its names, addresses and numbers of "
            "accounts replaced.",
            f"What is asked for is the set as it is, {f['rows']} records.",
        ),
    ]
