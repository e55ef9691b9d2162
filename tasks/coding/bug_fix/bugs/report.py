"""What pytest says of cases that fail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .trial import Found


def report(name: str, tests: Sequence[tuple[int, Mapping[str, Any], Sequence[Found]]]) -> str:
    """The failures of tests: their number, their case, and what came of it."""
    parts = []
    for number, case, found in tests:
        lines = [f"____ test_{number} ____", "", f"    def test_{number}():", *_body(name, case, found)]
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def _body(name: str, case: Mapping[str, Any], found: Sequence[Found]) -> Iterator[str]:
    made = f"{name}({', '.join(map(repr, case['args']))})"
    if "steps" not in case:
        yield from _failure(made, case, found[0])
        return
    yield f"        x = {made}"
    for step, one in zip(case["steps"], found, strict=True):
        call = f"x.{step['method']}({', '.join(map(repr, step['args']))})"
        if not one.holds(step):
            yield from _failure(call, step, one)
            return
        yield from _passes(call, step)


def _passes(call: str, due: Mapping[str, Any]) -> Iterator[str]:
    if "raises" in due:
        yield f"        with pytest.raises({due['raises']}):"
        yield f"            {call}"
    else:
        yield f"        assert {call} == {due['expected']!r}"


def _failure(call: str, due: Mapping[str, Any], found: Found) -> Iterator[str]:
    if "raises" in due:
        yield f">       with pytest.raises({due['raises']}):"
        yield f"            {call}"
        said = f"Failed: DID NOT RAISE, gave {found.value!r}"
    else:
        expected = repr(due["expected"])
        yield f">       assert {call} == {expected}"
        said = f"AssertionError: assert {found.value!r} == {expected}"
    yield f"E       {said if found.raised is None else f'{type(found.raised).__name__}: {found.raised}'}"
