"""The routing table as a file: neutral, dated, diffable; results/routing/<organisation>.yaml and .json.

One block a decision, keys in one order, figures to six significant digits, unknown as null. Both files hold
the same. `from_yaml` and `from_json` read them strictly: an unknown, missing or mistyped key is an error.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, field_validator

from whichmodel.config import DecisionFile
from whichmodel.domain import AgreementPolicy, Model, Route, RouteStatus, RoutingTable, Share, WhyNot
from whichmodel.errors import ConfigError
from whichmodel.export.check import check_table, named_by
from whichmodel.export.yaml_text import dump
from whichmodel.strict_yaml import Document, parse

VERSION = 2
DIGITS = 6
"""Significant digits of a figure: more than any measurement here has, few enough to read."""
REMEDY = "`bench route` writes it anew."
SIMULATED = "Simulated: measured on invented models, to show how it works. It says nothing about real models."


def _aware(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a time needs its zone, such as 2026-11-01T12:00:00Z")
    return value


def _from_text(value: object) -> object:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


When = Annotated[datetime, BeforeValidator(_from_text), AfterValidator(_aware)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Status = Annotated[RouteStatus, Field(strict=False)]


class WhyNotFile(Document):
    """Why a model is not the route of a task."""

    model: str
    reason: str
    text: str
    difference: Number | None
    low: Number | None
    high: Number | None
    n: int | None


class ShareFile(Document):
    """A model's part of a task's requests."""

    model: str
    share: Number


class AgreementPolicyFile(Document):
    """Several models answer; what a quorum of them agrees on is taken, else `otherwise` is asked."""

    name: str
    task: str
    models: list[str]
    quorum: int
    otherwise: str | None


class RouteFile(Document):
    """The decision for one task: what, how sure, by which figures, why nothing else, from where."""

    task: str
    category: str
    model: str | None
    status: Status
    fallbacks: list[str]
    split: list[ShareFile]
    agreement: AgreementPolicyFile | None
    incumbent: str | None
    challenger: str | None
    challenger_runs: list[str]
    why: str
    ties: list[str]
    score: Number | None
    low: Number | None
    high: Number | None
    n: int | None
    figures: Literal["holdout", "in-sample"]
    raced: bool
    labels: int
    cost_per_1k_usd: Number | None
    cost_low_per_1k_usd: Number | None
    cost_high_per_1k_usd: Number | None
    p95_s: Number | None
    p95_low_s: Number | None
    p95_high_s: Number | None
    p95_n: int | None
    baseline_model: str | None
    baseline_score: Number | None
    baseline_low: Number | None
    baseline_high: Number | None
    baseline_n: int | None
    baseline_cost_per_1k_usd: Number | None
    baseline_cost_low_per_1k_usd: Number | None
    baseline_cost_high_per_1k_usd: Number | None
    saving: Number | None
    saving_low: Number | None
    saving_high: Number | None
    requests_per_month: int | None
    monthly_usd: Number | None
    baseline_monthly_usd: Number | None
    delta: Number
    delta_asked: Number
    delta_achievable: Number | None
    alpha: Number
    more_items: int | None
    why_not: list[WhyNotFile]
    simulated: bool
    task_hash: str
    run_ids: list[str]


class RoutedModelFile(Document):
    """What a routed model is, beside its id."""

    vendor: str
    inspect_name: str
    settings_hash: str
    simulated: bool
    baseline: bool


class TableFile(Document):
    """The routing table of one organisation, as whichmodel writes it."""

    version: int
    organisation: str
    simulated: bool
    notice: str = ""
    created_at: When
    expires_at: When
    rule: DecisionFile
    run_ids: list[str]
    models: dict[str, RoutedModelFile]
    routes: list[RouteFile]

    @field_validator("version")
    @classmethod
    def _readable(cls, version: int) -> int:
        if version != VERSION:
            raise ValueError(f"this is version {version}, and only version {VERSION} can be read")
        return version

    @field_validator("routes")
    @classmethod
    def _once(cls, routes: list[RouteFile]) -> list[RouteFile]:
        tasks = [route.task for route in routes]
        for task in tasks:
            if tasks.count(task) > 1:
                raise ValueError(f"the task '{task}' stands twice")
        return routes


def to_yaml(table: RoutingTable, models: Mapping[str, Model]) -> str:
    """The table as YAML. Raises CheckFailed for a table that no file may be made of."""
    return dump(_document(table, models))


def to_json(table: RoutingTable, models: Mapping[str, Model]) -> str:
    """The table as JSON. Raises CheckFailed for a table that no file may be made of."""
    return json.dumps(_document(table, models), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def from_yaml(text: str, *, name: str = "routing table") -> RoutingTable:
    """The table that `to_yaml` wrote; `name` is the file named in errors. Raises ConfigError."""
    return _table(parse(text, TableFile, name=name))


def from_json(text: str, *, name: str = "routing table") -> RoutingTable:
    """The table that `to_json` wrote; `name` is the file named in errors. Raises ConfigError."""
    try:
        return _table(TableFile.model_validate(json.loads(text, object_pairs_hook=_unique)))
    except json.JSONDecodeError as error:
        place = f"{name}:{error.lineno}"
        raise ConfigError(f"This is not valid JSON: {error.msg}.", where=place, remedy=REMEDY) from error
    except _Twice as error:
        raise ConfigError(f"The key `{error}` stands twice.", where=name, remedy=REMEDY) from None
    except ValidationError as error:
        finding = error.errors(include_url=False)[0]
        key = ".".join(str(part) for part in finding["loc"])
        unknown = finding["type"] == "extra_forbidden"
        what = f"There is no key `{key}`." if unknown else f"`{key}`: {finding['msg']}."
        raise ConfigError(what, where=name, remedy=REMEDY) from None


class _Twice(Exception):
    """A key that an object of JSON has twice."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _Twice(key)
        found[key] = value
    return found


