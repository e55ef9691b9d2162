"""The routing table as a file: golden, read back as it was, refused where it is malformed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from whichmodel.domain import DecisionRule, Model, Route, RouteStatus, RoutingTable, WhyNot
from whichmodel.errors import ConfigError
from whichmodel.export.table import (
    RouteFile,
    TableFile,
    WhyNotFile,
    from_json,
    from_yaml,
    schema,
    to_json,
    to_yaml,
)

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "routing.schema.json"
Models = Mapping[str, Model]
Golden = Callable[[str, str], None]

texts = st.text(max_size=12) | st.sampled_from(
    [
        "no",
        "y",
        "3.10",
        "12:30",
        "1e3",
        "0o17",
        "=1+1",
        "~",
        "null",
        "2026-11-01",
        "a\x85b",
        "a: b # c",
        "\ufeff",
        " ",
    ]
)
figures = st.floats(0, 1e6).map(lambda value: float(f"{value:.6g}"))
known = st.none() | figures
names = ("a/1", "b/2", "no", "3.10")
moments = st.datetimes(min_value=datetime(2000, 1, 1), timezones=st.just(UTC))
why_nots = st.builds(
    WhyNot,
    model=st.just("z/other"),
    reason=st.just("dearer"),
    text=texts,
    difference=known,
    low=known,
    high=known,
    n=st.none() | st.integers(0),
)


@st.composite
def routes(draw: st.DrawFn, task: str) -> Route:
    chosen = draw(st.permutations(names))[: draw(st.integers(0, len(names)))]
    drawn: dict[str, Any] = {
        entry.name: draw(known) for entry in fields(Route) if str(entry.type) == "float | None"
    }
    return Route(
        task=task,
        category=draw(texts),
        model=chosen[0] if chosen else None,
        status=draw(st.sampled_from(RouteStatus)),
        fallbacks=tuple(chosen[1:]),
        why=draw(texts),
        ties=tuple(draw(st.lists(texts, max_size=2))),
        why_not=tuple(draw(st.lists(why_nots, max_size=2))),
        n=draw(st.none() | st.integers(0)),
        figures=draw(st.sampled_from(["holdout", "in-sample"])),
        baseline_model=draw(st.none() | texts),
        delta=draw(figures),
        delta_asked=draw(figures),
        alpha=draw(figures),
        more_items=draw(st.none() | st.integers(0)),
        requests_per_month=draw(st.none() | st.integers(0)),
        simulated=False,
        task_hash=draw(texts),
        run_ids=tuple(draw(st.lists(texts, max_size=2))),
        **drawn,
    )


@st.composite
def tables(draw: st.DrawFn) -> RoutingTable:
    tasks = draw(st.lists(texts, max_size=3, unique=True))
    return RoutingTable(
        organisation=draw(texts),
        created_at=draw(moments),
        expires_at=draw(moments),
        simulated=draw(st.booleans()),
        routes=tuple(draw(routes(task)) for task in tasks),
        rule=DecisionRule(
            delta=draw(st.sampled_from([0.01, 0.03])), min_quality=draw(st.none() | st.just(0.9))
        ),
        run_ids=tuple(draw(st.lists(texts, max_size=2))),
    )


NAMED = {name: Model(id=name, inspect_name=name, vendor="v") for name in names}


@settings(deadline=None)
@given(tables())
def test_reads_back_the_table_that_was_written(table: RoutingTable) -> None:
    """Whatever its strings hold, as JSON and as YAML."""
    assert from_json(to_json(table, NAMED)) == table
    assert from_yaml(to_yaml(table, NAMED)) == table


def test_yaml_is_golden(table: RoutingTable, models: Models, golden: Golden) -> None:
    golden("routing.yaml", to_yaml(table, models))


def test_json_is_golden(table: RoutingTable, models: Models, golden: Golden) -> None:
    golden("routing.json", to_json(table, models))


def test_both_files_hold_the_same(table: RoutingTable, models: Models) -> None:
    assert yaml.safe_load(to_yaml(table, models)) == json.loads(to_json(table, models))


def test_a_figure_keeps_six_digits_and_the_file_is_stable(table: RoutingTable, models: Models) -> None:
    """A score of 0.9533333333 is written as 0.953333; what is read back writes the same file."""
    text = to_json(table, models)
    assert json.loads(text)["routes"][0]["score"] == 0.953333
    assert to_json(from_json(text), models) == text


def test_unknown_is_null_and_never_zero(table: RoutingTable, models: Models) -> None:
    routes = {route["task"]: route for route in json.loads(to_json(table, models))["routes"]}
    assert routes["receipts"]["cost_per_1k_usd"] is None
    assert routes["invoices"]["cost_per_1k_usd"] == 0.0


def test_a_simulated_table_says_so_in_words(table: RoutingTable, models: Models) -> None:
    real = replace(table, simulated=False, routes=())
    assert "invented models" in json.loads(to_json(table, models))["notice"]
    assert "notice" not in json.loads(to_json(real, models))


def test_file_and_domain_have_the_same_fields() -> None:
    for shape, value in ((RouteFile, Route), (WhyNotFile, WhyNot)):
        assert set(shape.model_fields) == {entry.name for entry in fields(value)}
    extra = {"models", "notice"}
    assert set(TableFile.model_fields) - extra == {entry.name for entry in fields(RoutingTable)}


def test_schema_is_the_one_in_the_reference_and_takes_the_file(table: RoutingTable, models: Models) -> None:
    assert REFERENCE.read_text(encoding="utf-8") == schema()
    jsonschema.validate(json.loads(to_json(table, models)), json.loads(schema()))


def _without(content: dict[str, Any]) -> None:
    del content["routes"][0]["status"]


def _unknown_key(content: dict[str, Any]) -> None:
    content["routes"][0]["fallback"] = []


def _number_for_text(content: dict[str, Any]) -> None:
    content["organisation"] = 3.1


def _other_status(content: dict[str, Any]) -> None:
    content["routes"][0]["status"] = "sure"


def _later_version(content: dict[str, Any]) -> None:
    content["version"] = 3


def _task_twice(content: dict[str, Any]) -> None:
    content["routes"].append(content["routes"][0])


def _no_zone(content: dict[str, Any]) -> None:
    content["created_at"] = "2026-11-01T12:00:00"


def _infinite(content: dict[str, Any]) -> None:
    content["routes"][0]["saving"] = float("inf")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_without, "status"),
        (_unknown_key, "fallback"),
        (_number_for_text, "organisation"),
        (_other_status, "status"),
        (_later_version, "only version 2"),
        (_task_twice, "stands twice"),
        (_no_zone, "needs its zone"),
        (_infinite, "saving"),
    ],
)
def test_a_malformed_table_is_refused_with_its_key(
    table: RoutingTable, models: Models, spoil: Callable[[dict[str, Any]], None], said: str
) -> None:
    content = json.loads(to_json(table, models))
    spoil(content)
    with pytest.raises(ConfigError, match=said) as by_json:
        from_json(json.dumps(content), name="acme.json")
    with pytest.raises(ConfigError, match=said):
        from_yaml(yaml.safe_dump(content), name="acme.yaml")
    assert by_json.value.where.startswith("acme.json")


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"version": 1, "version": 1}'])
def test_what_is_no_table_is_refused(text: str) -> None:
    with pytest.raises(ConfigError):
        from_json(text)
    with pytest.raises(ConfigError):
        from_yaml(text)


def test_every_status_stands_in_the_golden_table(table: RoutingTable) -> None:
    assert {route.status for route in table.routes} == set(RouteStatus)
    assert {route.figures for route in table.routes} == set(
        get_args(RouteFile.model_fields["figures"].annotation)
    )
