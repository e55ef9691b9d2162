"""The unmodified HumanEval problems, their own `check` judging from outside."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cheats import ALWAYS_EQUAL, PATCHED

from whichmodel.sandbox import CandidateError, Limits, session

pytestmark = pytest.mark.usefixtures("sandbox_works")

Problem = dict[str, str]


@pytest.fixture(scope="module")
def problems(real_data: Path) -> list[Problem]:
    with gzip.open(real_data / "humaneval" / "HumanEval.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


async def holds(problem: Problem, code: str) -> bool:
    """Whether the problem's check accepts the code. The judge has the prompt's own helpers."""
    judge: dict[str, Any] = {}
    exec(problem["prompt"] + "    pass\n" + problem["test"], judge)

    def check(candidate: Callable[..., object]) -> None:
        judge[problem["entry_point"]] = candidate  # Problem 33 calls it by its name too.
        judge["check"](candidate)

    try:
        async with session(code, Limits(call_s=5, total_s=20)) as inside:
            await inside.judge(problem["entry_point"], check)
    except CandidateError:
        return False
    return True


def passing(problems: list[Problem], codes: list[str]) -> list[str]:
    """Ids of the problems whose check accepts their code."""

    async def judged() -> list[bool]:
        return await asyncio.gather(*map(holds, problems, codes))

    return [p["task_id"] for p, held in zip(problems, asyncio.run(judged()), strict=True) if held]


def test_all_164_canonical_solutions_hold(problems: list[Problem]) -> None:
    codes = [p["prompt"] + p["canonical_solution"] for p in problems]
    assert len(passing(problems, codes)) == len(problems) == 164


@pytest.mark.parametrize("body", ["pass", "return None"])
def test_no_empty_body_holds(problems: list[Problem], body: str) -> None:
    assert passing(problems, [f"{p['prompt']}    {body}\n" for p in problems]) == []


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
def test_no_cheat_holds_on_every_fourth_problem(problems: list[Problem], before: str, body: str) -> None:
    chosen = problems[::4]
    assert passing(chosen, [f"{before}{p['prompt']}    {body}\n" for p in chosen]) == []
