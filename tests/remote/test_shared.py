"""What everybody may see of a row: no price of one's own can be worked out of it, no label stays in it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from rows import FAILED, outcome

from whichmodel.pricing.public import library
from whichmodel.remote.shared import for_everybody
from whichmodel.store import schema

PUBLIC_PRICE: dict[str, Any] = {"price_source": library(), "cost_usd": Decimal("0.0012")}
OWN_PRICE: dict[str, Any] = {"price_source": "contract 2026-07", "cost_usd": Decimal("0.0004")}


def _seen(own: tuple[str, ...] = (), **changes: Any) -> dict[str, Any]:
    rows = schema.arrow([outcome(1, **PUBLIC_PRICE), outcome(2, **changes)])
    seen = for_everybody(rows, own)
    assert seen.schema == rows.schema
    assert seen["key"] == rows["key"]
    found: list[dict[str, Any]] = seen.to_pylist()
    assert found[0]["cost_usd"] == PUBLIC_PRICE["cost_usd"]
    return found[1]


def test_a_cost_by_the_public_list_is_seen() -> None:
    seen = _seen(**PUBLIC_PRICE)
    assert (seen["cost_usd"], seen["price_source"]) == (Decimal("0.0012"), library())
    assert seen["price_date"] is not None


def test_a_cost_by_a_price_of_ones_own_is_not() -> None:
    seen = _seen(**OWN_PRICE)
    assert (seen["cost_usd"], seen["price_source"], seen["price_date"]) == (None, None, None)
    assert seen["input_tokens"] == 100


def test_an_imported_cost_is_not() -> None:
    assert _seen(price_source="imported", cost_usd=Decimal(1))["cost_usd"] is None


@pytest.mark.parametrize("of", [{"simulated": True}, {"baseline": True}])
def test_made_up_prices_stay(of: dict[str, Any]) -> None:
    assert _seen(**OWN_PRICE, **of)["cost_usd"] == OWN_PRICE["cost_usd"]


def test_a_failed_row_stays_as_it_is() -> None:
    assert _seen(**FAILED)["error_text"] == FAILED["error_text"]


@pytest.mark.parametrize(
    ("judge", "own", "seen"),
    [
        ("openai/gpt", ("openai/gpt",), None),
        (None, ("openai/gpt",), None),
        ("openai/gpt", ("vllm/own",), Decimal("0.002")),
        (None, (), Decimal("0.002")),
    ],
)
def test_a_judges_cost_is_seen_only_where_it_has_no_price_of_ones_own(
    judge: str | None, own: tuple[str, ...], seen: Decimal | None
) -> None:
    judged = {"judge_model": judge, "judge_cost_usd": Decimal("0.002")}
    assert _seen(own, **PUBLIC_PRICE, **judged)["judge_cost_usd"] == seen


def test_that_no_judge_was_asked_is_seen() -> None:
    assert _seen(("openai/gpt",), **PUBLIC_PRICE)["judge_cost_usd"] == 0


def test_what_people_said_of_an_answer_is_not() -> None:
    assert _seen(**PUBLIC_PRICE, human_score=0.5)["human_score"] is None
