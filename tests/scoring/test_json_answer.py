"""Objects in answers: what counts as JSON, what is read all the same, and what neither is."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from whichmodel.domain import Json
from whichmodel.scoring import json_answer, loose_json

KEYS = ("total", "invoice_number", "größe")
VALUES: st.SearchStrategy[Json] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**9), 10**9)
    | st.text(st.characters(codec="utf-8"), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize(
    ("text", "value", "repaired"),
    [
        ('{"total": 1,}', {"total": 1}, ["trailing comma"]),
        ("{'total': 'it\\'s'}", {"total": "it's"}, ["single quotes"]),
        ("{total: 1}", {"total": 1}, ["keys without quotes"]),
        (
            '{"total": None, "größe": True}',
            {"total": None, "größe": True},
            ["the literal None", "the literal True"],
        ),
        ('{"total": -Infinity}', None, []),
        ('{"total": Infinity}', {"total": None}, ["the literal Infinity"]),
        ('{"total": 1 /* net */, // gross\n "größe": 2}', {"total": 1, "größe": 2}, ["comments"]),
        ('{"total": "a\nb"}', {"total": "a\nb"}, ["line break in a string"]),
        ('{"total": "a\tb"}', {"total": "a\tb"}, ["other notation"]),
        ('{"total": .5}', {"total": 0.5}, ["other notation"]),
        ('{"total": [1, 2', {"total": [1]}, ["cut off"]),
        ('{"total": [{"n": 1}, {"n": 2}], "größe": "XX', {"total": [{"n": 1}, {"n": 2}]}, ["cut off"]),
        ('```json\n{"total": [1, 2]\n```', {"total": [1, 2]}, ["cut off"]),
        ('{"total": 1 2}', None, []),
        ('{"total" 1}', None, []),
        ('{"total": {1}}', None, []),
        ('{"other": None}', None, []),
    ],
)
def test_almost_json_is_read_and_what_was_repaired_is_named(
    text: str, value: Json, repaired: list[str]
) -> None:
    found = json_answer.find(text, KEYS)
    assert (found.value if found else None) == value
    assert (list(found.repaired) if found else []) == repaired
    assert found is None or not found.valid


@pytest.mark.parametrize(
    ("text", "value", "repaired"),
    [
        (
            '{"invoiceNumber": "A", "Total": 2}',
            {"invoice_number": "A", "total": 2},
            "keys renamed: invoiceNumber, Total",
        ),
        ('{"Invoice Number": "A"}', {"invoice_number": "A"}, "keys renamed: Invoice Number"),
        ('{"GRÖSSE": 4}', {"größe": 4}, "keys renamed: GRÖSSE"),
        ('{"a": {"total": 3}, "confidence": 0.9}', {"total": 3}, "nested under `a`"),
        ('[{"total": 3}]', {"total": 3}, "in a list"),
    ],
)
def test_json_of_another_build_is_valid_and_noted(text: str, value: Json, repaired: str) -> None:
    found = json_answer.find(text, KEYS)
    assert found is not None
    assert (found.value, found.repaired, found.valid) == (value, (repaired,), True)


def test_a_key_as_asked_comes_before_one_that_is_like_it() -> None:
    found = json_answer.find('{"TOTAL": 1, "total": 2}', KEYS)
    assert found is not None
    assert found.value == {"TOTAL": 1, "total": 2}
    assert found.repaired == ()


def test_two_nested_objects_leave_no_choice() -> None:
    assert json_answer.find('{"a": {"total": 1}, "b": {"total": 2}}', KEYS) is None


def test_a_row_of_a_broken_object_is_not_taken_for_the_object() -> None:
    text = '{"total": 3, "größe": 4, "rows": [{"total": 1}, {"total": 2},],}'
    found = json_answer.find(text, KEYS)
    assert found is not None
    assert (found.value["total"], found.valid) == (3, False)


def test_valid_json_wins_over_almost_json_that_says_no_more() -> None:
    found = json_answer.find("Not {'total': 1} but {\"total\": 2}", KEYS)
    assert found is not None
    assert (found.value, found.valid, found.wrapping) == ({"total": 2}, True, "prose")


def test_half_a_character_is_replaced_so_that_every_value_can_be_stored() -> None:
    for text in (r'{"total": "a\ud83d\ude00b\ud83d"}', r"{'total': 'a\ud83d\ude00b\ud83d'}"):
        found = json_answer.find(text, KEYS)
        assert found is not None
        assert found.value == {"total": "a😀b�"}


@given(VALUES)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_json_and_the_repr_of_python_are_read_as_they_are_meant(value: Json) -> None:
    for written in (json.dumps({"total": value}), repr({"total": value})):
        read = loose_json.read(written, 0)
        assert read is not None
        assert read[0] == {"total": value}


@given(st.text(alphabet="{}[]:,'\"\\ntrue1.#/* \n", max_size=60))
@settings(deadline=None)
def test_any_text_is_read_or_not_but_never_breaks(text: str) -> None:
    found = json_answer.find('{"total":' + text, KEYS)
    assert found is None or "total" in found.value


@pytest.mark.parametrize(
    "text",
    [
        '{"total":' * 60_000,
        "{" * 200_000,
        '{"total": [' + "1," * 100_000,
        '{"total": "' + "\\" * 200_000,
        "{'a': 1, " * 20_000,
        '{"total": ' + "1" * 100_000 + "}",
        "{/*" * 50_000,
        "[" * 100_000 + '{"total": 1}' + "]" * 100_000,
    ],
)
def test_hostile_answers_cost_little(text: str) -> None:
    started = time.process_time()  # which a busy machine does not stretch
    json_answer.find(text, KEYS)
    assert time.process_time() - started < 2
