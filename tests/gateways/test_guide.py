"""The guide "From outcomes to a gateway": its commands run in order, and the gateway answers as it says."""

from __future__ import annotations

import re
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from conftest import ROOT
from gateways import commands
from gateways.process import free_port, running
from program import Bench

from whichmodel.registry import bank, find
from whichmodel.simulator.serve import PORT

PAGE = (ROOT / "docs" / "guides" / "outcomes-to-a-gateway.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^    bench ([^\n]+)$", PAGE, re.MULTILINE)
MASTER = "sk-7d1e5c0b94f2a8366e3b7c90d4a1f258"
SERVERS = ("demo --serve", "leaderboard")
START_SECONDS = 60.0


def today_named(config: Path) -> None:
    """The two workloads as the guide writes them."""
    [block] = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    text = config.read_text(encoding="utf-8")
    for line in block.splitlines(keepends=True):
        task = re.findall(r"task: ([\w-]+)", line)[0]
        text, count = re.subn(rf"^ +- {{task: {task}, .*\n", line, text, count=1, flags=re.MULTILINE)
        assert count == 1
    config.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[Bench, dict[str, str]]:
    """What each command but the servers printed, in their order."""
    made, said = Bench(tmp_path_factory.mktemp("guide")), dict[str, str]()
    for line in COMMANDS:
        if line.startswith(SERVERS):
            continue
        if line == "savings":
            today_named(made.folder / "bench.yaml")
        ended = made(*line.split())
        assert ended.code == 0, (line, ended.err, ended.out)
        said[line] = ended.out
    return made, said


@contextmanager
def server(made: Bench, port: int, *args: str) -> Iterator[None]:
    """A command that serves, until the block ends."""
    process = made.start(*args)
    try:
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and process.poll() is None:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.1)
        assert process.poll() is None, process.communicate()
        yield
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()
        process.wait()


def test_the_decision_is_the_one_that_is_shown(done: tuple[Bench, dict[str, str]]) -> None:
    [shown] = re.findall(r"^```text\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert shown in done[1]["route --explain receipts"]


def test_every_saving_has_its_n_and_interval_after_a_race(done: tuple[Bench, dict[str, str]]) -> None:
    """The best single model is found among those that the races did not give up."""
    said = " ".join(done[1]["savings"].split())
    assert "Against the best single model: demo-aurora/grand" in said
    assert "Against today's models" in said
    assert re.search(r"routes 1 of 2 [\d,]+ \[[\d,]+, [\d,]+\] \d+% \S+ \[\S+ \S+\] \d+", said)
    assert "Figures are in-sample, which flatters: no items were kept from the choices." in said


def test_nothing_changes_on_the_same_outcomes(done: tuple[Bench, dict[str, str]]) -> None:
    assert "0 of 2 tasks change" in done[1]["route --diff"]
    assert "all 2 routes hold" in done[1]["route --check"]


def test_the_gateway_answers_each_task_by_the_model_that_the_guide_names(
    done: tuple[Bench, dict[str, str]],
) -> None:
    made, port = done[0], free_port()
    prompt = bank(find(["tickets"])[0]).items[0].input
    told = dict(re.findall(r"`(openai/[\w-]+)` for `(\w+)`", PAGE))
    environment = {
        "LITELLM_MASTER_KEY": MASTER,
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        "PROVIDERS": "openai",
    }
    command = commands.litellm(made.folder / "litellm.yaml", port)
    log = made.folder / "litellm.log"
    with (
        server(made, PORT, "demo", "--serve", "--tasks", "tickets,receipts"),
        running(command, port, log, environment) as gateway,
    ):
        for name, task in told.items():
            body: dict[str, Any] = {"model": task, "messages": [{"role": "user", "content": prompt}]}
            answer = gateway.post("/v1/chat/completions", body, {"authorization": f"Bearer {MASTER}"})
            assert (answer.status, answer.headers.get("x-litellm-model-name")) == (200, name)
    assert set(told.values()) == {"tickets", "receipts"}


def test_the_table_is_served_beside_the_leaderboard(done: tuple[Bench, dict[str, str]]) -> None:
    made, port = done[0], free_port()
    with server(made, port, "leaderboard", "--port", str(port)):
        address = f"http://127.0.0.1:{port}/api/v1/routing/acme"
        end = time.monotonic() + START_SECONDS
        while (first := httpx.get(address, timeout=30)).status_code != 200 and time.monotonic() < end:
            time.sleep(0.2)
        again = httpx.get(address, headers={"If-None-Match": first.headers["etag"]}, timeout=30)
    routed = {route["task"]: route["model"] for route in first.json()["routes"]}
    assert routed == {"receipts": "demo-aurora/lite", "tickets": "demo-aurora/grand"}
    assert again.status_code == 304
