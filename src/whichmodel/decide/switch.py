"""When a routed model gives way (hysteresis): equal models, measured anew, would change places for ever.

A certified model that is routed already, or else named as today's, stays until a certified challenger is
shown to be a tenth cheaper in two runs, or until it is certified no more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from whichmodel.analyse.evidence import Evidence
from whichmodel.decide.choice import Choice
from whichmodel.decide.field import Field
from whichmodel.domain import Route, RouteStatus, Share


@dataclass(frozen=True, slots=True)
class Today:
    """What was decided before, as far as it bears on this decision."""

    previous: Route | None
    """The task's route in the last table. None = there is none."""
    named: str | None
    """The model that the organisation names as today's."""
    run_ids: tuple[str, ...]
    """All runs of the evidence at hand."""
    task_hash: str

    @property
    def holder(self) -> str | None:
        """Who stays for as long as it is certified: a certified route, else the model named."""
        if self.previous and self.previous.model and self.previous.status is RouteStatus.CERTIFIED:
            return self.previous.model
        return self.named

    @property
    def nothing_new(self) -> bool:
        """Whether the last table rests on the same outcomes."""
        last = self.previous
        return last is not None and (last.task_hash, last.run_ids) == (self.task_hash, self.run_ids)

    def incumbent(self, pick: str) -> str | None:
        """Who was routed, or else named, before `pick`. On the same outcomes that is who it was then."""
        if self.previous is None or self.previous.model is None:
            return self.named
        if self.nothing_new and self.previous.model == pick:
            return self.previous.incumbent
        return self.previous.model

    def runs(self, challenger: str, measured: Sequence[str]) -> tuple[str, ...]:
        """The runs that have shown a challenger to be cheaper, this one among them if it measured it anew.

        measured: the challenger's runs.
        """
        before = self.previous.challenger_runs if self._waits(challenger) and self.previous else ()
        known = {*before, *(self.previous.run_ids if self.previous else ())}
        fresh = sorted(set(measured) - known) if before else sorted(measured)
        return (*before, *fresh[-1:])

    def _waits(self, model: str) -> bool:
        return self.previous is not None and self.previous.challenger == model


def today(evidence: Evidence, previous: Route | None, named: str | None) -> Today:
    """What came before the decision of some evidence."""
    runs = {run for column in evidence.measured for run in column.run_ids}
    return Today(previous, named, tuple(sorted(runs)), evidence.task_hash)


def held(field: Field, choice: Choice, before: Today) -> Choice:
    """The choice after hysteresis: today's certified model stays, or the choice stands."""
    names, rule = field.names, field.rule.switch
    if choice.status is not RouteStatus.CERTIFIED or before.holder not in names:
        return choice
    stays = names.index(before.holder)
    if stays == choice.pick or not field.certified(stays) or field.contest.cost(stays) == float("inf"):
        return choice
    kept = replace(choice, pick=stays, ties=field.alike(stays), more=None)
    challenger = _challenger(field, choice, stays, before)
    if challenger is None:
        return kept
    runs = before.runs(names[challenger], field.contest.evidence.measured[challenger].run_ids)
    if len(runs) >= rule.runs:
        return replace(choice, pick=challenger, ties=field.alike(challenger), challenger_runs=())
    return replace(kept, challenger=challenger, challenger_runs=runs)


def _challenger(field: Field, choice: Choice, stays: int, before: Today) -> int | None:
    """Who is shown to be cheaper by enough: the one that waits already, else the choice; None = nobody."""
    waiting = before.previous.challenger if before.previous else None
    candidates = [field.names.index(waiting)] if waiting in field.names else []
    for m in (*candidates, choice.pick):
        if m != stays and field.certified(m) and field.cheaper(m, stays, 1 - field.rule.switch.saving):
            return m
    return None


def shares(field: Field, pick: str, incumbent: str | None, rollout: float | None) -> tuple[Share, ...]:
    """Who gets which part of the requests while a new route is rolled out; () = all go to `pick`.

    rollout: the new model's part at first. None = all at once.
    """
    usable = {field.names[m] for m in field.usable}
    if rollout is None or incumbent is None or incumbent == pick or incumbent not in usable:
        return ()
    return Share(incumbent, round(1 - rollout, 9)), Share(pick, rollout)
