"""Dates, months and durations in the notations of several languages."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whichmodel.scoring import duration_forms, time_forms

DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


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
    assert {time_forms.iso_date(written) for written in notations} == {day.isoformat()}
    day_first = [f"{day:%d/%m/%Y}", f"{day:%d.%m.%y}", f"{day:%d-%m-%Y} 8:13 PM"]
    assert {time_forms.day_first_date(written) for written in day_first} == {day.isoformat()}


@given(DAYS)
def test_the_month_stands_first_where_that_is_said(day: date) -> None:
    for written in (f"{day:%m/%d/%Y}", f"{day:%m-%d-%y}", f"{day:%B} {day.day}, {day.year}", day.isoformat()):
        assert time_forms.month_first_date(written) == day.isoformat()


@given(DAYS)
def test_a_numeric_date_is_read_only_where_day_and_month_are_plain(day: date) -> None:
    plain = day.day > 12 or day.day == day.month
    assert time_forms.iso_date(f"{day:%d/%m/%Y}") == (day.isoformat() if plain else None)


def test_impossible_dates_are_none() -> None:
    for written in ("2024-02-30", "31/02/2024", "32 March 2024", "9 Foo 2024", "", "yesterday"):
        assert time_forms.day_first_date(written) is None


def test_eight_digits_are_a_date_in_either_order() -> None:
    assert time_forms.day_first_date("25032018") == time_forms.day_first_date("20180325") == "2018-03-25"
    assert time_forms.day_first_date("20032018") == "2018-03-20"
    assert time_forms.iso_date("25032018") is None


@pytest.mark.parametrize(
    "written",
    [
        "9. März 2024",
        "9 mars 2024",
        "9 de marzo de 2024",
        "Samstag, 9. März 2024",
        "Saturday 9 March 2024",
        "Sat, March 9, 2024",
        "9th of March, 2024",
        "9-Mar-24",
        "le 9 mars 2024",
    ],
)
def test_dates_are_read_in_several_languages(written: str) -> None:
    assert time_forms.iso_date(written) == "2024-03-09"


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("2021-03", "2021-03"),
        ("03/2021", "2021-03"),
        ("3.2021", "2021-03"),
        ("March 2021", "2021-03"),
        ("Mar. 2021", "2021-03"),
        ("Mar '21", "2021-03"),
        ("März 2021", "2021-03"),
        ("marzo de 2021", "2021-03"),
        ("2021-03-15", "2021-03"),
        ("2021", "2021"),
        (2021, "2021"),
        ("13/2021", None),
        ("jui 2021", None),
        ("present", None),
        (True, None),
        ("", None),
    ],
)
def test_a_month_may_lack_its_day_and_a_year_its_month(written: object, form: str | None) -> None:
    assert time_forms.month(written) == form


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("30 days", "30 days"),
        ("P30D", "30 days"),
        ("thirty (30) days", "30 days"),
        ("30 calendar days' written notice", "30 days"),
        ("within 30 days", "30 days"),
        ("30 Tage", "30 days"),
        ("2 weeks", "14 days"),
        ("one month", "1 months"),
        ("einen Monat", "1 months"),
        ("six-month", "6 months"),
        ("3 months to the end of a quarter", "3 months"),
        ("P1Y", "12 months"),
        ("1 year and 6 months", "18 months"),
        ("1.5 years", "18 months"),
        ("twenty-four months", "24 months"),
        ("P1Y6M", "18 months"),
        ("dix-huit mois", "18 months"),
        ("10 business days", "10 business days"),
        ("10 Werktage", "10 business days"),
        ("10 jours ouvrés", "10 business days"),
        ("48 hours", "48 hours"),
        ("PT48H", "48 hours"),
        ("between 30 and 60 days", None),
        ("30", None),
        ("p", None),
        ("soon", None),
        ("", None),
        (30, None),
    ],
)
def test_durations_are_sums_of_their_units(written: object, form: str | None) -> None:
    assert duration_forms.duration(written) == form


@given(st.text())
def test_any_text_has_a_form_or_none(text: str) -> None:
    for form in (time_forms.iso_date, time_forms.month, duration_forms.duration):
        assert form(text) is None or form(form(text)) == form(text)
