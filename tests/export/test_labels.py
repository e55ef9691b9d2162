"""Names of Kubernetes made of any text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whichmodel.export.labels import LONGEST, label

RFC_1123 = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")


@given(st.text(max_size=200))
def test_every_text_gets_a_label(text: str) -> None:
    made = label(text)
    assert RFC_1123.fullmatch(made)
    assert len(made) <= LONGEST
    assert label(text) == made


@given(st.lists(st.text(st.sampled_from("ab-_/ Aé"), max_size=6), unique=True, min_size=2, max_size=12))
def test_different_texts_get_different_labels(texts: list[str]) -> None:
    """Also where nothing but case, an accent or a separator tells them apart."""
    assert len({label(text) for text in texts}) == len(texts)


def test_no_text_is_the_label_of_another() -> None:
    assert label(label("word_problems")) != label("word_problems")


@pytest.mark.parametrize("text", ["functions", "task-12", "a", "x" * 63])
def test_what_is_a_label_stays_as_it_is(text: str) -> None:
    assert label(text) == text


@pytest.mark.parametrize(
    ("text", "begins"),
    [("word_problems", "word-problems-"), ("Ünïcode/naïve", "unicode-naive-"), ("日本語", "x-"), ("", "x-")],
)
def test_what_is_none_keeps_what_can_be_read_of_it(text: str, begins: str) -> None:
    assert re.fullmatch(f"{re.escape(begins)}[0-9a-f]{{8}}", label(text))
