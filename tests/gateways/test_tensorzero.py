"""TensorZero's embedded gateway loads our file and sends each request where the table says."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from gateways.commands import TENSORZERO, tensorzero
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
from whichmodel.export.tensorzero import render

ENVIRONMENT = {KEY: SECRET, **TENSORZERO}
UNSERVED = {"receipts"}
"""TensorZero asks Google at no other address than its own."""


@pytest.fixture(scope="module")
def config(models: Mapping[str, Model]) -> str:
    """The file."""
    return render(table(), models)


@pytest.fixture(scope="module")
def gateway(config: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """The gateway with the table."""
    folder = tmp_path_factory.mktemp("tensorzero")
    file = folder / "tensorzero.toml"
    file.write_text(config, encoding="utf-8")
    port = free_port()
    with running(tensorzero(file, port), port, folder / "log", ENVIRONMENT) as found:
        yield found


def _post(gateway: Gateway, task: str, **more: Any) -> Answer:
    return gateway.post("/", {"function_name": task, "input": HELLO, **more})


@pytest.fixture
def ask(gateway: Gateway) -> Callable[[str], str]:
    """A task or category -> the text of the answer, or of the error."""

    def asked(name: str) -> str:
        answer = _post(gateway, name)
        return str(answer.body["text"]) if answer.status == 200 else f"{answer.status}: {answer.body}"

    return asked


def test_every_task_and_category_is_answered_by_the_model_that_the_table_names(
    ask: Callable[[str], str], loopback: Loopback
) -> None:
    assert misanswered(ask, unserved=UNSERVED) == {}
    assert {asked.path for asked in loopback.asked} == {"/v1/messages", "/v1/chat/completions"}


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
    loopback.failing["keyed"] = 500
    assert "fails on purpose" in ask("keyed")


@pytest.mark.parametrize("name", ["tickets", "receipts", "composition"])
def test_what_is_left_out_is_unknown(ask: Callable[[str], str], loopback: Loopback, name: str) -> None:
    assert ask(name).startswith("404: ")
    assert loopback.asked == []


def test_keys_come_from_the_environment(ask: Callable[[str], str], loopback: Loopback) -> None:
    """An endpoint of OpenAI's protocol without a key is sent none."""
    for name in ("keyed", "puzzles", "functions"):
        ask(name)
    assert [asked.key for asked in loopback.asked] == [f"Bearer {SECRET}", "", "none"]


def test_the_settings_a_model_was_measured_with_are_sent(
    ask: Callable[[str], str], loopback: Loopback
) -> None:
    ask("set")
    sent = {"reasoning_effort": "low", "temperature": 0.5, "max_completion_tokens": 900}
    assert settings_sent(loopback) == sent


def test_a_callers_own_limit_comes_before_the_one_that_anthropic_needs(
    gateway: Gateway, ask: Callable[[str], str], loopback: Loopback
) -> None:
    ask("functions")
    assert settings_sent(loopback) == {"max_tokens": 4096}
    _post(gateway, "functions", params={"chat_completion": {"max_tokens": 7}})
    assert settings_sent(loopback) == {"max_tokens": 7}


def test_a_variable_that_is_not_set_keeps_it_from_starting(config: str, tmp_path: Path) -> None:
    """So the file names them all at the top."""
    file = tmp_path / "tensorzero.toml"
    file.write_text(config, encoding="utf-8")
    command = tensorzero(file, free_port())
    done = subprocess.run(command, capture_output=True, text=True, env={"NO_KEY": "none"}, check=False)
    assert done.returncode != 0
    assert f"Environment variable `{KEY}` is missing" in done.stderr
    assert f"# Variables that have to be set: {KEY}, NO_KEY." in config


def test_nothing_but_this_machine_was_reached(gateway: Gateway, ask: Callable[[str], str]) -> None:
    ask("functions")
    assert gateway.reached_outside() == set()
    assert not gateway.listens_elsewhere()
