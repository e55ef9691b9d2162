"""Which human labels a judged task has, and whether they may put its scores right (DECISION section 6)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from whichmodel.analyse.evidence import Codes, Evidence
from whichmodel.domain import DecisionRule


def in_common(evidence: Evidence) -> Codes:
    """Models x models: items on which people labelled the answers of both."""
    size = len(evidence.models)
    if evidence.human is None:
        return np.zeros((size, size), dtype=np.int64)
    told = (~np.isnan(evidence.human) & ~np.isnan(evidence.score)).astype(np.int64)
    return np.asarray(told.T @ told)


def with_usable_labels(evidence: Evidence, common: Codes, rule: DecisionRule) -> Evidence:
    """The evidence with its labels where they may put its scores right, else without them."""
    enough = evidence.judged and (np.diag(common) >= rule.judge.min_for_certified).any()
    return evidence if enough else replace(evidence, human=None)
