"""Families of problems by topic. A family makes any number of different problems of one kind."""

from . import (
    algorithms,
    crontab,
    data,
    dates,
    limits,
    parsing,
    periods,
    queries,
    sheets,
    state,
    templates,
    text,
    versions,
)
from .problem import Case, Problem

TOPICS = {
    "parsing": (*parsing.FAMILIES, *versions.FAMILIES, *queries.FAMILIES),
    "text": (*text.FAMILIES, *templates.FAMILIES, *sheets.FAMILIES),
    "dates": (*dates.FAMILIES, *crontab.FAMILIES, *periods.FAMILIES),
    "data": data.FAMILIES,
    "algorithms": algorithms.FAMILIES,
    "state": (*state.FAMILIES, *limits.FAMILIES),
}
"""Topic -> its families, each a function of a random.Random."""

__all__ = ["TOPICS", "Case", "Problem"]
