"""Families of problems by topic. A family makes any number of different problems of one kind."""

from . import algorithms, data, dates, limits, parsing, state, text
from .problem import Case, Problem

TOPICS = {
    "parsing": parsing.FAMILIES,
    "text": text.FAMILIES,
    "dates": dates.FAMILIES,
    "data": data.FAMILIES,
    "algorithms": algorithms.FAMILIES,
    "state": (*state.FAMILIES, *limits.FAMILIES),
}
"""Topic -> its families, each a function of a random.Random."""

__all__ = ["TOPICS", "Case", "Problem"]
