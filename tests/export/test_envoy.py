"""The Envoy AI Gateway's resources: routes by their own schema, everything else by its names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from export.readers import documents
from export.strict_schema import Schema, problems
from gateway_tables import GOOGLE, MODELS, OWN, ROUTED, SMALL, STRONG, THINKING, many, odd, split, table_of
from routing_table import MODELS as DEMO
from routing_table import TABLE

from whichmodel.domain import Model, RoutingTable
from whichmodel.export.envoy import render

DEMO_MODELS = {model.id: model for model in DEMO}
LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


@pytest.fixture(scope="module")
def route_schema(real_data: Path) -> Schema:
    """Of an AIGatewayRoute v1beta1."""
    path = real_data / "gateways" / "envoy_aigatewayroutes_crd.yaml"
    definition = yaml.safe_load(path.read_text(encoding="utf-8"))
    (version,) = [each for each in definition["spec"]["versions"] if each["name"] == "v1beta1"]
    found: Schema = version["schema"]["openAPIV3Schema"]
    return found


def _kinds(table: RoutingTable, models: Mapping[str, Model] = MODELS) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for each in documents(render(table, models)):
        found.setdefault(each["kind"], []).append(each)
    return found


def _rules(table: RoutingTable, models: Mapping[str, Model] = MODELS) -> list[Any]:
    return [rule for route in _kinds(table, models)["AIGatewayRoute"] for rule in route["spec"]["rules"]]


@pytest.mark.parametrize(
    ("table", "models"),
    [(TABLE, DEMO_MODELS), (many(40), MODELS), (odd(), MODELS), (split(), MODELS)],
    ids=["demo", "many", "odd", "split"],
)
def test_routes_fit_the_schema_of_their_definition(
    route_schema: Schema, table: RoutingTable, models: Mapping[str, Model]
) -> None:
    for route in _kinds(table, models)["AIGatewayRoute"]:
        assert route["apiVersion"] == "aigateway.envoyproxy.io/v1beta1"
        assert problems(route_schema, route) == []
        names = [rule["name"] for rule in route["spec"]["rules"]]
        assert len(set(names)) == len(names)
        assert "route-not-found" not in names
        assert {parent["kind"] for parent in route["spec"]["parentRefs"]} == {"Gateway"}


def test_the_schema_is_read_strictly(route_schema: Schema) -> None:
    """A sixteenth rule, a misspelt key, a bad name and a missing one are all found."""
    (route,) = _kinds(split())["AIGatewayRoute"]
    (rule,) = route["spec"]["rules"]
    spoiled: list[Any] = [
        {**route["spec"], "rules": [rule] * 16},
        {**route["spec"], "rules": [{**rule, "backendRef": []}]},
        {**route["spec"], "rules": [{**rule, "name": "two_words"}]},
        {**route["spec"], "rules": [{**rule, "backendRefs": [{"priority": 0}]}]},
        {**route["spec"], "rules": [{**rule, "backendRefs": [{"name": "a", "priority": -1}]}]},
    ]
    assert problems(route_schema, route) == []
    assert all(problems(route_schema, {**route, "spec": spec}) for spec in spoiled)


def test_forty_tasks_take_three_routes_of_at_most_fifteen() -> None:
    routes = _kinds(many(40))["AIGatewayRoute"]
    assert [len(route["spec"]["rules"]) for route in routes] == [15, 15, 10]
    assert [route["metadata"]["name"] for route in routes] == ["acme-1", "acme-2", "acme-3"]


@pytest.mark.parametrize("table", [many(40), odd()], ids=["many", "odd"])
def test_every_resource_has_a_name_of_kubernetes_of_its_own(table: RoutingTable) -> None:
    for kind, found in _kinds(table).items():
        names = [each["metadata"]["name"] for each in found]
        assert len(set(names)) == len(names), kind
        assert all(LABEL.fullmatch(name) for name in names), kind


def test_retries_reach_every_route_and_the_last_fallback() -> None:
    found = _kinds(many(40))
    (policy,) = found["BackendTrafficPolicy"]
    targets = [target["name"] for target in policy["spec"]["targetRefs"]]
    assert targets == [route["metadata"]["name"] for route in found["AIGatewayRoute"]]
    assert policy["spec"]["retry"]["numRetries"] == 2
    assert {429, 500, 503} <= set(policy["spec"]["retry"]["retryOn"]["httpStatusCodes"])


def test_each_backend_has_its_place_its_trust_and_its_key() -> None:
    """TLS and a key only where the endpoint has them; a secret is named, and how it is made is said."""
    found = _kinds(many(40))
    services = {each["metadata"]["name"]: each["spec"] for each in found["AIServiceBackend"]}
    places = {each["metadata"]["name"]: each["spec"]["endpoints"][0] for each in found["Backend"]}
    own = next(name for name in services if name.startswith("gpu-example-8000"))
    assert services[own]["schema"] == {"name": "OpenAI", "prefix": "/v1"}
    assert places[own] == {"fqdn": {"hostname": "gpu.example", "port": 8000}}
    assert services["google"]["schema"] == {"name": "OpenAI", "prefix": "/v1beta/openai"}
    assert services["anthropic"]["schema"] == {"name": "Anthropic"}
    assert {each["metadata"]["name"] for each in found["BackendTLSPolicy"]} == {
        "openai",
        "anthropic",
        "google",
    }
    keys = {each["metadata"]["name"]: each["spec"] for each in found["BackendSecurityPolicy"]}
    assert keys["anthropic"]["anthropicAPIKey"]["secretRef"]["name"] == "anthropic-api-key"
    assert set(keys) == {"openai", "anthropic", "google"}
    text = render(many(40), MODELS)
    assert 'create secret generic openai-api-key --from-literal=apiKey="$OPENAI_API_KEY"' in text


def test_a_split_has_weights_in_one_tier_and_fallbacks_after_it() -> None:
    ((rule),) = _rules(split())
    shown = [(ref["modelNameOverride"], ref["priority"], ref.get("weight")) for ref in rule["backendRefs"]]
    assert shown == [
        (STRONG.wire_name, 0, 9),
        (SMALL.wire_name, 0, 1),
        (OWN.wire_name, 1, None),
    ]


def test_settings_are_written_into_a_request_of_the_protocol_that_knows_them() -> None:
    route = replace(ROUTED, model=THINKING.id, fallbacks=(STRONG.id,))
    (rule,) = _rules(table_of([route]))
    first, second = rule["backendRefs"]
    written = {each["path"]: each["value"] for each in first["bodyMutation"]["set"]}
    assert written == {"reasoning_effort": '"low"', "temperature": "0.0"}
    assert "bodyMutation" not in second
    assert "# Measured with max_tokens 900: a request has to ask for it." in render(table_of([route]), MODELS)


@pytest.mark.parametrize(
    ("base_url", "inspect_name", "reason"),
    [
        ("http://h:1", "openai-api/own/m", "has an address without a path"),
        ("http://h:1", "google/m", "speaks Google's own protocol at an address of its own"),
        (None, "openai-api/own/m", "stands in OWN_BASE_URL alone"),
        (None, "bedrock/m", "is reached by a cloud account"),
    ],
)
def test_what_it_cannot_reach_is_left_out_with_the_reason(
    base_url: str | None, inspect_name: str, reason: str
) -> None:
    model = Model("some/m", inspect_name, "some", base_url=base_url)
    routes = [replace(ROUTED, model=model.id, fallbacks=()), replace(ROUTED, task="others")]
    text = render(table_of(routes), {**MODELS, model.id: model})
    assert re.search(rf"# Left out: functions, .*{reason}", text)


def test_endpoints_that_differ_in_their_key_are_two_backends() -> None:
    other = replace(SMALL, id="openai/other", key_env="OTHER_KEY")
    routes = [ROUTED, replace(ROUTED, task="others", model=other.id)]
    found = _kinds(table_of(routes), {**MODELS, other.id: other})
    used = {
        each["spec"]["apiKey"]["secretRef"]["name"]
        for each in found["BackendSecurityPolicy"]
        if "apiKey" in each["spec"]
    }
    assert used == {"openai-api-key", "other-key"}
    assert GOOGLE.id not in render(table_of(routes), {**MODELS, other.id: other})
