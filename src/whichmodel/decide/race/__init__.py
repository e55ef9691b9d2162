"""Racing: the same decision for less money (DECISION section 4).

`step` is a function of what is measured so far. It replays the race from the first look and says what to
measure next, or how the race ended; so a race that was cut off goes on by itself.
"""

from __future__ import annotations

from collections.abc import Collection

from whichmodel.decide.race.answer import answer
from whichmodel.decide.race.expected import Purse, priced
from whichmodel.decide.race.race import Race
from whichmodel.decide.race.track import Comparison, Fate, Measure, Settled, Track, Verdict
from whichmodel.domain import DecisionRule

__all__ = ["Comparison", "Fate", "Measure", "Settled", "Track", "Verdict", "provisional", "step"]


def step(track: Track, rule: DecisionRule, *, barred: Collection[str] = ()) -> Measure | Settled:
    """What a race needs next, or how it ended.

    barred: models that may not be routed to, or cannot be asked any more. They are never asked; nobody has to
    be as good as they are, except as today's model where the rule's reference is the incumbent.
    With objective `expected_cost` the track has to name what an error costs and how many requests are at
    stake; where one of them is unknown, models are raced for quality.
    """
    if priced(track, rule):
        purse = Purse(track, rule, barred)
        return purse.run() or purse.answer(cut=False)
    race = Race(track, rule, barred)
    finish = race.run()
    return finish.asks or answer(race, finish)


def provisional(track: Track, rule: DecisionRule, *, barred: Collection[str] = ()) -> Settled:
    """The answer of a race that ends here, as when the budget is spent: `step`'s, if that has settled it."""
    if priced(track, rule):
        purse = Purse(track, rule, barred)
        return purse.answer(cut=purse.run() is not None)
    race = Race(track, rule, barred)
    return answer(race, race.run())
