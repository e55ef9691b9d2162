"""Putting bugs into programs that are right, and telling what they do."""

from .mutations import Bug, bugs
from .plain import plain
from .report import report
from .trial import Trial

__all__ = ["Bug", "Trial", "bugs", "plain", "report"]
