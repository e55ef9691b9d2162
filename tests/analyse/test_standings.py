"""Standings of one task."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from whichmodel.analyse.evidence import collect
from whichmodel.analyse.standings import standings
from whichmodel.domain import Model, Standing

Outcomes = Callable[..., pd.DataFrame]


def _stand(frame: pd.DataFrame) -> dict[str, Standing]:
    (evidence,) = collect(frame, {"a/x": Model(id="a/x", inspect_name="a/x", vendor="Alpha")}, set())
    return {row.model: row for row in standings(evidence, {})}


def test_a_standing_counts_what_happened(outcomes: Outcomes) -> None:
    frame = outcomes(
        {"a/x": [1] * 90 + [0] * 8 + [None] * 2},
        status=["scored"] * 95 + ["refused", "truncated", "scored"] + ["failed"] * 2,
        parsed=[True] * 93 + [False] * 5 + [None] * 2,
        latency_s=[1.0] * 98 + [99.0] * 2,
    )
    row = _stand(frame)["a/x"]
    assert (row.n, row.planned, row.failed, row.refused, row.truncated) == (98, 100, 2, 1, 1)
    assert row.score == pytest.approx(90 / 98)
    assert row.coverage == 0.98
    assert row.unparsed == pytest.approx(5 / 98)
    assert (row.p95_s, row.status, row.interval) == (1.0, "ok", "Jeffreys 95%")
    assert row.cost_per_1k_usd == pytest.approx(1.0)


def test_standings_are_sorted_by_score_and_what_has_none_comes_last(outcomes: Outcomes) -> None:
    frame = outcomes({"a/x": [0.2] * 60, "b/y": [None] * 60, "c/z": [0.9] * 60})
    (evidence,) = collect(frame, {}, set())
    found = standings(evidence, {})
    assert [row.model for row in found] == ["c/z", "a/x", "b/y"]
    last = found[-1]
    assert (last.score, last.low, last.interval, last.status) == (None, None, "", "failed")
    assert (last.cost_per_1k_usd, last.p50_s, last.unparsed, last.coverage) == (None, None, None, 0.0)


def test_one_unknown_cost_makes_the_whole_cost_unknown(outcomes: Outcomes) -> None:
    assert _stand(outcomes({"a/x": [1] * 3}, cost_usd=[0.1, None, 0.1]))["a/x"].cost_per_1k_usd is None


@pytest.mark.parametrize(
    ("statuses", "status"),
    [
        (["scored"] * 100, "ok"),
        (["scored"] * 49, "few-items"),
        (["scored"] * 95 + ["refused"] * 5, "ok"),
        (["scored"] * 94 + ["refused"] * 3 + ["truncated"] * 3, "low-coverage"),
        (["scored"] * 94 + ["failed"] * 6, "low-coverage"),
    ],
)
def test_the_status_follows_from_what_was_answered(
    outcomes: Outcomes, statuses: list[str], status: str
) -> None:
    scores = [None if kind == "failed" else 0.5 for kind in statuses]
    assert _stand(outcomes({"a/x": scores}, status=statuses))["a/x"].status == status


@given(st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=1, max_size=40), st.integers(1, 10))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_failed_rows_never_change_a_score(outcomes: Outcomes, scores: list[float], failures: int) -> None:
    alone = _stand(outcomes({"a/x": scores}))["a/x"]
    beside = _stand(outcomes({"a/x": [*scores, *[None] * failures]}))["a/x"]
    assert (alone.score, alone.low, alone.high, alone.n) == (beside.score, beside.low, beside.high, beside.n)
    assert beside.failed == failures


def test_vendors_come_from_the_configuration_else_from_the_id(outcomes: Outcomes) -> None:
    (evidence,) = collect(outcomes({"a/x": [1], "b/y": [1]}), {}, set())
    known = {"a/x": Model(id="a/x", inspect_name="a/x", vendor="Alpha")}
    assert {row.model: row.vendor for row in standings(evidence, known)} == {"a/x": "Alpha", "b/y": "b"}


def test_two_hundred_of_two_hundred_has_an_interval_below_1(outcomes: Outcomes) -> None:
    row = _stand(outcomes({"a/x": np.ones(200)}))["a/x"]
    assert row.low is not None
    assert row.low < 0.99
