"""The races of a run made ready: who takes part, what is stored already, what all of it would cost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import pandas as pd

from whichmodel.cli.project import ModelPanel, Project
from whichmodel.cli.racing.course import Course
from whichmodel.cli.racing.feed import Races
from whichmodel.cli.racing.field import Entry, Field
from whichmodel.domain import Model, Organisation
from whichmodel.estimate import estimates
from whichmodel.plan import Plan, Work
from whichmodel.store import Measured, Store, read


def start(
    project: Project,
    organisation: Organisation,
    panel: ModelPanel,
    field: Field,
    store: Store,
    counts: Measured,
) -> Races:
    """The races as far as stored answers take them. counts: what stored samples used."""
    store.publish()
    stored = _stored(project, panel, field)
    models = {model.id: model for model in panel.models}
    courses = {
        entry.race.task: Course(
            entry=entry,
            organisation=organisation,
            models=models,
            stored=_of(entry, stored),
            judged=entry.bank.card.judged,
            guesses=_guesses(entry, models, panel, counts),
        )
        for entry in field.entries
    }
    races = Races(courses, store.put_races)
    races.serve(field.plan.work)
    races.look()
    return races


def _stored(project: Project, panel: ModelPanel, field: Field) -> pd.DataFrame:
    reader = read(project.results)
    assert reader is not None
    tasks = [entry.race.task for entry in field.entries]
    banks = [entry.race.task_hash for entry in field.entries]
    return reader.outcomes(panel.name, tasks=tasks, banks=banks)


def _of(entry: Entry, stored: pd.DataFrame) -> pd.DataFrame:
    """The rows of a race's models, as they are set now, that have a score."""
    settings = dict(zip(entry.race.models, entry.race.settings, strict=True))
    mine = stored["model"].map(settings).eq(stored["settings_hash"]) & stored["task"].eq(entry.race.task)
    return stored[mine & stored["status"].ne("failed")].reset_index(drop=True)


def _guesses(
    entry: Entry, models: Mapping[str, Model], panel: ModelPanel, counts: Measured
) -> dict[str, tuple[float, float] | None]:
    judge = panel.judges.of(entry.bank.card)
    works = {name: Work(entry.bank, models[name], judge) for name in entry.race.models}
    return {name: _guess(work, counts) for name, work in works.items()}


def _guess(work: Work, counts: Measured) -> tuple[float, float] | None:
    """Low and high cost of the whole bank, the judge's share in it. None = a price is unknown."""
    found = estimates(Plan((work,), (), 0), at=datetime.now(UTC), measured=counts)
    lows, highs = ([getattr(part, name) for part in found] for name in ("low_usd", "high_usd"))
    if None in lows or None in highs:
        return None
    return float(sum(lows)), float(sum(highs))
