"""What models answered, as numbers: equal answers to an item are equal numbers.

Beside `Evidence` and not within it, since only agreement needs it and a bank's answers are long.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from whichmodel.analyse.evidence import Codes, Evidence, collect
from whichmodel.domain import Model, Price, Status

NOTHING = -1
"""Code of an answer that agrees with none: refused, cut off, not readable, or not there at all."""


@dataclass(frozen=True, eq=False)
class Answers:
    """The answers of one panel to one task. A request has one answer of a model: the first epoch counts."""

    evidence: Evidence
    """Scores and costs of those same answers, nothing averaged."""
    code: Codes
    """items x models. Equal in a row = equal in the scorer's normal form; NOTHING = agrees with none."""
    epochs: int
    """Epochs stored of the task."""

    def rows(self, start: int, stop: int) -> Answers:
        """The items from start to stop in the fixed order."""
        return replace(self, evidence=self.evidence.rows(start, stop), code=self.code[start:stop])


def answers(
    frame: pd.DataFrame,
    models: Mapping[str, Model],
    judged: Collection[str] = (),
    *,
    prices: Mapping[str, Price] | None = None,
) -> tuple[Answers, ...]:
    """The answers of each task in a frame of outcomes; arguments and errors as in `collect`.

    An answer that was read, though not in the form that was asked for, counts as it was read: its score does.
    """
    if frame.empty:
        return ()
    cell = ["task", "task_hash", "model", "settings_hash", "item_id"]
    first = frame[frame["epoch"] == frame.groupby(cell)["epoch"].transform("min")].assign(epoch=1)
    epochs = frame.groupby("task")["epoch"].nunique()
    by_task = dict(list(first.groupby("task")))
    return tuple(
        Answers(found, _codes(by_task[found.task], found), int(epochs[found.task]))
        for found in collect(first, models, judged, prices=prices)
    )


def _codes(rows: pd.DataFrame, evidence: Evidence) -> Codes:
    settings = {column.model: column.settings_hash for column in evidence.measured}
    said = rows["answer_norm"].fillna("").astype(str).str.strip()
    told = (
        rows["settings_hash"].eq(rows["model"].map(settings))
        & rows["status"].eq(Status.SCORED.value)
        & said.ne("")
    ).to_numpy(dtype=bool)
    code = np.full(evidence.score.shape, NOTHING, dtype=np.int64)
    at = pd.Index(evidence.items).get_indexer(pd.Index(rows["item_id"]))[told]
    column = pd.Index(evidence.models).get_indexer(pd.Index(rows["model"]))[told]
    code[at, column] = pd.factorize(said[told])[0]
    return code