def schema() -> str:
    """JSON Schema of the file, as docs/reference/routing.schema.json holds it."""
    body = {"$schema": "https://json-schema.org/draft/2020-12/schema", **TableFile.model_json_schema()}
    return json.dumps(body, indent=2) + "\n"


def _document(table: RoutingTable, models: Mapping[str, Model]) -> dict[str, Any]:
    """The content of either file, as plain values in the order of the keys."""
    check_table(table, models)
    named = {name for route in table.routes for name in named_by(route)}
    whole = asdict(table) | {"models": {name: _model(models[name]) for name in sorted(named)}}
    whole["routes"] = [_ordered(route, RouteFile) for route in whole["routes"]]
    if table.simulated:
        whole["notice"] = SIMULATED
    plain: dict[str, Any] = _plain(_ordered(whole, TableFile))
    return plain


def _model(model: Model) -> dict[str, Any]:
    return {key: getattr(model, key) for key in RoutedModelFile.model_fields}


def _ordered(values: Mapping[str, Any], shape: type[Document]) -> dict[str, Any]:
    return {key: values[key] for key in shape.model_fields if key in values}


def _plain(value: Any) -> Any:
    """The value in what YAML and JSON have: a figure to six digits, a time in UTC."""
    match value:
        case Mapping():
            return {key: _plain(entry) for key, entry in value.items()}
        case list() | tuple():
            return [_plain(entry) for entry in value]
        case RouteStatus():
            return value.value
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case float():
            return float(f"{value:.{DIGITS}g}")
    return value


def _table(file: TableFile) -> RoutingTable:
    return RoutingTable(
        organisation=file.organisation,
        created_at=file.created_at,
        expires_at=file.expires_at,
        simulated=file.simulated,
        routes=tuple(_route(entry) for entry in file.routes),
        rule=file.rule.rule(),
        run_ids=tuple(file.run_ids),
        version=file.version,
    )


def _route(entry: RouteFile) -> Route:
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in entry}
    values["why_not"] = tuple(WhyNot(**dict(why)) for why in entry.why_not)
    values["split"] = tuple(Share(**dict(share)) for share in entry.split)
    if policy := entry.agreement:
        values["agreement"] = AgreementPolicy(**{**dict(policy), "models": tuple(policy.models)})
    return Route(**values)
