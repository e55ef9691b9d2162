"""A real `litellm.Router` loads our file and sends each request where the table says.

It runs in an environment of its own, without a network: every address in the file is a loopback one.
"""

from __future__ import annotations

import json
import os
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from gateways.install import COMMAND, python_of
from gateways.loopback import CACHED_TOKENS, INPUT_TOKENS, OUTPUT_TOKENS, Loopback
from routing_table import MODELS, PLAIN, TABLE

from whichmodel.domain import Model, RoutingTable
from whichmodel.export.litellm import PROVIDERS, render
from whichmodel.registry import bank, find
from whichmodel.simulator.panel import models as panel
from whichmodel.simulator.serve import serve

SCRIPT = Path(__file__).with_name("ask_litellm.py")
OFFLINE = {
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "HTTP_PROXY": "http://127.0.0.1:9",
    "HTTPS_PROXY": "http://127.0.0.1:9",
    "NO_PROXY": "127.0.0.1",
}
SECRET = "the key of another provider"


@dataclass(frozen=True, slots=True)
class Request:
    """What a user of the gateway asks."""

    model: str
    prompt: str = "hello"
    image: bool = False


@dataclass(frozen=True, slots=True)
class Gateway:
    """LiteLLM with a configuration file."""

    python: Path
    config: Path

    def load(self, text: str) -> Gateway:
        self.config.write_text(text, encoding="utf-8")
        return self

    def _run(self, requests: Sequence[Request], providers: Sequence[str]) -> Any:
        asked = [{"model": r.model, "prompt": r.prompt, "image": r.image} for r in requests]
        job = {"config": str(self.config), "requests": asked, "providers": list(providers)}
        environment = {"PATH": os.environ["PATH"], "OPENAI_API_KEY": SECRET, **OFFLINE}
        done = subprocess.run(
            [self.python, SCRIPT],
            input=json.dumps(job),
            capture_output=True,
            text=True,
            env=environment,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def ask(self, *requests: Request) -> list[dict[str, Any]]:
        """The answers, in order."""
        answers: list[dict[str, Any]] = self._run(requests, ())["answers"]
        return answers

    def unknown_providers(self, names: Sequence[str]) -> list[str]:
        """Those that LiteLLM does not know."""
        unknown: list[str] = self._run((), names)["unknown_providers"]
        return unknown


@pytest.fixture
def gateway(tmp_path: Path) -> Gateway:
    """LiteLLM's environment; absence skips, except under CI where it is a failure."""
    python = python_of("litellm")
    if python:
        return Gateway(python, tmp_path / "litellm.yaml")
    reason = f"LiteLLM is not installed in .gateways/litellm: {COMMAND}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def loopback() -> Iterator[Loopback]:
    """The providers."""
    server = Loopback()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def models(loopback: Loopback) -> Mapping[str, Model]:
    """The models of the table, at the loopback's address."""
    moved = {}
    for model in MODELS:
        is_openai = model.inspect_name.startswith("openai")
        address = loopback.address + ("/v1" if is_openai else "")
        moved[model.id] = replace(model, base_url=address if model.base_url else None)
    return moved


def _texts(answers: Sequence[Mapping[str, Any]]) -> list[str]:
    return [answer.get("text") or answer["error"] for answer in answers]


def test_answers_by_task_and_by_category_over_three_protocols(
    gateway: Gateway, loopback: Loopback, models: Mapping[str, Model]
) -> None:
    gateway.load(render(TABLE, models))
    names = ["functions", "coding", "invoices", "extraction", "receipts", "demo-aurora/grand"]
    answers = gateway.ask(*(Request(name) for name in names))
    wires = ["borealis-swift", "borealis-swift", "aurora-lite", "aurora-lite", "cirrus-nano", "aurora-grand"]
    assert _texts(answers) == [f"answered by {wire}" for wire in wires]
    assert loopback.wires() == wires
    assert {asked.path for asked in loopback.asked} == {
        "/v1/messages",
        "/v1/chat/completions",
        "/v1beta/models/cirrus-nano:generateContent",
    }


def test_falls_back_by_task_and_by_category_when_the_primary_answers_500(
    gateway: Gateway, loopback: Loopback, models: Mapping[str, Model]
) -> None:
    """After one retry; the category has fallbacks of its own, which LiteLLM does not take from its task."""
    loopback.broken |= {"borealis-swift", "aurora-lite"}
    gateway.load(render(TABLE, models))
    answers = gateway.ask(Request("functions"), Request("coding"), Request("extraction"))
    assert _texts(answers) == ["answered by aurora-grand"] * 2 + ["answered by cirrus-nano"]
    assert loopback.wires() == [
        *["borealis-swift", "borealis-swift", "aurora-grand"] * 2,
        *["aurora-lite", "aurora-lite", "cirrus-nano"],
    ]


def test_without_any_fallback_the_error_reaches_the_caller(
    gateway: Gateway, loopback: Loopback, models: Mapping[str, Model]
) -> None:
    loopback.broken.add("cirrus-nano")
    (answer,) = gateway.load(render(TABLE, models)).ask(Request("receipts"))
    assert "broken on purpose" in answer["error"]


def test_counts_with_the_prices_of_the_file(
    gateway: Gateway, loopback: Loopback, models: Mapping[str, Model]
) -> None:
    """Cached tokens at their own rate, as this project counts; an image by the piece."""
    grand = models["demo-aurora/grand"]
    assert grand.price
    cheaper = replace(grand, price=replace(grand.price, cached_per_mtok=Decimal("0.5")))
    text = render(TABLE, {**models, grand.id: cheaper})
    answers = gateway.load(text).ask(
        Request("puzzles"), Request("functions"), Request("composition", image=True)
    )
    fresh = INPUT_TOKENS - CACHED_TOKENS
    expected = [
        (fresh * 5 + CACHED_TOKENS * 0.5 + OUTPUT_TOKENS * 25) / 1e6,
        (INPUT_TOKENS * 0.8 + OUTPUT_TOKENS * 4) / 1e6,
        0.04,
    ]
    assert [answer["cost"] for answer in answers] == pytest.approx(expected)
    assert answers[2]["text"] == "aurora-canvas"


def test_an_endpoint_without_a_key_is_not_sent_another_providers(
    gateway: Gateway, loopback: Loopback, models: Mapping[str, Model]
) -> None:
    """OPENAI_API_KEY is set in the gateway's environment."""
    gateway.load(render(TABLE, models)).ask(Request("puzzles"), Request("composition", image=True))
    assert [asked.key for asked in loopback.asked] == ["Bearer none", "Bearer none"]


def test_the_settings_a_model_was_measured_with_are_sent(
    gateway: Gateway, loopback: Loopback, models: Mapping[str, Model]
) -> None:
    grand = models["demo-aurora/grand"]
    settings = replace(grand.settings, reasoning_effort="low", temperature=0.0, max_tokens=900)
    text = render(TABLE, {**models, grand.id: replace(grand, settings=settings)})
    gateway.load(text).ask(Request("puzzles"))
    body = loopback.asked[0].body
    assert (body["reasoning_effort"], body["temperature"], body["max_tokens"]) == ("low", 0.0, 900)


def test_litellm_knows_every_provider_that_is_written(gateway: Gateway, models: Mapping[str, Model]) -> None:
    gateway.load(render(TABLE, models))
    assert gateway.unknown_providers([*PROVIDERS.values()]) == []
    assert gateway.unknown_providers(["no-such-provider"]) == ["no-such-provider"]


def _demo_table() -> RoutingTable:
    coding = replace(PLAIN, model="demo-borealis/max", fallbacks=("demo-aurora/grand",), why_not=())
    extraction = replace(coding, task="invoices", category="extraction", model="demo-cirrus/pro")
    return replace(TABLE, routes=(coding, extraction))


def test_answers_for_coding_and_extraction_from_the_demo_panel(gateway: Gateway) -> None:
    """The panel answers the items of the banks it was given, over the protocols of three vendors."""
    banks = [bank(card, count=4) for card in find(["functions", "invoices"])]
    with serve(banks) as addresses:
        models = {model.id: model for model in panel(addresses)}
        gateway.load(render(_demo_table(), models))
        prompts = {found.card.category: [item.input for item in found.items] for found in banks}
        requests = [Request(category, prompt) for category in prompts for prompt in prompts[category]]
        answers = gateway.ask(*requests)
    assert [answer for answer in answers if "error" in answer] == []
    assert len({answer["text"] for answer in answers}) == len(requests)
