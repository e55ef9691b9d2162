"""From each provider's own count of a call to money: computed by hand, and what must stay unknown.

The rates of a public model are read from the public list in the test and stand beside the arithmetic.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from bills import (
    NOON,
    SCORING,
    Reply,
    chat,
    event,
    failed,
    gemini,
    image,
    messages,
    outcome,
    plain,
    responses,
)
from genai_prices import data_snapshot

from whichmodel.domain import Model, Price

JUDGE = Model(
    "own/eye", "v/eye", "own", vision=True, price=Price("j", date(2026, 1, 1), Decimal(1), Decimal(2))
)


def named(model_id: str, own: Price | None = None) -> Model:
    return Model(id=model_id, inspect_name=model_id, vendor="v", price=own)


def own(**rates: str) -> Price:
    return Price("contract", date(2026, 7, 1), **{name: Decimal(rate) for name, rate in rates.items()})


def anthropic(**counts: Any) -> Reply:
    return messages({"cache_creation_input_tokens": None, "cache_read_input_tokens": None, **counts})


def openai(prompt: int, completion: int, *, cached: int = 0, reasoning: int = 0) -> Reply:
    return chat(
        {
            "prompt_tokens": prompt,
            "completion_tokens": completion,
            "total_tokens": prompt + completion,
            "prompt_tokens_details": {"cached_tokens": cached},
            "completion_tokens_details": {"reasoning_tokens": reasoning},
        }
    )


def google(prompt: int, candidates: int, **more: Any) -> Reply:
    total = prompt + candidates + more.get("thoughtsTokenCount", 0)
    return gemini(
        {"promptTokenCount": prompt, "candidatesTokenCount": candidates, "totalTokenCount": total, **more}
    )


DRAWN = {"candidatesTokensDetails": [{"modality": "IMAGE", "tokenCount": 1290}]}
GPT_IMAGE = {
    "input_tokens": 230,
    "input_tokens_details": {"text_tokens": 30, "image_tokens": 200},
    "output_tokens": 1056,
    "output_tokens_details": {"text_tokens": 0, "image_tokens": 1056},
    "total_tokens": 1286,
}
HOUR_WRITES = {"ephemeral_5m_input_tokens": 1000, "ephemeral_1h_input_tokens": 2000}


@dataclass(frozen=True)
class Bill:
    """A reply of a provider and its cost, in millionths of a dollar."""

    name: str
    model: str
    reply: Reply
    micro_usd: str
    at: datetime = NOON
    batch: bool = False
    rates: dict[str, Any] = field(default_factory=dict)
    """What the public list must say for the arithmetic to hold; (rate, rate of long prompts) for tiers."""


LUNA = {"input_mtok": ("0.1", "0.2"), "cache_read_mtok": ("0.01", "0.02"), "output_mtok": ("0.5", "0.75")}
PRO = {"input_mtok": ("1.25", "2.5"), "cache_read_mtok": ("0.125", "0.25"), "output_mtok": ("10", "15")}
SONNET = {"input_mtok": ("3", "6"), "cache_write_mtok": ("3.75", "7.5"), "cache_write_1h_mtok": ("6", "12")}
BILLS = [
    # OpenAI: prompt_tokens hold the cached ones. 600 x 0.1 + 400 x 0.01 + 50 x 0.5
    Bill("openai chat, cached inside", "openai/gpt-6-luna", openai(1000, 50, cached=400), "89", rates=LUNA),
    # The same count by the other protocol: 600 x 0.1 + 400 x 0.01 + 50 x 0.5
    Bill(
        "openai responses, cached inside",
        "openai/gpt-6-luna",
        responses(
            {
                "input_tokens": 1000,
                "input_tokens_details": {"cached_tokens": 400, "cache_write_tokens": 0},
                "output_tokens": 50,
                "output_tokens_details": {"reasoning_tokens": 0},
                "total_tokens": 1050,
            }
        ),
        "89",
    ),
    # OpenAI: completion_tokens hold the 40 of reasoning. 1000 x 0.1 + 50 x 0.5
    Bill("openai, reasoning inside", "openai/gpt-6-luna", openai(1000, 50, reasoning=40), "125"),
    # OpenAI: writes are inside the prompt too, at 1.25 times. 700 x 0.1 + 300 x 0.125 + 50 x 0.5
    Bill(
        "openai, cache writes inside",
        "openai/gpt-6-luna",
        chat(
            {
                "prompt_tokens": 1000,
                "completion_tokens": 50,
                "total_tokens": 1050,
                "prompt_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 300},
            }
        ),
        "132.5",
    ),
    # Exactly 272,000 is still short: 272000 x 0.1 + 100 x 0.5. One more: 272001 x 0.2 + 100 x 0.75
    Bill("openai, at 272k", "openai/gpt-6-luna", openai(272_000, 100), "27250", rates=LUNA),
    Bill("openai, above 272k", "openai/gpt-6-luna", openai(272_001, 100), "54475.2", rates=LUNA),
    # The length of a prompt counts its cached tokens: 1 x 0.2 + 272000 x 0.02 + 100 x 0.75
    Bill(
        "openai, above 272k by its cache", "openai/gpt-6-luna", openai(272_001, 100, cached=272_000), "5515.2"
    ),
    # Anthropic: input_tokens leave out the cached ones. 100 x 3 + 900 x 0.3 + 50 x 15
    Bill(
        "anthropic, cached outside",
        "anthropic/claude-sonnet-4-5",
        anthropic(input_tokens=100, output_tokens=50, cache_read_input_tokens=900),
        "1320",
    ),
    # Anthropic: output_tokens hold the 40 of thinking. 100 x 3 + 50 x 15
    Bill(
        "anthropic, thinking inside",
        "anthropic/claude-sonnet-4-5",
        anthropic(input_tokens=100, output_tokens=50, output_tokens_details={"thinking_tokens": 40}),
        "1050",
    ),
    # Anthropic: a write costs 1.25 times the input. 100 x 3 + 1000 x 3.75 + 50 x 15
    Bill(
        "anthropic, writes for minutes",
        "anthropic/claude-sonnet-4-5",
        anthropic(input_tokens=100, output_tokens=50, cache_creation_input_tokens=1000),
        "4800",
        rates=SONNET,
    ),
    # Kept for an hour it costs 2 times. 100 x 3 + 1000 x 3.75 + 2000 x 6 + 50 x 15
    Bill(
        "anthropic, writes for an hour",
        "anthropic/claude-sonnet-4-5",
        anthropic(
            input_tokens=100, output_tokens=50, cache_creation_input_tokens=3000, cache_creation=HOUR_WRITES
        ),
        "16800",
        rates=SONNET,
    ),
    # Exactly 200,000: 200000 x 3 + 10 x 15. One more, by a cached token: 200000 x 6 + 1 x 0.6 + 10 x 22.5
    Bill(
        "anthropic, at 200k",
        "anthropic/claude-sonnet-4-5",
        anthropic(input_tokens=200_000, output_tokens=10),
        "600150",
        rates=SONNET,
    ),
    Bill(
        "anthropic, above 200k",
        "anthropic/claude-sonnet-4-5",
        anthropic(input_tokens=200_000, output_tokens=10, cache_read_input_tokens=1),
        "1200225.6",
        rates=SONNET,
    ),
    # Google: promptTokenCount holds the cached ones. 600 x 1.25 + 400 x 0.125 + 50 x 10
    Bill(
        "google, cached inside",
        "google/gemini-2.5-pro",
        google(1000, 50, cachedContentTokenCount=400),
        "1300",
        rates=PRO,
    ),
    # Google: candidatesTokenCount leaves out thoughts. 1000 x 1.25 + (50 + 40) x 10
    Bill(
        "google, thoughts outside", "google/gemini-2.5-pro", google(1000, 50, thoughtsTokenCount=40), "2150"
    ),
    # 200000 x 1.25 + 10 x 10, and 200001 x 2.5 + 10 x 15
    Bill("google, at 200k", "google/gemini-2.5-pro", google(200_000, 10), "250100", rates=PRO),
    Bill("google, above 200k", "google/gemini-2.5-pro", google(200_001, 10), "500152.5", rates=PRO),
    # xAI: completion_tokens leave out reasoning, the total holds both. 900 x 3 + 100 x 0.75 + (50 + 40) x 15
    Bill(
        "xai, reasoning outside",
        "xai/grok-4",
        plain(
            input_tokens=900,
            input_tokens_cache_read=100,
            output_tokens=50,
            reasoning_tokens=40,
            total_tokens=1090,
        ),
        "4125",
        rates={"input_mtok": "3", "cache_read_mtok": "0.75", "output_mtok": "15"},
    ),
    # Gemini's drawn tokens: 20 x 0.3 + 1290 x 30 + 10 x 2.5
    Bill(
        "gemini draws",
        "google/gemini-2.5-flash-image",
        google(20, 1300, **DRAWN),
        "38731",
        rates={"input_mtok": "0.3", "output_mtok": "2.5", "output_image_mtok": "30"},
    ),
    # gpt-image-1: 30 x 5 + 200 x 10 + 1056 x 40, all its output being images
    Bill(
        "gpt-image-1 draws",
        "openai/gpt-image-1",
        image(GPT_IMAGE),
        "44390",
        rates={"input_mtok": "5", "input_image_mtok": "10", "output_mtok": "40"},
    ),
    # gpt-image-1.5: 30 x 5 + 200 x 8 + 1056 x 32
    Bill(
        "gpt-image-1.5 draws",
        "openai/gpt-image-1.5",
        image(GPT_IMAGE),
        "35542",
        rates={"input_mtok": "5", "input_image_mtok": "8", "output_mtok": "10", "output_image_mtok": "32"},
    ),
    # o3 became cheaper on 2025-06-10, UTC: 1000 x 10 + 100 x 40, then 1000 x 2 + 100 x 8
    Bill(
        "the day before",
        "openai/o3",
        openai(1000, 100),
        "14000",
        at=datetime(2025, 6, 9, 23, 59, 59, tzinfo=UTC),
    ),
    Bill(
        "the day of a new price", "openai/o3", openai(1000, 100), "2800", at=datetime(2025, 6, 10, tzinfo=UTC)
    ),
    # Batch: half of 100 x 1 + 50 x 5
    Bill(
        "anthropic, batch",
        "anthropic/claude-haiku-4-5",
        anthropic(input_tokens=100, output_tokens=50),
        "175",
        batch=True,
        rates={"input_mtok": "1", "output_mtok": "5"},
    ),
]


@pytest.mark.parametrize("bill", BILLS, ids=lambda bill: bill.name)
def test_a_reply_costs_what_was_computed_by_hand(bill: Bill) -> None:
    found = outcome(named(bill.model), [event(bill.reply, batch=bill.batch)], at=bill.at)
    assert found.cost_usd == Decimal(bill.micro_usd) / 1_000_000
    assert found.price_date == bill.at.date()
    assert (found.price_source or "").startswith("genai-prices ")


@pytest.mark.parametrize("bill", [bill for bill in BILLS if bill.rates], ids=lambda bill: bill.name)
def test_the_public_list_has_the_rates_of_the_arithmetic(bill: Bill) -> None:
    provider, _, name = bill.model.partition("/")
    snapshot = data_snapshot.get_snapshot()
    _, info = snapshot.find_provider_model(name, None, "x-ai" if provider == "xai" else provider, None)
    prices = info.get_prices(bill.at)
    for rate, expected in bill.rates.items():
        listed = getattr(prices, rate)
        if isinstance(expected, tuple):
            assert (listed.base, listed.tiers[0].price) == tuple(map(Decimal, expected))
        else:
            assert listed == Decimal(expected)


UNKNOWN = [
    ("an endpoint that reports no usage", "openai/gpt-6-luna", plain()),
    ("an image endpoint without usage", "openai/gpt-image-1", image(None)),
    ("drawn tokens without their kind", "google/gemini-2.5-flash-image", google(20, 1300)),
    ("a model that no list knows", "ollama/qwen3:8b", openai(10, 10)),
]


@pytest.mark.parametrize(
    ("model", "reply"), [case[1:] for case in UNKNOWN], ids=[case[0] for case in UNKNOWN]
)
def test_what_was_not_counted_is_not_free(model: str, reply: Reply) -> None:
    found = outcome(named(model), [event(reply)])
    assert found.cost_usd is None
    assert found.price_source is None


def test_a_function_really_uses_no_token() -> None:
    rule = Model("rule/x", "python/m:x", "rule", price=own(input_per_mtok="0", output_per_mtok="0"))
    found = outcome(rule, [event(plain(), name="python/m:x")])
    assert found.input_tokens == 0
    assert found.cost_usd == 0


def test_all_calls_that_came_back_are_paid_and_a_failed_one_is_only_counted() -> None:
    price = own(input_per_mtok="1", output_per_mtok="10")
    calls = [failed(), event(openai(100, 10)), event(openai(200, 20))]
    found = outcome(named("own/m", price), [*calls, SCORING])
    # 300 x 1 + 30 x 10
    assert found.cost_usd == Decimal(600) / 1_000_000
    assert (found.input_tokens, found.output_tokens, found.billed_calls, found.attempts) == (300, 30, 2, 3)


def test_a_call_that_came_back_without_usage_makes_the_sum_unknown() -> None:
    price = own(input_per_mtok="1", output_per_mtok="10")
    found = outcome(named("own/m", price), [event(openai(100, 10)), event(plain())])
    assert (found.input_tokens, found.cost_usd) == (None, None)


def test_the_judge_is_paid_apart_and_its_counts_are_kept() -> None:
    painter = named("own/p", own(per_image="0.04"))
    asked = [event(openai(500, 5, cached=100), name="v/eye", role="vision") for _ in range(3)]
    found = outcome(painter, [event(image(None)), SCORING, *asked], judge=JUDGE)
    assert found.cost_usd == Decimal("0.04")
    # 3 x (500 x 1 + 5 x 2)
    assert found.judge_cost_usd == Decimal(1530) / 1_000_000
    assert (found.judge_model, found.judge_calls) == ("own/eye", 3)
    assert (found.judge_input_tokens, found.judge_cached_tokens, found.judge_output_tokens) == (1500, 300, 15)


def test_a_foreign_scorer_s_own_calls_are_the_judge_s_whatever_their_model() -> None:
    model = named("v/m", own(input_per_mtok="1", output_per_mtok="10"))
    grading = [event(openai(50, 5)), event(openai(1000, 50), name="openai/gpt-6-luna", role="grader")]
    found = outcome(model, [event(openai(100, 10)), SCORING, *grading])
    assert found.cost_usd == Decimal(200) / 1_000_000
    # By the measured model 50 x 1 + 5 x 10, by the public list 1000 x 0.1 + 50 x 0.5
    assert found.judge_cost_usd == Decimal(225) / 1_000_000
    assert (found.judge_model, found.judge_calls) == (None, 2)
    unknown = event(openai(1, 1), name="ollama/x", role="grader")
    assert outcome(model, [event(openai(100, 10)), SCORING, unknown]).judge_cost_usd is None


def test_no_judge_costs_nothing_and_that_is_known() -> None:
    found = outcome(
        named("own/m", own(input_per_mtok="1", output_per_mtok="1")), [event(openai(1, 1)), SCORING]
    )
    assert found.judge_cost_usd == 0
    assert (found.judge_calls, found.judge_model) == (0, None)


def test_images_are_priced_by_number_and_size() -> None:
    price = own(per_image="0.01", per_megapixel="0.02")
    found = outcome(named("own/p", price), [event(image(None, width=1500, height=1000))])
    assert (found.cost_usd, found.megapixels) == (Decimal("0.04"), 1.5)
    assert outcome(named("own/p", price), [event(image(None))]).cost_usd is None


def test_the_day_of_a_price_is_that_of_the_call_in_utc() -> None:
    east = datetime.fromisoformat("2025-06-10T01:00:00+02:00")
    found = outcome(named("openai/o3"), [event(openai(1000, 100))], at=east)
    assert found.cost_usd == Decimal(14000) / 1_000_000
    assert found.price_date == east.date() - timedelta(days=1)
