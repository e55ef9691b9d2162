"""The server process: one seed one voice, loopback only, gone with its parent, faulty where asked."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from typing import Any

import anthropic
import httpx
import psutil
import pytest
from leftovers import still_there

from whichmodel.domain import Bank
from whichmodel.simulator.faults import Faults
from whichmodel.simulator.serve import serve

Addresses = Mapping[str, str]


def body(prompt: str, wire: str = "aurora-lite", **more: Any) -> dict[str, Any]:
    return {"model": wire, "messages": [{"role": "user", "content": prompt}], **more}


def completions(addresses: Addresses, prompts: list[str]) -> list[Any]:
    with httpx.Client(base_url=addresses["openai"], trust_env=False, timeout=20) as client:
        return [client.post("/chat/completions", json=body(prompt)).json() for prompt in prompts]


def test_two_servers_with_one_seed_say_the_same_and_with_another_seed_not(additions: Bank) -> None:
    prompts = [item.input for item in additions.items[:20]]
    with (
        serve([additions], seed=1, latency_s=0.01) as one,
        serve([additions], seed=1, latency_s=0.01) as two,
        serve([additions], latency_s=0.01) as other,
    ):
        first = completions(one, prompts)
        assert first == completions(two, prompts[::-1])[::-1]
        assert first != completions(other, prompts)


def test_it_listens_on_loopback_alone(addresses: Addresses) -> None:
    assert listeners(addresses["google"]) == ["127.0.0.1"]


def test_nothing_is_left_when_the_block_ends(additions: Bank) -> None:
    before = set(psutil.Process().children())
    with serve([additions]) as found:
        (server,) = set(psutil.Process().children()) - before
        assert listeners(found["google"])
    assert still_there([server], 0) == []
    assert listeners(found["google"]) == []


def listeners(address: str) -> list[str]:
    """Interfaces on which somebody listens at the port of an address."""
    port = httpx.URL(address).port
    listening = [c.laddr for c in psutil.net_connections("tcp") if c.status == psutil.CONN_LISTEN and c.laddr]
    return [local.ip for local in listening if local.port == port]


def test_it_is_gone_soon_when_its_parent_is_killed() -> None:
    code = (
        "import os, time\n"
        "from whichmodel.simulator.serve import serve\n"
        "with serve([]) as found:\n"
        "    print(found['openai'], flush=True)\n"
        "    time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        address = parent.stdout.readline().strip()
        (server,) = psutil.Process(parent.pid).children()
        assert httpx.get(f"{address}/models", trust_env=False).status_code == 200
        os.kill(parent.pid, signal.SIGKILL)
        assert still_there([server]) == []
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{address}/models", trust_env=False)


# Faults


def test_the_first_requests_meet_a_status_with_retry_after_and_the_next_ones_pass(additions: Bank) -> None:
    fault = Faults("status", first=2, status=429, retry_after_s=0.5)
    with serve([additions], faults=[fault]) as found, httpx.Client(trust_env=False) as client:
        url = f"{found['openai']}/chat/completions"
        replies = [client.post(url, json=body(additions.items[0].input)) for _ in range(3)]
        log = client.get(f"{found['google']}/requests").json()
    assert [reply.status_code for reply in replies] == [429, 429, 200]
    assert replies[0].headers["retry-after"] == "0.5"
    assert replies[0].json()["error"]["type"] == "rate_limit_error"
    assert [entry["model"] for entry in log] == ["aurora-lite"] * 3
    assert len({entry["prompt"] for entry in log}) == 1


def test_a_fault_can_keep_to_one_model(additions: Bank) -> None:
    fault = Faults("status", rate=1.0, status=529, wire="borealis-max")
    asked: Any = {"max_tokens": 64, "messages": [{"role": "user", "content": additions.items[0].input}]}
    with (
        serve([additions], faults=[fault]) as found,
        anthropic.Anthropic(base_url=found["anthropic"], api_key="demo", max_retries=0) as client,
    ):
        with pytest.raises(anthropic.InternalServerError, match="asked for") as raised:
            client.messages.create(model="borealis-max", **asked)
        assert client.messages.create(model="borealis-swift", **asked).model == "borealis-swift"
    assert raised.value.status_code == 529


def test_faults_come_at_their_rate_by_seed() -> None:
    fault = Faults("status", rate=0.3)
    struck = [fault.strike("m", number, 0) for number in range(1000)]
    assert 240 < sum(struck) < 360
    assert struck == [fault.strike("m", number, 0) for number in range(1000)]
    assert struck != [fault.strike("m", number, 1) for number in range(1000)]


def test_broken_replies_are_broken_as_asked(additions: Bank) -> None:
    faults = [
        Faults("cut", first=1, wire="aurora-lite"),
        Faults("html", first=1, wire="aurora-grand"),
        Faults("hang", first=1, wire="borealis-max"),
        Faults("empty", first=1, wire="cirrus-pro"),
    ]
    prompt = additions.items[0].input
    with serve([additions], faults=faults) as found, httpx.Client(trust_env=False) as client:
        url = f"{found['openai']}/chat/completions"
        with pytest.raises(httpx.RemoteProtocolError):
            client.post(url, json=body(prompt, "aurora-lite"))
        page = client.post(url, json=body(prompt, "aurora-grand"))
        assert page.headers["content-type"].startswith("text/html")
        with pytest.raises(httpx.ReadTimeout):
            client.post(url, json=body(prompt, "borealis-max"), timeout=0.3)
        assert client.post(url, json=body(prompt, "cirrus-pro")).json()["choices"] == []
        assert client.post(url, json=body(prompt, "aurora-lite")).json()["choices"]


def test_a_stream_starts_before_it_ends(addresses: Addresses, invoices: Bank) -> None:
    asked = body(invoices.items[1].input, "aurora-grand", stream=True)
    moments = []
    with (
        httpx.Client(trust_env=False) as client,
        client.stream("POST", f"{addresses['openai']}/chat/completions", json=asked) as reply,
    ):
        moments = [time.monotonic() for _ in reply.iter_text()]
    assert len(moments) > 3
    assert moments[-1] > moments[0]
