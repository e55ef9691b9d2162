"""A refused key, a model that is not there, an account without money: the model stops, the others finish.

After the first refusal that was answered at most three requests are sent, and at most three in all where it
refuses from the start, by the server's own log.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from faults.ground import Entrant, Ground, ground
from program import Done

from whichmodel.simulator.faults import Faults

ITEMS, MIDDLE = 20, 8
WRITING = ("chat", "responses", "anthropic", "google", "hf")
WAYS: Mapping[str, tuple[Faults, str]] = {
    "401": (Faults("status", rate=1, status=401), "the key was refused (401)"),
    "401-later": (Faults("status", after=MIDDLE, status=401), "the key was refused (401)"),
    "403": (Faults("status", rate=1, status=403), "access was refused (403)"),
    "404": (Faults("status", rate=1, status=404), "the model or the address does not exist (404)"),
    "quota": (Faults("quota", rate=1), ""),
    "quota-later": (Faults("quota", after=MIDDLE), ""),
}
QUOTA = {
    "hf": "the account has to be paid (402)",
    "anthropic": "the quota is used up (400)",
    "google": "the quota is used up (429)",
}
EACH = pytest.mark.parametrize("protocol", WRITING)


@dataclass(frozen=True)
class Ended:
    """A run in words, the same once more as a document, and the server's log of the first."""

    words: Done
    document: Any
    log: Mapping[str, list[dict[str, Any]]]
    ground: Ground


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ended]:
    """Every way in which an account can be dead in every protocol, and one healthy model in each."""
    dead = [
        Entrant(f"{protocol}-{way}", protocol, (fault,))
        for protocol in WRITING
        for way, (fault, _) in WAYS.items()
    ]
    healthy = [Entrant(f"{protocol}-well", protocol) for protocol in WRITING]
    with ground(tmp_path_factory.mktemp("dead"), [*dead, *healthy], items=ITEMS) as found:
        words = found.run("--yes", env={"COLUMNS": "400"})
        log = {name: found.requests(name) for name in found.entrants}
        document = found.run("--yes", "--json").document
        yield Ended(words, document, log, found)


@EACH
@pytest.mark.parametrize("way", WAYS)
def test_a_dead_account_is_asked_at_most_three_times_more(ended: Ended, protocol: str, way: str) -> None:
    log = ended.log[f"{protocol}-{way}"]
    refused = [entry for entry in log if entry["fault"]]
    first = min(entry["written"] for entry in refused)
    assert len([entry for entry in log if entry["at"] > first]) <= 3
    if way.endswith("later"):
        assert len(log) >= MIDDLE
    else:
        assert len(log) <= 3


@EACH
@pytest.mark.parametrize("way", WAYS)
def test_the_reason_stands_on_the_screen_and_in_the_document(ended: Ended, protocol: str, way: str) -> None:
    model = f"acme/{protocol}-{way}"
    reason = WAYS[way][1] or QUOTA.get(protocol, "the quota is used up (429)")
    [line] = [line for line in ended.words.out.splitlines() if line.startswith(f"Stopped {model}: ")]
    assert reason in line
    assert "cells were not asked" in line
    assert reason in ended.document["stopped"][model]["reason"]


@EACH
def test_the_others_finish(ended: Ended, protocol: str) -> None:
    assert ended.words.code == 3
    rows = ended.ground.rows(f"{protocol}-well")
    assert (len(rows), set(rows.status), set(rows.score)) == (ITEMS, {"scored"}, {1.0})


def test_what_was_answered_before_an_account_died_is_kept(ended: Ended) -> None:
    for protocol in WRITING:
        for way in ("401-later", "quota-later"):
            rows = ended.ground.rows(f"{protocol}-{way}")
            kept = rows[rows.status == "scored"]
            assert len(kept) == MIDDLE
            assert set(kept.score) == {1.0}


def test_a_refusal_is_a_failure_without_a_score(ended: Ended) -> None:
    rows = ended.ground.rows()
    failed = rows[rows.status == "failed"]
    assert len(failed) >= len(WRITING) * len(WAYS)
    assert failed.score.isna().all()
    assert failed.error_text.notna().all()
