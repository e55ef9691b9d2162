"""The values every room speaks of. Frozen, no I/O, standard library only.

Units: money in USD as Decimal, time in seconds, tokens as counts, scores in [0, 1].
None means unknown everywhere, never zero.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

CATEGORIES = (
    "coding",
    "reasoning",
    "extraction",
    "summarization",
    "image-prompt",
    "classification",
    "translation",
)

Json = Any
"""A value that JSON can hold."""


def content_hash(value: Json, *, length: int = 16) -> str:
    """SHA-256 over canonical JSON, the first `length` hex digits: the identity of what was asked."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:length]


# Tasks -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Item:
    """One question of a bank."""

    id: str
    input: str
    """The complete user prompt, as it is sent."""
    target: Json
    """What the scorer compares with. Never shown to the model."""
    reference: str = ""
    """One answer that earns the full score, as a model would write it. "" = none is known."""
    stratum: str = ""
    cluster_id: str | None = None
    """Items of one cluster are not independent of each other. None = a cluster of its own."""
    metadata: Mapping[str, Json] = field(default_factory=dict)
    """For the scorer alone."""


@dataclass(frozen=True, slots=True)
class TaskCard:
    """task.yaml: what a task measures, known without importing its code."""

    name: str
    category: str
    title: str
    description: str
    version: str
    licence: str
    source: str
    metric: str
    """What the score is a share or mean of, in words."""
    scorer: str
    """A name in `whichmodel.scoring`."""
    folder: Path
    options: Mapping[str, Json] = field(default_factory=dict)
    """Options of the scorer."""
    system: str = ""
    """System prompt. "" = none is sent."""
    items: str = "generate.py"
    """items.jsonl, or generate.py with `generate(seed: int, count: int) -> Iterable[Item]`."""
    count: int = 400
    """Items that are generated or, at most, read."""
    answers: Literal["text", "image"] = "text"
    sandbox: bool = False
    """The scorer runs model-written code."""
    judged: bool = False
    """A model takes part in the scoring (DECISION section 6: judge-only until it is calibrated)."""
    max_tokens: int = 1024
    inspect_task: str | None = None
    """Name of a foreign Inspect task (`inspect_evals/gsm8k`) this card stands for. None = ours."""


@dataclass(frozen=True, slots=True)
class Bank:
    """A card with its items. `task_hash` covers card, prompts, targets and scorer options."""

    card: TaskCard
    items: tuple[Item, ...]
    task_hash: str
    seed: int | None = None
    """Seed of a generated bank. None = the items are a file."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model gave back, as a scorer sees it."""

    text: str
    images: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """A scorer's finding on one answer."""

    score: float
    parsed: bool
    """False = the format could not be read; such an answer is scored 0 and counted."""
    answer_norm: str = ""
    """The answer in normal form: equal answers are equal strings."""
    detail: Mapping[str, Json] = field(default_factory=dict)
    """Per-field or per-demand findings, and `explanation` in words."""


# Models ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens and images of one sample, all attempts that were billed. None = not reported."""

    input: int | None = None
    """All prompt tokens, cached ones included."""
    cached: int | None = None
    cache_write: int | None = None
    output: int | None = None
    """All completion tokens, reasoning included."""
    reasoning: int | None = None
    images: int | None = None


@dataclass(frozen=True, slots=True)
class Price:
    """A dated price of our own for one model. None = that unit is not charged or not known."""

    source: str
    dated: date
    input_per_mtok: Decimal | None = None
    output_per_mtok: Decimal | None = None
    cached_per_mtok: Decimal | None = None
    cache_write_per_mtok: Decimal | None = None
    per_image: Decimal | None = None
    per_megapixel: Decimal | None = None
    per_second: Decimal | None = None
    per_gpu_hour: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Priced:
    """A cost and where it comes from. `usd` None = unknown."""

    usd: Decimal | None
    source: str = ""
    dated: date | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """What is asked of a model beside the prompt; part of its identity. None = provider's default."""

    output_mode: Literal["plain", "json", "schema"] = "plain"
    reasoning_effort: str | None = None
    temperature: float | None = None
    max_tokens: int | None = None
    """None = the task card's."""


