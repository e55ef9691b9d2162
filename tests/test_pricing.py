"""Usage x dated price: hand-computed cases, and what is unknown."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from genai_prices import Usage as Counted
from genai_prices import calc_price, data_snapshot
from hypothesis import given
from hypothesis import strategies as st

from whichmodel.domain import Model, Price, Usage
from whichmodel.pricing import PROVIDERS, price
from whichmodel.providers.baselines import BASELINES

NOW = datetime(2026, 11, 20, tzinfo=UTC)


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


def test_a_gpu_hour_is_shared_by_what_the_gpus_sustain() -> None:
    hour = own(per_gpu_hour="3.6", requests_per_hour="3600")
    assert price(model(own=hour), Usage(), at=NOW).usd == Decimal("0.001")
    shared = own(per_gpu_hour="3.6", concurrency="8")
    # 3.6 / 3600 s x 4 s / 8
    assert price(model(own=shared), Usage(), at=NOW, seconds=4).usd == Decimal("0.0005")


def test_a_gpu_hour_without_a_throughput_is_unknown_and_says_so() -> None:
    shared = own(per_gpu_hour="3.6", concurrency="8")
    for rates, seconds, calls in ((own(per_gpu_hour="3.6"), 4.0, 1), (shared, None, 1), (shared, 4.0, 2)):
        found = price(model(own=rates), Usage(calls=calls), at=NOW, seconds=seconds)
        assert found.usd is None
        assert "GPU hour" in found.why


def test_a_batch_call_costs_its_share_and_without_one_it_is_unknown() -> None:
    usage = Usage(input=1000, output=0, batch=True)
    tokens = own(input_per_mtok="2", output_per_mtok="10")
    assert price(model(own=tokens), usage, at=NOW).why == "no rate for batch"
    half = own(input_per_mtok="2", output_per_mtok="10", batch_factor="0.5")
    assert price(model(own=half), usage, at=NOW).usd == Decimal("0.001")
    # The list has batch rates of this model since 2026-10-14, and no earlier ones.
    haiku = model("anthropic/claude-haiku-4-5")
    assert price(haiku, usage, at=NOW).usd == Decimal("0.0005")
    assert price(haiku, usage, at=datetime(2026, 10, 13, tzinfo=UTC)).why == "no rate for batch"


def test_reasoning_that_is_charged_apart_has_its_own_rate() -> None:
    rates = own(input_per_mtok="2", output_per_mtok="8", reasoning_per_mtok="3")
    usage = Usage(input=0, output=100, reasoning=60)
    assert price(model(own=rates), usage, at=NOW).usd == Decimal(40 * 8 + 60 * 3) / 1_000_000
    assert price(model(own=rates), Usage(input=0, output=100), at=NOW).why == "no count of reasoning tokens"


def test_writes_for_an_hour_are_not_priced_as_short_ones() -> None:
    usage = Usage(input=1000, cache_write=600, cache_write_1h=200, output=0)
    short = own(input_per_mtok="2", output_per_mtok="8", cache_write_per_mtok="2.5")
    assert price(model(own=short), usage, at=NOW).why == "no rate for cache writes kept for an hour"
    both = own(
        input_per_mtok="2", output_per_mtok="8", cache_write_per_mtok="2.5", cache_write_1h_per_mtok="4"
    )
    expected = (400 * 2 + 400 * Decimal("2.5") + 200 * 4) / 1_000_000
    assert price(model(own=both), usage, at=NOW).usd == expected
    plain = own(input_per_mtok="2", output_per_mtok="8")
    assert price(model(own=plain), usage, at=NOW).usd == Decimal("0.002")


def test_counts_that_contradict_each_other_have_no_cost() -> None:
    rates = own(input_per_mtok="2", output_per_mtok="10")
    for usage in (
        Usage(input=10, cached=11, output=1),
        Usage(input=10, cache_write=1, cache_write_1h=2, output=1),
        Usage(input=10, cached=6, cache_write=6, output=1),
    ):
        assert price(model(own=rates), usage, at=NOW).why == "the counts contradict each other"


def test_several_calls_are_priced_at_the_length_of_their_mean() -> None:
    luna = model("openai/gpt-6-luna")
    twice = price(luna, Usage(input=544_000, output=0, calls=2), at=NOW).usd
    assert twice == 544_000 * Decimal("0.1") / 1_000_000
    longer = price(luna, Usage(input=544_001, output=0, calls=2), at=NOW).usd
    assert longer == 544_001 * Decimal("0.2") / 1_000_000


ALL_RATES = own(
    input_per_mtok="3",
    output_per_mtok="15",
    cached_per_mtok="0.3",
    cache_write_per_mtok="3.75",
    cache_write_1h_per_mtok="6",
    reasoning_per_mtok="4",
    image_input_per_mtok="8",
    image_output_per_mtok="32",
    per_image="0.01",
    per_megapixel="0.02",
    per_gpu_hour="2",
    requests_per_hour="100",
)
PRICED = [model(own=ALL_RATES), model("anthropic/claude-sonnet-4-5"), model("google/gemini-2.5-pro")]
PARTS: dict[str, tuple[str, ...]] = {
    "input": ("input",),
    "cached": ("input", "cached"),
    "cache_write": ("input", "cache_write"),
    "cache_write_1h": ("input", "cache_write", "cache_write_1h"),
    "image_input": ("input", "image_input"),
    "output": ("output",),
    "reasoning": ("output", "reasoning"),
    "image_output": ("output", "image_output"),
    "images": ("images",),
    "megapixels": ("megapixels",),
}
"""A count, and all the counts that one more of it adds to."""


@st.composite
def usages(draw: st.DrawFn) -> Usage:
    """A usage whose details fit into their totals, around the lengths at which rates rise."""
    counts = {name: draw(st.integers(0, 90_000)) for name in PARTS}
    counts["cache_write"] += counts["cache_write_1h"]
    counts["input"] += counts["cached"] + counts["cache_write"] + counts["image_input"]
    counts["output"] += counts["reasoning"] + counts["image_output"]
    return Usage(**counts)  # type: ignore[arg-type]


@given(usages(), st.sampled_from(sorted(PARTS)), st.integers(0, 300_000), st.sampled_from(PRICED))
def test_more_of_anything_never_costs_less_and_nothing_costs_below_zero(
    usage: Usage, part: str, more: int, priced: Model
) -> None:
    larger = replace(usage, **{name: getattr(usage, name) + more for name in PARTS[part]})
    if priced.price is None:
        usage, larger = replace(usage, images=None), replace(larger, images=None)
    less_usd, more_usd = price(priced, usage, at=NOW).usd, price(priced, larger, at=NOW).usd
    assert less_usd is not None
    assert more_usd is not None
    assert 0 <= less_usd <= more_usd


@given(usages(), st.sampled_from(PRICED))
def test_an_unknown_total_stays_unknown(usage: Usage, priced: Model) -> None:
    for found in (
        price(priced, replace(usage, input=None), at=NOW),
        price(priced, replace(usage, output=None), at=NOW),
    ):
        assert found.usd is None
        assert found.why


LISTED = [
    (provider, info.id)
    for ours, provider in PROVIDERS.items()
    for info in next(p for p in data_snapshot.get_snapshot().providers if p.id == provider).models
    if ours in ("openai", "anthropic", "google", "xai", "mistral")
]
NAMES = {theirs: ours for ours, theirs in PROVIDERS.items()}


@given(usages(), st.sampled_from(LISTED), st.integers(0, 700))
def test_the_public_list_s_own_calculator_agrees_wherever_a_cost_is_known(
    usage: Usage, listed: tuple[str, str], days: int
) -> None:
    provider, name = listed
    at = NOW - timedelta(days=days)
    found = price(model(f"{NAMES[provider]}/{name}"), replace(usage, image_input=0, images=None), at=at)
    counted = Counted(
        input_tokens=usage.input,
        cache_read_tokens=usage.cached,
        cache_write_tokens=usage.cache_write,
        cache_write_1h_tokens=usage.cache_write_1h,
        output_tokens=usage.output,
        output_reasoning_tokens=usage.reasoning,
        output_image_tokens=usage.image_output,
    )
    if found.usd is not None:
        theirs = calc_price(counted, name, provider_id=provider, genai_request_timestamp=at)
        assert found.usd == theirs.total_price
    else:
        assert found.why
