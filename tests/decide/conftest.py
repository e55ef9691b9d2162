"""Evidence made from scores, and the models and route that go with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from whichmodel.analyse.evidence import FAILED, SCORED, Evidence, Measured
from whichmodel.analyse.standings import standings
from whichmodel.decide.route import route
from whichmodel.domain import Model, Organisation, Route

MakeEvidence = Callable[..., Evidence]
Decide = Callable[..., Route]


def make(
    scores: Mapping[str, Any],
    *,
    cost: Mapping[str, float | None] | None = None,
    latency: Mapping[str, Any] | None = None,
    task: str = "invoices",
    category: str = "extraction",
    **changes: Any,
) -> Evidence:
    """Evidence over items in the order given. NaN = failed. cost: USD a request; None = unknown."""
    names = list(scores)
    score = np.column_stack([np.asarray(scores[name], dtype=float) for name in names])
    failed = np.isnan(score)
    each = [np.nan if (c := (cost or {}).get(name, 0.001)) is None else c for name in names]
    seconds = [np.broadcast_to(np.asarray((latency or {}).get(name, 1.0)), len(score)) for name in names]
    given: dict[str, Any] = {
        "task": task,
        "category": category,
        "task_hash": f"{task}-1",
        "judged": False,
        "items": tuple(f"i{k}" for k in range(len(score))),
        "clusters": np.arange(len(score)),
        "measured": tuple(Measured(name, "s1", False, False, ("r1",)) for name in names),
        "score": score,
        "cost_usd": np.where(failed, np.nan, np.array(each, dtype=float)),
        "unparsed": np.where(failed, np.nan, 0.0),
        "state": np.where(failed, FAILED, SCORED),
        "latency_s": np.where(failed, np.nan, np.column_stack(seconds))[:, :, None],
        "late": np.zeros((*score.shape, 1), dtype=bool),
    }
    return Evidence(**{**given, **changes})


def decide(
    evidence: Evidence,
    organisation: Organisation | None = None,
    models: Mapping[str, Model] | None = None,
    **before: Any,
) -> Route:
    """The route of an organisation without any demand, unless one is given; all models are configured."""
    known = models or {
        name: Model(id=name, inspect_name=name, vendor=name.partition("/")[0]) for name in evidence.models
    }
    found = standings(evidence, known)
    return route(evidence, found, known, organisation or Organisation("acme", "ACME"), **before)


@pytest.fixture
def evidence_of() -> MakeEvidence:
    """The maker of evidence."""
    return make


@pytest.fixture
def decided() -> Decide:
    """The route of some evidence."""
    return decide
