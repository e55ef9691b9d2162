"""What ails the measurements: the state of all that an organisation decides by.

What is missing and why, what failed by which cause, answers that could not be read, what is old, what has no
price, who replied in place of whom, races that stand still, and what all of it cost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from whichmodel.analyse.served import Served, served
from whichmodel.analyse.unparsed import Unparsed, unparsed
from whichmodel.decide.replay import open_races
from whichmodel.domain import Standing
from whichmodel.store import Failing, Panel, Race, Spent, Unpriced
from whichmodel.views import ills
from whichmodel.views.board import View
from whichmodel.views.cause import Cause
from whichmodel.views.coverage import Coverage, coverage
from whichmodel.views.ills import Age, Ill, NoPrice
from whichmodel.views.source import Source


@dataclass(frozen=True, slots=True)
class Stored:
    """What the store says of a panel, whoever decides."""

    failing: tuple[Failing, ...]
    spent: tuple[Spent, ...]
    served: tuple[Served, ...]
    """Only where another model than was asked for replied, or several did."""
    unpriced: tuple[Unpriced, ...]
    races: tuple[Race, ...]
    """Those that are open, of all organisations."""


@dataclass(frozen=True, slots=True)
class Health:
    """The state of what an organisation decides by."""

    coverage: Coverage
    causes: tuple[Cause, ...]
    unparsed: tuple[Unparsed, ...]
    """The largest share first."""
    unanswered: tuple[Standing, ...]
    """Standings with a refused or cut-off answer, the most of them first."""
    ages: tuple[Age, ...]
    """The oldest first."""
    late: tuple[Standing, ...]
    """Standings with answers whose latency the measuring program bent, the most of them first."""
    unpriced: tuple[NoPrice, ...]
    served: tuple[Served, ...]
    races: tuple[Race, ...]
    """Open ones of this organisation."""
    spent: tuple[Spent, ...]
    """To be summed by `views.spend`."""
    ills: tuple[Ill, ...]
    """All that is wrong, in the order of `Kind`."""


def read(source: Source, panel: Panel, until_run: str | None = None) -> Stored:
    """Ask the store; until_run: as things stood when that run ended, None = now."""
    reader = source.reader
    replied = served(reader.served(panel))
    return Stored(
        failing=reader.failing(panel, until_run=until_run),
        spent=reader.spent(panel, until_run=until_run),
        served=tuple(one for one in replied if one.notable),
        unpriced=reader.unpriced() if panel == "real" else (),
        races=() if until_run else tuple(open_races(reader.races())),
    )


def health(
    view: View, stored: Stored, *, now: datetime | None = None, absent: Mapping[str, str] | None = None
) -> Health:
    """The state of what a view rests on.

    now: when it is looked at, with its time zone; None = at this moment. absent: model -> why it cannot be
    asked from here, where that is known.
    """
    covered = coverage(view, absent)
    causes = ills.causes(view, stored.failing)
    unread = unparsed(view.standings)
    unanswered = ills.most(view.standings, lambda one: one.refused + one.truncated)
    ages = ills.ages(view, now or datetime.now(UTC))
    unpriced = ills.unpriced(view, stored.unpriced)
    replied = tuple(one for one in stored.served if (one.task, one.model) in covered.cells)
    late = ills.most(view.standings, lambda one: one.late)
    races = tuple(race for race in stored.races if _ours(race, view))
    found = (
        *ills.of_failures(causes),
        *ills.of_coverage(view, covered),
        *ills.of_formats(view, unread),
        *ills.of_unanswered(view, unanswered),
        *ills.of_age(view, ages),
        *ills.of_prices(unpriced),
        *ills.of_replies(view, replied),
        *ills.of_clocks(view, late),
        *ills.of_races(races),
    )
    return Health(
        covered, causes, unread, unanswered, ages, late, unpriced, replied, races, stored.spent, found
    )


def _ours(race: Race, view: View) -> bool:
    """Races are the organisation's own: nobody is told another one's."""
    return race.organisation == view.organisation.name and race.simulated == view.simulated
