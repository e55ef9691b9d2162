"""A translation keeps glossary terms and figures, and is like the reference."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whichmodel.domain import Answer, Item
from whichmodel.scoring import figures, translation

SOURCE = (
    "Tighten the screws on the gearbox to a torque of 12.5 N·m. Replace the oil filter after 2,000 hours."
)
GOLD = (
    "Ziehen Sie die Schrauben am Getriebe mit einem Drehmoment von 12,5 N·m an. "
    "Tauschen Sie den Ölfilter nach 2.000 Stunden aus."
)
ITEM = Item(
    id="t-1",
    input=SOURCE,
    target={
        "references": [GOLD],
        "terms": [["Getriebe"], ["Ölfilter"]],
        "figures": [
            {"value": "12.5", "units": ["N·m", "Nm"]},
            {"value": "2000", "units": ["Stunden", "h"]},
        ],
    },
    reference=GOLD,
)


def score(text: str) -> float:
    return translation.score(Answer(text), ITEM, {}).score


@pytest.mark.parametrize(
    "text",
    [
        GOLD,
        f"Hier ist die Übersetzung:\n\n{GOLD}",
        f"```\n{GOLD}\n```",
        f"<think>torque = Drehmoment</think>\n„{GOLD}“",
    ],
)
def test_the_reference_scores_one_whatever_wraps_it(text: str) -> None:
    assert score(text) == 1.0


def test_a_faithful_rendering_in_other_words_scores_high() -> None:
    text = (
        "Ziehen Sie die Schrauben am Getriebe mit 12,5 Nm fest. Ersetzen Sie den Ölfilter nach 2000 Stunden."
    )
    assert 0.6 < score(text) < 1.0


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        (GOLD.replace("Ölfilter", "Filter für Öl"), "Ölfilter"),
        (GOLD.replace("12,5", "125"), "12.5 N·m"),
        (GOLD.replace("N·m", "bar"), "12.5 N·m"),
        (GOLD.replace("2.000", "3.000"), "2000 Stunden"),
    ],
)
def test_a_lost_term_or_figure_is_named_and_costs_a_quarter(text: str, lost: str) -> None:
    verdict = translation.score(Answer(text), ITEM, {})
    assert lost in verdict.detail["lost_terms"] + verdict.detail["lost_figures"]
    assert verdict.score <= 0.75


@pytest.mark.parametrize(
    "text", ["", "I cannot help with that.", SOURCE, "Getriebe Ölfilter 12,5 N·m 2.000 Stunden", GOLD * 4]
)
def test_no_translation_scores_under_a_half(text: str) -> None:
    assert score(text) < 0.5


def test_only_an_empty_answer_is_unparsed() -> None:
    assert not translation.score(Answer(" \n"), ITEM, {}).parsed
    assert translation.score(Answer("nein"), ITEM, {}).parsed


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("12.5", ["12.5"]),
        ("1,200 and 1.200", ["1200", "1.2", "1200", "1.2"]),
        ("12 000", ["12000"]),
        ("12\u202f000,5", ["12000.5"]),
        ("1.234.567", ["1234567"]),
        ("1'000", ["1000"]),
        ("Q3 v2", []),
    ],
)
def test_numbers_are_read_as_several_languages_write_them(text: str, values: list[str]) -> None:
    found = [value for numeral in figures.numerals(text) for value in numeral.readings]
    assert sorted(found) == sorted(Decimal(value) for value in values)


@given(st.text() | st.sampled_from(GOLD.split()) | st.integers(0, 120).map(lambda n: GOLD[n:]))
def test_any_answer_has_one_score_between_0_and_1(text: str) -> None:
    first = translation.score(Answer(text), ITEM, {})
    assert 0.0 <= first.score <= 1.0
    assert first == translation.score(Answer(text), ITEM, {})
