"""A family of questions: words and a reference query, both with places for a domain's names and constants."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Family:
    """Templates as `Domain.fill` reads them."""

    name: str
    text: str
    """What is asked, complete but for columns and order."""
    columns: tuple[str, ...]
    """What each column of the result holds."""
    order: str
    """What the rows are ordered by, ending in something unique. "" = any order will do."""
    query: str
    """A query that gives the right rows on any database of the domain."""
