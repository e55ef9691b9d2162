"""The inside of a referee's sandbox: a dataset's tests and what they expect, but never a candidate's code.

The tests are not trusted either, so they run here. Each call they make of the candidate is a line to the
judge, who has it made in the candidate's own sandbox and sends back a plain value or what was raised:
    {"id", "call": name, "args", "kwargs"}   -> {"value"} or {"raised": [builtin classes], "text"}
    {"id", "stuck": why}                     where a call cannot be made, which ends the match
and the whole is answered by one line that says of each test whether it held:
    {"id", "tests": [{"held": bool, "error": class, "text"}, ...]}
or, where they cannot be set up, {"id", "unready": why}.
"""

from __future__ import annotations

import builtins
import random
from collections.abc import Callable, Iterator
from types import CodeType
from typing import Any

from whichmodel.sandbox import wire

Exchange = Callable[[dict[str, Any]], dict[str, Any]]
"""Sends one line, gives the next that comes."""
_SWALLOWED = (StopIteration, StopAsyncIteration)
"""What would end a loop of the test in silence if a candidate could raise it there."""
_STUB = "    pass\n"
"""Makes a module of a prompt that ends in a function's head."""


class _Called:
    """A name of the candidate's as the tests see it: something to be called, nothing else."""

    def __init__(self, name: str, exchange: Exchange, number: str) -> None:
        self._way = (name, exchange, number)

    def __call__(self, *args: object, **kwargs: object) -> object:
        name, exchange, number = self._way
        try:
            named = {key: wire.encode(value) for key, value in kwargs.items()}
            frame = {"id": number, "call": name, "args": [wire.encode(a) for a in args], "kwargs": named}
            wire.dumps(frame)
        except wire.WireError as error:
            frame = {"id": number, "stuck": f"{name} is called with what cannot cross: {error}"[:300]}
        reply = exchange(frame)
        if "value" in reply:
            value = wire.decode(reply["value"])
            return iter(value) if reply.get("as") == "iterator" and isinstance(value, list) else value
        raise _as_raised(reply.get("raised", []), str(reply.get("text", "")))


def _as_raised(classes: list[str], text: str) -> Exception:
    """An exception of the nearest builtin class, as the candidate's side names them."""
    for name in classes:
        found = getattr(builtins, name, None)
        if isinstance(found, type) and issubclass(found, Exception) and not issubclass(found, _SWALLOWED):
            try:
                return found(text)
            except TypeError:
                continue
    return RuntimeError(text)


def judge(request: dict[str, Any], exchange: Exchange) -> dict[str, Any]:
    """Run the tests of a request. Its line, as the module's text gives it."""
    number, tests = request["id"], request["tests"]
    names: dict[str, Any] = {"__name__": "tests"}
    random.seed(0)
    for setup in (tests["prompt"] + _STUB, tests["prompt"]):
        # A prompt is code where it ends in a function's head; helpers that stand in it are the tests', too.
        if _ran(setup, names)["held"]:
            break

    def bound(source: str) -> None:
        for name in _unknown(compile(source, "tests.py", "exec"), names):
            names[name] = _Called(name, exchange, number)

    candidate = _Called(tests["entry_point"], exchange, number)
    names[tests["entry_point"]] = candidate
    ready = _ran(tests["setup"], names, bound)
    # The tests may bring a solution of the same name along; it is not the one to be judged.
    names[tests["entry_point"]] = candidate
    if not ready["held"]:
        return {"id": number, "unready": ready["text"]}
    return {"id": number, "tests": [_ran(source, names, bound) for source in tests["run"]]}


def _ran(source: str, names: dict[str, Any], before: Callable[[str], None] | None = None) -> dict[str, Any]:
    try:
        if before is not None:
            before(source)
        exec(compile(source, "tests.py", "exec"), names)
    except BaseException as error:
        try:
            text = f"{type(error).__name__}: {error}"[:300]
        except BaseException:
            text = type(error).__name__
        return {"held": False, "error": type(error).__name__[:80], "text": text}
    return {"held": True, "error": "", "text": ""}


def _unknown(code: CodeType, names: dict[str, Any]) -> set[str]:
    """Names that some code looks up and nobody has defined: those that the candidate is to define."""
    used = {name for part in _parts(code) for name in part.co_names}
    return {name for name in used if name not in names and not hasattr(builtins, name)}


def _parts(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _parts(constant)
