"""Providers that are busy, down or silent: waited for as they ask, given up by a deadline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from faults.ground import ANSWER, CARD, TASK, Entrant, Ground, environment, ground, write_config, write_task
from faults.scripted import Reply, refused, said, scripted
from program import Bench, Done

from whichmodel.domain import Limits
from whichmodel.simulator.faults import Faults

WRITING = ("chat", "responses", "anthropic", "google", "hf")
CONNECTIONS, ITEMS, ATTEMPT_S, RETRIES, ASKED_S = 4, 12, 4.0, 2, 5.0
PATIENCE: dict[str, Any] = {"attempt_s": ATTEMPT_S, "call_s": 20, "sample_s": 40, "retries": RETRIES}
OUTAGES = {
    "500": Faults("status", rate=1, status=500),
    "529": Faults("status", rate=1, status=529),
    "hang": Faults("hang", rate=1),
    "drip": Faults("drip", rate=1),
    "reset": Faults("reset", rate=1),
}
EACH = pytest.mark.parametrize("protocol", WRITING)


@dataclass(frozen=True)
class Ended:
    """A run and what the server saw of each model."""

    run: Done
    log: Mapping[str, list[dict[str, Any]]]
    ground: Ground

    @property
    def stopped(self) -> Any:
        return self.run.document["stopped"]


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ended]:
    """Limits that pass and that do not, outages, silence and health in every protocol, in one run."""
    entrants = []
    for p in WRITING:
        entrants += [Entrant(f"{p}-{name}", p, (fault,)) for name, fault in OUTAGES.items()]
        busy = Faults("status", after=5, count=2, status=429, retry_after_s=ASKED_S)
        entrants.append(Entrant(f"{p}-busy", p, (busy,), CONNECTIONS))
        closed = Faults("status", after=3, status=429, retry_after_s=3600)
        entrants.append(Entrant(f"{p}-closed", p, (closed,)))
        entrants.append(Entrant(f"{p}-well", p))
    with ground(tmp_path_factory.mktemp("outages"), entrants, items=ITEMS, **PATIENCE) as found:
        run = found.run("--yes", "--json")
        yield Ended(run, {name: found.requests(name) for name in found.entrants}, found)


@EACH
def test_a_busy_provider_is_not_asked_earlier_than_it_says_and_the_run_completes(
    ended: Ended, protocol: str
) -> None:
    log = ended.log[f"{protocol}-busy"]
    refused = [entry for entry in log if entry["status"] == 429]
    assert len(refused) == 2
    for entry in refused:
        # On a loaded machine one of these may run into its deadline and be made once more.
        again = [e for e in log if e["prompt"] == entry["prompt"] and e["number"] > entry["number"]]
        assert min(e["at"] for e in again) >= entry["written"] + ASKED_S
    first = min(entry["written"] for entry in refused)
    # What was on its way when the first refusal came could not be called back.
    assert len([e for e in log if first < e["at"] < first + ASKED_S - 0.01]) <= CONNECTIONS - 1
    rows = ended.ground.rows(f"{protocol}-busy")
    assert (len(rows), set(rows.status), set(rows.score)) == (ITEMS, {"scored"}, {1.0})
    assert ((rows.attempts > 1) & (rows.queue_s >= ASKED_S)).any()
    assert (rows.latency_s < ASKED_S).all()


@EACH
def test_a_provider_that_asks_for_an_hour_is_stopped_and_not_waited_for(ended: Ended, protocol: str) -> None:
    stop = ended.stopped[f"acme/{protocol}-closed"]
    assert stop["reason"].startswith("the provider asks to wait for 3,600 s")
    log = ended.log[f"{protocol}-closed"]
    first = min(entry["written"] for entry in log if entry["status"] == 429)
    assert len([entry for entry in log if entry["at"] > first]) <= 3


def test_a_call_has_five_attempts_where_nothing_else_is_configured() -> None:
    assert Limits().retries + 1 == 5


@EACH
@pytest.mark.parametrize("outage", OUTAGES)
def test_lasting_trouble_costs_three_samples_and_no_more(ended: Ended, protocol: str, outage: str) -> None:
    name = f"{protocol}-{outage}"
    rows = ended.ground.rows(name)
    assert (len(rows), set(rows.status)) == (3, {"failed"})
    assert rows.score.isna().all()
    assert rows.attempts.max() <= RETRIES + 1
    assert rows.error_text.notna().all()
    assert ended.stopped[f"acme/{name}"]["reason"].startswith("3 samples in a row failed")
    if outage != "reset" or protocol != "google":
        assert len(ended.log[name]) <= rows.attempts.sum()


@EACH
@pytest.mark.parametrize("outage", ["hang", "drip"])
def test_silence_ends_by_the_deadline(ended: Ended, protocol: str, outage: str) -> None:
    rows = ended.ground.rows(f"{protocol}-{outage}")
    assert rows.error_text.str.contains(f"no answer within {ATTEMPT_S:g} s", regex=False).all()


@EACH
def test_a_healthy_model_is_neither_lost_nor_slowed(ended: Ended, protocol: str) -> None:
    rows = ended.ground.rows(f"{protocol}-well")
    assert (len(rows), set(rows.status), set(rows.score)) == (ITEMS, {"scored"}, {1.0})
    log = ended.log[f"{protocol}-well"]
    assert max(e["written"] for e in log) - min(e["at"] for e in log) < 3 * ATTEMPT_S


def test_the_run_says_what_failed(ended: Ended) -> None:
    assert ended.run.code == 3
    assert set(ended.stopped) == {f"acme/{p}-{name}" for p in WRITING for name in (*OUTAGES, "closed")}


LIMITED = ("by-date", "in-ms", "by-decimals", "by-nonsense")


def _busy_once(model: str, number: int, headers: Mapping[str, str]) -> Reply:
    """The second request of a model is refused, each in its own words."""
    if number != 1:
        return said(ANSWER, model)
    words = "Too many requests."
    if model == "by-date":
        # The form has whole seconds.
        moment = datetime.now(UTC) + timedelta(seconds=ASKED_S + 1)
        return refused(429, words, Retry_After=format_datetime(moment, usegmt=True))
    if model == "in-ms":
        return refused(429, words, retry_after_ms=f"{ASKED_S * 1000:g}", Retry_After="1")
    if model == "by-decimals":
        return refused(429, words, Retry_After=f"{ASKED_S:.1f}")
    return refused(429, words, Retry_After="soon")


def test_a_wait_is_understood_as_a_date_in_ms_and_with_decimals(tmp_path: Path) -> None:
    items = [{"id": f"i{n}", "input": f"Which colour is thing {n}?", "target": ANSWER} for n in range(4)]
    write_task(tmp_path, TASK, CARD, items)
    with scripted(_busy_once) as endpoint:
        write_config(
            tmp_path, [Entrant(name, connections=1) for name in LIMITED], {"openai": endpoint.base_url}
        )
        ended = Bench(tmp_path)(
            "run", "--tasks", f"./tasks/classification/{TASK}", "--json", env=environment()
        )
    assert ended.code == 0, ended.err
    for name in LIMITED:
        heard = endpoint.of(name)
        assert len(heard) == 5
        pause = heard[2].at - heard[1].answered
        assert pause >= ASKED_S - 0.05 if name != "by-nonsense" else 0.2 < pause < ASKED_S, name
