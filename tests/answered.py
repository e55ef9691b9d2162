"""Answers made for tests from what each model said and what was right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from whichmodel.analyse.answers import Answers
from whichmodel.analyse.evidence import FAILED, SCORED, Evidence, Measured


def answered(
    said: Mapping[str, Sequence[str]],
    gold: Sequence[str] = (),
    *,
    scores: Mapping[str, ArrayLike] | None = None,
    cost: Mapping[str, float] | None = None,
    clusters: Sequence[int] | None = None,
    latency: Mapping[str, float] | None = None,
    task: str = "invoices",
    epochs: int = 1,
) -> Answers:
    """Answers in the order of the items. "" = nothing that could agree.

    gold: what earns 1, all else 0. scores: in its place, NaN = failed. cost: USD a request, NaN = unknown, a
    tenth of a cent unless given.
    """
    names = sorted(said)
    if scores is None:
        right = np.asarray(gold)
        scores = {name: (np.asarray(said[name]) == right) & (right != "") for name in names}
    score = np.column_stack([np.asarray(scores[name], dtype=float) for name in names])
    failed = np.isnan(score)
    spoken = np.column_stack([np.asarray(said[name], dtype=object) for name in names])
    code = pd.factorize(spoken.ravel())[0].reshape(spoken.shape)
    each = np.array([(cost or {}).get(name, 0.001) for name in names])
    seconds = np.array([(latency or {}).get(name, 1.0) for name in names])
    n = len(score)
    evidence = Evidence(
        task=task,
        category="extraction",
        task_hash=f"{task}-1",
        judged=False,
        items=tuple(f"i{k}" for k in range(n)),
        clusters=np.arange(n) if clusters is None else np.asarray(clusters),
        measured=tuple(Measured(name, "s1", False, False, ("r1",)) for name in names),
        score=score,
        cost_usd=np.where(failed, np.nan, each),
        unparsed=np.where(failed, np.nan, 0.0),
        state=np.where(failed, FAILED, SCORED),
        latency_s=np.where(failed, np.nan, seconds)[:, :, None],
        late=np.zeros((*score.shape, 1), dtype=bool),
    )
    return Answers(evidence, np.where((spoken == "") | failed, -1, code), epochs)
