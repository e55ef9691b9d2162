"""Real answers of four models to 1,319 GSM8K items, with their published verdicts."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from whichmodel.analyse.compare import compare, ranks
from whichmodel.analyse.evidence import Evidence
from whichmodel.analyse.standings import standings
from whichmodel.domain import DecisionRule, Route, RouteStatus

MakeEvidence = Callable[..., Evidence]
Decide = Callable[..., Route]
MODELS = ("6b_finetuning", "6b_verification", "175b_finetuning", "175b_verification")


@pytest.fixture(scope="module")
def verdicts(real_data: Path) -> dict[str, list[float]]:
    path = real_data / "gsm8k" / "example_model_solutions.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return {f"openai/{name}": [float(row[name]["is_correct"]) for row in rows] for name in MODELS}


def test_standings_show_the_published_accuracy(
    evidence_of: MakeEvidence, verdicts: dict[str, list[float]]
) -> None:
    found = standings(evidence_of(verdicts), {})
    shown = {row.model.removeprefix("openai/"): (round((row.score or 0) * 100, 1), row.n) for row in found}
    assert shown == dict(zip(MODELS, ((21.7, 1319), (39.0, 1319), (34.7, 1319), (56.3, 1319)), strict=True))
    assert [row.interval for row in found] == ["Wilson 95%"] * 4


def test_the_best_model_is_certified_and_the_others_are_shown_inferior(
    evidence_of: MakeEvidence, decided: Decide, verdicts: dict[str, list[float]]
) -> None:
    cost = {f"openai/{name}": price for name, price in zip(MODELS, (0.0001, 0.01, 0.002, 0.2), strict=True)}
    found = decided(evidence_of(verdicts, cost=cost))
    assert (found.status, found.model) == (RouteStatus.CERTIFIED, "openai/175b_verification")
    assert found.why == "best score, and no other is shown to be as good"
    assert {reason.reason for reason in found.why_not} == {"inferior"}


def test_every_rank_is_settled_and_the_closest_two_are_told_apart(
    evidence_of: MakeEvidence, verdicts: dict[str, list[float]]
) -> None:
    evidence = evidence_of(verdicts)
    assert set(ranks(evidence).values()) == {(1, 1), (2, 2), (3, 3), (4, 4)}
    found = compare(evidence, "openai/175b_finetuning", "openai/6b_verification", DecisionRule())
    assert found.verdict == "B better"
    assert found.difference == pytest.approx(-0.043, abs=0.001)
