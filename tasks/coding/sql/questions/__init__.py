"""Families of questions by kind, the domains they are asked about, and the databases they are asked of."""

from . import dates, groups, joins, outer, ranking, recursion, sets, spread, text, windows
from .databases import FLAVOURS, inserts, make, schema
from .domain import Domain, domains
from .question import Family

KINDS = {
    "joins": joins.FAMILIES,
    "outer joins": outer.FAMILIES,
    "groups": groups.FAMILIES,
    "ranking": ranking.FAMILIES,
    "windows": windows.FAMILIES,
    "dates": dates.FAMILIES,
    "sets": sets.FAMILIES,
    "text": text.FAMILIES,
    "recursion": recursion.FAMILIES,
    "statistics": spread.FAMILIES,
}
"""Kind -> its families."""

__all__ = ["FLAVOURS", "KINDS", "Domain", "Family", "domains", "inserts", "make", "schema"]
