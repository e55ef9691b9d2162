"""What rules find in a text: the part between two tags, amounts, dates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

AMOUNT = r"-?[$€£]?\d[\d.,]*[.,]\d{2}\b"
DATE = (
    r"\d{4}-\d{2}-\d{2}|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}"
    r"|\d{1,2}\.? [A-Z][a-z]{2,8}\.? \d{4}|[A-Z][a-z]{2,8} \d{1,2}, \d{4}"
)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def between(prompt: str, tag: str) -> str:
    """What stands between a tag and its end; the whole prompt where there is no such tag."""
    found = re.search(rf"<{tag}>\n?(.*?)\n?</{tag}>", prompt, re.DOTALL)
    return found.group(1) if found else prompt


def amount(text: str | None) -> float | None:
    """`1,234.50`, `1.234,50` and `$5.00`: what stands before the last two digits is the decimal sign."""
    if text is None:
        return None
    digits = re.sub(r"[^\d-]", "", text)
    return int(digits) / 100 if re.search(r"\d", digits) else None


def iso_date(text: str | None) -> str | None:
    """ISO of a date with the day first or a month's name."""
    if text is None:
        return None
    numbers = [int(part) for part in re.findall(r"\d+", text)]
    month = re.search(r"[A-Za-z]{3}", text)
    if month and month.group().lower() in MONTHS:
        numbers.insert(1, MONTHS.index(month.group().lower()) + 1)
    return _iso(numbers if numbers[0] > 999 else numbers[::-1])


def _iso(parts: Sequence[int]) -> str | None:
    try:
        year, month, day = parts
        return date(year + (2000 if year < 100 else 0), month, day).isoformat()
    except ValueError:
        return None
