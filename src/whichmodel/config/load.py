"""What bench.yaml says, in the domain's values; what one entry says of another is checked here."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

from whichmodel.config.cluster import ClusterSettings
from whichmodel.config.file import BenchFile, ModelFile, Name, OrganisationFile, PriceFile
from whichmodel.config.leaderboard import Leaderboard
from whichmodel.config.store import SharedStore, meant
from whichmodel.domain import (
    AgreementPolicy,
    Limits,
    Model,
    Organisation,
    Policy,
    Price,
    Settings,
    Specialist,
    Workload,
)
from whichmodel.errors import ConfigError, UnknownName
from whichmodel.strict_yaml import load

MOST_AGREEMENTS = 5
"""Agreement policies of one task: the best of more would be the luckiest."""
LARGEST_RECORD = 256 * 2**20
"""Bytes of a file of recorded answers, which is read into memory."""


@dataclass(frozen=True, slots=True)
class JudgesNamed:
    """Ids of the models that take part in scoring."""

    vision: str | None = None
    """Answers questions about images. None = the first with vision."""
    text: str | None = None
    """Grades texts. None = nobody does."""
    tasks: Mapping[str, str] = field(default_factory=dict)
    """Task -> who grades its texts, in place of `text`."""
    readability: Sequence[str] = ()
    """Summarization tasks, by name, category or glob, whose texts the judge reads besides."""


@dataclass(frozen=True, slots=True)
class Config:
    """What bench.yaml says, in the domain's values."""

    path: Path
    models: tuple[Model, ...]
    """All that are listed and not switched off, whether or not they can be reached."""
    switched_off: tuple[Model, ...]
    """Those with `enabled: false`."""
    organisations: Mapping[str, Organisation]
    default_organisation: str
    judges: JudgesNamed
    confirm_above_usd: Decimal
    seed: int
    limits: Limits
    leaderboard: Leaderboard = field(default_factory=Leaderboard)
    store: SharedStore | None = None
    """None = outcomes stay in the results folder."""
    cluster: ClusterSettings = field(default_factory=ClusterSettings)

    def organisation(self, name: str | None = None) -> Organisation:
        """An organisation by name, None = the default one. Raises UnknownName."""
        wanted = name or self.default_organisation
        if wanted not in self.organisations:
            raise UnknownName.of("organisation", wanted, self.organisations, where=str(self.path))
        return self.organisations[wanted]

    def private_to_others(self, name: str) -> frozenset[str]:
        """Tasks that other organisations keep to themselves, and this one does not list."""
        own = self.organisations[name].private_tasks if name in self.organisations else ()
        others = (each.private_tasks for each in self.organisations.values() if each.name != name)
        return frozenset(task for tasks in others for task in tasks) - set(own)

    def alone(self, name: str) -> Config:
        """The same as if there were no other organisation. Raises UnknownName."""
        return replace(self, organisations={name: self.organisation(name)}, default_organisation=name)


def load_config(path: Path) -> Config:
    """bench.yaml, checked. Raises ConfigError naming file, line, key and what would work."""
    if not path.exists():
        raise ConfigError(
            "There is no such file.", where=str(path), remedy="`bench init` writes one with comments."
        )
    file = load(path, BenchFile)
    _unique(file.models, path)
    made = [(_model(entry, path), entry.enabled) for entry in file.models]
    organisations = {name: _organisation(name, entry, path) for name, entry in file.organisations.items()}
    if file.default_organisation not in organisations:
        name = file.default_organisation
        raise UnknownName.of("organisation", name, organisations, where=f"{path}: default_organisation")
    _judges_exist(file, path)
    return Config(
        path=path,
        models=tuple(model for model, enabled in made if enabled),
        switched_off=tuple(model for model, enabled in made if not enabled),
        organisations=organisations,
        default_organisation=file.default_organisation,
        judges=JudgesNamed(**file.judges.model_dump()),
        confirm_above_usd=file.defaults.confirm_above_usd,
        seed=file.defaults.seed,
        limits=file.defaults.limits(),
        leaderboard=file.leaderboard.meant(),
        store=meant(file.store, file.store_options, path) if file.store else None,
        cluster=file.cluster.meant(),
    )


def _unique(entries: list[ModelFile], path: Path) -> None:
    modes: dict[str, list[str]] = {}
    for entry in entries:
        modes.setdefault(entry.id, []).append(entry.output_mode)
    for model_id, of_id in modes.items():
        if len(of_id) == 1:
            continue
        other = next((mode for mode in of_id if mode != "plain"), "mode")
        raise ConfigError(
            f"The model id '{model_id}' stands {'twice' if len(of_id) == 2 else f'{len(of_id)} times'}, "
            f"in output modes {' and '.join(of_id)}.",
            where=f"{path}: models",
            remedy=f"Each row needs its own id: write `{model_id.partition('@')[0]}@{other}` at one of them.",
        )


