"""Usage x dated price: hand-computed cases, and what is unknown."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from whichmodel.domain import Model, Price, Usage
from whichmodel.pricing import price
from whichmodel.providers.baselines import BASELINES

NOW = datetime(2026, 11, 20, tzinfo=UTC)
TOKENS = st.integers(min_value=0, max_value=10_000_000)


def model(model_id: str = "own/model", own: Price | None = None) -> Model:
    return Model(id=model_id, inspect_name=model_id, vendor="v", price=own)


def own(**rates: str) -> Price:
    return Price("contract", date(2026, 7, 1), **{name: Decimal(rate) for name, rate in rates.items()})


def test_a_cached_read_has_its_own_rate_and_is_inside_the_input_count() -> None:
    rates = own(input_per_mtok="2", output_per_mtok="10", cached_per_mtok="0.2")
    cost = price(model(own=rates), Usage(input=1000, cached=400, output=100), at=NOW)
    assert cost.usd == (600 * Decimal(2) + 400 * Decimal("0.2") + 100 * Decimal(10)) / 1_000_000
    assert (cost.source, cost.dated) == ("contract", date(2026, 7, 1))


def test_reasoning_tokens_are_inside_the_output_count() -> None:
    rates = own(input_per_mtok="1", output_per_mtok="10")
    cost = price(model(own=rates), Usage(input=0, output=100, reasoning=80), at=NOW)
    assert cost.usd == Decimal(1000) / 1_000_000


def test_an_image_costs_its_own_price_whatever_the_tokens() -> None:
    assert price(model(own=own(per_image="0.04")), Usage(images=2), at=NOW).usd == Decimal("0.08")


def test_seconds_are_priced_by_their_length() -> None:
    assert price(model(own=own(per_second="0.001")), Usage(), at=NOW, seconds=2.5).usd == Decimal("0.0025")


def test_what_is_not_known_is_never_zero() -> None:
    tokens = own(input_per_mtok="1")
    for usage in (Usage(), Usage(input=10), Usage(input=10, output=5)):
        assert price(model(own=tokens), usage, at=NOW).usd is None
    assert price(model(own=own(per_image="1")), Usage(input=1, output=1), at=NOW).usd is None
    assert price(model(own=own(per_second="1")), Usage(), at=NOW).usd is None
    assert price(model("ollama/qwen3:8b"), Usage(input=10, output=5), at=NOW).usd is None
    assert price(model("openai/no-such-model-at-all"), Usage(input=10, output=5), at=NOW).usd is None


def test_a_known_model_is_priced_by_the_public_list() -> None:
    cost = price(model("openai/gpt-6-luna"), Usage(input=1_000_000, output=1_000_000), at=NOW)
    # 272k input tokens are the limit above which this model's rates double and half again.
    assert cost.usd == Decimal("0.2") + Decimal("0.75")
    small = price(model("openai/gpt-6-luna"), Usage(input=1000, cached=200, output=50), at=NOW)
    assert small.usd == (800 * Decimal("0.1") + 200 * Decimal("0.01") + 50 * Decimal("0.5")) / 1_000_000
    assert small.source.startswith("genai-prices ")
    assert small.dated == NOW.date()


def test_rule_baselines_are_free_and_that_is_known() -> None:
    for rule in BASELINES:
        assert price(rule, Usage(input=0, output=0), at=NOW).usd == 0


@given(TOKENS, TOKENS, TOKENS)
def test_more_tokens_never_cost_less(input_tokens: int, output_tokens: int, more: int) -> None:
    rates = own(input_per_mtok="3", output_per_mtok="15")
    less_usd = price(model(own=rates), Usage(input=input_tokens, output=output_tokens), at=NOW).usd
    more_usd = price(model(own=rates), Usage(input=input_tokens + more, output=output_tokens), at=NOW).usd
    assert less_usd is not None
    assert more_usd is not None
    assert more_usd >= less_usd
