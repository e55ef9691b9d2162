"""bench.yaml as it is written, checked key by key."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from whichmodel.config.cluster import ClusterFile
from whichmodel.config.leaderboard import LeaderboardFile, checked_viewers
from whichmodel.config.store import StoreOptionsFile
from whichmodel.domain import DecisionRule, JudgeRule, Limits, SloRule, SwitchRule
from whichmodel.domain.driver import OutputMode, mode_refusal
from whichmodel.domain.provider import PROVIDERS, Reached, reach
from whichmodel.errors import nearest
from whichmodel.strict_yaml import Document, Money

Name = r"^[a-z0-9][a-z0-9_-]{0,63}$"


class PriceFile(Document):
    """A dated price of your own for one model, in USD."""

    source: str
    dated: date
    input_per_mtok: Money | None = None
    output_per_mtok: Money | None = None
    cached_per_mtok: Money | None = None
    cache_write_per_mtok: Money | None = None
    cache_write_1h_per_mtok: Money | None = Field(default=None, description="Writes kept for an hour.")
    reasoning_per_mtok: Money | None = Field(default=None, description="Default: as output.")
    image_input_per_mtok: Money | None = Field(default=None, description="Default: as input.")
    image_output_per_mtok: Money | None = Field(default=None, description="Default: as output.")
    per_image: Money | None = None
    per_megapixel: Money | None = Field(default=None, description="By a million drawn pixels.")
    per_second: Money | None = None
    per_gpu_hour: Money | None = Field(
        default=None,
        description="All GPUs that serve the model, operations included; with requests_per_hour or "
        "concurrency, or measured by `bench load`.",
    )
    requests_per_hour: Money | None = Field(default=None, gt=0, description="What those GPUs sustain.")
    concurrency: Money | None = Field(
        default=None, gt=0, description="Calls that share the GPUs at a time; used with measured seconds."
    )
    batch_factor: Money | None = Field(
        default=None, gt=0, le=1, description="What a batch call costs of a normal one."
    )

    @model_validator(mode="after")
    def _sane(self) -> PriceFile:
        shares = {"requests_per_hour", "concurrency", "batch_factor"}
        amounts = {k: v for k, v in self if isinstance(v, Decimal) and k not in shares}
        if not amounts:
            raise ValueError("a price needs at least one amount")
        if any(amount < 0 for amount in amounts.values()):
            raise ValueError("a price is not negative")
        throughput = self.requests_per_hour is not None or self.concurrency is not None
        if throughput and self.per_gpu_hour is None:
            raise ValueError("`requests_per_hour` and `concurrency` go with `per_gpu_hour`")
        return self


class SpecialistFile(Document):
    """What a fine-tuned model costs beside its requests."""

    training_usd: Money = Field(ge=0, description="The first training, data and evaluation included.")
    refresh_usd: Money = Field(default=Decimal(0), ge=0, description="Training it anew once.")
    refreshes_per_year: Money = Field(default=Decimal(0), ge=0)


class ModelFile(Document):
    """One model under `models:`."""

    id: str = Field(pattern=r"^[a-z0-9][A-Za-z0-9._-]*/[A-Za-z0-9@:._/-]+$")
    inspect_name: str | None = Field(default=None, description="Inspect's name of it; default: the id.")
    vendor: str | None = Field(default=None, description="Who answers for it; default: first part of the id.")
    answers: Literal["text", "image"] = "text"
    vision: bool = False
    output_mode: OutputMode = Field(
        default="plain",
        description="How JSON is asked for: by the prompt, as any object, by a schema, as a forced call.",
    )
    reasoning_effort: Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"] | None = None
    temperature: float | None = Field(default=None, ge=0, le=2)
    max_tokens: int | None = Field(default=None, gt=0)
    base_url: str | None = None
    key_env: str | None = Field(default=None, pattern=r"^[A-Z][A-Z0-9_]*$")
    max_connections: int = Field(default=16, gt=0, le=512)
    tasks: list[str] = Field(default_factory=list)
    region: str | None = None
    data_classes: list[str] = Field(default_factory=list)
    licence: str | None = None
    price: PriceFile | None = None
    specialist: SpecialistFile | None = Field(
        default=None, description="It was trained for its `tasks`; `bench savings` says when that pays."
    )
    enabled: bool = True

    @model_validator(mode="after")
    def _no_secret_in_url(self) -> ModelFile:
        if self.base_url and "@" in self.base_url.partition("://")[2].partition("/")[0]:
            raise ValueError("base_url holds credentials; put the key into the variable named by `key_env`")
        return self

    @model_validator(mode="after")
    def _can_be_asked(self) -> ModelFile:
        reached = self.reached()
        if reached is None:
            first = self.id.partition("/")[0]
            close = nearest(first, [p.name for p in PROVIDERS])
            hint = f" (nearest: {', '.join(close)})" if close else ""
            raise ValueError(
                f"`{first}` is no known provider{hint}; give the model a `base_url` or an `inspect_name`"
            )
        mode = self.output_mode
        if mode != "plain" and self.answers == "image":
            raise ValueError(f"a model that draws images has no output mode `{mode}`")
        if refusal := mode_refusal(reached.inspect_name, mode, self.reasoning_effort):
            raise ValueError(refusal.rstrip("."))
        return self

    def reached(self) -> Reached | None:
        """How it is reached; None = it has no address at all."""
        return reach(
            self.id,
            inspect_name=self.inspect_name,
            base_url=self.base_url,
            key_env=self.key_env,
            draws=self.answers == "image",
        )


class WorkloadFile(Document):
    """What an organisation asks of a task, or of each task of a category, in a month."""

    task: str
    requests_per_month: int = Field(ge=0)
    input_tokens: int | None = Field(default=None, ge=0)
    output_tokens: int | None = Field(default=None, ge=0)
    floor: float | None = Field(default=None, ge=0, le=1)
    p95_s: float | None = Field(default=None, gt=0)
    incumbent: str | None = None
    error_cost_usd: Money | None = None
    rollout: float | None = Field(default=None, gt=0, lt=1, description="Share that a new route gets.")


class PolicyFile(Document):
    """Which models may be used; a missing list restricts nothing."""

    vendors: list[str] | None = None
    regions: list[str] | None = None
    data_classes: list[str] | None = None
    licences: list[str] | None = None


class JudgeRuleFile(Document):
    """What human labels have to show before a model's judgement counts."""

    human_labels: int = Field(default=200, ge=2)
    min_for_certified: int = Field(default=100, ge=2)


