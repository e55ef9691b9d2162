"""Figures of money, shares and scores with their signs, and the answer in a sentence."""

from __future__ import annotations

import re

from whichmodel.analyse.economics.figures import Figure
from whichmodel.decide.words import usd


def money(value: float) -> str:
    """USD with its sign in front; whole dollars from 100 on."""
    sign, size = "-" if value < 0 else "", abs(value)
    return f"{sign}${size:,.0f}" if size >= 100 else f"{sign}{usd(size)}"


def ends(figure: Figure) -> str:
    """The ends of an interval of money."""
    return f"{money(figure.low)}, {money(figure.high)}"


def amount(figure: Figure) -> str:
    """Money with its interval."""
    return f"{money(figure.value)} [{ends(figure)}]"


def plain_amount(figure: Figure | None) -> str:
    """The same under a heading that names the dollar."""
    return "unknown" if figure is None else amount(figure).replace("$", "")


def thousand(figure: Figure | None, without: str = "unknown") -> str:
    """Money of 1,000 requests, from that of one."""
    return without if figure is None else plain_amount(figure.times(1000))


def percent(figure: Figure | None) -> str:
    """A share of cost without its interval, which stands beside it in money."""
    return "-" if figure is None else f"{figure.value:.0%}"


def points(figure: Figure | None, without: str = "-") -> str:
    """A difference of scores or shares, in points with its interval."""
    if figure is None:
        return without
    return f"{figure.value * 100:+.1f} [{figure.low * 100:+.1f}, {figure.high * 100:+.1f}]"


def count(value: int | None) -> str:
    """A number of requests; None = there is none that would do."""
    return "never" if value is None else f"{value:,}"


def dollars(value: float, *, plus: bool = False) -> str:
    """USD with a true minus; plus: what is added has a plus."""
    return ("+" if plus and value > 0 else "") + money(value).replace("-", "\u2212")


def interval(figure: Figure) -> str:
    """The ends of an interval of money, with a true minus."""
    return f"{dollars(figure.low)} to {dollars(figure.high)}"


def saved(figure: Figure | None, without: str = "unknown") -> str:
    """What is saved, with a word where that is negative: minus and "dearer" say the same."""
    if figure is None:
        return without
    return f"{dollars(figure.value)} (dearer)" if figure.value < 0 else dollars(figure.value)


def sureness(figure: Figure) -> str:
    """What an interval says about the sign."""
    if figure.low == figure.high == 0:
        return "the same models"
    return "" if figure.low > 0 or figure.high < 0 else "cannot be told from 0"


def in_points(figure: Figure | None, without: str = "unknown") -> str:
    """A difference of scores in points, with a true minus and its interval."""
    return without if figure is None else points(figure).replace("-", "\u2212")


def signs(text: str) -> str:
    """A line with true minuses before its figures."""
    return re.sub(r"(?<![\w.])-(?=[$\d])", "\u2212", text)
