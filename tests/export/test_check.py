"""No file is made of a table that would mislead a gateway."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from whichmodel.domain import Model, Route, RouteStatus, RoutingTable, WhyNot
from whichmodel.errors import CheckFailed, UnknownName
from whichmodel.export import EXPORTERS, render
from whichmodel.export.check import check_names, check_table
from whichmodel.export.table import to_yaml

Models = Mapping[str, Model]


def _banned(route: Route) -> tuple[Route, ...]:
    return (replace(route, why_not=(WhyNot("demo-borealis/swift", "policy", "eu only"),)),)


def _banned_fallback(route: Route) -> tuple[Route, ...]:
    return (replace(route, why_not=(WhyNot("demo-aurora/grand", "policy", "eu only"),)),)


def _unknown_model(route: Route) -> tuple[Route, ...]:
    return (replace(route, model="demo-aurora/gone"),)


def _unknown_fallback(route: Route) -> tuple[Route, ...]:
    return (replace(route, fallbacks=("demo-aurora/gone",)),)


def _own_fallback(route: Route) -> tuple[Route, ...]:
    return (replace(route, fallbacks=("demo-borealis/swift",)),)


def _fallback_alone(route: Route) -> tuple[Route, ...]:
    return (replace(route, model=None),)


def _twice(route: Route) -> tuple[Route, ...]:
    return (route, replace(route, model="demo-aurora/lite", fallbacks=(), why_not=()))


@pytest.mark.parametrize("gateway", sorted(EXPORTERS))
@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_banned, "policy bans 'demo-borealis/swift'"),
        (_banned_fallback, "policy bans 'demo-aurora/grand'"),
        (_unknown_model, "no model 'demo-aurora/gone'"),
        (_unknown_fallback, "no model 'demo-aurora/gone'"),
        (_own_fallback, "named twice"),
        (_fallback_alone, "no route"),
        (_twice, "stands twice"),
    ],
)
def test_no_exporter_writes_a_misleading_table(
    table: RoutingTable,
    plain: Route,
    models: Models,
    gateway: str,
    spoil: Callable[[Route], tuple[Route, ...]],
    said: str,
) -> None:
    spoiled = replace(table, routes=spoil(plain))
    with pytest.raises(CheckFailed, match=said) as error:
        render(gateway, spoiled, models)
    assert error.value.where == "routing table of acme: functions"
    with pytest.raises(CheckFailed, match=said):
        to_yaml(spoiled, models)


@pytest.mark.parametrize("route_simulated", [True, False])
def test_nothing_simulated_enters_a_real_table(
    table: RoutingTable, plain: Route, models: Models, route_simulated: bool
) -> None:
    routes = (replace(plain, simulated=route_simulated),)
    with pytest.raises(CheckFailed, match="simulated"):
        check_table(replace(table, simulated=False, routes=routes), models)


@pytest.mark.parametrize(
    ("tasks", "left_out", "defined", "referenced", "said"),
    [
        (["a"], [], ["a", "a"], [], "defined twice"),
        (["a"], [], [], [], "neither served nor left out"),
        (["a"], ["a"], ["a"], [], "or both"),
        (["a"], [], ["a"], ["b"], "'b' is named and does not exist"),
    ],
)
def test_names_of_a_file_are_cross_checked(
    tasks: list[str], left_out: list[str], defined: list[str], referenced: list[str], said: str
) -> None:
    with pytest.raises(CheckFailed, match=said):
        check_names("file", tasks=tasks, left_out=left_out, defined=defined, referenced=referenced)


def test_a_category_named_like_a_model_is_refused(table: RoutingTable, plain: Route, models: Models) -> None:
    """Two meanings of one name in one file would be answered by either."""
    clash = replace(plain, category="demo-aurora/grand")
    with pytest.raises(CheckFailed, match="defined twice"):
        render("litellm", replace(table, routes=(clash,)), models)


@pytest.mark.parametrize("gateway", sorted(set(EXPORTERS) - {"json"}))
def test_an_organisation_with_every_model_banned_gets_an_error_and_no_file(
    table: RoutingTable, plain: Route, models: Models, gateway: str
) -> None:
    """The table itself stays a file: it says why."""
    nothing = replace(
        plain,
        model=None,
        status=RouteStatus.NONE,
        fallbacks=(),
        why="no model is allowed: the policy asks for eu",
    )
    banned = replace(table, routes=(nothing, replace(nothing, task="invoices")))
    with pytest.raises(CheckFailed, match=r"nothing to deploy\. functions: no route: no model is allowed"):
        render(gateway, banned, models)


@pytest.mark.parametrize("gateway", sorted(EXPORTERS))
def test_forty_tasks_are_forty_tasks(table: RoutingTable, plain: Route, models: Models, gateway: str) -> None:
    """With names as long as they come."""
    tasks = [f"task-{number}-{'x' * 200}" for number in range(40)]
    text = render(gateway, replace(table, routes=tuple(replace(plain, task=task) for task in tasks)), models)
    assert [task for task in tasks if task not in text] == []


def test_an_unknown_gateway_lists_the_nearest(table: RoutingTable, models: Models) -> None:
    with pytest.raises(UnknownName, match=r"no gateway 'litelm'\. Nearest: litellm\."):
        render("litelm", table, models)


def test_every_exporter_can_be_loaded_and_names_its_suffix() -> None:
    assert {exporter.suffix for exporter in EXPORTERS.values()} == {".yaml", ".json", ".toml"}
    assert all(callable(exporter.load()) for exporter in EXPORTERS.values())
