"""Outcomes as matrices."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from whichmodel.analyse.evidence import FAILED, NOT_ASKED, REFUSED, SCORED, Evidence, collect
from whichmodel.domain import Model
from whichmodel.errors import UsageError

Outcomes = Callable[..., pd.DataFrame]


def _of(evidence: Evidence, model: str, item: str) -> tuple[int, int]:
    return evidence.items.index(item), evidence.column(model)


def test_a_failed_item_has_a_state_and_no_score(outcomes: Outcomes) -> None:
    frame = outcomes({"a/x": [1, None, 0.5], "b/y": [1, 1, 1]})
    frame = frame[~((frame["model"] == "b/y") & (frame["item_id"] == "i00002"))]
    (evidence,) = collect(frame, {}, set())
    failed, absent = _of(evidence, "a/x", "i00001"), _of(evidence, "b/y", "i00002")
    assert (evidence.state[failed], evidence.state[absent]) == (FAILED, NOT_ASKED)
    assert np.isnan(evidence.score[failed])
    assert np.isnan(evidence.score[absent])
    assert np.isnan(evidence.cost_usd[failed])
    assert evidence.score[_of(evidence, "a/x", "i00002")] == 0.5


def test_epochs_of_an_item_are_averaged_and_a_failed_epoch_is_left_out(outcomes: Outcomes) -> None:
    frame = pd.concat(
        [
            outcomes({"a/x": [1, 1, 0]}, epoch=1, cost_usd=0.1),
            outcomes({"a/x": [0, None, 0]}, epoch=2, cost_usd=[0.3, 0.3, None], latency_s=5.0),
        ]
    )
    frame.loc[(frame["epoch"] == 2) & (frame["item_id"] == "i00000"), "status"] = "refused"
    (evidence,) = collect(frame, {}, set())
    first, second, third = (_of(evidence, "a/x", f"i0000{k}") for k in range(3))
    assert (evidence.score[first], evidence.score[second]) == (0.5, 1.0)
    assert evidence.cost_usd[first] == pytest.approx(0.2)
    assert evidence.cost_usd[second] == pytest.approx(0.1)
    assert np.isnan(evidence.cost_usd[third]), "one epoch's cost is unknown"
    assert (evidence.state[first], evidence.state[second]) == (REFUSED, SCORED)
    assert sorted(evidence.latency_s[first]) == [1.0, 5.0]


def test_the_order_of_rows_changes_nothing(outcomes: Outcomes) -> None:
    frame = outcomes({"a/x": np.linspace(0, 1, 50), "b/y": np.linspace(1, 0, 50)})
    (one,) = collect(frame, {}, set())
    (other,) = collect(frame.sample(frac=1, random_state=3), {}, set())
    assert (one.items, one.models, one.measured) == (other.items, other.models, other.measured)
    np.testing.assert_array_equal(one.score, other.score)


def test_items_stand_in_one_random_order_for_all_banks(outcomes: Outcomes) -> None:
    (small,) = collect(outcomes({"a/x": [1] * 20}), {}, set())
    (large,) = collect(outcomes({"b/y": [1] * 40}), {}, set())
    assert small.items != tuple(sorted(small.items))
    assert small.items == tuple(item for item in large.items if item in small.items)


def test_of_two_settings_the_configured_one_counts_else_the_latest(outcomes: Outcomes) -> None:
    model = Model(id="a/x", inspect_name="a/x", vendor="a")
    old = outcomes({"a/x": [0, 0]}, settings_hash=model.settings_hash)
    new = outcomes({"a/x": [1, 1]}, settings_hash="new", started_at=datetime(2026, 11, 9, tzinfo=UTC))
    frame = pd.concat([old, new])
    (configured,) = collect(frame, {"a/x": model}, set())
    (latest,) = collect(frame, {}, set())
    assert (configured.score.mean(), latest.score.mean()) == (0.0, 1.0)
    assert configured.measured[0].settings_hash == model.settings_hash


def test_simulated_rows_beside_real_models_are_refused(outcomes: Outcomes) -> None:
    frame = pd.concat([outcomes({"a/x": [1]}), outcomes({"b/y": [1]}, simulated=True)])
    with pytest.raises(UsageError, match="Simulated and real"):
        collect(frame, {}, set())


def test_a_rule_stands_beside_simulated_models(outcomes: Outcomes) -> None:
    frame = pd.concat([outcomes({"rule/x": [1]}, baseline=True), outcomes({"b/y": [1]}, simulated=True)])
    (evidence,) = collect(frame, {}, {"invoices"})
    assert evidence.simulated
    assert evidence.judged
    assert [column.simulated for column in evidence.measured] == [True, False]


def test_two_banks_of_one_task_are_refused(outcomes: Outcomes) -> None:
    frame = pd.concat([outcomes({"a/x": [1]}), outcomes({"b/y": [1]}, task_hash="other")])
    with pytest.raises(UsageError, match="2 banks of the task 'invoices'"):
        collect(frame, {}, set())


def test_tasks_come_apart_and_nothing_gives_nothing(outcomes: Outcomes) -> None:
    frame = pd.concat([outcomes({"a/x": [1]}, task="two"), outcomes({"a/x": [1]}, task="one")])
    assert [evidence.task for evidence in collect(frame, {}, set())] == ["one", "two"]
    assert collect(frame.iloc[:0], {}, set()) == ()


def test_decimal_costs_and_absent_ones_are_read(outcomes: Outcomes) -> None:
    (evidence,) = collect(outcomes({"a/x": [1, 1]}, cost_usd=[Decimal("0.25"), None]), {}, set())
    assert evidence.cost_usd[_of(evidence, "a/x", "i00000")] == 0.25
    assert not evidence.known_cost()[0]


def test_models_stand_in_the_order_of_their_names_whatever_order_rows_come_in(outcomes: Outcomes) -> None:
    """A store gives texts as categories in the order in which they were met."""
    frame = outcomes({"c/z": [1, 0], "a/x": [0, 1], "b/y": [1, 1]})
    met = frame.assign(model=pd.Categorical(frame["model"], categories=["c/z", "a/x", "b/y"]))
    (evidence,) = collect(met, {}, set())
    assert evidence.models == ("a/x", "b/y", "c/z")
    assert evidence.score[_of(evidence, "c/z", "i00001")] == 0


def test_clusters_have_the_same_numbers_whatever_order_rows_come_in(outcomes: Outcomes) -> None:
    """What is resampled by clusters is then the same at each reading."""
    threads = ["t0", "t0", "t1", "t2"]
    frame = outcomes({"a/x": [1, 0, 1, 1]}, cluster_id=threads)
    met = frame.assign(cluster_id=pd.Categorical(threads, categories=["t2", "t0", "t1"]))
    (one,), (other,) = collect(frame, {}, set()), collect(met, {}, set())
    np.testing.assert_array_equal(one.clusters, other.clusters)
