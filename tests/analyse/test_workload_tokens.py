"""Costs at the tokens of a workload, which are not those of the bank."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

from whichmodel.analyse.economics.workload import at_workload
from whichmodel.domain import Model, Organisation, Price, Workload

Outcomes = Callable[..., pd.DataFrame]
AT = datetime(2026, 11, 1, tzinfo=UTC)


def priced(name: str, **rates: str) -> Model:
    price = Price("own", date(2026, 1, 1), **{key: Decimal(value) for key, value in rates.items()})
    return Model(name, name, "shop", price=price)


BY_TOKEN = {"input_per_mtok": "1", "output_per_mtok": "10"}
MODELS = {
    "shop/brief": priced("shop/brief", **BY_TOKEN),
    "shop/wordy": priced("shop/wordy", **BY_TOKEN),
    "shop/hosted": priced("shop/hosted", per_gpu_hour="3", requests_per_hour="1000"),
    "shop/secret": Model("shop/secret", "shop/secret", "shop"),
}


@pytest.fixture
def frame(outcomes: Outcomes) -> pd.DataFrame:
    """The bank has 100 tokens a prompt; one model answers with 10, another with 40."""
    made = outcomes(dict.fromkeys(MODELS, np.ones(50)), input_tokens=100)
    return made.assign(output_tokens=np.where(made.model == "shop/wordy", 40, 10), cost_usd=0.5)


def means(frame: pd.DataFrame) -> dict[str, float]:
    return {str(name): float(cost) for name, cost in frame.groupby("model").cost_usd.mean().items()}


def own(**workload: Any) -> Organisation:
    return Organisation("acme", "ACME", workloads=(Workload("invoices", 10, **workload),))


def test_a_workload_without_tokens_leaves_costs_as_they_were(frame: pd.DataFrame) -> None:
    same, scales = at_workload(frame, own(), MODELS, at=AT)
    assert scales == ()
    assert same is frame


def test_a_model_that_writes_more_than_another_still_does(frame: pd.DataFrame) -> None:
    """2,000 tokens in and 20 out by the model of today, which has 100 and 10 in the bank: 20 and 2 times."""
    named = own(input_tokens=2000, output_tokens=20, incumbent="shop/brief")
    found, [scale] = at_workload(frame, named, MODELS, at=AT)
    assert (scale.input, scale.output, scale.reference) == (20, 2, "shop/brief")
    cost = means(found)
    assert cost["shop/brief"] == pytest.approx((2000 * 1 + 20 * 10) / 1e6)
    assert cost["shop/wordy"] == pytest.approx((2000 * 1 + 80 * 10) / 1e6)


def test_without_a_model_of_today_the_median_model_s_counts_are_the_measure(frame: pd.DataFrame) -> None:
    _, [scale] = at_workload(frame, own(output_tokens=30), MODELS, at=AT)
    assert (scale.input, scale.output, scale.reference) == (1.0, 3.0, "the median model")


def test_what_has_no_price_by_tokens_is_unknown(frame: pd.DataFrame) -> None:
    """Nobody measured how long a GPU takes for a prompt of another length."""
    cost = means(at_workload(frame, own(input_tokens=200), MODELS, at=AT)[0])
    assert np.isnan(cost["shop/hosted"])
    assert np.isnan(cost["shop/secret"])


def test_without_counts_in_the_bank_costs_are_unknown(frame: pd.DataFrame) -> None:
    bare = frame.assign(input_tokens=None, output_tokens=None)
    assert at_workload(bare, own(input_tokens=200), MODELS, at=AT)[0].cost_usd.isna().all()


def test_long_prompts_pay_the_rates_of_long_prompts(outcomes: Outcomes) -> None:
    """The public list charges GPT-6 more from a length on, which only the workload reaches."""
    name = "openai/gpt-6.1-sol"
    frame = outcomes({name: np.ones(20)}, input_tokens=1000, output_tokens=10)
    models = {name: Model(name, name, "openai")}
    short, long = (
        means(at_workload(frame, own(input_tokens=tokens), models, at=AT)[0])[name]
        for tokens in (100_000, 400_000)
    )
    assert long > 4.5 * short


def test_another_task_is_left_alone(outcomes: Outcomes) -> None:
    both = pd.concat([outcomes({"shop/brief": np.ones(9)}, task=t, input_tokens=10, output_tokens=10,
                               cost_usd=0.5) for t in ("invoices", "tickets")])  # fmt: skip
    category = both.task.map({"invoices": "extraction", "tickets": "classification"})
    found, _ = at_workload(both.assign(category=category), own(input_tokens=20), MODELS, at=AT)
    assert set(found[found.task == "tickets"].cost_usd) == {0.5}
    assert 0.5 not in set(found[found.task == "invoices"].cost_usd)
