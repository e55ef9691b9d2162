"""The scorer of datasets' own tests: HumanEval and its like hold or do not, and neither side can cheat."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path
from typing import Any

import pytest
from cheats import CHEATS, SECRET
from escapes import FORBIDDEN, LIBC, error, forbidden
from hangs import FIND_SOCKET, FLOODS, HANGS

from whichmodel import sandbox
from whichmodel.domain import Answer, Item, Verdict
from whichmodel.errors import ScoringFailed
from whichmodel.scoring import scorer, tests


@pytest.fixture(scope="module", autouse=True)
def sandbox_works() -> None:
    found = sandbox.available()
    if not found.ok:
        said = f"{found.reason} {found.remedy}"
        pytest.fail(said) if os.environ.get("CI") == "true" else pytest.skip(said)


def checked(check: str, name: str = "f", prompt: str | None = None) -> Item:
    metadata = {} if prompt is None else {"prompt": prompt}
    return Item(id="x", input="", target={"entry_point": name, "check": check}, metadata=metadata)


def asserted(*asserts: str, **more: Any) -> Item:
    return Item(id="x", input="", target={"asserts": list(asserts), **more})


def scored(text: str, asked: Item, **options: float) -> Verdict:
    return asyncio.run(tests.score(Answer(text), asked, options))


CHECK = "def check(candidate):\n    assert candidate(2) == 4\n    assert candidate('ab') == 'abab'\n"
RIGHT = "def f(x):\n    return x * 2\n"


class TestScores:
    """Verdicts over two real sandboxes."""

    def test_it_is_a_scorer(self) -> None:
        assert scorer("tests") is tests.score

    def test_the_right_answer_scores_one(self) -> None:
        verdict = scored(f"```python\n{RIGHT}```", checked(CHECK))
        assert (verdict.score, verdict.parsed, verdict.detail["passed"], verdict.detail["total"]) == (
            1.0, True, 1, 1)  # fmt: skip

    def test_each_assert_counts_and_all_must_hold(self) -> None:
        asked = asserted("assert f(1) == 2", "assert f(2) == 4", "assert f(3) == 9")
        verdict = scored(RIGHT, asked)
        assert (verdict.score, verdict.detail["passed"], verdict.detail["total"]) == (0.0, 2, 3)
        assert verdict.detail["error_class"] == "AssertionError"
        assert "2 of 3 tests hold: AssertionError" in verdict.detail["explanation"]
        assert verdict.detail["failing"]["call"] == "assert f(3) == 9"
        assert "the last call gave 6" in verdict.detail["failing"]["got"]
        assert "failing" not in scored(RIGHT, asserted("assert f(1) == 2")).detail

    @pytest.mark.parametrize("text", ["", "I cannot help with that.", "def f(x) return x", "```python\n```"])
    def test_an_answer_without_code_is_unparsed(self, text: str) -> None:
        for asked in (checked(CHECK), checked(CHECK, prompt='def f(x):\n    """Twice."""\n')):
            verdict = scored(text, asked)
            assert (verdict.score, verdict.parsed) == (0.0, False)

    @pytest.mark.parametrize(
        ("body", "error_class"),
        [
            ("return None", "AssertionError"),
            ("return 1 / 0", "ZeroDivisionError"),
            ("return object()", "unfit"),
            ("import os; os._exit(0)", "exited"),
            ("while True: pass", "timeout"),
        ],
    )
    def test_what_went_wrong_has_a_class(self, body: str, error_class: str) -> None:
        verdict = scored(f"def f(x):\n    {body}", checked(CHECK), call_s=0.5)
        assert (verdict.score, verdict.parsed, verdict.detail["error_class"]) == (0.0, True, error_class)

    def test_answers_that_behave_alike_agree_and_others_do_not(self) -> None:
        norms = [scored(t, checked(CHECK)).answer_norm for t in (RIGHT, "f = lambda y: y + y", "f = str")]
        assert norms[0] == norms[1] != norms[2]

    def test_what_a_candidate_raises_reaches_the_tests_as_its_builtin_class(self) -> None:
        check = """
def check(candidate):
    assert candidate(1) == 1
    try:
        candidate(-1)
    except LookupError as error:
        assert "minus" in str(error)
    else:
        assert False
