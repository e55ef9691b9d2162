"""Figures in words, the same in every reason."""

from __future__ import annotations

import math
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from whichmodel.analyse.paired import Difference


def score(value: float, digits: int = 3) -> str:
    """A score: with as many more digits as keep 0.998 from reading as all, and 0.002 as nothing."""
    for shown in range(digits, 7):
        text = f"{value:.{shown}f}"
        if value in (0.0, 1.0) or float(text) not in (0.0, 1.0):
            break
    return text


def bounds(low: float, high: float, digits: int = 3) -> tuple[str, str]:
    """An interval's ends, rounded outward: what is shown is never narrower than what is known."""
    unit = Decimal(1).scaleb(-digits)
    down = Decimal(repr(low)).quantize(unit, ROUND_FLOOR)
    up = Decimal(repr(high)).quantize(unit, ROUND_CEILING)
    return f"{down:.{digits}f}", f"{up:.{digits}f}"


def points(difference: float) -> str:
    """A score difference without its sign: 0.03 -> "3 points"."""
    amount = f"{abs(difference) * 100:.1f}".removesuffix(".0")
    return f"{amount} point{'' if amount == '1' else 's'}"


def share(value: float) -> str:
    """A share: 0.84 -> "84%", 0.996 -> "99.6%"; never rounded to all or nothing."""
    for digits in (0, 1, 2):
        text = f"{value:.{digits}%}"
        if value in (0.0, 1.0) or float(text[:-1]) not in (0.0, 100.0):
            break
    return text


def rate(value: float) -> str:
    """A rate of errors: "1.9%"; with more digits where it would read as nothing."""
    for digits in (1, 2, 3):
        text = f"{value:.{digits}%}"
        if value == 0.0 or float(text[:-1]) != 0.0:
            break
    return text


def usd(amount: float) -> str:
    """Money: "$4.20", with two significant digits under a cent."""
    if amount == 0 or amount >= 0.01:
        return f"${amount:,.2f}"
    return f"${amount:.{1 - math.floor(math.log10(amount))}f}"


def about(items: int) -> str:
    """A number of items, rounded up to tens: a projection is not exact."""
    return f"about {math.ceil(items / 10) * 10:,} more items"


def measured(difference: Difference) -> str:
    """The evidence of a difference: pairs and interval in points."""
    low, high = difference.low * 100, difference.high * 100
    return f"{difference.n:,} pairs, 95% interval {low:+.1f} to {high:+.1f}"


def against(difference: Difference, other: str) -> str:
    """Where a model stands against another: "2.1 points below openai/x"."""
    if abs(difference.mean) < 0.0005:
        return f"level with {other}"
    return f"{points(difference.mean)} {'above' if difference.mean > 0 else 'below'} {other}"
