"""What stands in a table's cell: numbers, truth values, money, times. A cell that is unclear is refused."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Literal

from whichmodel.domain import Json
from whichmodel.pricing import ten_places

EMPTY = frozenset({"", "-", "--", "na", "n/a", "nan", "nil", "none", "null", "unknown"})
"""Texts, in small letters, that say that nothing is known."""
TRUE = frozenset({"true", "yes", "y", "pass", "passed", "correct", "t"})
FALSE = frozenset({"false", "no", "n", "fail", "failed", "incorrect", "wrong", "f"})
ZeroCost = Literal["unknown", "free"]
"""What a cost of 0 means."""
MONEY = {"usd": Decimal(1), "cents": Decimal("0.01"), "microusd": Decimal("0.000001")}
"""Unit of a cost -> USD."""
TIME = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "min": 60.0}
"""Unit of a time -> seconds."""
MOST_USD = Decimal(10) ** 7
"""A cost of one answer above this is a mistake of units."""
_COMPACT = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)[T_ -]?(\d\d):?(\d\d):?(\d\d)")


class Unreadable(ValueError):
    """A cell that cannot be taken; the text says why."""


def empty(cell: Json) -> bool:
    """Whether a cell says nothing; NaN does not either."""
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return True
    return isinstance(cell, str) and cell.strip().casefold() in EMPTY


def text(cell: Json) -> str | None:
    """A cell as text; None = empty."""
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return None
    if isinstance(cell, bool):
        return str(cell).lower()
    return str(cell).strip() or None


def number(cell: Json, what: str) -> float | None:
    """A cell as a finite number; None = empty. Raises Unreadable."""
    if isinstance(cell, str | int | float):
        try:
            value = float(cell)
        except (ValueError, OverflowError):
            value = None
        if value is not None and math.isfinite(value):
            return value
    if empty(cell):
        return None
    if isinstance(cell, str) and cell.lstrip().startswith(("=", "@")):
        raise Unreadable(f"{what} is a formula, not its value: {_short(cell)}")
    if isinstance(cell, str | float) and _infinite(cell):
        raise Unreadable(f"{what} is not finite: {_short(cell)}")
    raise Unreadable(f"{what} is no number: {_short(cell)}")


def _infinite(cell: str | float) -> bool:
    try:
        return math.isinf(float(cell))
    except ValueError:
        return False


def score(cell: Json, largest: float = 1.0) -> float | None:
    """A score on the scale 0 to 1; `85%`, truth values and numbers up to `largest`; None = empty.

    Raises Unreadable for what is outside of the scale.
    """
    word = cell.strip().casefold() if isinstance(cell, str) and cell not in ("0", "1") else None
    if word in TRUE or cell is True:
        return 1.0
    if word in FALSE or cell is False:
        return 0.0
    if word is not None and word.endswith("%"):
        percent = number(word[:-1], "the score")
        value = None if percent is None else percent / 100
    else:
        found = number(cell, "the score")
        value = None if found is None else found / largest
    if value is not None and not 0 <= value <= 1:
        scale = "1" if largest == 1 else f"--score-max {largest:g}"
        raise Unreadable(f"the score {_short(cell)} is outside of 0 to {scale}")
    return value


def truth(cell: Json, what: str) -> bool | None:
    """A truth value; 1 and 0 too; None = empty. Raises Unreadable."""
    if empty(cell):
        return None
    value = score(cell)
    if value not in (0.0, 1.0):
        raise Unreadable(f"{what} is no truth value: {_short(cell)}")
    return value == 1.0


def count(cell: Json, what: str) -> int | None:
    """A whole number from 0; None = empty. Raises Unreadable."""
    if type(cell) is str and cell.isdecimal() and len(cell) < 16:
        return int(cell)
    value = number(cell, what)
    if value is None:
        return None
    if value < 0 or value != int(value) or value > 2**53:
        raise Unreadable(f"{what} is no count: {_short(cell)}")
    return int(value)


def seconds(cell: Json, what: str, unit: str = "s") -> float | None:
    """A time in seconds. None = empty, or 0: no answer takes no time, so it was not measured."""
    value = number(cell, what)
    if value is None or value == 0:
        return None
    if value < 0:
        raise Unreadable(f"{what} is negative: {_short(cell)}")
    return value * TIME[unit]


def usd(cell: Json, unit: str = "usd", *, zero: ZeroCost = "unknown") -> Decimal | None:
    """A cost in USD. None = empty, or 0 where that means unknown. Raises Unreadable."""
    plain = cell.strip().removeprefix("$").strip() if isinstance(cell, str) else cell
    value = number(plain, "the cost")
    if value is None:
        return None
    if value < 0:
        raise Unreadable(f"the cost is negative: {_short(cell)}")
    try:
        amount = Decimal(str(plain).strip()) * MONEY[unit]
    except InvalidOperation:
        amount = Decimal(str(value)) * MONEY[unit]
    if amount > MOST_USD:
        raise Unreadable(f"the cost of one answer is over {MOST_USD:,} USD: {_short(cell)}")
    return None if amount == 0 and zero == "unknown" else ten_places(amount)


def moment(cell: Json, what: str) -> datetime | None:
    """A time of day in UTC: ISO 8601 (UTC where no zone is named), or seconds or milliseconds since 1970.

    None = empty. Raises Unreadable.
    """
    if empty(cell):
        return None
    if isinstance(cell, str) and (found := _written(cell.strip())):
        return found
    try:
        value = number(cell, what)
    except Unreadable:
        raise Unreadable(f"{what} is no time: {_short(cell)}") from None
    assert value is not None
    since = value / 1000 if value > 1e11 else value
    if not 0 < since < 2**33:
        raise Unreadable(f"{what} is no time: {_short(cell)}")
    return datetime.fromtimestamp(since, UTC)


def _written(cell: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(cell) if not cell.isdigit() else None
    except ValueError:
        compact = _COMPACT.match(cell)
        try:
            found = datetime(*map(int, compact.groups())) if compact else None  # type: ignore[arg-type]
        except ValueError:
            return None
    if found is None:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _short(cell: Json) -> str:
    shown = repr(cell) if isinstance(cell, str) else str(cell)
    return shown if len(shown) <= 60 else shown[:57] + "..."
