"""What `GET /requests` tells of every request, latencies to the millisecond, and faults by script."""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from collections.abc import Sequence
from typing import Any

import httpx
import pytest
from simulator.asking import Addresses, observed, through_inspect

from whichmodel.domain import Bank
from whichmodel.simulator.faults import Faults
from whichmodel.simulator.serve import serve

CLOSE_S = 0.05
"""How far a reply may be from its time on a machine that does other things too."""


def log(addresses: Addresses) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = httpx.get(f"{addresses['google']}/requests", trust_env=False).json()
    return entries


def post(addresses: Addresses, bodies: Sequence[dict[str, Any]]) -> list[httpx.Response | Exception]:
    """Chat completions asked at the same time."""

    async def ask() -> list[Any]:
        async with httpx.AsyncClient(base_url=addresses["openai"], trust_env=False, timeout=10) as client:
            calls = (client.post("/chat/completions", json=body) for body in bodies)
            return await asyncio.gather(*calls, return_exceptions=True)

    return asyncio.run(ask())


def body(prompt: str, model: str = "aurora-lite", **more: Any) -> dict[str, Any]:
    return {"model": model, "messages": [{"role": "user", "content": prompt}], **more}


@pytest.mark.parametrize("stream", [False, True])
def test_every_reply_takes_exactly_the_latency_that_was_asked_for(additions: Bank, stream: bool) -> None:
    bodies = [body(item.input, stream=stream) for item in additions.items[:20]]
    with serve([additions], latency_s=0.3) as found:
        before = time.monotonic()
        post(found, bodies)
        after = time.monotonic()
        entries = log(found)
    took = [entry["written"] - entry["at"] for entry in entries]
    assert min(took) >= 0.299
    assert statistics.median(took) < 0.3 + CLOSE_S
    assert all(before <= entry["at"] < entry["written"] <= after for entry in entries)
    first = [entry["first"] - entry["at"] for entry in entries]
    assert (statistics.median(first) < 0.12 + CLOSE_S) if stream else (min(first) >= 0.299)


def test_the_journal_counts_what_is_in_flight_by_model(additions: Bank) -> None:
    bodies = [body(item.input) for item in additions.items[:10]]
    bodies.append(body(additions.items[0].input, "aurora-grand"))
    with serve([additions], latency_s=0.3) as found:
        post(found, bodies)
        post(found, bodies[:1])
        entries = log(found)
    lite = [entry["in_flight"] for entry in entries if entry["model"] == "aurora-lite"]
    assert sorted(lite) == [1, *range(1, 11)]
    assert lite[-1] == 1
    assert [entry["in_flight"] for entry in entries if entry["model"] == "aurora-grand"] == [1]
    assert [entry["number"] for entry in entries if entry["model"] == "aurora-lite"] == list(range(11))


def test_the_journal_says_which_fault_struck_and_what_was_sent(additions: Bank) -> None:
    faults = [
        Faults("status", first=1, status=503, wire="aurora-lite"),
        Faults("reset", first=1, wire="aurora-grand"),
        Faults("cut", first=1, wire="borealis-max"),
    ]
    prompt = additions.items[0].input
    with serve([additions], faults=faults, latency_s=0.01) as found:
        for model in ("aurora-lite", "aurora-grand", "borealis-max", "aurora-lite"):
            post(found, [body(prompt, model)])
        entries = log(found)
    seen = [(entry["fault"], entry["status"], entry["written"] is not None) for entry in entries]
    assert seen == [("status", 503, True), ("reset", None, False), ("cut", 200, False), (None, 200, True)]
    assert all(entry["in_flight"] == 1 for entry in entries)


def test_a_caller_who_leaves_is_no_longer_in_flight(additions: Bank) -> None:
    prompt = additions.items[0].input
    with serve([additions], faults=[Faults("hang", first=1)], latency_s=0.01) as found:
        with pytest.raises(httpx.ReadTimeout):
            httpx.post(f"{found['openai']}/chat/completions", json=body(prompt), timeout=0.2, trust_env=False)
        time.sleep(0.1)
        post(found, [body(prompt)])
        left, stayed = log(found)
    assert (left["status"], left["written"]) == (None, None)
    assert stayed["in_flight"] == 1


@pytest.mark.parametrize(
    ("script", "struck"),
    [
        (Faults("status", after=3), [3, 4, 5, 6, 7]),
        (Faults("status", after=3, count=2), [3, 4]),
        (Faults("status", first=1, after=5, count=1), [0, 5]),
        (Faults("status", first=2), [0, 1]),
        (Faults("status"), []),
    ],
)
def test_faults_strike_by_script(script: Faults, struck: list[int]) -> None:
    assert [number for number in range(8) if script.strike("any", number, 0)] == struck


def test_a_key_can_be_revoked_in_the_middle(additions: Bank) -> None:
    bodies = [body(item.input) for item in additions.items[:6]]
    with serve([additions], faults=[Faults("status", after=4, status=401)], latency_s=0.001) as found:
        replies = [post(found, [one])[0] for one in bodies]
    codes = [reply.status_code for reply in replies if isinstance(reply, httpx.Response)]
    assert codes == [200, 200, 200, 200, 401, 401]


def test_a_canned_answer_needs_no_bank(additions: Bank) -> None:
    with serve([], canned="ANSWER: 4", latency_s=0.01) as found:
        output = asyncio.run(through_inspect("anthropic", found, "borealis-max", "Whatever?"))
    assert output.completion == "ANSWER: 4"
    assert output.usage is not None
    assert output.usage.output_tokens == 2


def test_inspects_attempt_timeout_ends_what_never_ends_by_itself(additions: Bank) -> None:
    protocols = ("chat", "chat stream", "responses", "anthropic", "google", "hf", "google stream")
    faults = [Faults("hang", rate=1, wire="aurora-lite"), Faults("drip", rate=1, wire="cirrus-pro")]
    prompt = additions.items[0].input

    async def ask(found: Addresses) -> list[str]:
        calls = (
            observed(_stop(through_inspect(protocol, found, fault.wire or "", prompt, attempt_timeout=1)))
            for protocol in protocols
            for fault in faults
        )
        return await asyncio.gather(*calls)

    with serve([additions], faults=faults) as found:
        assert set(asyncio.run(ask(found))) == {"would retry AttemptTimeoutError"}


def test_googles_sdk_under_inspect_asks_again_by_itself_after_a_lost_connection(
    additions: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(random, "randint", lambda low, high: low)
    with serve([additions], faults=[Faults("reset", first=1)], latency_s=0.01) as found:
        call = through_inspect("google", found, "cirrus-pro", additions.items[0].input)
        assert asyncio.run(observed(_stop(call))) == "stop"
        entries = log(found)
    assert [entry["fault"] for entry in entries] == ["reset", None]
    assert entries[1]["at"] - entries[0]["at"] > 1


async def _stop(call: Any) -> str:
    return str((await call).stop_reason)
