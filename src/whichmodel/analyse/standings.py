"""How each model stands on a task: score and interval, cost, latency, coverage, status."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from whichmodel.analyse.costs import mean_cost
from whichmodel.analyse.evidence import FAILED, NOT_ASKED, REFUSED, TRUNCATED, Evidence
from whichmodel.analyse.intervals import interval
from whichmodel.analyse.latency import told_percentile
from whichmodel.domain import Model, Standing, kinship

FEW_ITEMS = 50
"""Items with a score under which a standing says little: the first look of a race."""
RANKED_COVERAGE = 0.95
"""Share of planned items answered, so neither failed, refused nor truncated, under which none is ranked."""


def vendor_of(model: str, models: Mapping[str, Model]) -> str:
    """Who answers for a model; of one that is not configured, the first part of its id."""
    return models[model].vendor if model in models else model.partition("/")[0]


def standings(evidence: Evidence, models: Mapping[str, Model]) -> tuple[Standing, ...]:
    """One standing a model, the best score first; models without a score last."""
    rows = [_standing(evidence, column, models) for column in range(len(evidence.measured))]
    return tuple(sorted(rows, key=lambda row: (row.score is None, -(row.score or 0.0), row.model)))


def _standing(evidence: Evidence, column: int, models: Mapping[str, Model]) -> Standing:
    measured = evidence.measured[column]
    state = evidence.state[:, column]
    scored = ~np.isnan(evidence.score[:, column])
    n, planned = int(scored.sum()), int((state != NOT_ASKED).sum())
    refused, truncated = int((state == REFUSED).sum()), int((state == TRUNCATED).sum())
    clusters = evidence.clusters[scored] if evidence.clustered else None
    found = interval(evidence.score[scored, column], clusters)
    cost = mean_cost(evidence, column)
    steady, late = evidence.steady_s(column), evidence.late[:, column]
    return Standing(
        task=evidence.task,
        category=evidence.category,
        model=measured.model,
        vendor=vendor_of(measured.model, models),
        n=n,
        planned=planned,
        score=found.mean if found else None,
        low=found.low if found else None,
        high=found.high if found else None,
        interval=found.method if found else "",
        cost_per_1k_usd=None if cost is None else cost * 1000,
        p50_s=told_percentile(steady, late, 0.50),
        p95_s=told_percentile(steady, late, 0.95),
        late=int(late.sum()),
        coverage=n / planned if planned else 0.0,
        unparsed=float(evidence.unparsed[scored, column].mean()) if n else None,
        refused=refused,
        truncated=truncated,
        failed=int((state == FAILED).sum()),
        status=_status(n, planned, refused + truncated),
        simulated=measured.simulated,
        baseline=measured.baseline,
        task_hash=evidence.task_hash,
        settings_hash=measured.settings_hash,
        run_ids=measured.run_ids,
        measured_from=measured.first,
        measured_to=measured.last,
        judge=measured.judge,
        judge_kin=_kin(measured.judge, measured.model, models),
    )


def _kin(judge: str | None, model: str, models: Mapping[str, Model]) -> str:
    if judge is None:
        return ""
    return kinship(judge, model, {name: vendor_of(name, models) for name in (judge, model)})


def _status(n: int, planned: int, unanswered: int) -> str:
    if n == 0:
        return "failed"
    if (n - unanswered) / planned < RANKED_COVERAGE:
        return "low-coverage"
    return "few-items" if n < FEW_ITEMS else "ok"


FORMAT_GAP = 0.05
"""Difference of two unparsed shares above which scores may compare formats rather than answers."""


def uneven_format(standings: Sequence[Standing]) -> tuple[Standing, ...]:
    """Standings of one task from the largest unparsed share to the smallest, where these differ much."""
    read = [s for s in standings if s.unparsed is not None]
    ordered = sorted(read, key=lambda s: -(s.unparsed or 0.0))
    if not ordered or (ordered[0].unparsed or 0.0) - (ordered[-1].unparsed or 0.0) <= FORMAT_GAP:
        return ()
    return tuple(ordered)
