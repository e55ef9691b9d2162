"""A latency pass against the simulated panel, which knows when it read, began and ended each request."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from small_run import bank

from whichmodel.analyse.latency import Floats
from whichmodel.domain import Bank, Ended, Model, Timing
from whichmodel.domain.timing import rate
from whichmodel.plan import order
from whichmodel.registry import bank as generated
from whichmodel.registry import find
from whichmodel.run.latency import LIMITS, LatencyPass
from whichmodel.run.latency_draw import draw
from whichmodel.run.latency_lines import FILE, journals, read, take_over
from whichmodel.run.rebuild import rebuild
from whichmodel.simulator import panel, serve
from whichmodel.simulator.faults import Faults
from whichmodel.simulator.server import FIRST_TOKEN_SHARE
from whichmodel.store import Store
from whichmodel.store import read as reader_of

CHAT, GOOGLE, ANTHROPIC = "demo-aurora/lite", "demo-cirrus/nano", "demo-borealis/swift"
LATENCY_S = 0.5


class Served:
    """The panel, its models by id, and its own record of what it was asked."""

    def __init__(self, addresses: dict[str, str]) -> None:
        self.models = {model.id: model for model in panel.models(addresses)}
        self._root = addresses["google"]

    def requests(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = httpx.get(f"{self._root}/requests").json()
        return found


@contextmanager
def serving(**conduct: Any) -> Iterator[Served]:
    with serve.serve([bank(40)], **conduct) as addresses:
        yield Served(dict(addresses))


def timed(results: Path, models: Sequence[Model], n: int, **options: Any) -> LatencyPass:
    made = LatencyPass(draw([bank(40)], models, n, {}), "pass-1", results, Store(results), **options)
    made.run()
    return made


def of(timings: Sequence[Timing], model: str) -> list[Timing]:
    return [timing for timing in timings if timing.model == model]


def _floats(values: Iterable[float | None]) -> Floats:
    return np.array(list(values), dtype=np.float64)


@pytest.mark.parametrize("concurrency", [1, 3])
def test_times_are_those_of_the_server_and_what_the_way_adds(tmp_path: Path, concurrency: int) -> None:
    with serving(latency_s=LATENCY_S) as served:
        done = timed(
            tmp_path, [served.models[CHAT], served.models[GOOGLE]], 10, concurrency=concurrency
        ).timings
        truth = served.requests()
    assert len(done) == len(truth) == 20
    for wire, model in (("aurora-lite", CHAT), ("cirrus-nano", GOOGLE)):
        entries = [entry for entry in truth if entry["model"] == wire]
        assert max(entry["in_flight"] for entry in entries) <= concurrency
        first = np.array([entry["first"] - entry["at"] for entry in entries])
        whole = np.array([entry["written"] - entry["at"] for entry in entries])
        assert float(np.median(first)) >= FIRST_TOKEN_SHARE * LATENCY_S
        rows = of(done, model)
        # The panel's "cut off" answers have no content.
        _is_longer(_floats(row.ttft_s for row in rows if row.ttft_s is not None), first)
        _is_longer(_floats(row.latency_s for row in rows), whole)
        lags = [row.loop_lag_ms for row in rows if row.loop_lag_ms is not None]
        assert len(lags) == 10
        assert min(lags) >= 0


def _is_longer(recorded: Floats, served: Floats) -> None:
    """Nothing is seen before it was sent, nor as late as a wait of another call would make it.

    How close they are depends on the machine: benchmarks/fidelity.py measures it.
    """
    assert recorded.min() >= served.min()
    assert np.median(recorded) >= np.median(served)
    assert np.median(recorded) < np.median(served) + LATENCY_S


def test_models_are_asked_one_after_another_each_prompt_once(tmp_path: Path) -> None:
    names = [CHAT, GOOGLE, ANTHROPIC]
    with serving(latency_s=0.02) as served:
        done = timed(tmp_path, [served.models[name] for name in names], 6, concurrency=2).timings
        asked = [entry["model"] for entry in served.requests()]
        spans = [(entry["at"], entry["written"]) for entry in served.requests()]
    assert asked == [name for name in ("aurora-lite", "cirrus-nano", "borealis-swift") for _ in range(6)]
    for at, _ in spans:
        assert sum(begun <= at < ended for begun, ended in spans) <= 2
    for name in names:
        assert [t.item_id for t in sorted(of(done, name), key=lambda t: t.number)] == [
            item.id for item in order(bank(40).items)[:6]
        ]
    assert {t.first_kind for t in done} == {"text"}
    assert {t.served_model for t in of(done, CHAT)} == {"aurora-lite"}
    for t in done:
        assert t.streamed
        assert t.ttft_s is not None
        assert t.latency_s is not None
        assert 0 < t.ttft_s <= t.latency_s
        assert t.hour_utc == t.started_at.hour
        assert t.cost_usd is not None
        assert t.cost_usd > 0
        # One word of one token: there is no rate after the first one.
        assert t.tokens_per_s is None


def test_a_canned_long_answer_has_the_rate_at_which_it_was_sent(tmp_path: Path) -> None:
    text = "A sentence of about this length. " * 30
    with serving(latency_s=LATENCY_S, canned=text) as served:
        [row] = timed(tmp_path, [served.models[CHAT]], 1).timings
    assert row.output_tokens is not None
    assert row.deltas is not None
    assert row.deltas > 10
    assert row.ttft_s is not None
    assert row.latency_s is not None
    assert row.tokens_per_s is not None
    after_first = (row.output_tokens - 1) / (row.latency_s - row.ttft_s)
    assert row.tokens_per_s == pytest.approx(after_first)
    sent = (row.output_tokens - 1) / ((1 - FIRST_TOKEN_SHARE) * LATENCY_S)
    assert sent / 3 < row.tokens_per_s < 3 * sent


def test_a_failed_call_is_sent_once_and_is_no_latency(tmp_path: Path) -> None:
    fault = Faults("status", status=500, after=2, count=1)
    with serving(latency_s=0.02, faults=[fault]) as served:
        done = timed(tmp_path, [served.models[m] for m in (CHAT, GOOGLE, ANTHROPIC)], 5).timings
        assert len(served.requests()) == len(done) == 15
    failed = [t for t in done if t.status is Ended.FAILED]
    assert [(t.model, t.number) for t in failed] == [(CHAT, 2), (GOOGLE, 2), (ANTHROPIC, 2)]
    for t in failed:
        assert (t.latency_s, t.ttft_s, t.tokens_per_s, t.cost_usd, t.streamed) == (None,) * 5
        assert t.error_text
        assert "Request:" not in t.error_text
        assert "RetryError" not in t.error_text
    [reply] = of(failed, CHAT)
    assert reply.error_class == "InternalServerError"


@pytest.mark.parametrize("kind", ["cut", "error_event", "bad_json", "reset", "html", "empty"])
def test_a_reply_that_breaks_off_or_holds_nothing_is_a_failure(tmp_path: Path, kind: Any) -> None:
    fault = Faults(kind, after=1, count=1)
    with serving(latency_s=0.02, faults=[fault]) as served:
        done = timed(tmp_path, [served.models[CHAT], served.models[GOOGLE]], 3).timings
        assert len(served.requests()) == 6
    for model in (CHAT, GOOGLE):
        rows = of(done, model)
        assert [row.status is Ended.FAILED for row in rows] == [False, True, False], rows[1]
        assert rows[1].latency_s is None


def test_a_hanging_call_ends_by_its_deadline(tmp_path: Path) -> None:
    fault = Faults("hang", after=1, count=1)
    with serving(latency_s=0.02, faults=[fault]) as served:
        began = time.monotonic()
        done = timed(
            tmp_path, [served.models[CHAT]], 3, limits=replace(LIMITS, attempt_s=1, call_s=30)
        ).timings
        assert time.monotonic() - began < 15
        assert len(served.requests()) == 3
    assert [t.status for t in done] == [Ended.ANSWERED, Ended.FAILED, Ended.ANSWERED]


def test_a_refused_key_costs_one_call_and_the_other_models_go_on(tmp_path: Path) -> None:
    fault = Faults("status", status=401, first=99, wire="aurora-lite")
    with serving(latency_s=0.02, faults=[fault]) as served:
        done = timed(tmp_path, [served.models[CHAT], served.models[GOOGLE]], 4)
    assert [len(of(done.timings, m)) for m in (CHAT, GOOGLE)] == [1, 4]
    assert "the key was refused" in done.stopped[CHAT]


def test_a_model_that_only_fails_is_asked_three_times(tmp_path: Path) -> None:
    with serving(latency_s=0.02, faults=[Faults("status", status=503, first=99)]) as served:
        done = timed(tmp_path, [served.models[CHAT]], 9)
        assert len(served.requests()) == 3
    assert "3 calls in a row failed" in done.stopped[CHAT]


def test_no_call_is_sent_before_the_time_that_a_provider_asks_for(tmp_path: Path) -> None:
    fault = Faults("status", status=429, retry_after_s=1, after=0, count=1)
    with serving(latency_s=0.02, faults=[fault]) as served:
        done = timed(tmp_path, [served.models[CHAT]], 3).timings
        at = [entry["at"] for entry in served.requests()]
    assert [t.status for t in done] == [Ended.FAILED, Ended.ANSWERED, Ended.ANSWERED]
    assert at[1] - at[0] >= 1
    assert all(t.latency_s is None or t.latency_s < 0.5 for t in done)


def test_refusals_and_token_limits_are_told_apart(tmp_path: Path) -> None:
    faults = [Faults("filter", after=0, count=1), Faults("length", after=1, count=1)]
    with serving(latency_s=0.02, faults=faults) as served:
        done = timed(tmp_path, [served.models[CHAT]], 3).timings
    assert [t.status for t in done] == [Ended.REFUSED, Ended.TRUNCATED, Ended.ANSWERED]
    assert all(t.latency_s for t in done)


def test_an_endpoint_that_does_not_stream_has_no_time_to_first_content(tmp_path: Path) -> None:
    canvas = "demo-aurora/canvas"
    spec_bank = _drawn_bank()
    with serve.serve([spec_bank], latency_s=0.05) as addresses:
        model = next(m for m in panel.models(addresses) if m.id == canvas)
        made = LatencyPass(draw([spec_bank], [model], 2, {}), "pass-1", tmp_path, Store(tmp_path))
        made.run()
    assert len(made.timings) == 2
    for row in made.timings:
        assert row.status is Ended.ANSWERED, row.error_text
        assert (row.streamed, row.ttft_s, row.first_kind, row.tokens_per_s) == (False, None, None, None)
        assert row.latency_s is not None
        assert row.latency_s >= 0.05
        assert row.cost_usd == Decimal("0.04")


def _drawn_bank() -> Bank:
    card = next(card for card in find(()) if card.answers == "image")
    return generated(card, seed=0, count=4)


def test_a_pass_is_stored_line_by_line_and_a_rebuilt_database_is_equal(tmp_path: Path) -> None:
    with serving(latency_s=0.02, faults=[Faults("status", after=1, count=1)]) as served:
        done = timed(tmp_path, [served.models[CHAT], served.models[GOOGLE]], 4).timings
    assert list(read(tmp_path / "logs" / "pass-1" / FILE)) == done
    before = reader_of(tmp_path)
    assert before is not None
    stored = before.timings("simulated")
    assert len(stored) == 8
    assert before.timings("real").empty
    made = rebuild(tmp_path)
    assert (made.timings, made.unreadable) == (8, ())
    after = reader_of(tmp_path)
    assert after is not None
    assert after.timings("simulated").equals(stored)
    assert after.timing_failures("simulated").calls.tolist() == [1, 1]


def test_what_a_killed_pass_left_is_taken_over_and_a_cut_line_is_none(tmp_path: Path) -> None:
    with serving(latency_s=0.02) as served:
        timed(tmp_path, [served.models[CHAT]], 3)
    [journal] = journals(tmp_path)
    other = tmp_path / "logs" / "pass-2" / FILE
    other.parent.mkdir()
    lines = journal.read_text().splitlines()
    fresh = [json.dumps({**json.loads(line), "key": f"k{n}"}) for n, line in enumerate(lines)]
    other.write_text("\n".join([fresh[0], fresh[1], fresh[2][:80]]))
    store = Store(tmp_path)
    assert (take_over(tmp_path, store), take_over(tmp_path, store)) == (2, 0)


def test_a_signal_ends_a_pass_with_what_had_ended_stored(tmp_path: Path) -> None:
    heard: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, frame: heard.append(number))
    with serving(latency_s=0.2) as served:
        store = Store(tmp_path)
        made = LatencyPass(draw([bank(40)], [served.models[CHAT]], 30, {}), "pass-1", tmp_path, store)
        threading.Timer(1.5, os.kill, (os.getpid(), signal.SIGTERM)).start()
        with pytest.raises(asyncio.CancelledError):
            made.run()
    signal.signal(signal.SIGTERM, before)
    assert heard == [signal.SIGTERM]
    assert 0 < len(made.timings) < 30
    assert store.timed() == {served.models[CHAT].settings_hash: len(made.timings)}
    assert len(read(tmp_path / "logs" / "pass-1" / FILE)) == len(made.timings)


def test_a_pass_goes_on_behind_the_prompts_that_were_sent() -> None:
    model = next(m for m in panel.models({}) if m.id == CHAT)
    shared = [item.id for item in order(bank(40).items)]
    first = draw([bank(40)], [model], 30, {})
    second = draw([bank(40)], [model], 30, {model.settings_hash: 30})
    assert [i.id for i in first.work[0].bank.items] == shared[:30]
    assert [i.id for i in second.work[0].bank.items] == [*shared[30:], *shared[:20]]


def test_tasks_take_turns() -> None:
    model = next(m for m in panel.models({}) if m.id == CHAT)
    one = bank(40)
    two = replace(one, card=replace(one.card, name="others"), items=one.items[:3])
    plan = draw([one, two], [model], 10, {})
    assert [(w.bank.card.name, len(w.bank.items)) for w in plan.work] == [("labels", 7), ("others", 3)]
    assert plan.cells == 10


def test_the_rate_is_unknown_rather_than_guessed() -> None:
    known: dict[str, Any] = {
        "output_tokens": 101,
        "reasoning_tokens": None,
        "first_kind": "text",
        "deltas": 9,
        "ttft_s": 1.0,
        "latency_s": 3.0,
    }
    assert rate(**known) == 50
    # Hidden reasoning came before the first content; shown reasoning is content.
    assert rate(**{**known, "reasoning_tokens": 50}) == 25
    assert rate(**{**known, "reasoning_tokens": 50, "first_kind": "reasoning"}) == 50
    for unknown in (
        {"output_tokens": None},
        {"ttft_s": None},
        {"deltas": 1},
        {"output_tokens": 1},
        {"reasoning_tokens": 101},
        {"latency_s": 1.0},
    ):
        assert rate(**{**known, **unknown}) is None