"""
        right = "class Odd(KeyError): pass\ndef f(x):\n    if x < 0: raise Odd('minus')\n    return x"
        assert scored(right, checked(check)).score == 1
        assert scored(right.replace("KeyError", "ValueError"), checked(check)).score == 0

    def test_asserts_may_use_their_setup_and_names_of_the_candidate(self) -> None:
        asked = asserted("assert isclose(f(2), helper(2) + 2)", setup="from math import isclose")
        assert scored(f"{RIGHT}def helper(x): return x", asked).score == 1
        assert scored(RIGHT, asked).score == 0

    @pytest.mark.parametrize(
        ("value", "same"),
        [
            ("__import__('collections').Counter('aab')", "{'a': 2, 'b': 1}"),
            ("__import__('collections').defaultdict(list, a=[1])", "{'a': [1]}"),
            ("__import__('collections').namedtuple('P', 'x y')(1, 2)", "(1, 2)"),
            ("[__import__('collections').OrderedDict(a=1)]", "[{'a': 1}]"),
            ("type('S', (str,), {})('s')", "'s'"),
        ],
    )
    def test_what_derives_from_a_builtin_counts_as_it(self, value: str, same: str) -> None:
        assert scored(f"def f(): return {value}", asserted(f"assert f() == {same}")).score == 1

    @pytest.mark.parametrize("value", ["map(abs, [-1, 2])", "(n for n in (1, 2))", "iter([1, 2])"])
    def test_an_iterator_is_one_for_the_tests(self, value: str) -> None:
        code = f"def f(): return {value}"
        assert scored(code, asserted("assert list(f()) == [1, 2]", "assert next(f()) == 1")).score == 1
        assert scored(code, asserted("assert f() == [1, 2]")).score == 0

    def test_an_endless_iterator_is_no_value(self) -> None:
        endless = "import itertools\ndef f(): return itertools.count()"
        verdict = scored(endless, asserted("assert next(f()) == 0"))
        assert (verdict.score, verdict.detail["error_class"]) == (0.0, "unfit")

    @pytest.mark.parametrize(
        ("asserts", "name"),
        [
            (["assert f(1) == 2"], "f"),
            (["assert set(similar((1,), (2,))) == set((4, 5))"], "similar"),
            (["assert not (math.isclose(area(2), 3))"], "area"),
            (["assert True", "assert (is_odd (5)) == True"], "is_odd"),
        ],
    )
    def test_the_function_of_asserts_is_the_first_that_python_does_not_know(
        self, asserts: list[str], name: str
    ) -> None:
        assert tests.read_target(asserted(*asserts)).entry_point == name


PROMPT = 'import math\nN = 2\n\ndef f(x):\n    """Twice."""\n'


@pytest.mark.parametrize(
    "text",
    [
        "    return x * N\n",
        "return x * N",
        "if math.pi:\n        return x * N",
        "y = x\nreturn y * N",
        "```python\n    return x * N\n```",
        "Here it is:\n```python\ny = x\nreturn y * N\n```",
        "def f(x):\n    return x * N",
        "```python\ndef f(x):\n    return x * N\n```",
        f"```python\n{PROMPT}    return x * N\n```",
    ],
)
def test_an_answer_may_go_on_where_its_prompt_ends_and_use_what_stands_there(text: str) -> None:
    verdict = scored(text, checked(CHECK, prompt=PROMPT))
    assert (verdict.score, verdict.parsed) == (1.0, True)


class TestTroubleOfOurOwn:
    """Tests that are broken give no score, whatever the answer."""

    @pytest.mark.parametrize(
        "check",
        [
            "def check(candidate): raise NameError('helper')",
            "def check(candidate): missing.attribute",
            "def check(candidate): pass",
            "def check(candidate): assert True",
            "def check(candidate): import os; os._exit(0)",
            "def check(candidate):\n    while True: pass",
            "def check(candidate: bad",
            "1 / 0",
            "def f(x): return x\ndef check(candidate): assert True",
            "def check(candidate): candidate(object())",
            "def check(candidate):\n    assert candidate(1) == 2\n    candidate(object())",
            "def check(candidate):\n    assert candidate(1) == 2\n    candidate('x' * 2_000_000)",
            "def check(candidate):\n    assert candidate(1) == 2\n    candidate([Pair(1, 2)])",
        ],
    )
    def test_tests_that_cannot_be_held_are_no_score(self, check: str) -> None:
        with pytest.raises(ScoringFailed):
            scored(f"class Pair:\n    def __init__(self, a, b): pass\n{RIGHT}", checked(check), total_s=1.5)

    @pytest.mark.parametrize(
        "target",
        ["f", {"entry_point": "f"}, {"check": "x"}, {"asserts": []}, {"asserts": ["assert True"]}, None],
    )
    def test_a_target_without_tests_is_no_score(self, target: Any) -> None:
        with pytest.raises(ScoringFailed, match="no tests"):
            scored(RIGHT, Item(id="x", input="", target=target))

    @pytest.mark.parametrize("end", ["raise KeyError", "import os; os._exit(0)", "while True: pass"])
    def test_what_breaks_once_the_candidate_has_answered_is_a_wrong_answer(self, end: str) -> None:
        check = f"def check(candidate):\n    if candidate(1) != 2:\n        pass\n    {end}"
        verdict = scored(RIGHT, checked(check), total_s=1.5)
        assert (verdict.score, verdict.parsed) == (0.0, True)


HARMFUL = """
import os, sys
def check(candidate):
    assert candidate(2) == 4
    seen = [*os.environ.values(), *map(str, sys.argv + sys.orig_argv)]
    for top, _, files in os.walk("/"):
        for name in files:
            path = os.path.join(top, name)
            if os.path.isfile(path) and os.path.getsize(path) < 100_000:
                with open(path, "rb") as file:
                    seen.append(file.read().decode(errors="replace"))
    assert not any("planted-key-5f" in text for text in seen)
    for path in ("/work", "/root", "/home", "/etc/passwd", "/proc/1/environ", "/proc/self"):
        assert not os.path.exists(path), path
    for path in ("/escaped", "/usr/escaped"):
        try:
            open(path, "w")
        except OSError:
            continue
        assert False, path
    import ctypes
    assert ctypes.CDLL(None).socket(2, 1, 0) == -1