class SloFile(Document):
    """How sure a latency objective has to be kept."""

    p95_confidence: float = Field(default=0.95, gt=0.5, lt=1)


class SwitchFile(Document):
    """When a routed model gives way to a cheaper one."""

    saving: float = Field(default=0.10, ge=0, lt=1)
    runs: int = Field(default=2, ge=1)


class AgreementFile(Document):
    """Several models answer a task; what a quorum of them agrees on is taken."""

    name: str = Field(pattern=Name)
    task: str
    models: list[str] = Field(min_length=2)
    quorum: int | None = Field(default=None, ge=2, description="Default: all of them.")
    otherwise: str | None = Field(
        default=None, description="Asked where they do not agree; default: a person."
    )

    @model_validator(mode="after")
    def _reachable(self) -> AgreementFile:
        if len(set(self.models)) < len(self.models):
            raise ValueError("a model stands twice in `models`")
        if self.quorum is not None and self.quorum > len(self.models):
            raise ValueError(f"`quorum` is at most the {len(self.models)} models")
        return self


class DecisionFile(Document):
    """How sure a route has to be."""

    objective: Literal["noninferior", "expected_cost"] = "noninferior"
    reference: Literal["best", "incumbent", "min_quality"] = "best"
    min_quality: float | None = Field(default=None, ge=0, le=1)
    delta: float = Field(default=0.03, gt=0, lt=0.5)
    alpha: float = Field(default=0.05, gt=0, lt=0.5)
    multiplicity: Literal["none", "bonferroni"] = "none"
    holdout: float = Field(default=0.25, ge=0, lt=1)
    min_items: int = Field(default=300, ge=1)
    min_coverage: float = Field(default=0.98, ge=0, le=1)
    valid_days: int = Field(default=90, gt=0)
    looks_start: int = Field(default=50, ge=20)
    kill_beta: float = Field(default=0.20, gt=0, lt=0.5)
    futility: float = Field(default=0.05, ge=0, lt=0.5)
    judge: JudgeRuleFile = JudgeRuleFile()
    slo: SloFile = SloFile()
    switch: SwitchFile = SwitchFile()

    def rule(self) -> DecisionRule:
        """The rule in the domain's values."""
        values: dict[str, Any] = self.model_dump(exclude={"judge", "slo", "switch"})
        return DecisionRule(
            **values,
            judge=JudgeRule(**self.judge.model_dump()),
            slo=SloRule(**self.slo.model_dump()),
            switch=SwitchRule(**self.switch.model_dump()),
        )


