"""The fields scorer: normal forms, JSON in answers, scores."""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from whichmodel.domain import Answer, Item, Json, Verdict
from whichmodel.errors import ScoringFailed
from whichmodel.scoring import fields, json_answer, normal_forms, time_forms

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
        ({"total": [1234.5, 1]}, "total", "a list is no money"),
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
        '{"sum": 12}',
        '{"total" = 12}',
        "{" * 5_000,
        "{'total':" * 5_000,
    ],
)
def test_no_object_at_all_is_unparsed_and_scores_nothing(text: str) -> None:
    verdict = score(text)
    assert (verdict.score, verdict.parsed) == (0, False)


def test_deep_nesting_is_unparsed_rather_than_a_crash() -> None:
    assert not score('{"a":' * 50_000).parsed
    assert json_answer.find('{"a":' * 50_000 + "1" + "}" * 50_000, "a") is None


@pytest.mark.parametrize(
    ("text", "repaired"),
    [
        (json.dumps(GOLD)[:-1], ["cut off"]),
        (str(GOLD), ["single quotes", "the literal None"]),
        (json.dumps(GOLD).replace("null", "NaN"), ["the literal NaN"]),
        (json.dumps(GOLD).replace("]}", ",],}"), ["trailing comma"]),
        (json.dumps(GOLD).replace("{", "{ // as printed\n", 1), ["comments"]),
    ],
)
def test_almost_json_is_read_but_counts_as_unparsed(text: str, repaired: list[str]) -> None:
    verdict = score(text)
    assert (verdict.score, verdict.parsed) == (1, False)
    assert [note for note in verdict.detail["repaired"] if not note.startswith("keys")] == sorted(repaired)
    assert "no valid JSON" in verdict.detail["explanation"]


def test_without_a_fallback_almost_json_scores_nothing() -> None:
    strict = {**OPTIONS, "fallback": "none"}
    for text, expected in ((str(GOLD), 0), (json.dumps(GOLD), 1)):
        verdict = fields.score(Answer(text), Item("item", "", GOLD), strict)
        assert (verdict.score, verdict.parsed) == (expected, bool(expected))


@pytest.mark.parametrize(
    ("answer", "repaired"),
    [
        ({"result": GOLD}, ["nested under `result`"]),
        ([GOLD], ["in a list"]),
        ({"data": [{"invoice": GOLD}]}, ["nested under `data`", "in a list", "nested under `invoice`"]),
        (
            {key.title(): value for key, value in GOLD.items()},
            ["keys renamed: Total, Day, Company, Po, Rows"],
        ),
        ({**GOLD, "total": [1234.5]}, ["total: a list for its only entry"]),
    ],
)
def test_valid_json_of_another_build_is_parsed_and_noted(answer: Json, repaired: list[str]) -> None:
    verdict = score(answer)
    assert (verdict.score, verdict.parsed, verdict.detail["repaired"]) == (1, True, repaired)


def test_a_finding_shows_the_beginning_of_a_long_value() -> None:
    verdict = score({**GOLD, "company": "x" * 100_000, "total": "9" * 100_000})
    assert len(verdict.detail["explanation"]) < 800
    assert len(verdict.detail["wrong"]["company"]["given"]) == 303
    assert verdict.detail["wrong"]["total"]["given"] == "?" + "9" * 60


def test_wrong_fields_keep_both_normal_forms() -> None:
    verdict = score({**GOLD, "total": "1,234.60", "rows": [{"what": "pen", "n": "two"}]})
    assert verdict.detail["wrong"] == {
        "total": {"given": "1234.6", "gold": "1234.5"},
        "rows": {"given": [["pen", "?two"]], "gold": [["ink", "1.5"], ["pen", "2"]]},
    }


def test_a_list_of_values_scores_by_f1_in_any_order() -> None:
    item, options = Item("item", "", {"skills": ["SQL", "C++", "Go"]}), {"fields": {"skills": "text[]"}}

    def of(answer: Json) -> Verdict:
        return fields.score(Answer(json.dumps({"skills": answer})), item, options)

    assert of(["go", "sql", "C++"]).score == 1
    assert of(["go", "sql"]).score == pytest.approx(0.8)
    assert of(["go", "sql", "C++", "go"]).score == pytest.approx(6 / 7)
    assert of([]).score == of(None).score == of(7).score == 0
    assert (of("Go, SQL; C++").score, of("Go, SQL; C++").detail["repaired"]) == (
        1,
        ["skills: a text for a list"],
    )


def test_an_item_may_have_fields_of_its_own_and_a_target_less_than_its_card_names() -> None:
    own = {"Größe": "number", "rows": {"what": "text", "n": "number"}}
    item = Item("item", "", {"Größe": 3, "rows": {"what": "pen"}}, metadata={"fields": own})
    answer = '{"größe": "3", "rows": [{"what": "Pen", "n": null}]}'
    verdict = fields.score(Answer(answer), item, OPTIONS)
    assert (verdict.score, verdict.detail["repaired"]) == (1, ["keys renamed: größe"])
    with pytest.raises(ScoringFailed, match="has no columns"):
        fields.score(Answer(answer), replace(item, target={"Größe": 3, "rows": ["pen"]}), OPTIONS)


