"""The numeric scorer against published verdicts, and its invariants."""

from __future__ import annotations

import csv
import gzip
import json
import re
import time
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


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"\boxed{18}", "18"),
        (r"$\boxed{\frac{3}{4}}$", "0.75"),
        (r"$-\dfrac{1}{2}$", "-0.5"),
        (r"$1\frac{3}{4}\text{ km}$", "1.75"),
        (r"\$1{,}234.50", "1234.5"),
        (r"12\,\text{ km}", "12"),
        (r"$30^\circ$", "30"),
        (r"$1.2 \times 10^{-3}$", "0.0012"),
        ("1.2e5", "120000"),
        ("1.2 × 10⁵", "120000"),
        ("3/4", "0.75"),
        ("7/3", "7/3"),
        ("1 3/4 cups", "1.75"),
        ("1½", "1.5"),
        ("twelve", "12"),
        ("**Twenty-one apples**", "21"),
        ("one hundred and five", "105"),
        ("minus five", "-5"),
        ("The answer is 12.", "12"),
        ("USD 1,200", "1200"),
        ("about 12 km", "12"),
        ("1.2 million", "1200000"),
        ("1.234,50 €", "1234.5"),
        ("1.234.567", "1234567"),
        ("1 234,5", "1234.5"),
        ("1'234.50 CHF", "1234.5"),
        ("1,5", "1.5"),
        ("1,234", "1234"),
        ("1,00,000", "100000"),
        ("1.234", "1.234"),
        ("12 x 3 = 36", "36"),
        ("x = 5", "5"),
        ("5\n\nQuestion: Tom has 7 apples and eats 2.", "5"),
    ],
)
def test_a_number_behind_the_marker_is_read_in_any_notation(written: str, read: str) -> None:
    verdict = score(f"We have 99 of 100.\n#### {written}", read)
    assert (verdict.answer_norm, verdict.parsed, verdict.score) == (read, True, 1)


@pytest.mark.parametrize(
    "written",
    ["10-15", "10 to 15", "between 10 and 15", "1–3", "12/05/2024", "10^3", "five six", "n/a", "6/0"],
)
def test_what_is_no_single_number_is_unparsed_and_no_other_is_taken(written: str) -> None:
    verdict = score(f"Of 12 there are 10.\n#### {written}", 10)
    assert (verdict.score, verdict.parsed, verdict.answer_norm) == (0, False, "")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (r"So \(x = \boxed{\frac{3}{4}}\), as 3 of 4 are left.", "0.75"),
        ("3/4", "0.75"),
        ("1.234,50 €", "1234.5"),
        ("There are 4 bags, so it is 12.", "12"),
    ],
)
def test_without_the_marker_the_box_or_the_last_number_is_read(text: str, read: str) -> None:
    verdict = score(text, read)
    assert (verdict.answer_norm, verdict.parsed) == (read, False)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("The answer is 3/4.", "0.75"),
        ("The answer is 12, since 3 * 4 = 12.", "12"),
        ("Half of 9 is 4.5.\nFinal answer: 42 (see step 3)", "42"),
        ("Answer: 1 234", "1234"),
        ("Answer: 40 minutes a day.\nThat is 40 / 60 = 2/3 of an hour in 1 day.", "1"),
        ("Answer: he has 3 bags and buys 4 more, and each holds 5 apples, so he has 35", "35"),
    ],
)
def test_an_answer_that_is_announced_at_the_end_comes_before_the_last_number(text: str, read: str) -> None:
    verdict = score(text, "1")
    assert (verdict.answer_norm, verdict.parsed) == (read, False)


def test_percent_is_read_as_written_or_as_a_share() -> None:
    assert score("#### 50%", 50).score == 1
    assert score("#### 50%", "0.5").score == 0
    assert score("#### 50 %", "0.5", percent="share").score == 1
    assert score(r"#### $50\%$", "0.5", percent="share").score == 1
    assert score("#### 0.5", "0.5", percent="share").score == 1


@pytest.mark.parametrize(
    ("options", "near", "far"),
    [
        ({"absolute": "0.05"}, "10.05", "10.06"),
        ({"relative": "0.01"}, "9.9", "9.89"),
        ({"decimals": "1"}, "9.95", "9.94"),
        ({"decimals": "0", "absolute": "0.6"}, "10.6", "10.7"),
    ],
)
def test_a_tolerance_forgives_a_distance_and_no_more(options: dict[str, str], near: str, far: str) -> None:
    assert score(f"#### {near}", 10, **options).score == 1
    assert score(f"#### {far}", 10, **options).score == 0
    assert score(f"#### {near}", 10).score == 0