class OrganisationFile(Document):
    """One organisation under `organisations:`."""

    title: str
    workloads: list[WorkloadFile] = Field(default_factory=list)
    policy: PolicyFile = PolicyFile()
    p95_s: float | None = Field(default=None, gt=0)
    floor: float | None = Field(default=None, ge=0, le=1)
    review_cost_usd: Money | None = Field(default=None, description="A person's look at one answer.")
    error_cost_usd: Money | None = Field(default=None, description="An error that nobody notices.")
    reviewer_error: float = Field(default=0.0, ge=0, lt=1)
    prices: dict[str, PriceFile] = Field(default_factory=dict)
    decision: DecisionFile = DecisionFile()
    agreements: list[AgreementFile] = Field(default_factory=list)
    viewers: list[str] = Field(
        default_factory=list,
        description="Who may look at it where people sign in: ann@acme.example, or *@acme.example for all "
        "of a domain's; default: nobody.",
    )
    private_tasks: list[str] = Field(
        default_factory=list,
        description="Tasks of its own, by name: no other organisation is decided on them or shown them.",
    )
    token_env: str | None = Field(
        default=None,
        pattern=r"^[A-Z][A-Z0-9_]*$",
        description="Variable with the token by which a gateway reads its routing table.",
    )

    @field_validator("viewers")
    @classmethod
    def _are_addresses(cls, viewers: list[str]) -> list[str]:
        return checked_viewers(viewers)


class JudgesFile(Document):
    """Models that take part in scoring."""

    vision: str | None = Field(default=None, description="Answers questions about images.")
    text: str | None = Field(default=None, description="Grades texts of tasks whose scorer is `judge`.")
    tasks: dict[str, str] = Field(
        default_factory=dict, description="Another text judge for one task: task -> model."
    )
    readability: list[str] = Field(
        default_factory=list,
        description="Summarization tasks whose texts the judge reads besides, for `judge_score` alone.",
    )

    @model_validator(mode="after")
    def _somebody_reads(self) -> JudgesFile:
        if self.readability and self.text is None and not self.tasks:
            raise ValueError("`readability` needs a judge: name one as `text`")
        return self


class DefaultsFile(Document):
    """Defaults of `bench run`."""

    confirm_above_usd: Money = Field(default=Decimal("5"), description="Ask before an estimate above this.")
    seed: int = 0
    attempt_s: float = Field(default=120, ge=1, le=3600, description="Seconds for one attempt at a call.")
    call_s: float = Field(default=600, ge=1, le=86400, description="Seconds for all attempts at a call.")
    sample_s: float = Field(
        default=900, ge=1, le=86400, description="Seconds for a sample, scoring included."
    )
    retries: int = Field(default=4, ge=0, le=20, description="Attempts after the first.")

    @model_validator(mode="after")
    def _nested(self) -> DefaultsFile:
        if not self.attempt_s <= self.call_s <= self.sample_s:
            raise ValueError("`attempt_s` is at most `call_s`, and that at most `sample_s`")
        return self

    def limits(self) -> Limits:
        """How long and how often a model is asked."""
        return Limits(self.attempt_s, self.call_s, self.sample_s, self.retries)


class BenchFile(Document):
    """bench.yaml."""

    default_organisation: str
    models: list[ModelFile]
    organisations: dict[str, OrganisationFile]
    judges: JudgesFile = JudgesFile()
    defaults: DefaultsFile = DefaultsFile()
    leaderboard: LeaderboardFile = LeaderboardFile()
    store: str | None = Field(
        default=None,
        min_length=1,
        description="Where outcomes are shared: s3://bucket/prefix, gs://, az://container/prefix, "
        "file:///folder, or a folder's path, from here; default: nowhere.",
    )
    store_options: StoreOptionsFile = StoreOptionsFile()
    cluster: ClusterFile = ClusterFile()


def schema() -> str:
    """JSON Schema of bench.yaml, as docs/reference/bench.schema.json holds it."""
    body: dict[str, Any] = BenchFile.model_json_schema()
    body = {"$schema": "https://json-schema.org/draft/2020-12/schema", **body}
    return json.dumps(body, indent=2) + "\n"
