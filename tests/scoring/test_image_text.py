"""Text in pictures: each word in order, as written, in its place, and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scoring.looking import Eye, judge

from whichmodel.domain import Answer, Item, Verdict
from whichmodel.errors import ScoringFailed
from whichmodel.scoring import image
from whichmodel.scoring.image import ocr
from whichmodel.scoring.image.words import compared, likeness
from whichmodel.simulator import drawing

SIGN: dict[str, Any] = {"include": [], "texts": [{"text": "Fresh bread, daily!"}]}
PAIR: dict[str, Any] = {
    "include": [],
    "texts": [{"text": "Fresh bread"}, {"text": "CLOSED", "position": ["below", 0]}],
}
VISION = {"reader": "vision"}


def read_as(spec: dict[str, Any], transcript: str) -> Verdict:
    async def ask(question: str, png: bytes) -> str:
        return transcript

    item = Item(id="t-1", input="", target=None, metadata={"spec": spec})
    picture = drawing.draw(spec, seed=0)
    return asyncio.run(image.score(Answer("", (picture,)), item, VISION, ask=ask))


def test_a_text_makes_one_demand_a_word_and_more() -> None:
    assert [demand.name for demand in image.demands({"spec": PAIR})] == [
        "legible: Fresh bread",
        "legible: CLOSED",
        "word: Fresh",
        "word: bread",
        "as written: Fresh bread",
        "word: CLOSED",
        "as written: CLOSED",
        "position: CLOSED below Fresh bread",
        "no other text",
    ]


@pytest.mark.parametrize(
    ("transcript", "failed"),
    [
        ("Fresh bread, daily!", []),
        ("Fresh\nbread,\ndaily!", []),
        ("- Fresh bread,\n- daily!", []),
        ("```\nFresh bread, daily!\n```", []),
        ("<think>a sign</think>Fresh bread, daily!", []),
        ("FRESH BREAD, DAILY!", ["as written: Fresh bread, daily!"]),
        ("Fresh bread daily", ["as written: Fresh bread, daily!"]),
        ("Fersh bread, daily!", ["word: Fresh", "as written: Fresh bread, daily!"]),
        ("Fresh breead, daily!", ["word: bread,", "as written: Fresh bread, daily!"]),
        ("Fresh daily!", ["word: bread,", "as written: Fresh bread, daily!"]),
        ("Fresh Fresh bread, daily!", ["no other text"]),
        ("Fresh bread, daily! since 1987", ["no other text"]),
        ("Fresh warm bread, daily!", ["as written: Fresh bread, daily!", "no other text"]),
    ],
)
def test_each_mistake_fails_its_own_demands(transcript: str, failed: list[str]) -> None:
    verdict = read_as(SIGN, transcript)
    assert [name for name, holds in verdict.detail["demands"] if not holds] == failed
    assert verdict.score == pytest.approx(1 - len(failed) / 6)
    assert verdict.detail["text"]["read_by"].startswith("vision model")


def test_words_in_another_order_lose_those_out_of_order() -> None:
    verdict = read_as(SIGN, "bread, Fresh daily!")
    assert 0 < verdict.score <= 0.5


@pytest.mark.parametrize("transcript", ["none", "None.", "Lorem ipsum dolor"])
def test_another_text_or_none_is_illegible_and_its_words_fail_with_it(transcript: str) -> None:
    verdict = read_as(SIGN, transcript)
    assert verdict.score == (1 / 6 if "one" in transcript else 0.0)
    assert verdict.parsed


@pytest.mark.parametrize("reply", ["", "I cannot tell what this picture shows.", "I'm sorry, but no."])
def test_an_excuse_of_the_vision_model_is_a_failure_and_no_score(reply: str) -> None:
    with pytest.raises(ScoringFailed, match="did not say what is written"):
        read_as(SIGN, reply)


@pytest.mark.parametrize("spec", [SIGN, PAIR])
def test_a_right_drawing_scores_one_and_each_kind_of_wrong_one_less(spec: dict[str, Any]) -> None:
    right = judge(spec, drawing.draw(spec, seed=1))
    assert (right.score, right.detail["accepted"]) == (1.0, True)
    assert set(drawing.flaws(spec)) >= {"misspelt", "doubled", "shortened", "case", "extra"}
    for flaw in drawing.flaws(spec):
        for seed in range(6):
            wrong = judge(spec, drawing.draw(spec, seed=seed, correct=flaw))
            assert 0.0 < wrong.score < 1.0, (flaw, wrong.detail)


def test_a_place_is_asked_of_the_vision_model_and_only_where_both_texts_are_legible() -> None:
    eye = Eye()
    only = {"include": [], "texts": [{"text": "Fresh bread"}]}
    verdict = judge(PAIR, drawing.draw(only, seed=1), ask=eye)
    assert verdict.score == pytest.approx(5 / 9)
    assert not any("CLOSED" in question for question in eye.asked)


def test_two_texts_share_no_word() -> None:
    found = compared(["OPEN", "OPEN LATE"], "OPEN LATE", "eye")
    assert [text.exact for text in found.texts] == [False, True]
    both = compared(["OPEN", "OPEN LATE"], "OPEN\nOPEN LATE", "eye")
    assert [text.exact for text in both.texts] == [True, True]
    assert both.others == ()


@given(st.text(), st.lists(st.text("ab c", min_size=1).filter(str.strip), min_size=1, max_size=3))
def test_any_transcript_is_compared_the_same_way_twice(transcript: str, texts: list[str]) -> None:
    found = compared(texts, transcript, "eye")
    assert found == compared(texts, transcript, "eye")
    assert all(0 <= text.closeness <= 1 for text in found.texts)
    assert compared(texts, "\n".join(texts), "eye").others == ()


def test_likeness_is_one_less_the_share_of_signs_that_differ() -> None:
    assert likeness("kitten", "sitting") == pytest.approx(4 / 7)
    assert likeness("", "") == 1.0
    assert likeness("a", "") == 0.0


def test_a_spec_of_texts_alone_needs_no_objects() -> None:
    spec = {"texts": SIGN["texts"]}
    assert judge(spec, drawing.draw(spec, seed=0)).score == 1.0


def test_a_reader_that_does_not_exist_is_a_failure() -> None:
    item = Item(id="t-1", input="", target=None, metadata={"spec": SIGN})
    with pytest.raises(ScoringFailed, match=r"no reader 'eyes'.*auto, ocr, vision"):
        asyncio.run(image.score(Answer("", ()), item, {"reader": "eyes"}, ask=Eye()))


def test_without_an_engine_a_card_that_asks_for_one_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    ocr.engine.cache_clear()
    item = Item(id="t-1", input="", target=None, metadata={"spec": SIGN})
    answer = Answer("", (drawing.draw(SIGN, seed=0),))
    with pytest.raises(ScoringFailed, match="no OCR engine"):
        asyncio.run(image.score(answer, item, {"reader": "ocr"}, ask=Eye()))
    ocr.engine.cache_clear()


ENGINE = """#!/bin/sh
if [ "$1" = --version ]; then echo tesseract 9.9; exit 0; fi
cat >/dev/null
"""
HEADINGS = ["level", "page_num", "block_num", "par_num", "line_num", "word_num"]
HEADINGS += ["left", "top", "width", "height", "conf", "text"]


def installed(folder: Path, monkeypatch: pytest.MonkeyPatch, rest: str) -> None:
    """A program of tesseract's name alone on the PATH, beside the shell's own."""
    program = folder / "tesseract"
    program.write_text(ENGINE + rest)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    ocr.engine.cache_clear()


def words(*lines: str, sure: int = 91) -> str:
    """A shell command that prints tesseract's table of these lines."""
    rows = [
        ["5", "1", "1", "1", str(number), "1", "0", "0", "9", "9", str(sure), word]
        for number, line in enumerate(lines)
        for word in line.split()
    ]
    table = "\n".join("\t".join(row) for row in [HEADINGS, *rows])
    return f"cat <<'END'\n{table}\nEND\n"


