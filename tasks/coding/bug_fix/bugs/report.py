"""What pytest says of cases that fail."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .trial import Came, Case

_ERROR = re.compile(r"[A-Z]\w+(?:Error|Exception|Warning|Iteration|Interrupt|Exit): ")


def report(name: str, tests: Sequence[tuple[int, Case, Came]]) -> str:
    """The failures of tests: their number, their case, and what came of it."""
    parts = []
    for number, case, came in tests:
        lines = [f"____ test_{number} ____", "", f"    def test_{number}():", *_body(name, case, came)]
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def _body(name: str, case: Case, came: Came) -> Iterator[str]:
    made = f"{name}({', '.join(map(repr, case['args']))})"
    if "steps" not in case:
        yield from _failure(made, case, str(came[0]))
        return
    yield f"        x = {made}"
    for step, one in zip(case["steps"], came, strict=True):
        call = f"x.{step['method']}({', '.join(map(repr, step['args']))})"
        if one is not None:
            yield from _failure(call, step, one)
            return
        yield from _passes(call, step)


def _passes(call: str, due: Mapping[str, Any]) -> Iterator[str]:
    if "raises" in due:
        yield f"        with pytest.raises({due['raises']}):"
        yield f"            {call}"
    else:
        yield f"        assert {call} == {due['expected']!r}"


def _failure(call: str, due: Mapping[str, Any], came: str) -> Iterator[str]:
    if "raises" in due:
        yield f">       with pytest.raises({due['raises']}):"
        yield f"            {call}"
        said = f"Failed: DID NOT RAISE, gave {came}"
    else:
        yield f">       assert {call} == {due['expected']!r}"
        said = f"AssertionError: assert {came} == {due['expected']!r}"
    yield f"E       {came if _ERROR.match(came) else said}"
