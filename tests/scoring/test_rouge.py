"""ROUGE by examples worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whichmodel.scoring.rouge import rouge


def test_the_example_of_the_paper() -> None:
    """Lin 2004, section 3.1: two candidates that share words with a sentence, in another order."""
    reference = "police killed the gunman"
    assert rouge("police kill the gunman", reference)["L"] == pytest.approx(3 / 4)
    assert rouge("the gunman kill police", reference)["L"] == pytest.approx(2 / 4)
    assert rouge("police kill the gunman", reference)["2"] == pytest.approx(1 / 3)
    assert rouge("the gunman kill police", reference)["1"] == pytest.approx(3 / 4)


@pytest.mark.parametrize(("text", "reference"), [("", "a b"), ("a b", ""), ("", ""), ("x y", "a b")])
def test_nothing_shared_is_0(text: str, reference: str) -> None:
    assert set(rouge(text, reference).values()) == {0.0}


def common(a: list[str], b: list[str]) -> int:
    rows = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i, one in enumerate(a):
        for j, other in enumerate(b):
            rows[i + 1][j + 1] = rows[i][j] + 1 if one == other else max(rows[i][j + 1], rows[i + 1][j])
    return rows[-1][-1]


@given(st.lists(st.sampled_from("abcd"), min_size=1), st.lists(st.sampled_from("abcd"), min_size=1))
def test_the_longest_common_subsequence_is_that_of_the_textbook(a: list[str], b: list[str]) -> None:
    assert rouge(" ".join(a), " ".join(b))["L"] == pytest.approx(2 * common(a, b) / (len(a) + len(b)))


@given(st.text(min_size=1))
def test_a_text_is_like_itself(text: str) -> None:
    assert set(rouge(f"a {text} b c", f"a {text} b c").values()) == {1.0}
