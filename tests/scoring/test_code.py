"""The code scorer: what is read from an answer, what counts, and that cheating earns nothing."""

from __future__ import annotations

import asyncio
import os
from typing import Any

import pytest
from cheats import CHEATS, SECRET
from hypothesis import given
from hypothesis import strategies as st

from whichmodel import sandbox
from whichmodel.domain import Answer, Item, Verdict
from whichmodel.errors import ScoringFailed
from whichmodel.scoring import code


@pytest.fixture(scope="module")
def sandbox_works() -> None:
    found = sandbox.available()
    if not found.ok:
        said = f"{found.reason} {found.remedy}"
        pytest.fail(said) if os.environ.get("CI") == "true" else pytest.skip(said)


def item(*cases: dict[str, Any], name: str = "f") -> Item:
    return Item(id="x", input="", target={"entry_point": name, "cases": list(cases)})


def scored(text: str, asked: Item, **options: float) -> Verdict:
    return asyncio.run(code.score(Answer(text), asked, options))


DOUBLE = item(
    {"args": [2], "expected": 4}, {"args": ["x"], "raises": "TypeError"}, {"args": [0.1], "expected": 0.2}
)
RIGHT = "def f(x):\n    return 2 * (x + 0)\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"Sure:\n```python\n{RIGHT}```\nDone.", RIGHT),
        (f"```\n{RIGHT}```", RIGHT),
        (f"```py\n{RIGHT}", RIGHT),
        (f"```python\n{RIGHT}```\nUse it:\n```python\nprint(f(2))\n```", RIGHT),
        (f"```python\ndef f(x): return 0\n```\nBetter:\n```python\n{RIGHT}```", RIGHT),
        (f"1. Code\n   ```python\n   {RIGHT.replace(chr(10), chr(10) + '   ').rstrip(' ')}   ```", RIGHT),
        (RIGHT, RIGHT),
        ("f = lambda x: x", "f = lambda x: x"),
        ("```python\ndef g(x): return x\n```", "def g(x): return x\n"),
        ("", None),
        ("I cannot help with that.", None),
        ("```python\n```", None),
        ("No", None),
    ],
)
def test_code_is_read_from_the_block_that_defines_what_was_asked_for(text: str, found: str | None) -> None:
    assert code.extract(text, "f") == found


@given(st.text())
def test_any_text_can_be_read_for_code(text: str) -> None:
    found = code.extract(text, "f")
    assert found is None or found.strip()


@pytest.mark.parametrize(
    ("expected", "got", "equal"),
    [
        (0.3, 0.1 + 0.2, True), (1.0, 1.0 + 1e-6, False), (3, 3.0, True), (3.0, 3, True), (1, True, False),
        (True, 1, False), (True, True, True), (None, 0, False), ([1], (1,), False), ([1, 2], [2, 1], False),
        ({1}, {1}, True),
        ({"a": [0.3]}, {"a": [0.1 + 0.2]}, True), ({"a": 1}, {"b": 1}, False),
        (float("nan"), float("nan"), True),
        (float("inf"), 10**400, False), (10**400, 1.0, False), ("a", "a", True), ("1", 1, False),
        (0.0, 1e-13, True),
        (2**60, 2**60 + 1, False),
    ],
)  # fmt: skip
def test_values_are_compared_by_type_and_numbers_by_value(expected: object, got: object, equal: bool) -> None:
    assert code.same(expected, got) is equal


