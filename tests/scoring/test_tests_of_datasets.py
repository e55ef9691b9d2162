"""Whole data sets before the scorer of their own tests: HumanEval, and a generated set in MBPP's form."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from cheats import ALWAYS_EQUAL, PATCHED

from whichmodel import sandbox
from whichmodel.domain import Answer, Item, Verdict
from whichmodel.scoring import tests


@pytest.fixture(scope="module", autouse=True)
def sandbox_works() -> None:
    found = sandbox.available()
    if not found.ok:
        said = f"{found.reason} {found.remedy}"
        pytest.fail(said) if os.environ.get("CI") == "true" else pytest.skip(said)


def asserted(*asserts: str, **more: Any) -> Item:
    return Item(id="x", input="", target={"asserts": list(asserts), **more})


def scores(texts: Sequence[str], items: Sequence[Item], **options: float) -> list[Verdict]:
    async def all_of_them() -> list[Verdict]:
        return await asyncio.gather(
            *(tests.score(Answer(t), i, options) for t, i in zip(texts, items, strict=True))
        )

    return asyncio.run(all_of_them())


Problem = dict[str, str]


@pytest.fixture(scope="module")
def problems(real_data: Path) -> list[Problem]:
    with gzip.open(real_data / "humaneval" / "HumanEval.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def as_item(problem: Problem) -> Item:
    target = {"entry_point": problem["entry_point"], "check": problem["test"]}
    return Item(problem["task_id"], problem["prompt"], target, metadata={"prompt": problem["prompt"]})


class TestHumanEval:
    """The unmodified problems."""

    def test_all_164_canonical_completions_hold(self, problems: list[Problem]) -> None:
        found = scores([p["canonical_solution"] for p in problems], list(map(as_item, problems)))
        assert [p["task_id"] for p, v in zip(problems, found, strict=True) if v.score != 1] == []
        assert len(found) == 164
        assert all(v.parsed for v in found)

    def test_whole_functions_hold_too(self, problems: list[Problem]) -> None:
        chosen = problems[::8]
        texts = [f"```python\n{p['prompt']}{p['canonical_solution']}```" for p in chosen]
        assert {v.score for v in scores(texts, list(map(as_item, chosen)))} == {1.0}

    @pytest.mark.parametrize("body", ["pass", "return None"])
    def test_no_empty_body_holds(self, problems: list[Problem], body: str) -> None:
        found = scores([f"    {body}\n"] * 164, list(map(as_item, problems)))
        assert {v.score for v in found} == {0.0}

    @pytest.mark.parametrize(
        ("before", "body"),
        [
            ("import sys\n", "sys.exit(0)"),
            ("import os\n", "os._exit(0)"),
            (ALWAYS_EQUAL, "return Equal()"),
            (PATCHED, "return True if 0 else ''"),
        ],
        ids=["sys.exit", "os._exit", "always equal", "patched unittest"],
    )
    def test_no_cheat_holds_on_every_eighth_problem(
        self, problems: list[Problem], before: str, body: str
    ) -> None:
        chosen = problems[::8]
        texts = [f"```python\n{before}{p['prompt']}    {body}\n```" for p in chosen]
        assert {v.score for v in scores(texts, list(map(as_item, chosen)))} == {0.0}


def mbpp() -> list[tuple[Item, str]]:
    """A set in MBPP's form, with a right answer each: a power, a join, a count and a cut of each n."""
    made = []
    for n in range(2, 12):
        power = [f"assert power_{n}({x}) == {x**n}" for x in (2, 3, 5)]
        made.append((asserted(*power), f"def power_{n}(x):\n    return x ** {n}\n"))
        near = [f"assert math.isclose(root_{n}({x**n}), {x}, rel_tol=1e-6)" for x in (2, 3, 7)]
        made.append((asserted(*near, setup="import math\n"), f"root_{n} = lambda x: x ** (1 / {n})\n"))
        counts = [
            f"assert count_{n}({'ab' * n!r}) == {{'a': {n}, 'b': {n}}}",
            f"assert count_{n}('') == {{}}",
        ]
        counter = f"from collections import Counter\ndef count_{n}(s):\n    return Counter(s)\n"
        made.append((asserted(*counts), counter))
        same = [f"assert set(common_{n}((1, 2, {n}), (2, {n}, 99))) == set((2, {n}))"]
        made.append((asserted(*same), f"def common_{n}(a, b):\n    return tuple(set(a) & set(b))\n"))
    return made


class TestAsserts:
    """A generated set in MBPP's form."""

    def test_right_answers_hold(self) -> None:
        items, codes = zip(*mbpp(), strict=True)
        found = scores([f"```python\n{code}```" for code in codes], items)
        assert [v.detail["explanation"] for v in found if v.score != 1] == []

    @pytest.mark.parametrize(
        ("before", "body"),
        [
            ("", "pass"),
            ("", "return None"),
            ("import sys", "sys.exit(0)"),
            ("import os", "os._exit(0)"),
            (ALWAYS_EQUAL, "return Equal()"),
            (PATCHED, "return True if 0 else ''"),
        ],
    )
    def test_no_cheat_holds(self, before: str, body: str) -> None:
        items = [item for item, _ in mbpp()][::3]
        texts = [
            f"```python\n{before}\ndef {tests.read_target(i).entry_point}(*a):\n    {body}\n```"
            for i in items
        ]
        assert {v.score for v in scores(texts, items)} == {0.0}
