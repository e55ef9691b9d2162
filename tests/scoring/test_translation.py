"""A translation keeps glossary terms and figures, and is like the reference."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whichmodel.domain import Answer, Item
from whichmodel.scoring import figures, translation
from whichmodel.scoring.languages import spoken_in

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


GUARDED = Item(
    id="t-2",
    input="",
    target={
        "references": ["Öffnen Sie den Tank niemals unter Druck. Prüfen Sie das Ventil vor dem Start."],
        "language": "de",
        "terms": [["Tank"], ["Ventil"]],
        "figures": [],
        "senses": [
            {"at": ["Tank"], "needs": ["nicht", "niemals", "kein*"]},
            {"at": ["Ventil"], "bars": ["nicht"]},
        ],
    },
)


@pytest.mark.parametrize(
    ("text", "turned"),
    [
        ("Öffnen Sie den Tank niemals unter Druck. Prüfen Sie das Ventil vor dem Start.", []),
        ("Öffnen Sie den Tank nicht unter Druck. Prüfen Sie das Ventil vor dem Start.", []),
        ("Öffnen Sie keinesfalls den Tank unter Druck. Prüfen Sie das Ventil vor dem Start.", []),
        ("Öffnen Sie den Tank unter Druck. Prüfen Sie das Ventil vor dem Start.", ["Tank"]),
        ("Öffnen Sie den Tank niemals unter Druck. Prüfen Sie nicht das Ventil vor dem Start.", ["Ventil"]),
        ("Öffnen Sie den Tank unter Druck. Prüfen Sie das Ventil nicht vor dem Start.", ["Tank", "Ventil"]),
    ],
)
def test_each_instruction_that_is_turned_round_halves_the_score(text: str, turned: list[str]) -> None:
    verdict = translation.score(Answer(text), GUARDED, {})
    assert verdict.detail["turned"] == turned
    assert verdict.score <= 0.5 ** len(turned)
    assert (verdict.score > 0.75) is (turned == [])


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Never open the tank while it is under pressure. Check the valve before you start the pump.", "en"),
        (
            "N'ouvrez jamais le réservoir lorsqu'il est sous pression. Contrôlez la vanne avant le départ.",
            "fr",
        ),
        (
            "No abra nunca el tanque con la presión. Compruebe la válvula antes de que se ponga en marcha.",
            "es",
        ),
    ],
)
def test_another_language_scores_nothing_and_is_named(text: str, language: str) -> None:
    verdict = translation.score(Answer(text), GUARDED, {})
    assert (verdict.score, verdict.parsed, verdict.detail["language"]) == (0.0, True, language)


def test_a_short_text_is_in_no_language() -> None:
    assert spoken_in("Tank") is None
    assert spoken_in("") is None


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
