"""A try to leave the machine is seen and comes to nothing: what the other tests' silence rests on."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from gateways.commands import TENSORZERO, portkey, tensorzero
from gateways.loopback import Loopback
from gateways.process import OUTSIDE, free_port, running
from gateways.traffic import HELLO
from routing_table import PLAIN, TABLE

from whichmodel.domain import Model
from whichmodel.export.tensorzero import render


def test_python_is_refused_by_name_and_by_address() -> None:
    code = """
import socket, sys
from gateways.start_litellm import refuse
sys.addaudithook(refuse)
for host in ("llm.example.org", "192.0.2.1"):
    try:
        socket.create_connection((host, 9), timeout=1)
    except OSError as error:
        print(error)
"""
    tests = str(Path(__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": tests},
    )
    assert done.stdout.splitlines() == [f"{OUTSIDE} llm.example.org", f"{OUTSIDE} 192.0.2.1"]


def test_node_is_refused_by_name_and_by_address(tmp_path: Path) -> None:
    port = free_port()
    with running(portkey(port), port, tmp_path / "log", {}) as gateway:
        for host in ("llm.example.org", "192.0.2.1"):
            target = {"provider": "openai", "api_key": "none", "custom_host": f"http://{host}:8000/v1"}
            config = json.dumps({"strategy": {"mode": "single"}, "targets": [target]})
            answer = gateway.post("/v1/chat/completions", HELLO, {"x-portkey-config": config})
            assert answer.status == 500
        assert gateway.reached_outside() == {"llm.example.org", "192.0.2.1"}


def test_tensorzero_goes_by_the_proxy(
    tmp_path: Path, loopback: Loopback, models: Mapping[str, Model]
) -> None:
    """So what it asks of a provider's own address is seen there."""
    real = Model("openai/gpt-4o-mini", "openai/gpt-4o-mini", "openai", key_env="NO_KEY")
    route = replace(PLAIN, model=real.id, fallbacks=("demo-aurora/grand",), why_not=())
    file = tmp_path / "tensorzero.toml"
    file.write_text(render(replace(TABLE, routes=(route,)), {**models, real.id: real}), encoding="utf-8")
    port = free_port()
    with running(tensorzero(file, port), port, tmp_path / "log", TENSORZERO) as gateway:
        answer = gateway.post("/", {"function_name": "functions", "input": HELLO})
        assert answer.body["text"] == "answered by aurora-grand"
        assert gateway.reached_outside() == {"CONNECT api.openai.com:443 HTTP/1.1"}
