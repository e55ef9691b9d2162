"""Percentiles and the proof of a p95 objective."""

from __future__ import annotations

import numpy as np
import pytest

from whichmodel.analyse.latency import answers_needed, is_late, percentile, proves_p95, told_percentile


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


def test_a_percentile_leaves_bent_latencies_out_and_is_not_told_from_a_few() -> None:
    steady = np.concatenate([np.full(30, 1.0), np.full(70, np.nan)])
    late = np.isnan(steady)
    assert told_percentile(steady, late, 0.95) == 1.0
    few = np.concatenate([np.full(5, 1.0), np.full(95, np.nan)])
    assert told_percentile(few, np.isnan(few), 0.95) is None
    assert told_percentile(np.full(5, 1.0), np.zeros(5, dtype=bool), 0.95) == 1.0


def test_a_loop_later_than_a_twentieth_of_the_latency_has_bent_it() -> None:
    latency, lag = np.array([1.0, 1.0, 0.1, 1.0]), np.array([0.049, 0.051, 0.006, np.nan])
    assert is_late(latency, lag).tolist() == [False, True, True, False]