def test_a_passage_counts_by_its_words() -> None:
    item = Item(
        "item", "", {"clause": "Either party may end it.", "caps": ["up to EUR 5", "no more than ten"]}
    )
    options = {"fields": {"clause": "passage", "caps": "passage[]"}}

    def of(clause: Json, caps: Json) -> Mapping[str, float]:
        text = json.dumps({"clause": clause, "caps": caps})
        found: Mapping[str, float] = fields.score(Answer(text), item, options).detail["fields"]
        return found

    assert of("either party MAY end it", ["No more than ten", "Up to EUR 5."]) == {"clause": 1, "caps": 1}
    assert of("party may end it", ["up to EUR 5"]) == pytest.approx({"clause": 8 / 9, "caps": 2 / 3})
    assert of(None, []) == of("nothing alike", ["quite other"]) == {"clause": 0, "caps": 0}


def test_a_field_with_a_dot_may_stand_within_another() -> None:
    gold = {"total.net": 5, "total.tax.rate": 19, "menu": [{"nm": "Tea", "price": "4.500"}]}
    options = {
        "fields": {
            "total.net": "money",
            "total.tax.rate": "percent",
            "menu": {"nm": "name", "price": "money"},
        }
    }
    nested = {"menu": {"nm": "TEA", "price": 4500}, "total": {"Net": "5,00", "tax": {"rate": "19 %"}}}
    for answer in (gold, nested, {"receipt": nested}):
        verdict = fields.score(Answer(json.dumps(answer)), Item("item", "", gold), options)
        assert (verdict.score, verdict.detail["unexpected"]) == (1, []), verdict.detail
    flat = fields.score(Answer('{"total": 5, "menu": null}'), Item("item", "", gold), options)
    assert (flat.score, flat.detail["fields"]["total.net"]) == (0, 0)


def test_a_choice_takes_its_words_alone() -> None:
    item = Item("item", "", {"paid": "gift_card"})
    options = {"fields": {"paid": ["cash", "gift_card"]}}
    assert fields.score(Answer('{"paid": "Gift card"}'), item, options).score == 1
    verdict = fields.score(Answer('{"paid": "voucher"}'), item, options)
    assert verdict.score == 0
    assert verdict.detail["explanation"] == "wrong: paid (voucher is no word of cash, gift_card)"


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
        ("60,-", "60"),
        ("1.200,--", "1200"),
        ("60-", "-60"),
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


JSONS: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(GOLD, JSONS)))
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
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


SROIE_TYPES = {"company": "company", "address": "address", "date": "day-first-date", "total": "money"}


@pytest.fixture(scope="module")
def sroie(real_data: Path) -> list[dict[str, Json]]:
    """Receipts with their text and their gold; a field that a receipt lacks is null."""
    with gzip.open(real_data / "sroie" / "sroie_626.jsonl.gz", "rt") as lines:
        rows = [json.loads(line) for line in lines]
    return [{"text": r["ocr_text"], **{f: r["gold"].get(f) or None for f in SROIE_TYPES}} for r in rows]


@pytest.mark.parametrize(
    ("field", "literal", "normal"),
    [("total", 624, 625), ("date", 622, 625), ("company", 563, 617), ("address", 485, 590)],
)
def test_normal_forms_find_more_of_sroie_than_the_letters_do(
    sroie: list[dict[str, Json]], field: str, literal: int, normal: int
) -> None:
    golds = [(row[field], row["text"]) for row in sroie]
    assert len(golds) == 626
    assert sum(gold is not None and gold in as_lines(text, field) for gold, text in golds) == literal
    assert sum(gold is not None and stands_in(text, field, gold) for gold, text in golds) == normal


def test_the_gold_of_every_real_receipt_scores_one_in_another_notation(sroie: list[dict[str, Json]]) -> None:
    lacking = [field for row in sroie for field in SROIE_TYPES if row[field] is None]
    assert sorted(lacking) == ["address", "total"]
    options = {"fields": SROIE_TYPES}
    for row in sroie:
        gold = {field: row[field] for field in SROIE_TYPES}
        verdict = fields.score(Answer(json.dumps(dressed(gold))), Item("item", "", gold), options)
        assert (verdict.score, verdict.parsed) == (1, True), verdict.detail


def dressed(gold: Mapping[str, Json]) -> dict[str, Json]:
    """A receipt's fields as a model might write them: names in small letters, the address on lines, the
    date in ISO, the total as a number."""
    total = normal_forms.money(gold["total"]) if gold["total"] else None
    address = (gold["address"] or "").title().replace(", ", "\n").replace("Jalan", "Jln")
    return {
        "company": gold["company"].title(),
        "address": f"{address}\nMalaysia" if address and "Malaysia" not in address else address,
        "date": time_forms.day_first_date(gold["date"]),
        "total": total and float(total),
    }


def as_lines(text: str, field: str) -> str:
    """An address is printed on several lines and given on one."""
    return " ".join(text.split()) if field == "address" else text


def stands_in(text: str, field: str, gold: str) -> bool:
    """Whether a value in normal form stands in a receipt's text."""
    if field == "total":
        return normal_forms.money(gold) in {normal_forms.money(t) for t in re.findall(r"-?\d[\d.,]*", text)}
    if field == "date":
        tokens = {time_forms.day_first_date(t) for t in re.findall(SROIE_DATE, text)}
        return time_forms.day_first_date(gold) in tokens - {None}
    form = normal_forms.TYPES[SROIE_TYPES[field]]
    lines = text.splitlines()[:25]
    runs = (lines[i:j] for i in range(len(lines)) for j in range(i + 1, min(i + 6, len(lines)) + 1))
    whole = str(normal_forms.name(text))
    return str(form(gold)) in whole or any(str(form(gold)) in str(form(" ".join(run))) for run in runs)
