"""Rule baselines: what no model at all can do. They run in every panel, free and really measured."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from whichmodel.domain import Model, Price

FREE = Price(
    source="runs where bench runs",
    dated=date(2026, 11, 1),
    input_per_mtok=Decimal(0),
    output_per_mtok=Decimal(0),
)


def _rule(name: str, *tasks: str) -> Model:
    return Model(
        id=f"rule/{name}",
        inspect_name=f"python/whichmodel.providers.rules:{name}",
        vendor="rule",
        tasks=tasks,
        licence="Apache-2.0",
        price=FREE,
        baseline=True,
        variant="1",
    )


BASELINES = (
    _rule("extract", "contracts", "emails", "entities", "invoices", "receipts", "resumes"),
    _rule("classify", "classification"),
    _rule("lead", "summarization"),
)
