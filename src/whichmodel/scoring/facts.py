"""Facts that a summary has to hold: as a bank's generator makes them, or as an organisation writes them.

`score` is the scorer `facts`, for banks of one's own. Its `target` is what one has: a list of facts, the same
with a limit (`{"facts": [...], "max_words": 120}`), or one text with `;` between them, as a table's cell has
it. A fact is

- a sentence ("Anna Weiss gets 45 euros back by 14 May"), met where a sentence of the summary, or two that
  follow each other, hold all its numbers, dates, codes and people and at least half of its other words, by
  their first five letters (two thirds where it has no such value); `|` stands between ways of saying it;
- or `{topic?, slot?, kind, accept}` as in `summary`.

People, numbers and dates of the source are read from the prompt.
"""

from __future__ import annotations

from collections.abc import Mapping

from whichmodel.domain import Answer, Item, Json, Verdict
from whichmodel.scoring import summary


def score(answer: Answer, item: Item, options: Mapping[str, Json]) -> Verdict:
    """As `summary`, of an organisation's own facts. options: `max_words`, where the target has none."""
    return summary.score(answer, item, options)
