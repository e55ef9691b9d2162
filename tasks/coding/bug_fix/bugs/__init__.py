"""Putting bugs into programs that are right, and telling what they do."""

from .mutations import Bug, bugs
from .plain import plain
from .report import report
from .trial import Found, Trial, right

__all__ = ["Bug", "Found", "Trial", "bugs", "plain", "report", "right"]
