"""People, companies, addresses and numbers to call: what counts as the same."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whichmodel.domain import Json
from whichmodel.scoring import normal_forms, party_forms

Form = Callable[[Json], str | None]

SAME: list[tuple[Form, list[Json]]] = [
    (
        party_forms.person,
        [
            "Jean-Luc Picard",
            "Picard, Jean-Luc",
            "Dr. Jean Luc PICARD",
            "Jean-Luc Picard, PhD",
            "Mr Jean-Luc A. Picard",
        ],
    ),
    (party_forms.person, ["José Ibáñez", "IBANEZ, Jose", "Sr. José Ibáñez"]),
    (party_forms.person, ["Søren Łukasz", "Soren Lukasz", "Prof. Dr. med. Søren Łukasz"]),
    (
        party_forms.company,
        ["Acme Tools GmbH & Co. KG", "ACME TOOLS", "The Acme Tools Ltd.", "Acme Tools, Inc."],
    ),
    (party_forms.company, ["Müller & Söhne S.A.", "Muller and Sohne SA", "Müller & Söhne"]),
    (party_forms.company, ["Nowak Sp. z o.o.", "Nowak"]),
    (
        party_forms.address,
        ["12 Main St., Springfield", "12 Main Street Springfield", "No. 12, Main Street,\nSpringfield, USA"],
    ),
    (
        party_forms.address,
        ["Hauptstr. 5, D-10115 Berlin", "Hauptstraße 5, 10115 Berlin, Germany", "Haupt-Str. 5 10115 Berlin"],
    ),
    (
        party_forms.address,
        ["10 Downing Street, London SW1A 2AA", "10 Downing St, London, SW1A2AA, United Kingdom"],
    ),
    (party_forms.address, ["Jln Melor 3, Tmn Indah", "Jalan Melor 3, Taman Indah"]),
    (party_forms.phone, ["+49 (0)30 1234-567", "0049 30 1234567", "tel: +49.30.1234567"]),
    (party_forms.phone, ["(415) 555-0132", "+1 415 555 0132", "1-415-555-0132", 4155550132]),
    (party_forms.phone, ["415 555 0132 ext. 12", "(415) 555-0132 x12"]),
    (
        party_forms.email,
        ["Ada.Fox@Example.com", "mailto:ada.fox@example.com", "Ada Fox <ada.fox@example.com>"],
    ),
    (party_forms.url, ["https://www.example.com/ada/", "example.com/ada", "http://Example.com/Ada"]),
    (normal_forms.percent, ["19 %", "19%", "19,0 Prozent", 19, "19 percent", 19.0]),
    (normal_forms.boolean, ["yes", "True", True, 1, "ja", "Oui."]),
    (normal_forms.boolean, ["no", False, 0, "Nein", "false"]),
    (normal_forms.money, ["Rp 45.000", "45,000", 45000, "IDR 45.000,00"]),
]

OTHER: list[tuple[Form, Json, Json]] = [
    (party_forms.person, "J. Smith", "John Smith"),
    (party_forms.person, "John Smith", "John Smith Jr."),
    (party_forms.company, "Acme Tools Ltd", "Acme Tooling Ltd"),
    (party_forms.address, "12 Main Street", "12 Main Road"),
    (party_forms.address, "12 Main Street", "21 Main Street"),
    (party_forms.phone, "+49 30 1234567", "+49 30 1234568"),
    (party_forms.email, "ada@example.com", "ada@example.org"),
    (normal_forms.percent, 19, 0.19),
]

UNREADABLE: list[tuple[Form, Json]] = [
    (party_forms.person, ""),
    (party_forms.person, 7),
    (party_forms.phone, "call me"),
    (party_forms.phone, True),
    (party_forms.email, "ada at example.com"),
    (party_forms.email, "ada@example.com or so"),
    (party_forms.email, "ada@example.com, bob@example.com"),
    (party_forms.url, "no address"),
    (normal_forms.boolean, "maybe"),
    (normal_forms.boolean, 2),
    (normal_forms.percent, "much"),
]


@pytest.mark.parametrize(("form", "values"), SAME)
def test_notations_of_one_value_have_one_form(form: Form, values: list[Json]) -> None:
    forms = {form(value) for value in values}
    assert len(forms) == 1
    assert None not in forms


@pytest.mark.parametrize(("form", "one", "other"), OTHER)
def test_other_values_have_other_forms(form: Form, one: Json, other: Json) -> None:
    assert form(one) != form(other)


@pytest.mark.parametrize(("form", "value"), UNREADABLE)
def test_what_is_none_of_the_kind_has_no_form(form: Form, value: Json) -> None:
    assert form(value) is None


@given(st.text(), st.sampled_from(sorted(normal_forms.TYPES)))
def test_any_text_has_a_form_or_none_of_every_type(text: str, kind: str) -> None:
    form = normal_forms.TYPES[kind](text)
    assert form is None or form
