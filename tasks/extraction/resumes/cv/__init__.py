"""A person's career, and the layouts of a CV."""

from __future__ import annotations

from .career import Person, draw
from .layouts import LAYOUTS
from .pen import Pen

__all__ = ["LAYOUTS", "Pen", "Person", "draw"]