def _judges_exist(file: BenchFile, path: Path) -> None:
    judge = file.judges.vision
    vision = [entry.id for entry in file.models if entry.vision]
    if judge is not None and judge not in vision:
        raise UnknownName.of("model with `vision: true`", judge, vision, where=f"{path}: judges.vision")
    texts = [entry.id for entry in file.models if entry.answers == "text"]
    named = {"text": file.judges.text, **{f"tasks.{task}": name for task, name in file.judges.tasks.items()}}
    for key, name in named.items():
        if name is not None and name not in texts:
            raise UnknownName.of("model that answers in text", name, texts, where=f"{path}: judges.{key}")


def _model(entry: ModelFile, path: Path) -> Model:
    reached = entry.reached()
    assert reached is not None, "checked as the file was read"
    address, variant = reached.base_url, ""
    if reached.inspect_name.startswith("replay/"):
        folder = path.resolve().parent
        address, variant = folder.as_uri(), _fingerprint(folder / reached.inspect_name.partition("/")[2])
    return Model(
        id=entry.id,
        inspect_name=reached.inspect_name,
        vendor=entry.vendor or entry.id.partition("/")[0],
        answers=entry.answers,
        vision=entry.vision,
        settings=Settings(
            output_mode=entry.output_mode,
            reasoning_effort=entry.reasoning_effort,
            temperature=entry.temperature,
            max_tokens=entry.max_tokens,
        ),
        base_url=address,
        key_env=reached.key_env,
        max_connections=entry.max_connections,
        tasks=tuple(entry.tasks),
        region=entry.region,
        data_classes=tuple(entry.data_classes),
        licence=entry.licence,
        price=_price(entry.price),
        variant=variant,
        specialist=Specialist(**entry.specialist.model_dump()) if entry.specialist else None,
    )


def _fingerprint(record: Path) -> str:
    """The content of recorded answers, which is what is measured. "" = the file is not there."""
    if not record.is_file():
        return ""
    if record.stat().st_size > LARGEST_RECORD:
        raise ConfigError(
            f"Recorded answers are read up to {LARGEST_RECORD // 2**20} MiB.",
            where=str(record),
            remedy="Split the file by task, one model each.",
        )
    with record.open("rb") as lines:
        return hashlib.file_digest(lines, "sha256").hexdigest()[:16]


def _price(entry: PriceFile | None) -> Price | None:
    return Price(**entry.model_dump()) if entry else None


def _tuple(values: list[str] | None) -> tuple[str, ...] | None:
    return None if values is None else tuple(values)


def _organisation(name: str, entry: OrganisationFile, path: Path) -> Organisation:
    if not re.match(Name, name):
        raise ConfigError(
            f"'{name}' is no name for an organisation.",
            where=f"{path}: organisations",
            remedy="Use small letters, digits, `-` and `_`, at most 64.",
        )
    decision = entry.decision
    if decision.reference == "min_quality" and decision.min_quality is None:
        raise ConfigError(
            "`reference: min_quality` needs the bar.",
            where=f"{path}: organisations.{name}.decision",
            remedy="Add `min_quality: 0.9`.",
        )
    if decision.objective == "expected_cost" and entry.error_cost_usd is None:
        raise ConfigError(
            "`objective: expected_cost` needs the cost of an error.",
            where=f"{path}: organisations.{name}",
            remedy="Add `error_cost_usd: 2.50`: what an error that nobody notices costs.",
        )
    return Organisation(
        name=name,
        title=entry.title,
        workloads=tuple(Workload(**w.model_dump()) for w in entry.workloads),
        policy=Policy(**{key: _tuple(value) for key, value in entry.policy}),
        p95_s=entry.p95_s,
        floor=entry.floor,
        review_cost_usd=entry.review_cost_usd,
        error_cost_usd=entry.error_cost_usd,
        reviewer_error=entry.reviewer_error,
        prices={model: Price(**price.model_dump()) for model, price in entry.prices.items()},
        rule=decision.rule(),
        agreements=_agreements(name, entry, path),
        viewers=tuple(entry.viewers),
        private_tasks=tuple(entry.private_tasks),
        token_env=entry.token_env,
    )


def _agreements(name: str, entry: OrganisationFile, path: Path) -> tuple[AgreementPolicy, ...]:
    where = f"{path}: organisations.{name}.agreements"
    names = Counter(policy.name for policy in entry.agreements)
    tasks = Counter(policy.task for policy in entry.agreements)
    for twice in (found for found, count in names.items() if count > 1):
        raise ConfigError(
            f"The policy '{twice}' stands twice.", where=where, remedy="Give each its own name."
        )
    for task in (found for found, count in tasks.items() if count > MOST_AGREEMENTS):
        raise ConfigError(
            f"The task '{task}' has {tasks[task]} policies; the best of so many is taken by luck.",
            where=where,
            remedy=f"Name at most {MOST_AGREEMENTS} a task.",
        )
    return tuple(
        AgreementPolicy(p.name, p.task, tuple(p.models), p.quorum or len(p.models), p.otherwise)
        for p in entry.agreements
    )
