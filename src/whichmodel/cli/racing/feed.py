"""All races of a run at the same time: each asks for its next look as soon as its last one is in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from whichmodel.cli.racing.course import Course
from whichmodel.domain import Outcome
from whichmodel.plan import Work
from whichmodel.run.measure import Ended
from whichmodel.store import Race


@dataclass(slots=True)
class Races:
    """What `run.measure.Feed` asks for. Tasks that do not race are measured in full beside them."""

    courses: Mapping[str, Course]
    """By task."""
    keep: Callable[[Sequence[Race]], None]
    """Takes how far races are, to be stored."""
    beside: tuple[Work, ...] = ()
    """All work of tasks that do not race."""
    handed: list[Work] = field(default_factory=list)
    """What was asked for in this run."""
    _kept: dict[str, Race] = field(default_factory=dict)
    _begun: bool = False

    @property
    def nothing_to_ask(self) -> bool:
        """Whether all that is needed is there already."""
        return not self.beside and all(course.over for course in self.courses.values())

    def serve(self, works: Sequence[Work]) -> None:
        """The work that may be asked for, with the addresses at which models are asked."""
        for work in works:
            if course := self.courses.get(work.bank.card.name):
                course.works[work.model.id] = work
        self.beside = tuple(work for work in works if work.bank.card.name not in self.courses)

    def look(self) -> None:
        """Where every race stands with what is stored, before anything is asked."""
        for course in self.courses.values():
            course.assess()

    def more(self, outcomes: Sequence[Outcome], ended: Sequence[Ended]) -> Sequence[Work]:
        """What to ask now."""
        touched: dict[str, Course] = {}
        for outcome in outcomes:
            if course := self.courses.get(outcome.task):
                course.take(outcome)
        for work, report in ended:
            if course := self.courses.get(work.bank.card.name):
                course.end(work, report)
                touched[course.race.task] = course
        works: list[Work] = []
        if not self._begun:
            self._begun, touched = True, dict(self.courses)
            works += self.beside
        for course in touched.values():
            if course.idle:
                works += course.look()
        self._keep()
        self.handed += works
        return works

    def _keep(self) -> None:
        """Store the races that have moved."""
        states = {task: course.state() for task, course in self.courses.items() if course.now}
        moved = {task: race for task, race in states.items() if _moved(self._kept.get(task), race)}
        self._kept |= moved
        if moved:
            self.keep(list(moved.values()))


def _moved(before: Race | None, now: Race) -> bool:
    """Whether a race stands elsewhere than when it was stored last; the moment of its end does not count."""
    if before is None:
        return True
    names = ("look", "why", "model", "status", "withdrawn")
    return any(getattr(before, name) != getattr(now, name) for name in names) or (
        (before.ended_at is None) != (now.ended_at is None)
    )
