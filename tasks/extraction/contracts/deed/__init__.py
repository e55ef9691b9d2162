"""Terms, the clauses that say them, and the amendments that change them."""

from __future__ import annotations

from .deed import STRATA, write
from .terms import Terms, draw

__all__ = ["STRATA", "Terms", "draw", "write"]
