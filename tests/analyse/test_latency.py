"""Percentiles and the proof of a p95 objective."""

from __future__ import annotations

import numpy as np
import pytest

from whichmodel.analyse.latency import answers_needed, percentile, proves_p95


@pytest.mark.parametrize(("misses", "needed"), [(0, 59), (1, 93), (2, 124)])
def test_the_answers_that_prove_a_p95(misses: int, needed: int) -> None:
    latency = np.concatenate([np.full(needed - misses, 1.0), np.full(misses, 9.0)])
    assert answers_needed(misses) == needed
    assert proves_p95(latency, 2.0)
    assert not proves_p95(latency[1:], 2.0)


def test_unknown_latencies_prove_nothing_and_have_no_percentile() -> None:
    unknown = np.full(500, np.nan)
    assert not proves_p95(unknown, 2.0)
    assert percentile(unknown, 0.95) is None


def test_percentiles_leave_unknown_latencies_out() -> None:
    assert percentile(np.array([[1.0, np.nan], [3.0, 2.0]]), 0.5) == 2.0
