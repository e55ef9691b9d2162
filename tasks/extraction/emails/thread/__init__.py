"""An order, the requests that change it, and the mails they are written in."""

from __future__ import annotations

from .layouts import LAYOUTS
from .mails import STRATA
from .order import Order, draw

__all__ = ["LAYOUTS", "STRATA", "Order", "draw"]