"""


def test_the_tests_themselves_are_kept_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "planted-key-5f")
    planted = tmp_path / "key"
    planted.write_text("planted-key-5f")
    assert scored(RIGHT, checked(HARMFUL)).score == 1
    assert sorted(p.name for p in tmp_path.iterdir()) == ["key"]


@pytest.mark.parametrize("name", FORBIDDEN)
def test_the_kernel_refuses_the_tests_too(name: str) -> None:
    check = (
        f"{LIBC}def check(candidate):\n    assert candidate(2) == 4\n    result = said({forbidden(name)})\n"
    )
    verdict = scored(RIGHT, checked(f"{check}    assert result == (-1, {error(name)}), result"))
    assert verdict.score == 1, verdict.detail


@pytest.mark.parametrize("name", [*HANGS, *FLOODS])
def test_a_candidate_that_hangs_or_floods_ends_at_its_limit(name: str) -> None:
    code = HANGS.get(name) or FIND_SOCKET + FLOODS[name]
    began = time.monotonic()
    verdict = scored(f"```python\n{code}\n```", asserted("assert f() == 1"), call_s=0.7)
    assert (verdict.score, verdict.parsed) == (0.0, True)
    assert time.monotonic() - began < 0.7 + 1 + 1, "the limit, a second, and the start of two sandboxes"


@pytest.mark.parametrize("name", FLOODS)
def test_tests_that_flood_are_no_score(name: str) -> None:
    flood = FLOODS[name].replace("def f()", "def flood()")
    check = f"{FIND_SOCKET}{flood}\ndef check(candidate): flood()"
    with pytest.raises(ScoringFailed):
        scored(RIGHT, checked(check), total_s=1.5)


SEEK = """
import gc, os, sys
def f(x):
    parts, seen, frame = ["EXPECTED_", "VALUE"], [], sys._getframe()
    while frame:
        seen += [repr(v) for v in [*frame.f_globals.values(), *frame.f_locals.values()] if v is not seen]
        frame = frame.f_back
    seen += [repr(o) for o in gc.get_objects() if isinstance(o, (dict, list, tuple)) and len(o) < 50]
    for top, _, files in os.walk("/"):
        for path in (os.path.join(top, name) for name in files):
            if os.path.isfile(path) and os.path.getsize(path) < 50_000:
                seen.append(open(path, "rb").read().decode(errors="replace"))
    return [text[:200] for text in seen if parts[0] + parts[1] in text]
