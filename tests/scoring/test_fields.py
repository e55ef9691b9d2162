"""The fields scorer: normal forms, JSON in answers, scores."""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whichmodel.domain import Answer, Item, Json, Verdict
from whichmodel.errors import ScoringFailed
from whichmodel.scoring import fields, json_answer, normal_forms

OPTIONS: Mapping[str, Json] = {
    "fields": {
        "total": "money",
        "day": "date",
        "company": "name",
        "po": "id",
        "rows": {"what": "text", "n": "number"},
    }
}
GOLD: Mapping[str, Json] = {
    "total": 1234.5,
    "day": "2024-03-09",
    "company": "Doe & Sons",
    "po": None,
    "rows": [{"what": "pen", "n": 2}, {"what": "ink", "n": 1.5}],
}
CENTS = st.integers(-(10**11), 10**11)
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


def score(answer: Json, gold: Mapping[str, Json] = GOLD) -> Verdict:
    text = answer if isinstance(answer, str) else json.dumps(answer)
    return fields.score(Answer(text), Item("item", "", gold), OPTIONS)


def test_the_gold_scores_one_in_any_notation() -> None:
    dressed = {
        "rows": [{"n": "1,5", "what": " Ink."}, {"n": 2, "what": "PEN"}],
        "po": "",
        "company": "DOE and SONS",
        "day": "9 March 2024",
        "total": "EUR 1.234,50",
    }
    assert score(GOLD).score == score(dressed).score == 1
    assert score(GOLD).answer_norm == score(dressed).answer_norm


@pytest.mark.parametrize(
    ("change", "field", "problem"),
    [
        ({"total": 1234.51}, "total", "1234.51 for 1234.5"),
        ({"total": "about 1234.5"}, "total", "is no money"),
        ({"total": True}, "total", "True is no money"),
        ({"total": [1234.5]}, "total", "a list is no money"),
        ({"total": None}, "total", "null for 1234.5"),
        ({"day": "03/09/2024"}, "day", "is no date"),
        ({"po": "PO-1"}, "po", "PO-1 for null"),
        ({"rows": "pen"}, "rows", "is no list"),
        ({"rows": []}, "rows", "F1 0.00"),
        ({"rows": None}, "rows", "no rows for 2"),
    ],
)
def test_a_wrong_value_costs_its_field(change: Mapping[str, Json], field: str, problem: str) -> None:
    verdict = score({**GOLD, **change})
    assert verdict.score == pytest.approx(0.8)
    assert verdict.detail["fields"][field] == 0
    assert problem in verdict.detail["explanation"]


def test_a_missing_key_is_wrong_even_where_the_gold_is_null() -> None:
    verdict = score({key: value for key, value in GOLD.items() if key != "po"})
    assert verdict.detail["fields"]["po"] == 0
    assert "po (missing)" in verdict.detail["explanation"]


def test_rows_score_by_f1_of_their_cells() -> None:
    half = [{"what": "pen", "n": 2}, {"what": "ink", "n": 7}]
    assert score({**GOLD, "rows": half}).detail["fields"]["rows"] == pytest.approx(0.75)
    assert score({**GOLD, "rows": half[:1]}).detail["fields"]["rows"] == pytest.approx(2 / 3)
    many = [*GOLD["rows"], *[{"what": "pen", "n": 2}] * 6]
    assert score({**GOLD, "rows": many}).detail["fields"]["rows"] == pytest.approx(0.4)


def test_an_invented_list_is_wrong_where_there_are_no_rows() -> None:
    gold = {**GOLD, "rows": []}
    assert score(gold, gold).score == 1
    assert score({**gold, "rows": None}, gold).score == 1
    assert score(GOLD, gold).detail["fields"]["rows"] == 0


@pytest.mark.parametrize(
    ("before", "after", "wrapping"),
    [
        ("", "\n", "plain"),
        ("```json\n", "\n```", "fenced"),
        ("```\n", "```", "fenced"),
        ("Here {it} is: ", " Bye.", "prose"),
    ],
)
def test_what_stands_around_the_object_is_noted(before: str, after: str, wrapping: str) -> None:
    verdict = score(f"{before}{json.dumps(GOLD)}{after}")
    assert (verdict.score, verdict.parsed, verdict.detail["wrapping"]) == (1, True, wrapping)


def test_the_last_of_several_objects_counts() -> None:
    verdict = score(f'{{"total": 1}} no: {json.dumps(GOLD)}')
    assert (verdict.score, verdict.detail["objects"]) == (1, 2)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I cannot help with that.",
        "[1, 2]",
        json.dumps(GOLD)[:-1],
        str(GOLD),
        '{"total": NaN}',
        "{" * 5_000,
    ],
)
def test_no_valid_object_is_unparsed(text: str) -> None:
    verdict = score(text)
    assert (verdict.score, verdict.parsed) == (0, False)


def test_deep_nesting_is_unparsed_rather_than_a_crash() -> None:
    assert not score('{"a":' * 50_000).parsed
    assert json_answer.find('{"a":' * 50_000 + "1" + "}" * 50_000, "a") is None


@pytest.mark.parametrize(
    ("options", "gold", "says"),
    [
        ({}, GOLD, "no fields"),
        ({"fields": {"total": "cash"}}, {"total": 1}, "no field type 'cash'"),
        ({"fields": {"total": "money"}}, {"sum": 1}, "keys are not the fields"),
        ({"fields": {"total": "money"}}, {"total": "much"}, "is no money"),
    ],
)
def test_an_unusable_card_or_target_is_no_verdict(
    options: Mapping[str, Json], gold: Mapping[str, Json], says: str
) -> None:
    with pytest.raises(ScoringFailed, match=says):
        fields.score(Answer('{"total": 1}'), Item("item", "", gold), options)


