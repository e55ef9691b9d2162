"""Usage x dated price -> money, or unknown. Never zero for what is not known.

Own prices (bench.yaml, an organisation's, the demo panel's) come first; else genai-prices by the time of the
call, dated by its day. Input at the full rate, cached reads, cache writes for minutes and for an hour,
output, reasoning and image tokens each have their own rate where the price tells them apart.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from whichmodel.domain import Model, Price, Priced, Usage
from whichmodel.pricing.charge import NO_BATCH, NO_PRICE, NO_USAGE, charge
from whichmodel.pricing.public import PROVIDERS, at_length, genai_reference, library, tiers

__all__ = ["PROVIDERS", "by_own_price", "genai_reference", "price", "ten_places"]

TEN_PLACES = Decimal("1e-10")


def price(model: Model, usage: Usage, *, at: datetime, seconds: float | None = None) -> Priced:
    """What one sample cost. `usd` None where a needed price or a needed count is unknown; `why` says which.

    at: time of the call, for dated prices; without a zone it is UTC. seconds: duration, for models priced
    by time.
    """
    if model.price is None:
        return _by_public_price(model, usage, at)
    cost = charge(model.price, usage, seconds=seconds)
    if isinstance(cost, str):
        return Priced(None, why=cost)
    return Priced(cost, model.price.source, model.price.dated)


def by_own_price(own: Price, usage: Usage, *, seconds: float | None = None) -> Decimal | None:
    """The cost by one price; None when a used unit has no rate or no count."""
    cost = charge(own, usage, seconds=seconds)
    return None if isinstance(cost, str) else cost


def _by_public_price(model: Model, usage: Usage, at: datetime) -> Priced:
    found = tiers(model, at, batch=usage.batch)
    if found is None:
        return Priced(None, why=NO_BATCH if usage.batch and tiers(model, at) else NO_PRICE)
    if usage.input is None or usage.output is None or (usage.images and not usage.output):
        return Priced(None, why=NO_USAGE)
    cost = charge(at_length(found, usage.input, usage.calls), usage)
    if isinstance(cost, str):
        return Priced(None, why=cost)
    day = at.date() if at.tzinfo is None else at.astimezone(UTC).date()
    return Priced(cost, library(), day)


def ten_places(usd: Decimal | None) -> Decimal | None:
    """Money as the store keeps it, ten places after the point."""
    return None if usd is None else usd.quantize(TEN_PLACES)
