"""The choice of one task: the cheapest certified model, else the best estimate with what is missing."""

from __future__ import annotations

from dataclasses import dataclass, replace

from scipy import special

from whichmodel.analyse.paired import POWER
from whichmodel.decide.expected import Stakes
from whichmodel.decide.field import Field
from whichmodel.decide.outlook import bank_of, more_items
from whichmodel.domain import RouteStatus


@dataclass(frozen=True, slots=True)
class Choice:
    """A model, how sure that is, and what could not be told from it in cost. Models are columns."""

    pick: int
    status: RouteStatus
    ties: tuple[int, ...]
    more: int | None
    """Items that would probably settle it. None = settled, or cannot be told."""
    challenger: int | None = None
    """A cheaper certified model that waits, while `pick` stays. None = none waits."""
    challenger_runs: tuple[str, ...] = ()
    """Runs that have shown the challenger to be cheaper."""


def choose(field: Field, items: int) -> Choice:
    """Choose among the usable models, of which there is one at least. items: of the whole bank."""
    if field.race is not None and field.race.model is not None:
        choice = _raced(field, field.race.model, field.race.status)
    elif field.stakes is not None:
        choice = _expected(field, field.stakes, items)
    else:
        choice = _noninferior(field, items)
    if field.labels is None:
        return choice
    if field.contest.evidence.human is None or field.unlabelled(choice.pick):
        return replace(choice, status=RouteStatus.JUDGE_ONLY, more=None)
    # More items do not settle what only human labels can.
    return replace(choice, more=None)


def _raced(field: Field, model: str, status: RouteStatus) -> Choice:
    pick = field.names.index(model)
    if status is RouteStatus.CERTIFIED and not field.certified(pick):
        status = RouteStatus.PROVISIONAL
    return Choice(pick, status, (), None)


def _noninferior(field: Field, items: int) -> Choice:
    contest, rule = field.contest, field.rule
    certified = [m for m in field.usable if field.certified(m)]
    if certified and field.error_usd is None:
        pick, ties = contest.cheapest(certified)
        return Choice(pick, RouteStatus.CERTIFIED, ties, None)
    standing = [m for m in field.usable if not field.inferior(m)] or list(field.usable)
    pick = field.incumbent if field.incumbent in standing else contest.best(standing)
    reach = field.outlook.achievable
    enough = items >= rule.min_items and (reach is None or reach <= contest.delta)
    status = RouteStatus.PROVISIONAL if enough else RouteStatus.INSUFFICIENT
    more = more_items(contest, pick, items, rule) if field.error_usd is None else None
    return Choice(pick, status, (), more)


def _expected(field: Field, stakes: Stakes, items: int) -> Choice:
    pick = stakes.best
    if field.certified(pick):
        return Choice(pick, RouteStatus.CERTIFIED, field.alike(pick), None)
    reach = float(special.ndtri(1 - field.rule.alpha) + special.ndtri(POWER))
    needed = stakes.items_needed(pick, field.margin_usd, len(field.contest.evidence.items), reach)
    bank = None if needed is None else max(bank_of(needed, field.rule), field.rule.min_items)
    status = RouteStatus.PROVISIONAL if items >= field.rule.min_items else RouteStatus.INSUFFICIENT
    return Choice(pick, status, (), bank - items if bank is not None and bank > items else None)
