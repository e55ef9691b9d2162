"""How far human labels and an instrument's scores agree, by task and model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from whichmodel.analyse.ppi import Corrected, Floats, corrected


@dataclass(frozen=True, slots=True)
class Agreement:
    """One model on one task. None = it cannot be told from so few labels."""

    task: str
    model: str
    items: int
    """With a score."""
    labels: int
    """Items that people labelled."""
    instrument: str
    """What people are compared with: a judge's name, else `score`."""
    raw: float
    """Mean of the instrument over all items."""
    human: float | None
    """Mean of the labels."""
    bias: float | None
    """Instrument less label, mean over the labelled items."""
    correlation: float | None
    """Pearson's, over the labelled items. None also where one of both is always the same."""
    corrected: Corrected | None


def agreements(frame: pd.DataFrame) -> tuple[Agreement, ...]:
    """Of each task and model with a label. frame: columns as in `Outcome`, one row a cell.

    Epochs of an item are averaged first. A judge's score counts as the instrument where there is one on every
    row, else the score.
    """
    scored = frame[frame["score"].notna()]
    found = []
    for (task, model), rows in scored.groupby(["task", "model"], sort=True):
        if rows["human_score"].notna().any():
            found.append(_agreement(str(task), str(model), rows))
    return tuple(found)


def _agreement(task: str, model: str, rows: pd.DataFrame) -> Agreement:
    judged = bool(rows["judge_score"].notna().all())
    column = "judge_score" if judged else "score"
    names = rows["judge_model"].dropna().unique()
    means = rows.groupby("item_id")[[column, "human_score"]].mean()
    judge = means[column].to_numpy(dtype=np.float64)
    human = means["human_score"].to_numpy(dtype=np.float64, na_value=np.nan)
    told = ~np.isnan(human)
    ours, theirs = human[told], judge[told]
    return Agreement(
        task=task,
        model=model,
        items=len(means),
        labels=int(told.sum()),
        instrument=(str(names[0]) if len(names) == 1 else "judges") if judged else "score",
        raw=float(judge.mean()),
        human=float(ours.mean()),
        bias=float((theirs - ours).mean()),
        correlation=_correlation(ours, theirs),
        corrected=corrected(ours, theirs, judge[~told]),
    )


def _correlation(ours: Floats, theirs: Floats) -> float | None:
    if len(ours) < 3 or ours.std() == 0 or theirs.std() == 0:
        return None
    return float(np.corrcoef(ours, theirs)[0, 1])
