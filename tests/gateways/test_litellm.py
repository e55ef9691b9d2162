"""LiteLLM's proxy loads our file and sends each request where the table says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from gateways.commands import litellm
from gateways.loopback import CACHED_TOKENS, INPUT_TOKENS, OUTPUT_TOKENS, Loopback
from gateways.process import Answer, Gateway, free_port, running
from gateways.traffic import (
    KEY,
    ODD,
    RETRIED_THEN_FALLBACK,
    SECRET,
    is_a_tenth,
    misanswered,
    settings_sent,
    split,
    table,
    while_failing,
)
from routing_table import PLAIN

from whichmodel.domain import Bank, Model, Route, RoutingTable
from whichmodel.export.litellm import PROVIDERS, render
from whichmodel.registry import bank, find
from whichmodel.simulator.panel import models as panel
from whichmodel.simulator.serve import serve

MASTER = "sk-0f4c1d7ae5b2936887d2c5a1e09b3f64"
CHEAPER = Decimal("0.5")


@pytest.fixture(scope="module")
def banks() -> list[Bank]:
    """A few items of two tasks, for the demo panel to answer."""
    return [bank(card, count=4) for card in find(["functions", "invoices"])]


@pytest.fixture(scope="module")
def panelists(banks: list[Bank]) -> Iterator[Mapping[str, Model]]:
    """Two models of the demo panel, by the name of the task that they answer here."""
    with serve(banks) as addresses:
        found = {model.id: model for model in panel(addresses)}
        names = {"panel-functions": "demo-borealis/max", "panel-invoices": "demo-cirrus/pro"}
        yield {task: replace(found[name], id=f"panel/{task}") for task, name in names.items()}


@pytest.fixture(scope="module")
def gateway(
    models: Mapping[str, Model], panelists: Mapping[str, Model], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Gateway]:
    """The proxy with the table, the panel's tasks, and a cached price for one model."""
    folder = tmp_path_factory.mktemp("litellm")
    config = folder / "litellm.yaml"
    grand = models["demo-aurora/grand"]
    assert grand.price
    cheaper = replace(grand, price=replace(grand.price, cached_per_mtok=CHEAPER))
    every = {**models, grand.id: cheaper, **{model.id: model for model in panelists.values()}}
    config.write_text(render(_with(panelists), every), encoding="utf-8")
    port = free_port()
    environment = {
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        "LITELLM_MASTER_KEY": MASTER,
        "OPENAI_API_KEY": "the key of another provider",
        "PROVIDERS": " ".join([*PROVIDERS.values(), "no-such-provider"]),
        KEY: SECRET,
    }
    with running(litellm(config, port), port, folder / "log", environment) as found:
        yield found


def _with(panelists: Mapping[str, Model]) -> RoutingTable:
    plain = replace(PLAIN, fallbacks=(), why_not=())
    more: list[Route] = [
        replace(plain, task=task, category=task, model=model.id) for task, model in panelists.items()
    ]
    served = table(ODD)
    return replace(served, routes=(*served.routes, *more))


def _post(gateway: Gateway, model: str, prompt: str, **more: Any) -> Answer:
    body = {"model": model, "messages": [{"role": "user", "content": prompt}], **more}
    return gateway.post("/v1/chat/completions", body, {"authorization": f"Bearer {MASTER}"})


@pytest.fixture
def ask(gateway: Gateway) -> Callable[[str], str]:
    """A task or category -> the text of the answer, or of the error."""

    def asked(name: str) -> str:
        answer = _post(gateway, name, "hello")
        if answer.status == 200:
            return str(answer.body["choices"][0]["message"]["content"])
        return f"{answer.status}: {answer.body}"

    return asked


def test_every_task_and_category_is_answered_by_the_model_that_the_table_names(
    ask: Callable[[str], str], loopback: Loopback
) -> None:
    assert misanswered(ask, ODD) == {}
    assert {asked.path for asked in loopback.asked} == {
        "/v1/messages",
        "/v1/chat/completions",
        "/v1beta/models/cirrus-nano:generateContent",
    }


def test_a_fallback_can_be_asked_for_by_its_own_name(ask: Callable[[str], str], loopback: Loopback) -> None:
    assert ask("demo-aurora/grand") == "answered by aurora-grand"


@pytest.mark.parametrize("status", [500, 429])
def test_the_fallback_answers_when_the_first_model_fails(
    ask: Callable[[str], str], loopback: Loopback, status: int
) -> None:
    assert while_failing(ask, loopback, status, ODD) == RETRIED_THEN_FALLBACK


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


def test_counts_with_the_prices_of_the_file(gateway: Gateway, loopback: Loopback) -> None:
    """Cached tokens at their own rate, as this project counts; an image by the piece."""
    image = {"model": "composition", "prompt": "hello"}
    drawn = gateway.post("/v1/images/generations", image, {"authorization": f"Bearer {MASTER}"})
    answers = [_post(gateway, "puzzles", "hello"), _post(gateway, "functions", "hello"), drawn]
    fresh = INPUT_TOKENS - CACHED_TOKENS
    assert [float(answer.headers["x-litellm-response-cost"]) for answer in answers] == pytest.approx(
        [
            (fresh * 5 + CACHED_TOKENS * float(CHEAPER) + OUTPUT_TOKENS * 25) / 1e6,
            (INPUT_TOKENS * 0.8 + OUTPUT_TOKENS * 4) / 1e6,
            0.04,
        ]
    )
    assert drawn.body["data"][0]["b64_json"] == "aurora-canvas"


def test_keys_come_from_the_environment_and_never_from_another_provider(
    ask: Callable[[str], str], loopback: Loopback
) -> None:
    """OPENAI_API_KEY is set in the gateway's environment."""
    for name in ("keyed", "puzzles", "functions"):
        ask(name)
    assert [asked.key for asked in loopback.asked] == [f"Bearer {SECRET}", "Bearer none", "none"]


def test_the_settings_a_model_was_measured_with_are_sent(
    ask: Callable[[str], str], loopback: Loopback
) -> None:
    ask("set")
    assert settings_sent(loopback) == {"reasoning_effort": "low", "temperature": 0.5, "max_tokens": 900}


def test_answers_from_the_demo_panel(
    gateway: Gateway, panelists: Mapping[str, Model], banks: list[Bank]
) -> None:
    """The panel answers the items of the banks it was given, over the protocols of two vendors."""
    asked = [(f"panel-{found.card.name}", item.input) for found in banks for item in found.items]
    answers = [_post(gateway, name, prompt) for name, prompt in asked]
    assert [answer for answer in answers if answer.status != 200] == []
    assert len({answer.body["choices"][0]["message"]["content"] for answer in answers}) == len(asked)


def test_litellm_knows_every_provider_that_is_written(gateway: Gateway) -> None:
    """And says so of one that there is not."""
    said = gateway.log.read_text(encoding="utf-8").splitlines()
    found = [line.removeprefix("no provider: ") for line in said if line.startswith("no provider: ")]
    assert found == ["no-such-provider"]


def test_nothing_but_this_machine_was_reached(gateway: Gateway, ask: Callable[[str], str]) -> None:
    ask("functions")
    assert gateway.reached_outside() == set()
    assert not gateway.listens_elsewhere()