@pytest.mark.usefixtures("sandbox_works")
class TestScores:
    """Verdicts over the real sandbox."""

    def test_the_right_answer_scores_one(self) -> None:
        verdict = scored(f"```python\n{RIGHT}```", DOUBLE)
        assert (verdict.score, verdict.parsed) == (1.0, True)
        assert (verdict.detail["passed"], verdict.detail["total"]) == (3, 3)

    def test_one_wrong_case_scores_zero_and_is_told_in_words(self) -> None:
        verdict = scored("def f(x): return 4", DOUBLE)
        assert (verdict.score, verdict.parsed, verdict.detail["passed"]) == (0.0, True, 1)
        assert "f('x') should raise TypeError, gave 4" in verdict.detail["explanation"]

    def test_the_first_failing_case_is_kept_with_call_expected_and_got(self) -> None:
        asked = item({"args": [2], "expected": 4}, {"args": [3], "expected": 6})
        assert "failing" not in scored(RIGHT, asked).detail
        assert scored("def f(x): return 4", asked).detail["failing"] == {
            "call": "f(3)", "expected": "6", "got": "4"}  # fmt: skip
        raised = scored("def f(x): return 1 // 0", asked).detail["failing"]
        assert raised["call"] == "f(2)"
        assert "ZeroDivisionError" in raised["got"]
        due = scored("def f(x): return 4", DOUBLE).detail["failing"]
        assert (due["expected"], due["got"]) == ("raises TypeError", "4")

    def test_a_failing_case_is_kept_in_short(self) -> None:
        asked = item({"args": ["x" * 5000] * 9, "expected": "y" * 5000})
        kept = scored("def f(*x): return 'z' * 5000", asked).detail["failing"]
        assert all(len(text) <= code.MOST_SHOWN + 3 for text in kept.values())

    @pytest.mark.parametrize("text", ["", "I cannot help with that.", "def f(x) return 2 * x"])
    def test_an_answer_without_code_is_unparsed(self, text: str) -> None:
        verdict = scored(text, DOUBLE)
        assert (verdict.score, verdict.parsed) == (0.0, False)

    @pytest.mark.parametrize(
        ("body", "error_class"),
        [
            ("return None", "wrong value"),
            ("return 1 / 0", "ZeroDivisionError"),
            ("return object()", "unfit"),
            ("import os; os._exit(0)", "exited"),
            ("while True: pass", "timeout"),
        ],
    )
    def test_what_went_wrong_has_a_class(self, body: str, error_class: str) -> None:
        verdict = scored(f"```python\ndef f(x):\n    {body}\n```", DOUBLE, call_s=0.5)
        assert (verdict.score, verdict.parsed, verdict.detail["error_class"]) == (0.0, True, error_class)

    def test_answers_that_behave_alike_agree_and_others_do_not(self) -> None:
        norms = [
            scored(t, DOUBLE).answer_norm
            for t in (RIGHT, "def f(y):\n  return (y + 0) + y", "def f(x): return 4")
        ]
        assert norms[0] == norms[1] != norms[2]

    def test_a_class_is_driven_step_by_step(self) -> None:
        steps = [
            {"method": "push", "args": [3], "expected": None},
            {"method": "pop", "args": [], "expected": 3},
            {"method": "pop", "args": [], "raises": "LookupError"},
        ]
        asked = item({"args": [], "steps": steps}, name="Stack")
        right = "class Stack:\n    def __init__(self): self.a = []\n    def push(self, x): self.a.append(x)\n"
        assert scored(f"{right}    def pop(self): return self.a.pop()", asked).score == 1
        wrong = scored(f"{right}    def pop(self): return self.a.pop() if self.a else None", asked)
        assert wrong.score == 0
        assert "step 3: .pop() should raise LookupError, gave None" in wrong.detail["explanation"]

    def test_keyword_arguments_and_tagged_values_reach_the_candidate(self) -> None:
        case = {"args": [{"$tuple": [1]}], "kwargs": {"k": {"$set": [2]}}, "expected": {"$tuple": [1, 2]}}
        assert scored("def f(t, k): return t + tuple(k)", item(case)).score == 1

    def test_a_target_that_cannot_be_sent_is_no_score(self) -> None:
        with pytest.raises(ScoringFailed):
            scored(RIGHT, item({"args": ["x" * 2_000_000], "expected": 1}))


@pytest.mark.usefixtures("sandbox_works")
class TestCheats:
    """Ways to pass without solving."""

    hidden = item(
        {"args": [1], "expected": SECRET},
        {"args": [2], "expected": [SECRET, {"a": SECRET}]},
        {"args": [3], "expected": str(SECRET)},
        {"args": [4], "raises": "LookupError"},
    )

    values = (SECRET, [SECRET, {"a": SECRET}], str(SECRET))
    right = f"def f(x):\n    if x == 4: raise KeyError(x)\n    return {values}[x - 1]"

    @pytest.mark.parametrize("cheat", CHEATS.values(), ids=CHEATS)
    def test_no_cheat_passes_or_breaks_the_scorer(self, cheat: str) -> None:
        verdict = scored(f"```python\n{cheat}\n```", self.hidden, call_s=2)
        assert verdict.score == 0
        assert verdict.parsed

    @pytest.mark.parametrize("cheat", CHEATS.values(), ids=CHEATS)
    def test_no_cheat_gets_a_single_value_right(self, cheat: str) -> None:
        verdict = scored(f"```python\n{cheat}\n```", item({"args": [1], "expected": SECRET}), call_s=2)
        assert verdict.score == 0

    def test_no_cheat_passes_in_sandboxes_that_stood_ready(self) -> None:
        async def row() -> dict[str, float]:
            turns = {}
            for name, cheat in [("first", "f = int"), ("second", "f = int"), *CHEATS.items()]:
                verdict = await code.score(Answer(f"```python\n{cheat}\n```"), self.hidden, {"call_s": 2})
                turns[name] = verdict.score
            right = await code.score(Answer(self.right), self.hidden, {})
            return turns | {"right": right.score}

        assert asyncio.run(row()) == dict.fromkeys(["first", "second", *CHEATS], 0.0) | {"right": 1.0}

    def test_the_right_answer_passes_where_they_fail(self) -> None:
        assert scored(self.right, self.hidden).score == 1
