"""The rates of a model as a gateway counts with them: USD a token or an image, or unknown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from whichmodel.domain import Model, Usage
from whichmodel.pricing import price

SAMPLE = 1000
"""Tokens that a rate is read from; small, so that it is the rate of short prompts where rates have tiers."""


@dataclass(frozen=True, slots=True)
class Rates:
    """USD for one unit each. Either the four of tokens or the one of images is known."""

    source: str
    dated: date | None
    input: Decimal | None = None
    output: Decimal | None = None
    cached: Decimal | None = None
    cache_write: Decimal | None = None
    image: Decimal | None = None


def rates(model: Model, at: datetime) -> Rates | None:
    """The rates at a time, from the same prices that measured costs come from. None = unknown."""
    if model.answers == "image":
        one = price(model, Usage(images=1), at=at)
        return Rates(one.source, one.dated, image=one.usd) if one.usd is not None else None
    uses = {
        "input": Usage(input=SAMPLE, output=0),
        "output": Usage(input=0, output=SAMPLE),
        "cached": Usage(input=SAMPLE, cached=SAMPLE, output=0),
        "cache_write": Usage(input=SAMPLE, cache_write=SAMPLE, output=0),
    }
    priced = {unit: price(model, usage, at=at) for unit, usage in uses.items()}
    each = {unit: cost.usd / SAMPLE for unit, cost in priced.items() if cost.usd is not None}
    if len(each) < len(uses):
        return None
    return Rates(priced["input"].source, priced["input"].dated, **each)