@pytest.mark.parametrize(
    ("task", "accuracy"), [("multistep_arithmetic_two", 47.6), ("object_counting", 93.2)]
)
def test_bbh_counts_what_follows_its_own_marker(real_data: Path, task: str, accuracy: float) -> None:
    with gzip.open(real_data / "bbh" / "code-davinci-002_outputs_12tasks.jsonl.gz", "rt") as lines:
        rows = [row for row in map(json.loads, lines) if (row["task"], row["mode"]) == (task, "cot")]
    right = sum(score(row["prediction"], row["target"], marker="the answer is").score for row in rows)
    assert 100 * right / len(rows) == pytest.approx(accuracy)


@pytest.mark.parametrize("text", ["", "I cannot help with that.", "####", "#### none", "9" * 50])
def test_an_answer_without_a_number_is_unparsed(text: str) -> None:
    verdict = score(text, 18)
    assert (verdict.score, verdict.parsed, verdict.answer_norm) == (0, False, "")


def test_a_heading_is_not_the_marker() -> None:
    verdict = score("#### Step 1\nwe get 18", 18)
    assert (verdict.score, verdict.parsed) == (1, False)


@pytest.mark.parametrize(
    "text", [r"\boxed{}", r"\boxed{" * 20_000, r"#### \boxed{\frac{" * 5_000, "1," * 50_000]
)
def test_hostile_text_is_read_in_no_time(text: str) -> None:
    started = time.process_time()
    assert score(text, 18).score == 0
    assert time.process_time() - started < 2


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


WRITTEN = st.sampled_from(
    [
        "{n}",
        "**{n}**",
        "${n}$",
        r"\\boxed{{{n}}}",
        "`{n}`",
        "{n} km",
        "{n}.",
        "= {n}",
        "The answer is {n}.",
        "{n}\n",
    ]
)
NOISE = st.text(st.characters(exclude_characters="#", exclude_categories=["Nd", "No", "Nl", "Lo", "Cs"]))


def grouped(number: int, mark: str) -> str:
    return f"{number:,}".replace(",", mark)


@given(
    st.integers(-(10**9), 10**9),
    st.integers(0, 99),
    st.sampled_from(
        [(",", "."), ("'", "."), ("’", "."), (" ", "."), (" ", ","), ("\u202f", ","), (".", ",")]
    ),
    WRITTEN,
)
def test_a_number_grouped_in_any_manner_reads_back(
    whole: int, cents: int, marks: tuple[str, str], dress: str
) -> None:
    written = dress.format(n=f"{grouped(whole, marks[0])}{marks[1]}{cents:02d}")
    value = Decimal(f"{whole}.{cents:02d}")
    assert score(f"Of 7 bags:\n#### {written}", str(value)).score == 1
    assert score(f"Of 7 bags:\n#### {written}", str(value + 1)).score == 0


@given(st.integers(-999, 999), st.integers(1, 999), WRITTEN)
def test_a_fraction_reads_back(above: int, below: int, dress: str) -> None:
    sign, size = "-" if above < 0 else "", abs(above)
    for written in (f"{sign}{size}/{below}", rf"{sign}\frac{{{size}}}{{{below}}}"):
        verdict = score(f"#### {dress.format(n=written)}", f"{sign}{size}/{below}")
        assert (verdict.score, verdict.parsed) == (1, True)


@given(st.integers(-999_999, 999_999))
def test_a_number_in_words_reads_back(number: int) -> None:
    assert score(f"#### {in_words(number)}.", number).score == 1
    assert score(f"#### {in_words(number)}.", number + 1).score == 0


ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def in_words(number: int) -> str:
    if number < 0:
        return f"minus {in_words(-number)}"
    if number < 20:
        return ONES[number]
    if number < 100:
        return TENS[number // 10 - 2] + (f"-{ONES[number % 10]}" if number % 10 else "")
    size, name = (1000, "thousand") if number >= 1000 else (100, "hundred")
    rest = f" and {in_words(number % size)}" if number % size else ""
    return f"{in_words(number // size)} {name}{rest}"


@given(NOISE, NOISE, st.integers(0, 10**6))
def test_words_around_a_wrong_number_do_not_turn_it_right(before: str, after: str, number: int) -> None:
    assert score(f"{before}\n#### {number} {after}", number + 1).score == 0


@given(st.text())
def test_any_text_gets_a_score_of_zero_or_one(text: str) -> None:
    assert score(text, 18).score in (0, 1)
