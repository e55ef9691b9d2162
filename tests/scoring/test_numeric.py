"""The numeric scorer against published verdicts, and its invariants."""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whichmodel.domain import Answer, Item, Json, Verdict
from whichmodel.errors import ScoringFailed
from whichmodel.scoring import numeric

GPT4 = "gpt-4-1106-preview"
MIXTRAL = "mistralai/Mixtral-8x7B-Instruct-v0.1"


def score(text: str, target: Json, **options: str) -> Verdict:
    return numeric.score(Answer(text), Item("item", "", target), options)


@pytest.mark.parametrize(
    ("model", "right"),
    [("6b_finetuning", 286), ("6b_verification", 515), ("175b_finetuning", 458), ("175b_verification", 742)],
)
def test_gsm8k_models_get_their_published_verdicts(real_data: Path, model: str, right: int) -> None:
    with gzip.open(real_data / "gsm8k" / "example_model_solutions.jsonl.gz", "rt") as lines:
        rows = [json.loads(line) for line in lines]
    verdicts = [
        score(row[model]["solution"], row["ground_truth"].rpartition("A: ")[2], marker="A:").score
        for row in rows
    ]
    assert len(rows) == 1319
    assert verdicts == [float(row[model]["is_correct"]) for row in rows]
    assert sum(verdicts) == right


@pytest.fixture(scope="module")
def recorded(real_data: Path) -> list[tuple[dict[str, str], str]]:
    """RouteLLM's rows, each with GSM8K's gold number."""
    with gzip.open(real_data / "gsm8k" / "test.jsonl.gz", "rt") as lines:
        gold = {r["question"]: r["answer"].rpartition("####")[2].strip() for r in map(json.loads, lines)}
    with gzip.open(real_data / "routellm" / "gsm8k_responses.csv.gz", "rt") as file:
        return [(row, gold[row["prompt"]]) for row in csv.DictReader(file)]


Recorded = list[tuple[dict[str, str], str]]


@pytest.mark.parametrize(
    ("model", "right", "unparsed", "strict"), [(GPT4, 1172, 1154, 160), (MIXTRAL, 843, 133, 813)]
)
def test_fallback_keeps_the_ranking_that_strict_parsing_inverts(
    recorded: Recorded, model: str, right: int, unparsed: int, strict: int
) -> None:
    verdicts = [score(row[f"{model}_response"], gold) for row, gold in recorded]
    alone = [score(row[f"{model}_response"], gold, fallback="none") for row, gold in recorded]
    assert sum(verdict.score for verdict in verdicts) == right
    assert sum(not verdict.parsed for verdict in verdicts) == unparsed
    assert sum(verdict.score for verdict in alone) == strict


@pytest.mark.parametrize("model", [GPT4, MIXTRAL])
def test_published_verdicts_compare_the_last_run_of_digits(recorded: Recorded, model: str) -> None:
    for row, gold in recorded:
        assert (last_run(row[f"{model}_response"]) == last_run(gold)) is (row[model] == "True")


@pytest.mark.parametrize(
    ("model", "classes"),
    [
        (GPT4, {"zero cents": 42}),
        (MIXTRAL, {"zero cents": 2, "several numbers": 4, "decimals alone": 3, "sign dropped": 2}),
    ],
)
def test_each_disagreement_has_its_class(recorded: Recorded, model: str, classes: dict[str, int]) -> None:
    found: Counter[str] = Counter()
    for row, gold in recorded:
        text = row[f"{model}_response"]
        verdict = score(text, gold)
        if (verdict.score == 1) is not (row[model] == "True"):
            found[disagreement(text, gold, verdict)] += 1
    assert dict(found) == classes


def last_run(text: str) -> str:
    runs = re.findall(r"\d[\d,]*", text)
    return runs[-1].replace(",", "") if runs else ""


def disagreement(text: str, gold: str, verdict: Verdict) -> str:
    if verdict.score == 1:
        return "zero cents" if re.search(r"\d\.00\.?\D*$", text) else "several numbers"
    if Decimal(verdict.answer_norm) == -Decimal(gold):
        return "sign dropped"
    return "decimals alone" if verdict.answer_norm.endswith(f".{gold}") else "other"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("#### 18", "18"),
        ("work: 3 + 4\n#### $1,234.50", "1234.5"),
        ("####\n18", "18"),
        ("#### **-$5**", "-5"),
        ("#### $-5", "-5"),
        ("#### −7", "-7"),
        ("#### 25%", "25"),
        ("#### 3\nwait\n#### 4 apples in 2 bags", "4"),
        ("the answer is...60.31", "60.31"),
        ("#### 0.50", "0.5"),
        ("#### .5", "0.5"),
    ],
)
def test_numbers_are_read_in_their_notations(text: str, read: str) -> None:
    assert score(text, 0).answer_norm == read


@pytest.mark.parametrize("text", ["", "I cannot help with that.", "####", "#### none", "9" * 50])
def test_an_answer_without_a_number_is_unparsed(text: str) -> None:
    verdict = score(text, 18)
    assert (verdict.score, verdict.parsed, verdict.answer_norm) == (0, False, "")


def test_a_heading_is_not_the_marker() -> None:
    verdict = score("#### Step 1\nwe get 18", 18)
    assert (verdict.score, verdict.parsed) == (1, False)


def test_a_bad_target_or_option_is_no_verdict() -> None:
    with pytest.raises(ScoringFailed, match="no number"):
        score("#### 1", "eighteen")
    with pytest.raises(ScoringFailed, match="last-number, none"):
        score("#### 1", 1, fallback="first")


@given(st.decimals(-(10**9), 10**9, places=2, allow_nan=False))
def test_any_notation_of_the_target_is_right(target: Decimal) -> None:
    for written in (f"{target}", f"{target:,}", f"${target:,} in all", f"{target}0"):
        verdict = score(f"so it is 12\n#### {written}", str(target))
        assert (verdict.score, verdict.parsed) == (1, True)


@given(st.text())
def test_any_text_gets_a_score_of_zero_or_one(text: str) -> None:
    assert score(text, 18).score in (0, 1)
