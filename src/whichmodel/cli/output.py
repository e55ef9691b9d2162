"""The one place that writes: answers and documents to stdout, everything else to stderr."""

from __future__ import annotations

import json
import os
import sys
from decimal import Decimal
from functools import cache
from typing import Any

import click
from rich.console import Console

from whichmodel.cli.tables import table
from whichmodel.decide.words import bounds
from whichmodel.decide.words import score as exact_score

__all__ = ["answer", "document", "note", "raw", "score", "seconds", "share", "table", "usd"]

WIDE = 120
"""Columns of a table where nobody says how wide the terminal is."""


@cache
def _console(err: bool) -> Console:
    stream = sys.stderr if err else sys.stdout
    width = None if stream.isatty() else int(os.environ.get("COLUMNS", WIDE))
    return Console(stderr=err, highlight=False, width=width, soft_wrap=False)


def answer(what: Any = "", *, err: bool = False) -> None:
    """A line, or something rich can show, for the user to read."""
    _console(err).print(what, markup=False) if isinstance(what, str) else _console(err).print(what)


def note(text: str) -> None:
    """A line beside the answer: to stderr."""
    click.echo(text, err=True)


def raw(text: str) -> None:
    """A file's text on stdout, as it is."""
    click.echo(text, nl=False)


def document(value: Any) -> None:
    """One JSON document on stdout."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False, default=_plain))


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, set | frozenset | tuple):
        return list(value)
    return str(value)


def share(value: float | None) -> str:
    """A share as percent; `-` = none."""
    return "-" if value is None else f"{value:.0%}"


def score(value: float | None, low: float | None = None, high: float | None = None) -> str:
    """A score with its interval, rounded outward; `-` = no score."""
    if value is None:
        return "-"
    interval = "" if low is None or high is None else f" [{', '.join(bounds(low, high))}]"
    return exact_score(value) + interval


def usd(value: Decimal | float | None) -> str:
    """Money to two or, below a dollar, three figures that count; `unknown` is never 0."""
    if value is None:
        return "unknown"
    amount = float(value)
    if amount == 0:
        return "$0"
    if abs(amount) >= 1:
        return f"${amount:,.2f}"
    if abs(amount) < 0.0001:
        return f"${amount:.1e}"
    return f"${amount:.2f}" if round(amount, 2) == round(amount, 5) else f"${amount:.3g}"


def seconds(value: float | None) -> str:
    """A duration; `-` = not measured."""
    if value is None:
        return "-"
    return f"{value:.2f} s" if value < 10 else f"{value:.0f} s"