@given(CENTS)
def test_money_survives_every_notation(cents: int) -> None:
    exact = Decimal(cents) / 100
    english = f"{exact:,.2f}"
    german = english.translate(str.maketrans(",.", ".,"))
    french = english.replace(",", "\u202f").replace(".", ",")
    notations = [english, f"${english}", f"USD {english}", f"{german} EUR", f"{french} €", f"{exact:.2f}"]
    notations += [f"{english.lstrip('-')}-", f"({english.lstrip('-')})"] if cents < 0 else [f"+{english}"]
    forms = {normal_forms.money(written) for written in notations}
    assert forms == {normal_forms.money(exact)}
    assert Decimal(str(forms.pop())) == exact


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("1.234", "1234"),
        ("0.125", "0.125"),
        ("1,5", "1.5"),
        ("CHF 1'234.50", "1234.5"),
        ("RM9.00", "9"),
        ("-RM 0.02", "-0.02"),
        ("12 34", None),
        ("1,23,4", None),
        ("12.34.56", None),
        ("five", None),
        ("", None),
        ("1e9", None),
    ],
)
def test_money_of_doubtful_form(written: str, form: str | None) -> None:
    assert normal_forms.money(written) == form


def test_boundless_numbers_are_noise() -> None:
    huge = json_answer.find('{"total": 1e999999999}', ["total"])
    assert huge is not None
    assert normal_forms.money(huge.value["total"]) is None
    assert normal_forms.money(10**400) is None


@given(DAYS)
def test_dates_survive_every_unambiguous_notation(day: date) -> None:
    notations = [
        day.isoformat(),
        f"{day:%Y/%m/%d}",
        f"{day:%Y%m%d}",
        f"{day.day} {day:%B} {day.year}",
        f"{day:%B} {day.day}, {day.year}",
        f"{day:%d-%b-%y}",
        f"{day.isoformat()}T08:13:39",
    ]
    assert {normal_forms.iso_date(written) for written in notations} == {day.isoformat()}
    day_first = [f"{day:%d/%m/%Y}", f"{day:%d.%m.%y}", f"{day:%d-%m-%Y} 8:13 PM"]
    assert {normal_forms.day_first_date(written) for written in day_first} == {day.isoformat()}


@given(DAYS)
def test_a_numeric_date_is_read_only_where_day_and_month_are_plain(day: date) -> None:
    plain = day.day > 12 or day.day == day.month
    assert normal_forms.iso_date(f"{day:%d/%m/%Y}") == (day.isoformat() if plain else None)


def test_impossible_dates_are_none() -> None:
    for written in ("2024-02-30", "31/02/2024", "32 March 2024", "9 Foo 2024", "", "yesterday"):
        assert normal_forms.day_first_date(written) is None


JSONS: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(GOLD, JSONS)))
def test_any_object_gets_a_score_between_zero_and_one(answer: dict[str, Json]) -> None:
    verdict = score(answer)
    assert 0 <= verdict.score <= 1
    assert verdict.parsed == bool(answer)


ROWS = st.lists(
    st.fixed_dictionaries({"what": st.sampled_from(["pen", "ink", "cup"]), "n": st.integers(1, 3)}),
    max_size=5,
)


@given(ROWS, ROWS, st.randoms(use_true_random=False))
def test_order_of_keys_and_rows_has_no_effect(
    given_rows: list[Json], gold_rows: list[Json], rng: random.Random
) -> None:
    answer, gold = {**GOLD, "rows": given_rows}, {**GOLD, "rows": gold_rows}
    keys = list(answer)
    rng.shuffle(keys)
    shuffled = {key: answer[key] for key in keys} | {"rows": rng.sample(given_rows, len(given_rows))}
    first, second = score(answer, gold), score(shuffled, gold)
    assert (first.score, first.answer_norm) == (second.score, second.answer_norm)


SROIE_DATE = (
    r"(?=(?<!\d)(\d{1,4}[-/. ]\d{1,2}[-/. ]\d{2,4}|\d{1,2}[-/ ]?[A-Za-z]{3,9}[-/, ]{0,2}\d{2,4}|\d{8}"
    r"|[A-Za-z]{3,9} \d{1,2}, \d{4})(?!\d))"
)


@pytest.mark.parametrize(
    ("field", "literal", "normal"),
    [("total", 624, 625), ("date", 622, 624), ("company", 563, 613), ("address", 485, 589)],
)
def test_normal_forms_find_more_of_sroie_than_the_letters_do(
    real_data: Path, field: str, literal: int, normal: int
) -> None:
    with gzip.open(real_data / "sroie" / "sroie_626.jsonl.gz", "rt") as lines:
        rows = [json.loads(line) for line in lines]
    golds = [(row["gold"].get(field) or "", row["ocr_text"]) for row in rows]
    assert len(golds) == 626
    assert sum(bool(gold) and gold in as_lines(text, field) for gold, text in golds) == literal
    assert sum(bool(gold) and stands_in(text, field, gold) for gold, text in golds) == normal


def as_lines(text: str, field: str) -> str:
    """An address is printed on several lines and given on one."""
    return " ".join(text.split()) if field == "address" else text


def stands_in(text: str, field: str, gold: str) -> bool:
    """Whether a value in normal form stands in a receipt's text."""
    if field == "total":
        return normal_forms.money(gold) in {normal_forms.money(t) for t in re.findall(r"-?\d[\d.,]*", text)}
    if field == "date":
        tokens = {normal_forms.day_first_date(t) for t in re.findall(SROIE_DATE, text)}
        return normal_forms.day_first_date(gold) in tokens - {None}
    return str(normal_forms.name(gold)) in str(normal_forms.name(text))
