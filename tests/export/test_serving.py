"""What a gateway serves of a route: its parts, its fallbacks, and what is passed over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from whichmodel.domain import Model, Route, RoutingTable, Share
from whichmodel.errors import CheckFailed
from whichmodel.export.serving import Part, Service, serve

Models = Mapping[str, Model]
GRAND, LITE, SWIFT = "demo-aurora/grand", "demo-aurora/lite", "demo-borealis/swift"


def _service(table: RoutingTable, route: Route, models: Models, refused: frozenset[str]) -> Service:
    """How the route is served where some models cannot be."""
    serving = serve(
        replace(table, routes=(route,)), models, lambda model: "no" if model.id in refused else ""
    )
    return serving.services[0]


def _ids(service: Service) -> tuple[dict[str, float], list[str]]:
    return {part.model.id: part.share for part in service.parts}, [model.id for model in service.fallbacks]


def _split(plain: Route) -> Route:
    """A tenth of the requests go to the new model."""
    shares = (Share(LITE, 0.1), Share(GRAND, 0.9))
    return replace(plain, model=LITE, split=shares, fallbacks=(SWIFT, GRAND), why_not=())


def test_without_a_split_all_requests_go_to_the_routed_model(
    table: RoutingTable, plain: Route, models: Models
) -> None:
    service = _service(table, plain, models, frozenset())
    assert _ids(service) == ({SWIFT: 1.0}, [GRAND])
    assert [model.id for model in service.models] == [SWIFT, GRAND]


def test_the_largest_part_comes_first(table: RoutingTable, plain: Route, models: Models) -> None:
    service = _service(table, _split(plain), models, frozenset())
    assert service.parts == (Part(models[GRAND], 0.9), Part(models[LITE], 0.1))
    assert [model.id for model in service.models] == [GRAND, LITE, SWIFT]


@pytest.mark.parametrize(
    ("refused", "expected"),
    [
        ({GRAND}, ({LITE: 1.0}, [SWIFT])),
        ({LITE}, ({GRAND: 1.0}, [SWIFT, GRAND])),
        ({LITE, GRAND}, ({SWIFT: 1.0}, [])),
    ],
)
def test_a_part_that_cannot_be_served_goes_to_the_others(
    table: RoutingTable,
    plain: Route,
    models: Models,
    refused: set[str],
    expected: tuple[dict[str, float], list[str]],
) -> None:
    service = _service(table, _split(plain), models, frozenset(refused))
    assert _ids(service) == expected
    assert service.passed_over == tuple(f"{name} (no)" for name in (GRAND, LITE) if name in refused)[::-1]


def test_a_table_of_which_nothing_can_be_served_is_an_error_with_the_reasons(
    table: RoutingTable, plain: Route, models: Models
) -> None:
    with pytest.raises(CheckFailed, match=r"functions: .* demo-borealis/swift \(no\)") as error:
        _service(table, plain, models, frozenset(models))
    assert error.value.where == "routing table of acme"


def test_a_table_without_tasks_is_an_error(table: RoutingTable, models: Models) -> None:
    with pytest.raises(CheckFailed, match="It has no tasks"):
        serve(replace(table, routes=()), models, lambda _: "")
