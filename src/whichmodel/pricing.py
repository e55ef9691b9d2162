"""Usage x dated price -> money, or unknown. Never zero for what is not known.

Own prices (bench.yaml, an organisation's, the demo panel's) come first; else genai-prices by the time of the
call, dated by its day. Full-rate input, cached reads, cache writes and output each have their own rate;
reasoning tokens are inside the output count.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from functools import cache
from importlib.metadata import version

from whichmodel.domain import Model, Price, Priced, Usage

MTOK = Decimal(1_000_000)
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
UNKNOWN = Priced(usd=None)


def price(model: Model, usage: Usage, *, at: datetime, seconds: float | None = None) -> Priced:
    """What one sample cost. `usd` None where a needed price or a needed count is unknown.

    at: time of the call, for dated prices. seconds: duration, for models priced by time.
    """
    if model.price is not None:
        usd = by_own_price(model.price, usage, seconds=seconds)
        return (
            Priced(usd=usd, source=model.price.source, dated=model.price.dated)
            if usd is not None
            else UNKNOWN
        )
    return _by_genai_prices(model, usage, at)


def by_own_price(own: Price, usage: Usage, *, seconds: float | None = None) -> Decimal | None:
    """The cost by one price; None when a used unit has no rate."""
    parts = [_tokens(own, usage), _images(own, usage), _time(own, seconds)]
    known = [part for part in parts if part is not None]
    if any(part.is_nan() for part in known) or not known:
        return None
    return sum(known, Decimal(0))


NOT_PRICED = Decimal("NaN")
"""A unit was used that has no rate: the whole cost is unknown."""


def _tokens(own: Price, usage: Usage) -> Decimal | None:
    """Cost of tokens; None where the price is not by token."""
    if own.input_per_mtok is None and own.output_per_mtok is None:
        return None
    if usage.input is None or usage.output is None:
        return NOT_PRICED
    cached, write = usage.cached or 0, usage.cache_write or 0
    total = Decimal(0)
    for count, rate in (
        (usage.input - cached - write, own.input_per_mtok),
        (cached, own.cached_per_mtok if own.cached_per_mtok is not None else own.input_per_mtok),
        (write, own.cache_write_per_mtok if own.cache_write_per_mtok is not None else own.input_per_mtok),
        (usage.output, own.output_per_mtok),
    ):
        if count and rate is None:
            return NOT_PRICED
        total += Decimal(count) * (rate or Decimal(0)) / MTOK
    return total


def _images(own: Price, usage: Usage) -> Decimal | None:
    if own.per_image is None:
        return None
    return NOT_PRICED if usage.images is None else own.per_image * usage.images


def _time(own: Price, seconds: float | None) -> Decimal | None:
    if own.per_second is None:
        return None
    return NOT_PRICED if seconds is None else own.per_second * Decimal(str(seconds))


def genai_reference(model: Model) -> tuple[str, str] | None:
    """(provider id, model reference) for genai-prices; None for an endpoint it cannot know."""
    provider, _, name = model.id.partition("@")[0].partition("/")
    known = PROVIDERS.get(provider)
    return (known, name) if known and name else None


def _by_genai_prices(model: Model, usage: Usage, at: datetime) -> Priced:
    reference = genai_reference(model)
    if reference is None or usage.input is None or usage.output is None:
        return UNKNOWN
    from genai_prices import Usage as Counted
    from genai_prices import calc_price

    counted = Counted(
        input_tokens=usage.input,
        cache_read_tokens=usage.cached or 0,
        cache_write_tokens=usage.cache_write or 0,
        output_tokens=usage.output,
    )
    try:
        found = calc_price(counted, reference[1], provider_id=reference[0], genai_request_timestamp=at)
    except (LookupError, ValueError):
        return UNKNOWN
    return Priced(usd=found.total_price, source=_library(), dated=at.date())


@cache
def _library() -> str:
    return f"genai-prices {version('genai-prices')}"
