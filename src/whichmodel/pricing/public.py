"""The public price list, genai-prices: the rates of a model at a time, as prices that `charge` reads.

The list is asked for its rates once for each model and period, not for every call: its own calculator takes
some 60 microseconds a call, and leaves a unit without a rate out of the sum where it makes ours unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING

from whichmodel.domain import Model, Price

if TYPE_CHECKING:
    from genai_prices.types import ModelInfo, ModelPrice, TieredPrices

PROVIDERS = {
    "openai": "openai",
    "anthropic": "anthropic",
    "google": "google",
    "xai": "x-ai",
    "mistral": "mistral",
    "together": "together",
    "groq": "groq",
    "openrouter": "openrouter",
    "azureai": "azure",
    "bedrock": "aws",
}
"""First part of a model's id -> the provider's id in genai-prices."""
RATES = {
    "input_per_mtok": "input_mtok",
    "output_per_mtok": "output_mtok",
    "cached_per_mtok": "cache_read_mtok",
    "cache_write_per_mtok": "cache_write_mtok",
    "cache_write_1h_per_mtok": "cache_write_1h_mtok",
    "reasoning_per_mtok": "output_reasoning_mtok",
    "image_input_per_mtok": "input_image_mtok",
    "image_output_per_mtok": "output_image_mtok",
}
"""Our rate -> the list's. It has others, for audio, searches and pages, which no task here uses."""
LIST = "genai-prices"
"""How the list is called beside a cost."""
NOT_DATED = date.min
"""A public price is dated by the day of the call that it is asked for."""
BATCH = {"processing": "batch"}
"""The list's context of a batch call."""


@dataclass(frozen=True, slots=True)
class Tier:
    """Rates of prompts above a length. All tokens of such a prompt pay them."""

    above: int
    """Input tokens; -1 = all prompts."""
    price: Price


Tiers = tuple[Tier, ...]
"""By rising length; the first holds for all prompts."""


def tiers(model: Model, at: datetime, *, batch: bool = False) -> Tiers | None:
    """The rates of a model at a time. None = the list does not know it, or not for batch calls."""
    info = _find(*reference) if (reference := genai_reference(model)) else None
    if info is None:
        return None
    moment = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    if not batch:
        return _tiers(_Held(info.get_prices(moment)))
    if not _has_batch(info, moment):
        return None
    return _split(info.get_prices(moment, BATCH))


def at_length(found: Tiers, input_tokens: int, calls: int = 1) -> Price:
    """The rates for prompts of so many tokens in so many calls: those of the mean call."""
    return next(tier.price for tier in reversed(found) if input_tokens > tier.above * calls)


def genai_reference(model: Model) -> tuple[str, str] | None:
    """(provider id, model reference) for genai-prices; None for an endpoint it cannot know."""
    provider, _, name = model.id.partition("@")[0].partition("/")
    known = PROVIDERS.get(provider)
    return (known, name) if known and name else None


@cache
def library() -> str:
    """Name and version of the list, as it stands beside a cost."""
    return f"{LIST} {version(LIST)}"


@cache
def _find(provider: str, reference: str) -> ModelInfo | None:
    from genai_prices import data_snapshot

    try:
        _, info = data_snapshot.get_snapshot().find_provider_model(reference, None, provider, None)
    except LookupError:
        return None
    return info


def _has_batch(info: ModelInfo, at: datetime) -> bool:
    return any(
        variant.when == BATCH and (variant.constraint is None or variant.constraint.active(at))
        for variant in info.price_variants or ()
    )


class _Held:
    """A price of the list, known by its identity: the list is loaded once and its prices do not change."""

    def __init__(self, price: ModelPrice) -> None:
        self.price = price

    def __hash__(self) -> int:
        return id(self.price)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and other.price is self.price


@cache
def _tiers(held: _Held) -> Tiers:
    return _split(held.price)


def _split(price: ModelPrice) -> Tiers:
    """A price of the list as flat prices, one for each length at which any of its rates changes."""
    from genai_prices.types import TieredPrices

    rates = {ours: getattr(price, theirs) for ours, theirs in RATES.items()}
    tiered = [rate for rate in rates.values() if isinstance(rate, TieredPrices)]
    lengths = sorted({tier.start for rate in tiered for tier in rate.tiers})
    return tuple(Tier(above, _flat(rates, above)) for above in (-1, *lengths))


def _flat(rates: dict[str, Decimal | TieredPrices | None], above: int) -> Price:
    """The rates just above a length; what they hold for, a normal call or a batch one, is chosen before."""
    flat = {name: _rate(rate, above) for name, rate in rates.items()}
    return Price(library(), NOT_DATED, batch_factor=Decimal(1), **flat)


def _rate(rate: Decimal | TieredPrices | None, above: int) -> Decimal | None:
    if rate is None or isinstance(rate, Decimal):
        return rate
    reached = [tier.price for tier in rate.tiers if tier.start <= above]
    return reached[-1] if reached else rate.base
