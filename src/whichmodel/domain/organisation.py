"""Whose decision it is: workloads, policy, rule and prices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from whichmodel.domain.model import Model, Price


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
    error_cost_usd: Decimal | None = None
    """Cost of an error that nobody notices. None = the organisation's."""
    rollout: float | None = None
    """Share of requests that a new route gets beside today's model. None = all."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Which models may be used at all. None = no restriction."""

    vendors: tuple[str, ...] | None = None
    regions: tuple[str, ...] | None = None
    data_classes: tuple[str, ...] | None = None
    """Classes of data a model must be cleared for, every one of them."""
    licences: tuple[str, ...] | None = None


def policy_reason(model: Model, policy: Policy) -> str | None:
    """What in a policy forbids a model, in words; None = allowed.

    A rule that runs in the caller's own process sends nothing anywhere and is always allowed.
    """
    if model.baseline:
        return None
    checks = (
        ("vendor", model.vendor, policy.vendors),
        ("region", model.region, policy.regions),
        ("licence", model.licence, policy.licences),
    )
    for what, value, allowed in checks:
        if allowed is not None and value not in allowed:
            return f"its {what} is {value or 'unknown'}; allowed: {', '.join(allowed) or 'none'}"
    missing = sorted(set(policy.data_classes or ()) - set(model.data_classes))
    return f"it is not cleared for {', '.join(missing)} data" if missing else None


@dataclass(frozen=True, slots=True)
class AgreementPolicy:
    """Several models answer; what a quorum of them agrees on is taken (DECISION section 7)."""

    name: str
    task: str
    models: tuple[str, ...]
    quorum: int
    """Models that have to give the same answer."""
    otherwise: str | None = None
    """The model that is asked where they do not. None = a person decides."""


@dataclass(frozen=True, slots=True)
class JudgeRule:
    """What human labels have to show before a model's judgement counts."""

    human_labels: int = 200
    """Labels of a task that are asked for."""
    min_for_certified: int = 100
    """Labels under which a task that a model scores stays judge-only."""


@dataclass(frozen=True, slots=True)
class SloRule:
    """How sure a latency objective has to be kept."""

    p95_confidence: float = 0.95


@dataclass(frozen=True, slots=True)
class SwitchRule:
    """When a certified model that is routed already gives way to a cheaper one (UX, hysteresis)."""

    saving: float = 0.10
    """Share by which the challenger has to be cheaper."""
    runs: int = 2
    """Runs that have to show it."""


@dataclass(frozen=True, slots=True)
class DecisionRule:
    """DECISION section 10."""

    objective: Literal["noninferior", "expected_cost"] = "noninferior"
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
    valid_days: int = 90
    """A routing table expires after this."""
    looks_start: int = 50
    """Items of the first look of a race."""
    kill_beta: float = 0.20
    """Error spent on calling a model inferior in a race, over all looks."""
    futility: float = 0.05
    """Conditional power under which a race gives a model up."""
    judge: JudgeRule = JudgeRule()
    slo: SloRule = SloRule()
    switch: SwitchRule = SwitchRule()


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
    """A person's look at one answer. None = unknown."""
    error_cost_usd: Decimal | None = None
    """An error that nobody notices. None = unknown."""
    reviewer_error: float = 0.0
    """Share of reviewed answers that are wrong all the same."""
    prices: Mapping[str, Price] = field(default_factory=dict)
    """Model id -> negotiated price, in place of the public one."""
    rule: DecisionRule = field(default_factory=DecisionRule)
    agreements: tuple[AgreementPolicy, ...] = ()
    """Named in advance, at most five a task, so that the best of many is not taken for good."""
    viewers: tuple[str, ...] = ()
    """Who may look at it where people sign in: addresses, or `*@domain`."""
    private_tasks: tuple[str, ...] = ()
    """Tasks that no organisation but those that list them is decided on or shown."""
    token_env: str | None = None
    """Variable with the token by which its routing table may be read. None = there is no such token."""

    def workload(self, task: str, category: str) -> Workload | None:
        """The workload of a task: its own entry, else its category's. None = not in use here."""
        by_name = {w.task: w for w in self.workloads}
        return by_name.get(task) or by_name.get(category)
