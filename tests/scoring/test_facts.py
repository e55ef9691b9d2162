"""Facts as an organisation writes them: sentences in a cell, or values of a kind."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whichmodel.domain import Answer, Item, Verdict
from whichmodel.errors import ScoringFailed
from whichmodel.scoring import facts, scorer

PROMPT = """Summarise.
On 3 March 2026 Anna Weiss wrote that order HB-482917 had come with a broken lid. Paul Kern offered 25 euros,
then 45 euros, to be paid back by 14 May. She asked for a new lid as well, which is in stock in two weeks."""
CELL = (
    "Anna Weiss gets 45 euros back by 14 May; the lid of order HB-482917 was broken; "
    "a new lid comes in two weeks"
)


def judge(text: str, target: Any = CELL, **options: Any) -> Verdict:
    return facts.score(Answer(text), Item(id="f-1", input=PROMPT, target=target), options)


@pytest.mark.parametrize(
    "text",
    [
        "The lid of order HB-482917 was broken. Anna Weiss gets 45 euros back by May 14th. A new lid comes "
        "in two weeks.",
        "- Order 482917: lid broken\n- Refund: 45 euros back to Weiss by 14/05/2026, she gets it in any "
        "case\n- The new lid comes in two weeks",
        "**Weiss** gets forty-five euros back until 2026-05-14. The broken lid belongs to order HB "
        "482917; a new lid comes two weeks later.",
    ],
)
def test_a_cell_of_facts_is_met_in_other_words(text: str) -> None:
    verdict = judge(text)
    assert verdict.score == 1.0, verdict.detail


def test_it_is_a_scorer_by_its_name() -> None:
    assert scorer("facts") is facts.score


def test_another_figure_is_a_contradiction_and_a_figure_of_nowhere_an_invention() -> None:
    good = "The lid of order HB-482917 was broken. A new lid comes in two weeks. "
    wrong = judge(good + "Anna Weiss gets 25 euros back by 14 May.")
    assert wrong.score == pytest.approx(2 / 3 * 2 / 3)
    assert list(wrong.detail["contradicted"].values()) == [["25"]]
    strange = judge(
        good + "Anna Weiss gets 45 euros back by 14 May. It cost 312 euros. Thanks to Peter Parker."
    )
    assert strange.detail["invented"] == ["312", "Peter Parker"]
    assert strange.score == pytest.approx(3 / 5)


@pytest.mark.parametrize(
    "target",
    [
        CELL,
        [part.strip() for part in CELL.split(";")],
        {"facts": CELL},
        {"facts": [{"kind": "number", "accept": ["45"]}, {"kind": "date", "accept": ["2026-05-14"]}]},
        {"facts": [{"kind": "code", "accept": "HB-482917"}, "Anna Weiss gets 45 euros back by 14 May"]},
        {"facts": [{"topic": "lid", "slot": "state", "kind": "text", "accept": [["broken", "cracked"]]}]},
    ],
)
def test_targets_of_every_form_are_read(target: Any) -> None:
    text = (
        "The lid of order HB-482917 was broken. Anna Weiss gets 45 euros back by 14 May. A new lid comes "
        "in two weeks."
    )
    assert judge(text, target).score == 1.0
    assert judge("Nothing is known.", target).score < 0.5


@pytest.mark.parametrize("target", ["", " ; ", [], {}, None, 7, [{"kind": "colour", "accept": ["red"]}], [3]])
def test_a_target_without_facts_is_a_failure_and_no_score(target: Any) -> None:
    with pytest.raises(ScoringFailed):
        judge("Anything.", target)


def test_alternatives_stand_between_bars() -> None:
    target = "45 euros are refunded | a voucher of 45 euros"
    assert judge("She takes a voucher of 45 euros.", target).score == 1.0
    assert judge("45 euros will be refunded.", target).score == 1.0
    assert judge("She takes a voucher.", target).score == 0.0


def test_the_limit_of_words_is_the_targets_or_the_cards() -> None:
    text = "Anna Weiss gets 45 euros back by 14 May, as was agreed."
    fact = "Anna Weiss gets 45 euros back by 14 May"
    assert judge(text, fact).detail["brevity"] == 1.0
    assert judge(text, fact, max_words=6).score == pytest.approx(6 / 12)
    assert judge(text, {"facts": [fact], "max_words": 4}, max_words=6).score == pytest.approx(4 / 12)


@given(st.text() | st.lists(st.sampled_from(CELL.split(" "))).map(" ".join))
def test_any_answer_has_one_score_between_0_and_1(text: str) -> None:
    assert 0.0 <= judge(text).score <= 1.0
