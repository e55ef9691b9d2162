"""What is no answer is a failure, never a wrong answer; what was refused or cut has a column of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from faults.ground import PICTURES, TASK, Entrant, Ground, ground
from program import Done

from whichmodel.simulator.faults import Faults, Kind

ITEMS = 8
WRITING = ("chat", "responses", "anthropic", "google", "hf")
DRAWING = ("openai-images", "google-images", "hf-images")
BROKEN: tuple[Kind, ...] = ("html", "bad_json", "empty", "cut")
STREAMED = ("anthropic", "hf")
"""Protocols in which Inspect asks for a stream."""
IN_STREAM: tuple[Kind, ...] = ("early_end", "error_event")
PATIENCE = {"attempt_s": 4, "call_s": 8, "sample_s": 20, "retries": 1}
STOPPED: Mapping[Kind, str] = {"filter": "refused", "filter_400": "refused", "length": "truncated"}
EACH = pytest.mark.parametrize("protocol", WRITING)


def broken(protocol: str) -> tuple[Kind, ...]:
    return (*BROKEN, *IN_STREAM) if protocol in STREAMED else BROKEN


def stopped(protocol: str) -> list[Kind]:
    """Google has no error of a filter that blocks a prompt; it answers with status 200."""
    return [kind for kind in STOPPED if not (protocol == "google" and kind == "filter_400")]


@dataclass(frozen=True)
class Ended:
    """A run and its project."""

    run: Done
    ground: Ground


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ended]:
    """Every broken reply and every stop that is no answer, in every protocol that writes, in one run."""
    entrants = [
        Entrant(f"{p}-{kind}".replace("_", "-"), p, (Faults(kind, rate=1),))
        for p in WRITING
        for kind in broken(p)
    ]
    entrants += [
        Entrant(f"{p}-{kind}".replace("_", "-"), p, (Faults(kind, after=2, count=2),))
        for p in WRITING
        for kind in stopped(p)
    ]
    entrants += [Entrant(f"{p}-well", p) for p in WRITING]
    with ground(tmp_path_factory.mktemp("broken"), entrants, items=ITEMS, **PATIENCE) as found:
        yield Ended(found.run("--yes", "--json"), found)


@EACH
def test_a_broken_reply_is_a_failure_and_never_a_wrong_answer(ended: Ended, protocol: str) -> None:
    for kind in broken(protocol):
        rows = ended.ground.rows(f"{protocol}-{kind}".replace("_", "-"))
        assert len(rows) == 3, kind
        assert set(rows.status) == {"failed"}, kind
        assert rows.score.isna().all(), kind
        assert rows.answer_norm.isna().all(), kind
        assert rows.error_text.str.len().gt(10).all(), kind
        assert rows.latency_s.isna().all(), kind


@EACH
def test_a_model_that_never_gave_an_answer_is_stopped_after_three_samples(
    ended: Ended, protocol: str
) -> None:
    assert ended.run.code == 3
    for kind in broken(protocol):
        model = f"acme/{protocol}-{kind}".replace("_", "-")
        stop = ended.run.document["stopped"][model]
        assert stop["reason"].startswith("3 samples in a row failed, the last with"), kind
        assert stop["left"] == ITEMS - 3


@EACH
def test_a_filter_and_a_limit_have_columns_of_their_own(ended: Ended, protocol: str) -> None:
    for kind in stopped(protocol):
        name = f"{protocol}-{kind}".replace("_", "-")
        rows = ended.ground.rows(name)
        assert sorted(rows.status) == sorted(["scored"] * 6 + [STOPPED[kind]] * 2), name
        assert set(rows[rows.status == "scored"].score) == {1.0}


@EACH
def test_coverage_is_shown_and_below_the_bar_nothing_is_ranked(ended: Ended, protocol: str) -> None:
    by_model = {s["model"]: s for s in ended.run.document["standings"]}
    for kind in stopped(protocol):
        standing = by_model[f"acme/{protocol}-{kind}".replace("_", "-")]
        assert standing[STOPPED[kind]] == 2
    [route] = [r for r in ended.run.document["routes"] if r["task"] == TASK]
    assert {route["model"], *route["fallbacks"]} <= {f"acme/{p}-well" for p in WRITING}
    well = by_model[f"acme/{protocol}-well"]
    assert (well["coverage"], well["n"], well["score"]) == (1, ITEMS, 1)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ended]:
    """Pictures that are none, in every protocol that draws, and a model that draws well."""
    entrants = [
        Entrant(f"{p}-{kind}".replace("_", "-"), p, (Faults(kind, rate=1),))
        for p in DRAWING
        for kind in BROKEN
    ]
    entrants += [Entrant(f"{p}-well", p) for p in DRAWING]
    folder = tmp_path_factory.mktemp("drawn")
    with ground(folder, entrants, items=1, pictures=3, **PATIENCE) as found:
        yield Ended(found.run("--yes", "--json"), found)


@pytest.mark.parametrize("protocol", DRAWING)
def test_a_picture_that_is_none_is_a_failure(drawn: Ended, protocol: str) -> None:
    for kind in BROKEN:
        rows = drawn.ground.rows(f"{protocol}-{kind}".replace("_", "-"))
        assert (len(rows), set(rows.status)) == (3, {"failed"}), kind
        assert rows.score.isna().all(), kind
    well = drawn.ground.rows(f"{protocol}-well")
    assert set(well.task) == {PICTURES}
    assert set(well.status) == {"scored"}, list(well.error_text)


def test_what_failed_is_said(ended: Ended) -> None:
    status: Any = ended.ground.bench("status", "--json").document
    assert status["measured"]
    assert "cells ended without a score" in ended.run.err
