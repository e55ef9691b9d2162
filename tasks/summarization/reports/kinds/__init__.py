"""Kinds of report. Each makes any number of different reports, plain or with figures that are put right."""

from . import incident, project, quarterly
from .report import Report

KINDS = {"quarterly": quarterly.report, "incident": incident.report, "project": project.report}
"""Kind -> a function of a random.Random and whether figures are put right."""

__all__ = ["KINDS", "Report"]