@pytest.fixture(autouse=True)
def engine_of_this_machine() -> Iterator[None]:
    """What one test installs, the next does not see."""
    yield
    ocr.engine.cache_clear()


@pytest.mark.parametrize(
    ("printed", "seen", "score"),
    [
        (words("Fresh bread,", "daily!"), "Fresh bread, daily!", 1.0),
        (words("Fresh bread,", "daily!"), "Fresh braed, daily!", 1.0),
        (words("Fresh bread,", "daily!"), "Fresh bread, daily! SALE", 5 / 6),
        (words("Fresh beard,", "daily!"), "Fresh bread, daily!", 1.0),
        (words("Fresh bread,", "daily!", sure=12), "Fresh braed, daily!", 4 / 6),
    ],
)
def test_what_an_engine_finds_as_asked_is_there_and_what_it_misses_proves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, printed: str, seen: str, score: float
) -> None:
    installed(tmp_path, monkeypatch, printed)

    async def ask(question: str, png: bytes) -> str:
        return seen

    verdict = judge(SIGN, drawing.draw(SIGN, seed=0), ask=ask)
    assert verdict.score == pytest.approx(score)
    assert verdict.detail["text"]["read_by"] == "vision model, tesseract 9.9"


@pytest.mark.parametrize("rest", ["echo no such language >&2; exit 1\n", "kill -9 $$\n"])
def test_an_engine_that_breaks_down_leaves_reading_to_the_vision_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rest: str
) -> None:
    installed(tmp_path, monkeypatch, rest)
    verdict = judge(SIGN, drawing.draw(SIGN, seed=0))
    assert (verdict.score, verdict.detail["text"]["read_by"]) == (1.0, "vision model")


def test_an_engine_alone_scores_what_it_reads_and_its_breakdown_is_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = Item(id="t-1", input="", target=None, metadata={"spec": SIGN})
    answer, eye = Answer("", (drawing.draw(SIGN, seed=0),)), Eye()
    installed(tmp_path, monkeypatch, words("Fresh beard,", "daily!"))
    verdict = asyncio.run(image.score(answer, item, {"reader": "ocr"}, ask=eye))
    assert verdict.score == pytest.approx(4 / 6)
    installed(tmp_path, monkeypatch, "echo no such language >&2; exit 1\n")
    with pytest.raises(ScoringFailed, match="tesseract could not read a picture: no such language"):
        asyncio.run(image.score(answer, item, {"reader": "ocr"}, ask=eye))
    assert eye.asked == []


needs_engine = pytest.mark.skipif(ocr.engine() is None, reason="tesseract is not on the PATH")


@needs_engine
def test_tesseract_reads_a_plain_sign() -> None:
    item = Item(id="t-1", input="", target=None, metadata={"spec": SIGN})
    answer, eye = Answer("", (drawing.draw(SIGN, seed=0),)), Eye()
    verdict = asyncio.run(image.score(answer, item, {"reader": "ocr"}, ask=eye))
    assert (verdict.score, eye.asked) == (1.0, [])
    assert verdict.detail["text"]["read_by"].startswith("tesseract")
