"""A summary is held against the facts of its source, without a judge."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whichmodel.domain import Answer, Item, Verdict
from whichmodel.scoring import summary

SOURCE = """Meeting of the product team on 7 February 2026.
Present: Leila Moreau, Lars Farouk and Amara Haddad.
Leila Moreau: On the support desk, we will extend the support desk to Bilbao. Amara Haddad owns it, the
deadline is 4 March, with a budget of 48,000 euros.
Lars Farouk: There is still the payroll. I propose that we hand the payroll over to Northgate by 21 April.
Lars Farouk: I will do it, with a cap of 340 hours, not 500."""


def fact(topic: str, slot: str, kind: str, accept: list[Any]) -> dict[str, Any]:
    return {"topic": topic, "slot": slot, "kind": kind, "accept": accept}


TARGET = {
    "facts": [
        fact("1", "decision", "text", [["support desk", "helpdesk"], ["Bilbao"]]),
        fact("1", "owner", "name", ["Amara Haddad"]),
        fact("1", "deadline", "date", ["2026-03-04"]),
        fact("1", "figure", "number", ["48000"]),
        fact("2", "decision", "text", [["payroll"], ["Northgate"]]),
        fact("2", "owner", "name", ["Lars Farouk"]),
        fact("2", "deadline", "date", ["2026-04-21"]),
        fact("2", "figure", "number", ["340"]),
    ],
    "topics": {"1": ["support desk", "helpdesk"], "2": ["payroll"]},
    "names": ["Leila Moreau", "Lars Farouk", "Amara Haddad"],
    "numbers": ["48000", "340", "500", "2026"],
    "dates": ["2026-02-07", "2026-03-04", "2026-04-21"],
    "max_words": 60,
}
ITEM = Item(id="m-1", input=f"Summarise.\n<source>\n{SOURCE}\n</source>", target=TARGET)
FIRST = "The support desk is extended to Bilbao by Amara Haddad until 4 March for 48,000 euros."
SECOND = "Lars Farouk hands the payroll to Northgate by 21 April within 340 hours."


def judge(text: str) -> Verdict:
    return summary.score(Answer(text), ITEM, {})


@pytest.mark.parametrize(
    "text",
    [
        f"{FIRST} {SECOND}",
        f"**Summary**\n\n1. {FIRST}\n2. {SECOND}",
        f"<think>Who is Peter Parker?</think>{FIRST}\n\n{SECOND}",
        "Two decisions were made. The helpdesk will move into Bilbao: Haddad, Amara is responsible, due "
        "March 4th, 2026, at forty-eight thousand euros. Payroll goes to Northgate; Farouk has until "
        "2026-04-21 and 340 h.",
        "- Support desk in Bilbao\n  - Owner: Amara\n  - Deadline: the fourth of March\n  - Budget: €48k\n"
        "- Payroll to Northgate\n  - Owner: Lars\n  - Deadline: 21/04/2026\n  - Cap: 340 hours",
        "| Decision | Owner | Deadline | Figure |\n|---|---|---|---|\n"
        "| Support desk, Bilbao | Amara Haddad | Mar 4 | 48 000 euros |\n"
        "| Payroll, Northgate | Lars Farouk | Apr 21 | 340 hours |",
        "Amara Haddad takes the support desk to Bilbao by 4 March for 48,000 euros, and Lars Farouk hands "
        "the payroll to Northgate by 21 April in 340 hours.",
        f"{FIRST} Lars Farouk hands the payroll to Northgate by 21 April, with 340 hours in place of 500.",
    ],
)
def test_all_facts_in_other_words_score_one(text: str) -> None:
    verdict = judge(text)
    assert verdict.score == 1.0, verdict.detail


def test_half_of_the_facts_score_a_half() -> None:
    assert judge(FIRST).score == 0.5


@pytest.mark.parametrize(
    ("old", "new", "slot"),
    [
        ("Amara Haddad", "Lars Farouk", "1: owner"),
        ("4 March", "21 April", "1: deadline"),
        ("4 March", "5 March", "1: deadline"),
        ("48,000", "84,000", "1: figure"),
        ("340 hours", "500 hours", "2: figure"),
        ("Lars Farouk", "Leila Moreau", "2: owner"),
    ],
)
def test_another_value_in_a_slot_is_a_contradiction(old: str, new: str, slot: str) -> None:
    verdict = judge(f"{FIRST} {SECOND}".replace(old, new))
    assert list(verdict.detail["contradicted"]) == [slot]
    assert verdict.score == pytest.approx(7 / 8 * 7 / 8)


def test_values_swapped_between_topics_of_one_sentence_are_seen() -> None:
    verdict = judge(
        "Amara Haddad takes the support desk to Bilbao by 21 April for 48,000 euros, and Lars Farouk hands "
        "the payroll to Northgate by 4 March in 340 hours."
    )
    assert set(verdict.detail["contradicted"]) == {"1: deadline", "2: deadline"}


def test_the_opposite_of_a_decision_is_a_contradiction() -> None:
    verdict = judge(f"{FIRST} {SECOND}".replace("is extended to", "was rejected for"))
    assert verdict.detail["contradicted"] == {"1: decision": ["the opposite"]}


@pytest.mark.parametrize(
    ("added", "invented"),
    [
        ("Sales rose by 77 percent.", "77"),
        ("The next meeting is on 9 June.", "9 June"),
        ("Thanks go to Peter Parker.", "Peter Parker"),
        ("The team in Madrid agreed.", "Madrid"),
    ],
)
def test_what_the_source_does_not_hold_is_an_invention(added: str, invented: str) -> None:
    verdict = judge(f"{FIRST} {SECOND}\n\n{added}")
    assert verdict.detail["invented"] == [invented]
    assert verdict.score == pytest.approx(8 / 9)


def test_too_many_words_cost_in_proportion() -> None:
    text = f"{FIRST} {SECOND}" + "\n\nit was so" * 40
    assert judge(text).score == pytest.approx(60 / len(text.split()))


def test_a_heap_of_all_values_is_no_summary() -> None:
    heap = (
        "Decisions: support desk to Bilbao, payroll to Northgate. Owners: Leila Moreau, Lars Farouk, "
        "Amara Haddad. Dates: 7 February, 4 March, 21 April. Figures: 48,000, 340, 500."
    )
    assert judge(heap).score < 0.3


@pytest.mark.parametrize(
    ("text", "parsed"), [("", False), ("  \n", False), ("I cannot help with that.", True)]
)
def test_nothing_said_scores_0_and_only_an_empty_answer_is_unparsed(text: str, parsed: bool) -> None:
    assert (judge(text).score, judge(text).parsed) == (0.0, parsed)


@given(
    st.text() | st.lists(st.sampled_from(f"{FIRST} {SECOND} not 99 12 May Bob\n".split(" "))).map(" ".join)
)
def test_any_answer_has_one_score_between_0_and_1(text: str) -> None:
    first = judge(text)
    assert 0.0 <= first.score <= 1.0
    assert first == judge(text)
