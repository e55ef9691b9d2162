"""Whose decision it is: workloads, policy, rule and prices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from whichmodel.domain.model import Price


@dataclass(frozen=True, slots=True)
class Workload:
    """What an organisation asks of one task (or of each task of one category) in a month."""

    task: str
    requests_per_month: int
    input_tokens: int | None = None
    """Tokens of a typical request. None = as in the bank."""
    output_tokens: int | None = None
    floor: float | None = None
    """Lowest mean score allowed. None = the organisation's."""
    p95_s: float | None = None
    """Latency objective. None = the organisation's."""
    incumbent: str | None = None
    """The model that serves it today. None = none is named."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Which models may be used at all. None = no restriction."""

    vendors: tuple[str, ...] | None = None
    regions: tuple[str, ...] | None = None
    data_classes: tuple[str, ...] | None = None
    """Classes of data a model must be cleared for, every one of them."""
    licences: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class DecisionRule:
    """DECISION section 10."""

    objective: Literal["noninferior"] = "noninferior"
    reference: Literal["best", "incumbent", "min_quality"] = "best"
    min_quality: float | None = None
    """The bar of reference `min_quality`."""
    delta: float = 0.03
    alpha: float = 0.05
    multiplicity: Literal["none", "bonferroni"] = "none"
    holdout: float = 0.25
    min_items: int = 300
    min_coverage: float = 0.98
    """Share of items with a score below which a model cannot be certified."""
    p95_confidence: float = 0.95
    valid_days: int = 90
    """A routing table expires after this."""


@dataclass(frozen=True, slots=True)
class Organisation:
    """Whose decision it is."""

    name: str
    title: str
    workloads: tuple[Workload, ...] = ()
    policy: Policy = field(default_factory=Policy)
    p95_s: float | None = None
    floor: float | None = None
    review_cost_usd: Decimal | None = None
    prices: Mapping[str, Price] = field(default_factory=dict)
    """Model id -> negotiated price, in place of the public one."""
    rule: DecisionRule = field(default_factory=DecisionRule)

    def workload(self, task: str, category: str) -> Workload | None:
        """The workload of a task: its own entry, else its category's. None = not in use here."""
        by_name = {w.task: w for w in self.workloads}
        return by_name.get(task) or by_name.get(category)
