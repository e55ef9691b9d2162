"""Numbers, dates and people are read as running text names them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whichmodel.scoring import mentions

PEOPLE = ("Mei Chen", "Tom Baker")


@pytest.mark.parametrize(
    "text",
    [
        "14 May",
        "May 14th",
        "14th of May 2026",
        "fourteenth of May",
        "2026-05-14",
        "14/05/2026",
        "5/14",
        "14.05.26",
    ],
)
def test_a_date_is_the_same_in_each_format(text: str) -> None:
    found, rest = mentions.dates(f"It is due ({text}).")
    assert len(found) == 1
    assert mentions.means(found[0][1], date(2026, 5, 14))
    assert not mentions.means(found[0][1], date(2026, 6, 14))
    assert list(mentions.numbers(rest)) == []


def test_another_year_is_another_date() -> None:
    found, _ = mentions.dates("14 May 2027")
    assert not mentions.means(found[0][1], date(2026, 5, 14))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("48,000 euros", 48_000),
        ("€48k", 48_000),
        ("48 thousand", 48_000),
        ("forty-eight thousand", 48_000),
        ("one hundred and twenty", 120),
        ("1.2 million", 1_200_000),
        ("35%", 35),
    ],
)
def test_a_number_is_the_same_in_digits_and_in_words(text: str, value: int) -> None:
    found = list(mentions.numbers(text))
    assert len(found) == 1
    assert Decimal(value) in found[0][1]


def test_digits_inside_a_word_are_no_number() -> None:
    assert list(mentions.numbers("Q3 results of v2 for hundreds of users")) == []


@pytest.mark.parametrize("text", ["Mei Chen", "Chen, Mei", "mei chen", "Ms. Chen", "Mei will", "CHEN"])
def test_a_person_is_known_by_each_form_of_the_name(text: str) -> None:
    assert mentions.people(text, PEOPLE) == {"Mei Chen"}


@pytest.mark.parametrize("text", ["Mei Chan", "Tomas", "nobody"])
def test_another_name_is_another_person(text: str) -> None:
    assert mentions.people(text, PEOPLE) == set()


@given(st.dates(date(2026, 1, 1), date(2026, 12, 31)))
def test_every_day_is_read_back(day: date) -> None:
    for form in ("%d %B %Y", "%B %d", "%Y-%m-%d", "%d/%m/%Y", "%b %d, %Y"):
        found, _ = mentions.dates(day.strftime(form))
        assert mentions.means(found[0][1], day), form


@given(st.integers(11, 10**9))
def test_every_grouped_number_is_read_back(number: int) -> None:
    assert any(Decimal(number) in readings for _, readings in mentions.numbers(f"about {number:,} units"))


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("95 minutes", ["95"]),
        ("1 h 35 min", ["95"]),
        ("1h35min", ["95"]),
        ("one hour and thirty-five minutes", ["95"]),
        ("an hour and a half", ["90"]),
        ("half an hour, then 2.5 hours", ["30", "150"]),
        ("two weeks", ["20160"]),
        ("a fortnight or 14 days", ["20160", "20160"]),
        ("5 hostile minutiae", []),
    ],
)
def test_a_span_of_time_is_the_same_in_all_units(text: str, minutes: list[str]) -> None:
    assert [found for _, found in mentions.durations(text)] == minutes


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("revenue rose by 4 percent", {"up"}),
        ("| +4.2 % |", {"up"}),
        ("down 3 percent", {"down"}),
        ("(-3.1%)", {"down"}),
        ("−3.1 %", {"down"}),
        ("a decline of 3 percent", {"down"}),
        ("rose, then fell", {"up", "down"}),
        ("a follow-up meeting about the breakdown of 10-12 machines", set()),
        ("- 412 employees", set()),
    ],
)
def test_a_direction_is_read_from_words_and_signs(text: str, found: set[str]) -> None:
    assert mentions.directions(text) == found


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("order HB-482917 and INC 20417", ["HB-482917", "INC 20417"]),
        ("ticket #5512", ["#5512"]),
        ("in Q3 2026 for EUR 45", []),
    ],
)
def test_codes_are_no_numbers(text: str, codes: list[str]) -> None:
    found, rest = mentions.codes(text)
    assert found == codes
    assert all(code not in rest for code in codes)
