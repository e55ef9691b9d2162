"""Why stored rows have no cost, and what would give them one."""

from __future__ import annotations

from collections.abc import Mapping

from whichmodel.domain import Model
from whichmodel.pricing.charge import NO_PRICE
from whichmodel.pricing.stored import explain
from whichmodel.store import Unpriced

ADD = "no price: add one under `price:` in bench.yaml"


def priced_by_now(rows: Unpriced, models: Mapping[str, Model]) -> bool:
    """Whether today's configuration would give these rows a cost."""
    return explain(dict(rows.example), models).usd is not None


def why(rows: Unpriced, models: Mapping[str, Model]) -> str:
    """Why rows have no cost; some would have one by now."""
    found = explain(dict(rows.example), models)
    if found.usd is None:
        return ADD if found.why == NO_PRICE else found.why
    return "they were stored before the price was known: `bench reprice` gives them one"
