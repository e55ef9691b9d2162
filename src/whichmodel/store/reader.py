"""The reading side: queries over the newest snapshot, which no writer ever touches."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

import duckdb
import pandas as pd

from whichmodel.domain import Outcome
from whichmodel.errors import StoreError
from whichmodel.store import (
    banks,
    canaries,
    cells,
    counted,
    failing,
    grouped,
    history,
    opened,
    races,
    schema,
    snapshots,
    spending,
    timings,
)
from whichmodel.store.runs import COLUMNS, Run
from whichmodel.store.sight import Sight

Panel = Literal["real", "simulated"]
FEW = 4
"""Models whose outcomes on all tasks are read at once: a pass over the table a model, not one a task."""

SHOWN = """* EXCLUDE (error_text)
    REPLACE (cost_usd::DOUBLE AS cost_usd, judge_cost_usd::DOUBLE AS judge_cost_usd)"""
"""An outcome as it is read."""
PLACE = "part"
"""Column of the part of a shared store that a row lies in: no part of an outcome, not in every snapshot."""
PANEL_SQL = {"real": "NOT simulated", "simulated": "(simulated OR baseline)"}
"""Rule baselines are real and stand in both panels; simulated rows never stand beside real models."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Queries over one snapshot."""

    snapshot: Path
    sight: Sight | None = None
    """What one organisation may see of it. None = everything."""

    @contextmanager
    def _connection(self) -> Iterator[duckdb.DuckDBPyConnection]:
        try:
            with opened.opened(self.snapshot, self.sight) as connection:
                yield connection
        except duckdb.Error as error:
            raise StoreError(
                f"The snapshot cannot be read: {str(error).splitlines()[0]}",
                where=str(self.snapshot),
                remedy="`bench rebuild` makes the database anew from the logs.",
            ) from error

    def panels(self) -> tuple[Panel, ...]:
        """The panels that hold more than baselines; real first."""
        with self._connection() as connection:
            kinds = grouped.panels(connection)
        order: tuple[tuple[bool, Panel], ...] = ((False, "real"), (True, "simulated"))
        return tuple(panel for simulated, panel in order if simulated in kinds)

    def runs(self) -> tuple[Run, ...]:
        """All runs, the newest first."""
        with self._connection() as connection:
            rows = connection.execute(
                f"SELECT {', '.join(COLUMNS)} FROM runs ORDER BY started_at DESC"
            ).fetchall()
        found = tuple(Run(*row) for row in rows)
        return found if self.sight is None else tuple(map(self.sight.told, found))

    def races(self) -> tuple[races.Race, ...]:
        """All races, the one looked at last first."""
        with self._connection() as connection:
            return races.stored(connection)

    def outcomes(
        self,
        panel: Panel,
        *,
        until_run: str | None = None,
        tasks: Sequence[str] | None = None,
        banks: Sequence[str] | None = None,
    ) -> pd.DataFrame:
        """The outcome that counts of each cell, columns as in `Outcome`; costs as float.

        Of a task, the bank measured last. Of a cell, the last attempt that has a score, else the last one.
        Rows of canaries are left out.
        until_run: as things stood when that run ended. tasks: names; None = all. banks: task hashes, of which
        the one measured last counts where a task has several; None = all.
        """
        filters, values = self._filters(panel, until_run, tasks, banks)
        query = counted.query(f"outcomes.{SHOWN}", filters) + "ORDER BY task, model, item_id, epoch"
        with self._connection() as connection:
            return connection.execute(query, values * 3).df().drop(columns=PLACE, errors="ignore")

    def evidence(
        self,
        panel: Panel,
        columns: Sequence[str],
        *,
        until_run: str | None = None,
        tasks: Collection[str] | None = None,
        models: Collection[str] | None = None,
        items: Collection[str] | None = None,
    ) -> Iterator[pd.DataFrame]:
        """The same outcomes in some columns alone, texts as categories, rows in no order.

        For millions of rows: task by task, so that no more than one task's are in memory at a time; all at
        once where a few models are asked for.
        tasks, models, items: just these; None = all. Which bank of a task counts does not depend on them.
        """
        filters, values = self._filters(panel, until_run, None, None)
        with self._connection() as connection:
            if models is not None and len(set(models)) <= FEW:
                # A model at a time: its rows lie together, those between two names need not be read.
                parts = [{"task": tasks, "model": [name], "item_id": items} for name in sorted(set(models))]
                yield from counted.frames(connection, columns, filters, values, parts)
                return
            stored = connection.execute("SELECT DISTINCT task FROM grouped ORDER BY task").fetchall()
            for (task,) in stored:
                if tasks is None or task in tasks:
                    one = [*filters, "task = ?"], [*values, task]
                    yield from counted.frames(
                        connection, columns, *one, [{"model": models, "item_id": items}]
                    )

    def measured_on(self, panel: Panel, *, until_run: str | None = None) -> dict[str, frozenset[str]]:
        """Task -> the models that were asked on the bank of it that counts, whether or not they failed.

        until_run: as things stood when that run ended.
        """
        filters, values = self._filters(panel, until_run, None, None)
        with self._connection() as connection:
            return grouped.measured_on(connection, filters, values)

    def of_item(
        self, panel: Panel, task: str, item: str, models: Collection[str], *, until_run: str | None = None
    ) -> tuple[Outcome, ...]:
        """The outcomes of one item that `outcomes` has, whole, the errors' texts too; by model and epoch."""
        filters, values = self._filters(panel, until_run, [task], None)
        with self._connection() as connection:
            return cells.of_item(connection, filters, values, item, models)

    def _filters(
        self,
        panel: Panel,
        until_run: str | None,
        tasks: Sequence[str] | None,
        banks: Sequence[str] | None,
    ) -> tuple[list[str], list[object]]:
        filters, values = self._until(panel, until_run)
        filters.append(f"NOT {canaries.CANARY_SQL}")
        for column, among in (("task", tasks), ("task_hash", banks)):
            if among is not None:
                filters.append(f"{column} IN (SELECT unnest(?))")
                values.append(list(among))
        return filters, values

    def _until(self, panel: Panel, until_run: str | None) -> tuple[list[str], list[object]]:
        """Conditions of a panel's rows as things stood when a run ended, None = now; canaries among them."""
        filters, values = [PANEL_SQL[panel]], list[object]()
        if until_run is not None:
            filters.append(
                "run_id IN (SELECT run_id FROM runs WHERE started_at <= "
                "(SELECT started_at FROM runs WHERE run_id = ?))"
            )
            values.append(until_run)
        return filters, values

    def failing(self, panel: Panel, *, until_run: str | None = None) -> tuple[failing.Failing, ...]:
        """Cells whose every attempt failed, by task, model and cause; canaries left out."""
        with self._connection() as connection:
            return failing.failing(connection, *self._filters(panel, until_run, None, None))

    def spent(self, panel: Panel, *, until_run: str | None = None) -> tuple[spending.Spent, ...]:
        """What was paid, by run, task and model."""
        with self._connection() as connection:
            return spending.spent(connection, canaries.CANARY_SQL, *self._until(panel, until_run))

    def failures(self, panel: Panel) -> pd.DataFrame:
        """Cells whose every attempt failed, canaries left out: task, model, error_class, count, one text."""
        with self._connection() as connection:
            return failing.in_short(connection, *self._filters(panel, None, None, None))

    def measured(self) -> pd.DataFrame:
        """What is stored of each task and model: task, model, simulated, n, failed, what was spent, last.

        spend_usd, judge_usd: paid for answers and to judges. unpriced, judge_unpriced: rows of which that is
        unknown. cached: rows out of the response cache, for which nothing was paid. canaries: rows of
        canaries, which are in the sums of money, but neither in n nor in failed.
        """
        with self._connection() as connection:
            return grouped.measured(connection)

    def scored(self, asked: Iterable[canaries.Asked]) -> Mapping[canaries.Asked, frozenset[str]]:
        """Ids of the items that have a score by a run that is no canary."""
        with self._connection() as connection:
            return canaries.scored(connection, asked)

    def rows(self, asked: Iterable[tuple[str, str, str]]) -> tuple[canaries.Row, ...]:
        """All outcomes of these (task hash, settings hash, item), of canaries and other runs, by epoch."""
        with self._connection() as connection:
            return canaries.rows(connection, asked)

    def served(self, panel: Panel) -> pd.DataFrame:
        """Which model was asked for and which one replied, of every answer but those to canaries.

        task, model, requested_model, served_model (None = the reply named none), fingerprints (how many
        different ones), fingerprint_names (a list), rows.
        """
        with self._connection() as connection:
            return grouped.served(connection, f"{PANEL_SQL[panel]} AND NOT {canaries.CANARY_SQL}")

    def brought(self, panel: Panel) -> tuple[history.Brought, ...]:
        """What each run but canaries brought, by task and model, in the order of time."""
        with self._connection() as connection:
            return history.brought(connection, f"{PANEL_SQL[panel]} AND NOT {canaries.CANARY_SQL}")

    def again(self, panel: Panel, before: Sequence[str], after: Sequence[str]) -> tuple[history.Again, ...]:
        """Items asked by earlier runs and again by later ones, summed by task and model. Ids of runs."""
        where = f"{PANEL_SQL[panel]} AND NOT {canaries.CANARY_SQL}"
        with self._connection() as connection:
            return history.again(connection, where, before, after)

    def replied_last(self) -> dict[str, tuple[str, datetime]]:
        """Model -> the id that its last reply with one named, and when (UTC); canaries among them."""
        query = """
            SELECT model, arg_max(served_model, last), max(last)
            FROM grouped WHERE NOT failed AND served_model IS NOT NULL AND NOT from_cache
            GROUP BY model
        """
        with self._connection() as connection:
            return {model: (name, at) for model, name, at in connection.execute(query).fetchall()}

    def banks(self, tasks: Sequence[str]) -> tuple[banks.StoredBank, ...]:
        """The banks of these tasks, by task, the one measured last first."""
        with self._connection() as connection:
            return banks.stored(connection, tasks)

    def settings_measured(self, tasks: Sequence[str] | None = None) -> frozenset[str]:
        """Settings hashes that have an outcome of any status on one of the tasks; None = on any task."""
        chosen = "" if tasks is None else "WHERE task IN (SELECT unnest(?))"
        values: list[object] = [] if tasks is None else [list(tasks)]
        with self._connection() as connection:
            rows = connection.execute(
                f"SELECT DISTINCT settings_hash FROM grouped {chosen}", values
            ).fetchall()
        return frozenset(settings for (settings,) in rows)

    def prices(self) -> tuple[spending.Used, ...]:
        """Prices in use, by model and source, with the rows that were priced so."""
        with self._connection() as connection:
            return spending.used(connection)

    def unpriced(self) -> tuple[spending.Unpriced, ...]:
        """Real rows with an answer and without a known cost, by model and by what they count."""
        with self._connection() as connection:
            return spending.unpriced(connection)

    def counts(self) -> spending.Measured:
        """What answers used, by task and settings: what an estimate rests on."""
        with self._connection() as connection:
            return spending.counts(connection)

    def timings(self, panel: Panel) -> pd.DataFrame:
        """All timed calls, columns as in `Timing` without the error's text; empty = there are none."""
        with self._connection() as connection:
            return timings.frame(connection, panel == "simulated")

    def timing_failures(self, panel: Panel) -> pd.DataFrame:
        """Timed calls that failed: model, error_class, calls and one error text."""
        with self._connection() as connection:
            return timings.failures(connection, panel == "simulated")


def frame(outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """Outcomes that are not stored yet, as `Reader.outcomes` gives stored ones."""
    with duckdb.connect() as connection:
        connection.register("batch", schema.arrow(outcomes))
        return connection.execute(f"SELECT {SHOWN} FROM batch").df()


def read(results: Path) -> Reader | None:
    """A reader of the newest snapshot; None = nothing was measured yet."""
    snapshot = snapshots.current(results)
    return Reader(snapshot) if snapshot else None
