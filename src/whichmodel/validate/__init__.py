"""A task's own proof: right answers score 1, wrong ones less, and no prompt holds its answer."""

from whichmodel.validate.check import validate
from whichmodel.validate.findings import Finding, Report

__all__ = ["Finding", "Report", "validate"]