@dataclass(frozen=True, slots=True)
class Model:
    """An endpoint with settings, as bench.yaml or the demo panel names it."""

    id: str
    """The row's name, `provider/model`, with `@mode` where one model stands in several modes."""
    inspect_name: str
    """What Inspect's `get_model` takes."""
    vendor: str
    answers: Literal["text", "image"] = "text"
    vision: bool = False
    """It reads images, so it may answer a scorer's questions about them."""
    settings: Settings = field(default_factory=Settings)
    base_url: str | None = None
    key_env: str | None = None
    """Environment variable with the key. None = none is needed."""
    max_connections: int = 16
    tasks: tuple[str, ...] = ()
    """Categories or task names it is made for. () = all that its output fits."""
    region: str | None = None
    data_classes: tuple[str, ...] = ()
    licence: str | None = None
    price: Price | None = None
    """None = genai-prices is asked."""
    simulated: bool = False
    baseline: bool = False
    """A rule, run in this process's own machine: free, and really measured in every panel."""
    variant: str = ""
    """More identity: the simulated skill, the version of a rule. "" = none."""

    @property
    def settings_hash(self) -> str:
        """Identity of what is measured: name, settings and, for a real endpoint, its address."""
        address = None if self.simulated else self.base_url
        asked = [self.id, self.inspect_name, asdict(self.settings), address, self.variant]
        return content_hash(asked)

    def takes(self, card: TaskCard) -> bool:
        """Whether this model is to be measured on a task."""
        if self.answers != card.answers:
            return False
        return not self.tasks or bool({card.name, card.category} & set(self.tasks))


# Outcomes ----------------------------------------------------------------------------------------


class Status(StrEnum):
    """How a sample ended. Only `failed` has no score; refused and truncated answers score 0."""

    SCORED = "scored"
    REFUSED = "refused"
    TRUNCATED = "truncated"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Cell:
    """One thing to measure: task x model x item x epoch."""

    task: str
    task_hash: str
    model: str
    settings_hash: str
    item_id: str
    epoch: int = 1

    @property
    def key(self) -> str:
        """Content key: the same question to the same model has the same key, for ever."""
        asked = [self.task, self.task_hash, self.model, self.settings_hash, self.item_id, self.epoch]
        return content_hash(asked, length=32)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One attempt at a cell, as it is stored; the field order is the table's column order."""

    key: str
    """Content key of the row: the cell's key and the sample's id in its log."""
    cell_key: str
    task: str
    task_hash: str
    category: str
    item_id: str
    cluster_id: str
    """The item's own id where it belongs to no cluster."""
    stratum: str
    epoch: int
    model: str
    settings_hash: str
    requested_model: str
    served_model: str | None
    fingerprint: str | None
    status: Status
    parsed: bool | None
    """None for what was never scored."""
    score: float | None
    """None if and only if status is failed."""
    judge_score: float | None
    human_score: float | None
    answer_norm: str | None
    input_tokens: int | None
    cached_tokens: int | None
    cache_write_tokens: int | None
    output_tokens: int | None
    reasoning_tokens: int | None
    images: int | None
    cost_usd: Decimal | None
    judge_cost_usd: Decimal | None
    """What the scorer's own model calls cost. 0 when it made none, None when unknown."""
    price_source: str | None
    price_date: date | None
    latency_s: float | None
    """The successful attempt alone."""
    ttft_s: float | None
    queue_s: float | None
    """Waiting before the successful attempt: connections, back-off, failed attempts."""
    attempts: int
    loop_lag_ms: float | None
    error_class: str | None
    error_text: str | None
    output_ref: str | None
    """Artefact of an image answer, relative to the results folder."""
    log_ref: str | None
    """`logs/...eval#sample uuid`, relative to the results folder."""
    run_id: str
    started_at: datetime
    """UTC."""
    simulated: bool
    baseline: bool
    imported_from: str | None = None


# Organisations -----------------------------------------------------------------------------------


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


# Standings and routes ----------------------------------------------------------------------------


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
    few items, not measured."""
    text: str
    """The reason in words with its figures."""
    difference: float | None = None
    """Mean paired score difference against the routed model, in score units. None = not comparable."""
    low: float | None = None
    high: float | None = None
    n: int | None = None
    """Pairs."""


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
    version: int = 1