"""
"""Looks for the tests in frames, memory and files."""


class TestCheats:
    """Ways to pass without solving, tried on the tests."""

    hidden = checked(
        f"""
EXPECTED = {{1: {SECRET}, 2: [{SECRET}], 3: "{SECRET}"}}
def check(candidate):
    for given, expected in EXPECTED.items():
        assert candidate(given) == expected
        assert not candidate(given) != expected
    assert all(map(lambda n: candidate(n) == EXPECTED[n], EXPECTED))
"""
    )

    @pytest.mark.parametrize("cheat", CHEATS.values(), ids=CHEATS)
    def test_no_cheat_passes_or_breaks_the_scorer(self, cheat: str) -> None:
        verdict = scored(f"```python\n{cheat}\n```", self.hidden, call_s=2)
        assert (verdict.score, verdict.parsed) == (0.0, True)

    def test_the_right_answer_passes_where_they_fail(self) -> None:
        right = f"def f(x): return [{SECRET}, [{SECRET}], '{SECRET}'][x - 1]"
        assert scored(right, self.hidden).score == 1

    def test_nothing_of_the_tests_is_where_the_candidate_is(self) -> None:
        check = "EXPECTED_VALUE = 7\ndef check(candidate): assert candidate(1) == EXPECTED_VALUE"
        heard: list[object] = []
        tried = sandbox.match([SEEK], tests.read_target(checked(check)), None, heard.append)
        assert not asyncio.run(tried).tests[0].held
        assert heard == [[]]

    @pytest.mark.parametrize("name", ["StopIteration", "StopAsyncIteration", "GeneratorExit", "SystemExit"])
    def test_no_exception_ends_a_loop_of_the_tests_in_silence(self, name: str) -> None:
        check = "def check(candidate):\n    assert all(map(lambda n: candidate(n) == 1, range(3)))"
        assert scored(f"def f(x): raise {name}", checked(check)).score == 0

    def test_a_swallowed_end_is_no_pass(self) -> None:
        check = "def check(candidate):\n    try:\n        candidate(1)\n    except BaseException: pass"
        assert scored("import os\ndef f(x): os._exit(0)", checked(check)).score == 0
        assert scored("def f(x): return object()", checked(check)).score == 0

    @pytest.mark.parametrize(
        "forged",
        [
            {"tests": [{"held": True}]},
            {"call": "f", "args": [], "kwargs": {}},
            {"value": SECRET},
            {"id": "0" * 32, "tests": [{"held": True}]},
        ],
    )
    def test_a_finding_that_the_candidate_forges_is_not_taken(self, forged: dict[str, Any]) -> None:
        cheat = f"""
import os, stat, json, sys
def f(x):
    frame = sys._getframe()
    while "request" not in frame.f_locals:
        frame = frame.f_back
    line = json.dumps({{"id": frame.f_locals["request"]["id"]}} | {forged!r}).encode() + b"\\n"
    for n in range(3, 64):
        try:
            if stat.S_ISSOCK(os.fstat(n).st_mode):
                os.write(n, line)
        except OSError:
            pass
    return 0
"""
        assert scored(f"```python\n{cheat}\n```", self.hidden, call_s=2).score == 0

    def test_a_helper_that_the_prompt_brings_is_not_the_candidates_to_patch(self) -> None:
        prompt = "def twice(x):\n    return 2 * x\n\ndef f(x):\n"
        asked = checked("def check(candidate):\n    assert candidate(twice(3)) == 3", prompt=prompt)
        assert scored("def f(x): return x // 2", asked).score == 1
        assert scored("def twice(x): return x\ndef f(x): return x", asked).score == 0
