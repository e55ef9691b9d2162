"""How a model stands on a task, and the routes that follow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from whichmodel.domain.organisation import AgreementPolicy, DecisionRule


@dataclass(frozen=True, slots=True)
class Standing:
    """How one model stands on one task, over the outcomes of one panel (real or simulated)."""

    task: str
    category: str
    model: str
    vendor: str
    n: int
    """Items with a score; refused, truncated and unparsed answers are among them, as 0."""
    planned: int
    """Items that were asked, failed ones included."""
    score: float | None
    """Mean of item scores. None = no item has one."""
    low: float | None
    high: float | None
    interval: str
    """Method and level, such as "Wilson 95%". "" without a score."""
    cost_per_1k_usd: float | None
    """1,000 requests. None unless every scored item has a known cost."""
    p50_s: float | None
    """Over answers whose latency this program's own delay did not bend. None = too few are left."""
    p95_s: float | None
    coverage: float
    """n / planned."""
    unparsed: float | None
    """Share of scored items whose format could not be read."""
    refused: int
    truncated: int
    failed: int
    status: str
    """ok, failed (no score at all), low-coverage, few-items."""
    simulated: bool
    baseline: bool
    task_hash: str
    settings_hash: str
    run_ids: tuple[str, ...] = ()
    measured_from: datetime | None = None
    measured_to: datetime | None = None
    late: int = 0
    """Answers left out of p50 and p95, since the measuring program was late itself."""
    judge: str | None = None
    """Who took part in the scoring. None = nobody did, or several."""
    judge_kin: str = ""
    """What that judge and the model have in common ("its own vendor acme"). "" = nothing that is known."""


class RouteStatus(StrEnum):
    """How sure a route is (DECISION section 3)."""

    CERTIFIED = "certified"
    PROVISIONAL = "provisional"
    INSUFFICIENT = "insufficient"
    JUDGE_ONLY = "judge_only"
    NONE = "none"
    """No model may be routed to at all."""


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why a model is not the route of a task."""

    model: str
    reason: str
    """policy, below floor, too slow, low coverage, dearer, not shown non-inferior, inferior, unknown cost,
    few items, few labels, waits, not raced, not measured, not configured."""
    text: str
    """The reason in words with its figures."""
    difference: float | None = None
    """Mean paired score difference against the routed model, in score units. None = not comparable."""
    low: float | None = None
    high: float | None = None
    n: int | None = None
    """Pairs."""


@dataclass(frozen=True, slots=True)
class Share:
    """A model's part of a task's requests."""

    model: str
    share: float


@dataclass(frozen=True, slots=True)
class Route:
    """The decision for one task. `model` None = no route."""

    task: str
    category: str
    model: str | None
    status: RouteStatus
    fallbacks: tuple[str, ...]
    """In order of trial, the first from another vendor where one is fit."""
    why: str
    """The headline in words: "same quality, 84% cheaper", or what is missing."""
    ties: tuple[str, ...]
    """Models whose cost cannot be told from the routed one's among the certified."""
    why_not: tuple[WhyNot, ...]
    score: float | None
    low: float | None
    high: float | None
    n: int | None
    cost_per_1k_usd: float | None
    p95_s: float | None
    figures: Literal["holdout", "in-sample"]
    """Whether score, interval and cost come from items that the choice never saw."""
    baseline_model: str | None
    """Best point estimate: what the saving is against. None = unknown."""
    baseline_score: float | None
    baseline_cost_per_1k_usd: float | None
    saving: float | None
    """1 - cost / baseline cost, a share. None = a cost is unknown."""
    delta: float
    """Margin used, raised where the bank is too small for the one asked for."""
    delta_asked: float
    alpha: float
    delta_achievable: float | None
    """Margin this bank could settle with 80% power. None = cannot be told."""
    more_items: int | None
    """Items that would probably settle what is open. None = settled, or cannot be told."""
    requests_per_month: int | None
    monthly_usd: float | None
    baseline_monthly_usd: float | None
    simulated: bool
    task_hash: str
    run_ids: tuple[str, ...]
    cost_low_per_1k_usd: float | None = None
    cost_high_per_1k_usd: float | None = None
    """95% interval of the cost. None = unknown."""
    baseline_low: float | None = None
    baseline_high: float | None = None
    """95% interval of the baseline's score. None = unknown."""
    baseline_n: int | None = None
    """Items that the baseline's score is over."""
    baseline_cost_low_per_1k_usd: float | None = None
    baseline_cost_high_per_1k_usd: float | None = None
    """95% interval of the baseline's cost. None = unknown."""
    p95_low_s: float | None = None
    p95_high_s: float | None = None
    """95% interval of `p95_s` between two order statistics. None = too few answers bound that end."""
    p95_n: int | None = None
    """Answers that `p95_s` is over. None = it is unknown."""
    saving_low: float | None = None
    saving_high: float | None = None
    """95% interval of the saving, by paired bootstrap. None = unknown."""
    incumbent: str | None = None
    """The model that was routed, or named as today's, before this decision. None = none was."""
    challenger: str | None = None
    """A cheaper certified model that waits for another run to confirm it. None = none waits."""
    challenger_runs: tuple[str, ...] = ()
    """Runs that have shown the challenger to be cheaper so far."""
    split: tuple[Share, ...] = ()
    """Who gets which part of the requests, the parts adding up to 1. () = all go to `model`."""
    labels: int = 0
    """Human labels that correct the scores. 0 = none were used."""
    raced: bool = False
    """Decided by a race: each model was measured as far as it took, and the figures are in-sample."""
    agreement: AgreementPolicy | None = None
    """An application-side policy in front of `model`. None = `model` answers alone."""


@dataclass(frozen=True, slots=True)
class RoutingTable:
    """All routes of one organisation, as written to results/routing/<organisation>.yaml."""

    organisation: str
    created_at: datetime
    expires_at: datetime
    simulated: bool
    """True = rests on simulated rows as a whole; never a candidate for a real one."""
    routes: tuple[Route, ...]
    rule: DecisionRule
    run_ids: tuple[str, ...]
    version: int = 2
