"""Tasks that were raced are decided by their race, whenever they are decided."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from whichmodel.analyse.evidence import Evidence
from whichmodel.decide.race import Settled
from whichmodel.decide.replay import replay
from whichmodel.domain import Organisation
from whichmodel.store import Race


def settled(
    evidence: Iterable[Evidence], races: Sequence[Race], organisation: Organisation, *, simulated: bool
) -> dict[str, Settled]:
    """By task how its race ended, or the answer so far of one that is open; without a race, nothing.

    races: the one looked at last first. A race is of one bank: once another bank is measured, it says nothing.
    """
    found = {}
    for task in evidence:
        race = latest(races, organisation.name, task.task_hash, simulated=simulated)
        if race is not None:
            found[task.task] = replay(task, race, organisation, lost=race.withdrawn).answer
    return found


def latest(races: Sequence[Race], organisation: str, task_hash: str, *, simulated: bool) -> Race | None:
    """The race on a bank that was looked at last. None = there is none."""
    wanted = (organisation, task_hash, simulated)
    return next((r for r in races if (r.organisation, r.task_hash, r.simulated) == wanted), None)
