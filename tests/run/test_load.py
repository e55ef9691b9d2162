"""Rising load against a panel that works on so many replies at a time, and writes down when it did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from small_run import bank

from whichmodel.analyse.throughput import summarise
from whichmodel.domain import LoadCalls, LoadStep
from whichmodel.domain.load import knee, rises
from whichmodel.plan import Work
from whichmodel.run.load import LoadPass, Pace
from whichmodel.simulator import panel, serve
from whichmodel.simulator.faults import Faults

CHAT = "demo-aurora/lite"
CAPACITY, SERVICE_S = 4, 0.15


@dataclass
class Loaded:
    """What a pass found, and what the panel says of itself."""

    steps: list[LoadStep]
    ended: str
    requests: list[dict[str, Any]]


@contextmanager
def serving(**conduct: Any) -> Iterator[tuple[Work, str]]:
    with serve.serve([bank(40)], **conduct) as addresses:
        model = next(m for m in panel.models(addresses) if m.id == CHAT)
        yield Work(bank(40), model, None), addresses["google"]


def load(folder: Path, pace: Pace, **conduct: Any) -> Loaded:
    steps: list[LoadStep] = []

    def heed(made: LoadCalls) -> str | None:
        steps.append(summarise(made))
        return None if rises(steps) else "no more"

    with serving(**conduct) as (work, root):
        done = LoadPass(work, "load-1", folder, pace, heed)
        done.run()
        requests = httpx.get(f"{root}/requests").json()
    return Loaded(steps, done.ended, requests)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    pace = Pace(calls=12, seconds=60, most=16)
    return load(tmp_path_factory.mktemp("load"), pace, latency_s=SERVICE_S, capacity=CAPACITY)


def test_a_known_capacity_is_found(loaded: Loaded) -> None:
    """Replies a second times their measured duration is the number of places, however slow the machine is."""
    taken = float(np.mean([e["written"] - e["begun"] for e in loaded.requests]))
    best = knee(loaded.steps, None)
    assert best is not None
    # A busy machine leaves gaps between two calls of a worker, which a few more workers fill.
    assert best.concurrency in (CAPACITY, 2 * CAPACITY)
    assert best.requests_per_s * taken / CAPACITY == pytest.approx(1, abs=0.15)


def test_the_load_doubles_until_nothing_is_gained(loaded: Loaded) -> None:
    assert [step.concurrency for step in loaded.steps] in ([1, 2, 4, 8], [1, 2, 4, 8, 16])
    assert loaded.ended in ("no more", "the most that was asked for")
    assert loaded.steps[1].requests_per_s / loaded.steps[0].requests_per_s == pytest.approx(2, rel=0.25)


def test_past_the_capacity_the_waiting_is_latency(loaded: Loaded) -> None:
    """Twice as many in flight as there are places take about twice as long."""
    by_load = {step.concurrency: step for step in loaded.steps}
    fits, waits = by_load[CAPACITY].p50_s, by_load[2 * CAPACITY].p50_s
    assert fits is not None
    assert waits is not None
    assert 1.4 < waits / fits < 2.6


def test_the_warm_up_is_in_no_figure(loaded: Loaded) -> None:
    sent = sum(step.calls for step in loaded.steps)
    warm = len(loaded.requests) - sent
    assert warm >= sum(step.concurrency for step in loaded.steps)
    for step in loaded.steps:
        assert step.calls == max(12, 10 * step.concurrency)
        assert step.answers <= step.calls


def test_an_objective_moves_the_knee_down(loaded: Loaded) -> None:
    by_load = {step.concurrency: step for step in loaded.steps}
    p95 = by_load[CAPACITY].p95_s
    assert p95 is not None
    held = knee(loaded.steps, p95)
    assert held is not None
    assert held.concurrency == CAPACITY
    assert knee(loaded.steps, SERVICE_S / 10) is None


def test_failures_are_no_throughput(tmp_path: Path) -> None:
    fault = Faults("status", status=500, after=3, count=12)
    found = load(tmp_path, Pace(calls=20, seconds=60, most=2), latency_s=0.05, faults=[fault])
    [step] = found.steps
    assert step.failed > 0
    assert step.errors == {"InternalServerError": step.failed}
    assert step.broken
    assert step.answers <= step.calls - step.failed
    assert knee(found.steps, None) is None


def test_a_refused_key_ends_it_at_once(tmp_path: Path) -> None:
    fault = Faults("status", status=401, first=99)
    found = load(tmp_path, Pace(calls=20, seconds=60, most=8), latency_s=0.05, faults=[fault])
    assert "the key was refused" in found.ended
    assert len(found.requests) == 1
    [step] = found.steps
    assert (step.calls, step.answers, step.requests_per_s, step.broken) == (0, 0, 0.0, True)


def test_seconds_end_a_step_too(tmp_path: Path) -> None:
    found = load(tmp_path, Pace(calls=10_000, seconds=0.5, most=1), latency_s=0.05)
    [step] = found.steps
    assert 0.5 <= step.window_s < 5
    assert step.calls < 50


@pytest.mark.parametrize(("most", "steps"), [(1, [1]), (2, [1, 2]), (8, [1, 2, 4, 8]), (6, [1, 2, 4, 6])])
def test_steps_double_up_to_the_most(most: int, steps: Sequence[int]) -> None:
    assert Pace(most=most).steps() == steps
    assert Pace(calls=1, most=most).most_calls() == sum(12 * step for step in steps)


def test_a_busy_program_says_that_it_may_be_the_limit(loaded: Loaded) -> None:
    assert not replace(loaded.steps[0], busy=0.5).own_limit
    assert replace(loaded.steps[0], busy=0.9).own_limit
