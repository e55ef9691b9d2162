"""Families of problems by topic. A family makes any number of different problems of one kind."""

from . import (
    agenda,
    algorithms,
    comparison,
    conversion,
    crontab,
    data,
    dates,
    editing,
    inventory,
    keyed,
    limits,
    parsing,
    periods,
    queries,
    records,
    sheets,
    spans,
    sql_cohorts,
    sql_prices,
    sql_ranking,
    sql_stock,
    sql_streaks,
    sql_trees,
    standings,
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
    "data": (*data.FAMILIES, *records.FAMILIES, *comparison.FAMILIES, *keyed.FAMILIES),
    "sql": (
        *sql_ranking.FAMILIES,
        *sql_trees.FAMILIES,
        *sql_streaks.FAMILIES,
        *sql_cohorts.FAMILIES,
        *sql_stock.FAMILIES,
        *sql_prices.FAMILIES,
    ),
    "algorithms": (*algorithms.FAMILIES, *spans.FAMILIES, *standings.FAMILIES, *conversion.FAMILIES),
    "state": (*state.FAMILIES, *limits.FAMILIES, *inventory.FAMILIES, *editing.FAMILIES, *agenda.FAMILIES),
}
"""Topic -> its families, each a function of a random.Random."""

__all__ = ["TOPICS", "Case", "Problem"]
