"""Kinds of word problems. A kind tells any number of stories of 2 to 3, 4, or 5 to 6 steps."""

from . import amounts, building, everyday, money, pace
from .story import NAMES, Story, Unfit

KINDS = {
    "prices": money.prices,
    "currency": money.currency,
    "growth": money.growth,
    "work": pace.work,
    "travel": pace.travel,
    "machines": pace.machines,
    "mixtures": amounts.mixtures,
    "averages": amounts.averages,
    "shares": amounts.shares,
    "schedules": everyday.schedules,
    "stock": everyday.stock,
    "ages": everyday.ages,
    "units": building.units,
}
"""Each a function of a random.Random and a level of 1 to 3."""

__all__ = ["KINDS", "NAMES", "Story", "Unfit"]
