"""One race under way: what is measured, what it waits for, and what it asks next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pandas as pd

from whichmodel.analyse.bill import Part, parts
from whichmodel.analyse.evidence import Evidence, collect
from whichmodel.cli.racing.field import Entry
from whichmodel.decide.replay import Replayed, replay
from whichmodel.domain import Model, Organisation, Outcome
from whichmodel.plan import Work
from whichmodel.run.job import Report
from whichmodel.store import Race, frame

BUDGET = "the budget holds no more"


@dataclass(slots=True)
class Course:
    """The race on one task."""

    entry: Entry
    organisation: Organisation
    models: Mapping[str, Model]
    stored: pd.DataFrame
    """Outcomes of earlier runs that have a score: what failed is asked again."""
    judged: bool
    works: dict[str, Work] = field(default_factory=dict)
    """Model -> all items that it has no score for."""
    guesses: Mapping[str, tuple[float, float] | None] = field(default_factory=dict)
    """Model -> low and high cost of the whole bank, before any answer."""
    lost: dict[str, str] = field(default_factory=dict)
    """Models that cannot be asked any more, and why."""
    why: str = ""
    """Why it stands still although it is open. "" = it does not."""
    now: Replayed | None = None
    """Where it stands. None = nobody has looked yet."""
    bill: tuple[Part, ...] = ()
    looks: int = 0
    """Looks that were taken in this run."""
    _rows: pd.DataFrame = field(init=False)
    """Those, and what has come in this run."""
    _came: list[Outcome] = field(default_factory=list)
    """What has come since the last look."""
    _sent: dict[str, set[str]] = field(default_factory=dict)
    """Model -> items asked in this run."""
    _waiting: dict[str, set[str]] = field(default_factory=dict)
    """Model -> items asked that have not ended."""

    def __post_init__(self) -> None:
        self._rows = self.stored

    @property
    def race(self) -> Race:
        """As it was stored when it began."""
        return self.entry.race

    @property
    def over(self) -> bool:
        """Whether it is settled. Where nobody could be asked, nothing is."""
        if self.now is None or self.now.asks is not None:
            return False
        return self.now.answer.model is not None or not self.now.withdrawn

    @property
    def idle(self) -> bool:
        """Whether it waits for nothing that is under way."""
        return not any(self._waiting.values())

    def take(self, outcome: Outcome) -> None:
        """A sample of this task has ended."""
        self._came.append(outcome)
        self._waiting.get(outcome.model, set()).discard(outcome.item_id)

    def end(self, work: Work, report: Report) -> None:
        """Nothing more will come of some work."""
        waiting = self._waiting.get(work.model.id, set())
        missing = waiting & {item.id for item in work.bank.items}
        waiting -= missing
        if report.stopped:
            self.lost.setdefault(work.model.id, report.stopped.rstrip("."))
        elif missing and report.left:
            self.why = BUDGET
        elif missing:
            self.why = f"{work.model.id} broke off: {report.error or 'some of its items did not end'}"

    def assess(self) -> None:
        """Decide with what is there."""
        rows = self.rows()
        evidence = self._evidence(rows)
        self.now = replay(evidence, self.race, self.organisation, self.models, lost=self.lost)
        self.bill = self._bill(rows)

    def look(self) -> list[Work]:
        """Decide, and what to ask next. Nothing = the race is over, or stands still."""
        self.assess()
        assert self.now is not None
        if self.now.asks is None and not self.over:
            self.why = "none of its models can be asked"
        if self.now.asks is None or self.why:
            return []
        self.looks += 1
        asked = [self._ask(name, until) for name, until in self.now.asks.until.items()]
        return [work for work in asked if work is not None]

    def rows(self) -> pd.DataFrame:
        """All outcomes that count."""
        if self._came:
            new = frame(self._came)
            self._came.clear()
            self._rows = pd.concat([self._rows, new], ignore_index=True) if len(self._rows) else new
        return self._rows

    def _evidence(self, rows: pd.DataFrame) -> Evidence | None:
        judged = [self.race.task] if self.judged else []
        found = collect(rows, self.models, judged, prices=self.organisation.prices)
        return found[0] if found else None

    def _ask(self, model: str, until: int) -> Work | None:
        """The items up to that number which the model was not asked in this run."""
        work, sent = self.works.get(model), self._sent.setdefault(model, set())
        first = set(self.race.items[:until]) - sent
        items = tuple(item for item in work.bank.items if item.id in first) if work else ()
        if not work or not items:
            self.why = f"{model} has no item left that could be asked"
            return None
        names = {item.id for item in items}
        sent |= names
        self._waiting.setdefault(model, set()).update(names)
        return work.holding(items)

    def used(self) -> dict[str, int]:
        """Model -> items from the start of the order that the race uses of it."""
        assert self.now is not None
        fates = {fate.model: fate.items for fate in self.now.answer.fates}
        return {name: fates.get(name, self.now.asked.get(name, 0)) for name in self.race.models}

    def _bill(self, rows: pd.DataFrame) -> tuple[Part, ...]:
        settings = dict(zip(self.race.models, self.race.settings, strict=True))
        mine = rows[rows["model"].map(settings).eq(rows["settings_hash"])]
        return parts(mine, self.race.items, self.used(), self.guesses)

    def state(self) -> Race:
        """The row that is stored of it."""
        assert self.now is not None
        answer, now = self.now.answer, datetime.now(UTC)
        return replace(
            self.race,
            looked_at=now,
            ended_at=now if self.over else None,
            look=self.now.look,
            why="" if self.over else self.why,
            model=answer.model,
            status=str(answer.status),
            withdrawn=self.now.withdrawn,
        )
