"""What holds of every gateway's file, read back without the code that wrote it."""

from __future__ import annotations

import os
import string
from collections.abc import Callable
from dataclasses import replace
from unittest.mock import patch

import pytest
from export.readers import READERS
from gateway_tables import BANNED, MODELS, ODD_NAMES, OWN, ROUTED, SMALL, STRONG, many, odd, split, table_of
from hypothesis import given, settings
from hypothesis import strategies as st
from routing_table import MODELS as DEMO
from routing_table import TABLE

from whichmodel.domain import RoutingTable, WhyNot
from whichmodel.export import EXPORTERS, render

GATEWAYS = sorted(READERS)
SAY_SO = {"json"}
"""Files that have every task and no comment: what has no route stands there with null."""
FILES = {"json": "routing.json"}
ONE_LINE = {name: " ".join(name.split()) for name in ODD_NAMES}
IN_A_HEADER = {"litellm"}
"""Gateways that refuse a whole table for a name that no header holds, which tests of their own show."""
KEYS = [model.key_env for model in MODELS.values() if model.key_env]
DEMO_MODELS = {model.id: model for model in DEMO}


def test_every_exporter_is_read_back_here() -> None:
    assert set(READERS) == set(EXPORTERS)


@pytest.mark.parametrize("gateway", GATEWAYS)
def test_the_file_is_golden(gateway: str, golden: Callable[[str, str], None]) -> None:
    golden(FILES.get(gateway, f"{gateway}{EXPORTERS[gateway].suffix}"), render(gateway, TABLE, DEMO_MODELS))


@pytest.mark.parametrize("gateway", GATEWAYS)
def test_each_task_is_served_or_left_out_with_its_reason(gateway: str) -> None:
    text = render(gateway, TABLE, DEMO_MODELS)
    served = READERS[gateway](text)
    for route in TABLE.routes:
        left_out = f"Left out: {route.task}, " in text or (gateway in SAY_SO and route.model is None)
        assert (route.task in served) != left_out, route.task


@pytest.mark.parametrize("gateway", GATEWAYS)
def test_forty_tasks_are_each_served_once_by_the_models_of_the_table(gateway: str) -> None:
    """In the table's order; the reader fails where a name is defined twice or not at all."""
    table = many(40)
    served = READERS[gateway](render(gateway, table, MODELS))
    for route in table.routes:
        named = [MODELS[name] for name in (route.model, *route.fallbacks) if name]
        assert served[route.task] == [
            model.inspect_name.rpartition("/")[2] if gateway in SAY_SO else model.wire_name for model in named
        ]


@pytest.mark.parametrize("gateway", GATEWAYS)
def test_odd_names_arrive_as_they_are_or_are_left_out_with_the_reason(gateway: str) -> None:
    """A name that the gateway would replace or cannot carry is not served under another."""
    names = _names(gateway)
    text = render(gateway, odd(names), MODELS)
    served = READERS[gateway](text)
    assert set(served) <= {*names, "coding", STRONG.id}
    for name in names:
        assert name in served or f"Left out: {ONE_LINE[name]}, its name " in text, name
        assert served.get(name, [SMALL.wire_name])[0] == SMALL.wire_name
    assert len(served) > len(names) - 6


def _names(gateway: str) -> list[str]:
    """The odd names that a gateway can be given."""
    return [
        name
        for name in ODD_NAMES
        if gateway not in IN_A_HEADER or (name.isascii() and name.isprintable() and name == name.strip())
    ]


@pytest.mark.parametrize("gateway", GATEWAYS)
def test_no_text_of_the_table_becomes_part_of_the_file(gateway: str) -> None:
    """Reasons and categories have line breaks of any kind and what looks like the file's own keys."""
    breaks = "a\nmodels: []\r\n- b\x85c: d\u2028e\x00f\n---\n#}}{{"
    spoiled = replace(ROUTED, why=breaks, category="coding" if gateway in IN_A_HEADER else breaks)
    barred = replace(spoiled, task="barred", model=None, fallbacks=(), score=None)
    served = READERS[gateway](render(gateway, table_of([spoiled, barred]), MODELS))
    assert set(served) - {breaks, "coding", STRONG.id} == {"functions"}


@pytest.mark.parametrize("gateway", GATEWAYS)
def test_a_model_that_the_policy_bans_is_nowhere_to_be_asked(gateway: str) -> None:
    route = replace(ROUTED, why_not=(WhyNot(BANNED.id, "policy", "eu only"),))
    text = render(gateway, table_of([route]), MODELS)
    assert BANNED.wire_name not in text
    assert str(BANNED.key_env) not in text


@pytest.mark.parametrize("gateway", GATEWAYS)
@pytest.mark.parametrize("table", [many(5), odd(ODD_NAMES[-6:]), split()], ids=["many", "odd", "split"])
def test_the_file_depends_on_nothing_but_the_table(gateway: str, table: RoutingTable) -> None:
    turned = dict(reversed(MODELS.items()))
    assert render(gateway, table, MODELS) == render(gateway, table, turned)


@settings(max_examples=25, deadline=None)
@given(secret=st.text(string.ascii_letters + string.digits, min_size=12, max_size=40))
def test_no_file_holds_what_a_key_s_variable_holds(secret: str) -> None:
    """Whatever stands in the environment; the variables themselves are named."""
    with patch.dict(os.environ, dict.fromkeys(KEYS, f"sk-{secret}")):
        for gateway in GATEWAYS:
            text = render(gateway, many(5), MODELS)
            assert f"sk-{secret}" not in text  # the rest alone may stand in a file by chance, as 000000000000
            assert gateway in SAY_SO or "openai_api_key" in text.lower().replace("-", "_")


@pytest.mark.parametrize("gateway", ["plano", "kong"])
def test_where_requests_cannot_be_divided_the_larger_part_answers_all(gateway: str) -> None:
    """A new route's model is not given to everyone because its gateway knows no shares."""
    text = render(gateway, split(), MODELS)
    assert READERS[gateway](text)["shared"][0] == STRONG.wire_name
    assert "anthropic/strong answers all, for this file cannot split requests" in text


@pytest.mark.parametrize("gateway", ["plano", "kong", "envoy", "vllm-sr"])
def test_of_a_split_with_a_model_that_cannot_be_served_the_rest_answers(gateway: str) -> None:
    """One of its models cannot be served: the others answer, and the file says so."""
    models = {**MODELS, STRONG.id: replace(STRONG, inspect_name="bedrock/strong-1")}
    text = render(gateway, split(), models)
    assert READERS[gateway](text)["shared"] == [SMALL.wire_name, OWN.wire_name]
    assert "So all requests go to openai/small." in text
    assert "is reached by a cloud account" in text
