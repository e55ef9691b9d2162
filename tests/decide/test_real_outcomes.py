"""Real answers of models to GSM8K and WNUT17, with their published verdicts, decided."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
import real_answers

from whichmodel.analyse.answers import Answers
from whichmodel.analyse.compare import compare, ranks
from whichmodel.analyse.evidence import Evidence
from whichmodel.analyse.standings import standings
from whichmodel.decide.agreement import adopted
from whichmodel.domain import AgreementPolicy, DecisionRule, Model, Organisation, Route, RouteStatus

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


def _priced(answers: Answers, price: Mapping[str, float]) -> Answers:
    """Each model's answers at one price a request, in USD."""
    each = [price[name] for name in answers.evidence.models]
    cost = np.broadcast_to(each, answers.evidence.score.shape)
    return replace(answers, evidence=replace(answers.evidence, cost_usd=cost))


def _known(answers: Answers) -> dict[str, Model]:
    return {name: Model(id=name, inspect_name=name, vendor=name[:2]) for name in answers.evidence.models}


def test_two_small_models_stand_before_the_large_one_on_gsm8k(real_data: Path, decided: Decide) -> None:
    """At prices of 1, 1 and 30. They agree on three problems in ten and are wrong in one of five of these,
    mostly where the large one is wrong too."""
    small, large = ("openai/6b_verification", "openai/175b_finetuning"), "openai/175b_verification"
    price = {"openai/6b_finetuning": 0.0005, small[0]: 0.001, small[1]: 0.001, large: 0.03}
    there = _priced(real_answers.gsm8k(real_data), price)
    policy = AgreementPolicy("two", "gsm8k", small, 2, large)
    organisation = Organisation("acme", "ACME", agreements=(policy,))
    plain = decided(there.evidence, organisation, _known(there))
    found = adopted(plain, there, _known(there), organisation)
    assert (found.model, found.status, found.agreement) == (large, RouteStatus.CERTIFIED, policy)
    assert found.why.endswith("as good within 3 points, 22% cheaper (329 held-out items)")
    dear = replace(organisation, error_cost_usd=Decimal(10))
    assert adopted(plain, there, _known(there), dear).agreement is None


def test_mixtral_is_shown_inferior_to_gpt_4_though_it_costs_a_fiftieth(
    real_data: Path, decided: Decide
) -> None:
    gpt4, mixtral = "gpt-4-1106-preview", "mistralai/Mixtral-8x7B-Instruct-v0.1"
    there = _priced(real_answers.routellm(real_data), {gpt4: 0.03, mixtral: 0.0006})
    found = decided(there.evidence, None, _known(there))
    assert (found.model, found.status) == (gpt4, RouteStatus.CERTIFIED)
    [reason] = found.why_not
    assert (reason.model, reason.reason, reason.n) == (mixtral, "inferior", 990)
    assert reason.difference == pytest.approx(-0.241, abs=0.001)


def test_systems_whose_ranks_overlap_are_ties_at_one_price(real_data: Path, decided: Decide) -> None:
    """Four of WNUT17's seven systems may be first. At 3 points one of them is shown as good as the best, at 5
    points four are, and each is named as a tie."""
    there = real_answers.wnut17(real_data)
    found = {name.removeprefix("wnut/"): rank for name, rank in ranks(there.evidence).items()}
    assert {name for name, (best, _) in found.items() if best == 1} == {
        "arcada",
        "sjtu_adapt",
        "spinningbytes",
        "uh_ritual",
    }
    assert found["drexel_cci"] == (5, 7)
    narrow = decided(there.evidence, None, _known(there))
    assert (narrow.model, narrow.status) == ("wnut/uh_ritual", RouteStatus.CERTIFIED)
    assert narrow.ties == ("wnut/sjtu_adapt",)
    wide = decided(there.evidence, Organisation("acme", "ACME", rule=DecisionRule(delta=0.05)), _known(there))
    assert (wide.model, len(wide.ties)) == ("wnut/uh_ritual", 4)
