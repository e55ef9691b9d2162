"""Portkey's gateway takes our file as a header and sends each request where the table says."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from string import Template
from typing import Any

import pytest
from gateways.commands import HEADER_BYTES, portkey
from gateways.loopback import Loopback
from gateways.process import Answer, Gateway, free_port, running
from gateways.traffic import (
    HELLO,
    KEY,
    RETRIED_THEN_FALLBACK,
    SECRET,
    is_a_tenth,
    misanswered,
    settings_sent,
    split,
    table,
    while_failing,
)

from whichmodel.domain import Model
from whichmodel.export.portkey import render


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """The server, without any configuration: that comes with each request."""
    port = free_port()
    log = tmp_path_factory.mktemp("portkey") / "log"
    with running(portkey(port), port, log, {}) as found:
        yield found


@pytest.fixture(scope="module")
def config(models: Mapping[str, Model]) -> str:
    """The file as the header holds it, keys filled."""
    filled = Template(render(table(), models)).substitute({KEY: SECRET})
    return filled.replace("\n", "")


def _post(
    gateway: Gateway, config: str, task: str, body: Any = HELLO, path: str = "chat/completions"
) -> Answer:
    headers = {"x-portkey-config": config, "x-portkey-metadata": json.dumps({"task": task})}
    return gateway.post(f"/v1/{path}", body, headers)


@pytest.fixture
def ask(gateway: Gateway, config: str) -> Callable[[str], str]:
    """A task or category -> the text of the answer, or of the error."""

    def asked(name: str) -> str:
        answer = _post(gateway, config, name)
        if answer.status == 200:
            return str(answer.body["choices"][0]["message"]["content"])
        return f"{answer.status}: {answer.body}"

    return asked


def test_every_task_and_category_is_answered_by_the_model_that_the_table_names(
    ask: Callable[[str], str], loopback: Loopback
) -> None:
    assert misanswered(ask) == {}
    assert {asked.path for asked in loopback.asked} == {
        "/v1/messages",
        "/v1/chat/completions",
        "/v1beta/models/cirrus-nano:generateContent",
    }


@pytest.mark.parametrize("status", [500, 429])
def test_the_fallback_answers_when_the_first_model_fails(
    ask: Callable[[str], str], loopback: Loopback, status: int
) -> None:
    assert while_failing(ask, loopback, status) == RETRIED_THEN_FALLBACK


def test_a_split_is_kept(ask: Callable[[str], str], loopback: Loopback) -> None:
    assert is_a_tenth(split(ask))


def test_a_split_has_its_fallback(ask: Callable[[str], str], loopback: Loopback) -> None:
    loopback.failing |= {"aurora-grand": 500, "aurora-lite": 500}
    assert ask("emails") == "answered by borealis-swift"


def test_without_any_fallback_the_error_reaches_the_caller(
    ask: Callable[[str], str], loopback: Loopback
) -> None:
    loopback.failing["cirrus-nano"] = 500
    assert "fails on purpose" in ask("receipts")


def test_what_is_left_out_is_unknown(ask: Callable[[str], str], loopback: Loopback) -> None:
    assert ask("tickets").startswith("400: ")
    assert loopback.asked == []


def test_an_image_is_drawn(gateway: Gateway, config: str, loopback: Loopback) -> None:
    drawn = _post(gateway, config, "composition", {"prompt": "hello"}, "images/generations")
    assert drawn.body["data"][0]["b64_json"] == "aurora-canvas"


def test_keys_come_from_the_header(ask: Callable[[str], str], loopback: Loopback) -> None:
    """Google's travels in the address of the request."""
    for name in ("keyed", "puzzles", "functions", "receipts"):
        ask(name)
    assert [asked.key for asked in loopback.asked] == [f"Bearer {SECRET}", "Bearer none", "none", "key=none"]


def test_a_key_that_is_not_set_leaves_the_callers_at_home(
    gateway: Gateway, models: Mapping[str, Model], loopback: Loopback
) -> None:
    """What a caller sends in `authorization` is for the gateway, not for a provider."""
    unset = Template(render(table(), models)).substitute({KEY: ""}).replace("\n", "")
    headers = {"x-portkey-config": unset, "x-portkey-metadata": '{"task": "keyed"}'}
    gateway.post("/v1/chat/completions", HELLO, {**headers, "authorization": "Bearer me"})
    assert loopback.asked[0].key.strip() == "Bearer"


def test_the_settings_a_model_was_measured_with_are_sent_whatever_the_caller_asks(
    gateway: Gateway, config: str, loopback: Loopback
) -> None:
    _post(gateway, config, "set", {"model": "mine", "temperature": 1, **HELLO})
    assert settings_sent(loopback) == {"reasoning_effort": "low", "temperature": 0.5, "max_tokens": 900}
    assert loopback.wires() == ["set"]


def test_a_header_of_forty_tasks_needs_more_than_node_allows(config: str) -> None:
    """16 KB unless `--max-http-header-size` says more; this is why the guide does."""
    assert 16 * 1024 < len(config) < HEADER_BYTES


def test_a_host_that_is_not_trusted_is_refused_before_anything_is_asked(gateway: Gateway) -> None:
    target = {"provider": "openai", "api_key": "none", "custom_host": "http://10.0.0.5:8000/v1"}
    answer = _post(gateway, json.dumps({"strategy": {"mode": "single"}, "targets": [target]}), "any")
    assert (answer.status, "Invalid custom host" in str(answer.body)) == (400, True)


def test_nothing_but_this_machine_was_reached(gateway: Gateway, ask: Callable[[str], str]) -> None:
    ask("functions")
    assert gateway.reached_outside() == set()
    assert not gateway.listens_elsewhere()
