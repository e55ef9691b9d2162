"""The cost of an accepted answer."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from whichmodel.analyse.accepted import Accepted, accepted
from whichmodel.analyse.evidence import Evidence, collect
from whichmodel.cli.accepted import as_json, words

Outcomes = Callable[..., pd.DataFrame]


def rows(frame: pd.DataFrame) -> dict[str, Accepted]:
    (evidence,) = collect(frame, {}, set())
    return {row.model: row for row in accepted(evidence)}


def pictures(frame: pd.DataFrame) -> tuple[Evidence, ...]:
    frame["category"] = "image-prompt"
    return collect(frame, {}, set())


def test_all_answers_are_paid_for_and_the_full_scores_kept(outcomes: Outcomes) -> None:
    row = rows(outcomes({"a/x": [1.0] * 60 + [0.9] * 30 + [0.0] * 10}, cost_usd=0.03))["a/x"]
    assert (row.n, row.share) == (100, 0.6)
    assert row.cost_usd == pytest.approx(0.05)
    assert row.cost_low_usd is not None
    assert row.cost_high_usd is not None
    assert row.cost_low_usd < 0.05 < row.cost_high_usd
    assert 0.03 / row.high == pytest.approx(row.cost_low_usd, rel=0.05)


def test_the_cheaper_picture_is_not_the_cheaper_accepted_one(outcomes: Outcomes) -> None:
    good = outcomes({"a/good": [1.0] * 90 + [0.0] * 10}, cost_usd=0.04)
    cheap = outcomes({"b/cheap": [1.0] * 10 + [0.5] * 90}, cost_usd=0.01)
    assert list(rows(pd.concat([good, cheap], ignore_index=True))) == ["a/good", "b/cheap"]


@pytest.mark.parametrize("cost", [None, [None] + [0.04] * 19])
def test_an_unknown_cost_stays_unknown(outcomes: Outcomes, cost: list[float | None] | None) -> None:
    row = rows(outcomes({"a/x": [1.0] * 20}, cost_usd=cost))["a/x"]
    assert (row.share, row.cost_usd, row.cost_low_usd, row.cost_high_usd) == (1.0, None, None, None)


def test_none_accepted_has_no_cost_and_few_accepted_no_upper_bound(outcomes: Outcomes) -> None:
    assert rows(outcomes({"a/x": [0.5] * 20}))["a/x"].cost_usd is None
    row = rows(outcomes({"a/x": [1.0] + [0.5] * 19}, cost_usd=0.02))["a/x"]
    assert row.cost_usd == pytest.approx(0.4)
    assert row.cost_high_usd is None


def test_where_all_are_accepted_the_cost_is_still_uncertain(outcomes: Outcomes) -> None:
    row = rows(outcomes({"a/x": [1.0] * 8}, cost_usd=0.04))["a/x"]
    assert row.cost_low_usd == pytest.approx(0.04)
    assert row.cost_high_usd == pytest.approx(0.04 / row.low)


def test_failed_items_are_neither_paid_nor_accepted(outcomes: Outcomes) -> None:
    row = rows(outcomes({"a/x": [1.0] * 5 + [0.0] * 5 + [None] * 10}, cost_usd=0.02))["a/x"]
    assert row.n == 10
    assert row.cost_usd == pytest.approx(0.04)


def test_a_report_has_a_line_a_task_of_pictures(outcomes: Outcomes) -> None:
    scores = {"a/x": [1.0] * 50 + [0.5] * 50, "b/y": [0.5] * 100}
    found = pictures(outcomes(scores, task="brand_brief", cost_usd=0.04))
    (line,) = words(found, ["brand_brief"])
    assert line.startswith("brand_brief, cost of an accepted picture: a/x $0.08 [$0.0")
    assert line.endswith("(50% of 100 accepted); b/y none (0% of 100 accepted).")
    assert [row["model"] for row in as_json(found, ["brand_brief"])] == ["a/x", "b/y"]
    assert list(words(found, ["another"])) == []
    assert list(words(collect(outcomes(scores), {}, set()), ["invoices"])) == []


@given(
    scores=st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=1, max_size=40),
    cost=st.floats(1e-6, 10),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_cost_lies_within_its_bounds_and_above_that_of_an_answer(
    outcomes: Outcomes, scores: list[float], cost: float
) -> None:
    row = rows(outcomes({"a/x": scores}, cost_usd=cost))["a/x"]
    assert row.low <= row.share <= row.high
    if row.cost_usd is not None:
        assert row.cost_usd >= cost * (1 - 1e-6)
        assert row.cost_low_usd is not None
        assert row.cost_low_usd <= row.cost_usd * (1 + 1e-6)
        assert row.cost_usd <= (np.inf if row.cost_high_usd is None else row.cost_high_usd) * (1 + 1e-6)
