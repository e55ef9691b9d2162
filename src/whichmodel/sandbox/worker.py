"""The inside of the sandbox: it holds the candidate's code and the arguments, never what is expected of them.

It reads one request a line and answers each with one line that bears the request's id:
    {"id", "code"}                         -> {"id", "value": null}
    {"id", "name", "args", "kwargs"}       -> {"id", "value"}; with "loose": see _loose
    {"id", "name", "args", "steps"}        -> {"id", "value": [{"value"} or {"raised", "text"}, ...]}
    {"id", "program", "stdin"}             -> {"id", "value": {"stdout", "stderr", "status"}}
    {"id", "tests"}                        -> see whichmodel.sandbox.tester, which then has the sandbox alone
and with {"id", "raised": [builtin classes, nearest first], "text"} or {"id", "unfit": why} where it cannot.
Once the candidate's code runs, nothing here can be relied on: the judge checks whatever it receives.
"""

from __future__ import annotations

import os
import resource
import sys
import types
from collections.abc import Callable
from itertools import islice
from typing import Any, BinaryIO

from whichmodel.sandbox import wire

LIMITS = {
    resource.RLIMIT_AS: 512 << 20,
    resource.RLIMIT_CPU: 30,
    resource.RLIMIT_NPROC: 16,
    resource.RLIMIT_FSIZE: 8 << 20,
    resource.RLIMIT_NOFILE: 64,
    resource.RLIMIT_CORE: 0,
}
"""Bytes, seconds and counts."""


def main(descriptor: int) -> None:
    """Serve requests on an inherited socket until the judge closes it."""
    for limit, most in LIMITS.items():
        resource.setrlimit(limit, (most, most))
    null = os.open("/dev/null", os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    solution = types.ModuleType("solution")
    sys.modules["solution"] = solution
    _send(descriptor, wire.dumps({"ready": list(sys.version_info[:2])}))
    with open(descriptor, "rb", closefd=False) as requests:
        for line in requests:
            request = wire.loads(line)
            if "tests" in request:
                _send(descriptor, _judged(request, descriptor, requests))
            else:
                _send(descriptor, _reply(request, solution))


def _judged(request: dict[str, Any], descriptor: int, replies: BinaryIO) -> bytes:
    from whichmodel.sandbox import tester

    def exchange(frame: dict[str, Any]) -> dict[str, Any]:
        _send(descriptor, wire.dumps(frame))
        return wire.loads(replies.readline())

    return wire.dumps(tester.judge(request, exchange))


def _send(descriptor: int, line: bytes) -> None:
    rest = memoryview(line)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _reply(request: dict[str, Any], solution: types.ModuleType) -> bytes:
    head = {"id": request["id"]}
    try:
        return wire.dumps(head | _served(request, solution))
    except wire.WireError as error:
        return wire.dumps(head | {"unfit": str(error)[:500]})


def _served(request: dict[str, Any], solution: types.ModuleType) -> dict[str, Any]:
    try:
        if "code" in request:
            exec(compile(request["code"], "solution.py", "exec"), solution.__dict__)
            return {"value": None}
        if "program" in request:
            from whichmodel.sandbox import program

            return program.run(request["program"], request["stdin"])
        called = getattr(solution, request["name"])
        named = {name: wire.decode(value) for name, value in request.get("kwargs", {}).items()}
        made = called(*map(wire.decode, request["args"]), **named)
        if "steps" in request:
            return {"value": [_step(made, method, args) for method, args in request["steps"]]}
        return _loose(made) if request.get("loose") else {"value": wire.encode(made)}
    except wire.WireError:
        raise
    except BaseException as error:
        return _raised(error)


MAX_ITERATED = 10_000
"""Values of an iterator that are taken."""


def _loose(made: Any) -> dict[str, Any]:
    """A value that may derive from a builtin, or be an iterator: {"value": [...], "as": "iterator"}."""
    if not hasattr(type(made), "__next__"):
        return {"value": wire.encode(_plain(made))}
    values = [_plain(value) for value in islice(made, MAX_ITERATED + 1)]
    if len(values) > MAX_ITERATED:
        raise wire.WireError(f"an iterator goes on after {MAX_ITERATED:,} values")
    return {"value": wire.encode(values), "as": "iterator"}


_EXACT: dict[type, Callable[[Any], object]] = {
    str: str.__str__,
    int: int.__int__,
    float: float.__float__,
    bytes: lambda value: bytes.__getitem__(value, slice(None)),
}


def _plain(value: Any, depth: int = 0) -> object:
    """A value whose subclasses of builtins (Counter, defaultdict, named tuples) are what they derive from."""
    kind = type(value)
    if kind is bool or depth > wire.MAX_DEPTH:
        return value
    if issubclass(kind, dict):
        return {_plain(k, depth + 1): _plain(v, depth + 1) for k, v in dict.items(value)}
    for base in (list, tuple, set, frozenset):
        if issubclass(kind, base):
            return base(_plain(v, depth + 1) for v in base.__iter__(value))
    exact = next((_EXACT[base] for base in _EXACT if issubclass(kind, base)), None)
    return value if exact is None else exact(value)


def _step(made: object, method: str, args: list[Any]) -> dict[str, Any]:
    try:
        return {"value": wire.encode(getattr(made, method)(*map(wire.decode, args)))}
    except wire.WireError:
        raise
    except BaseException as error:
        return _raised(error)


def _raised(error: BaseException) -> dict[str, Any]:
    builtin = [c.__name__ for c in type(error).__mro__ if c.__module__ == "builtins"]
    try:
        text = f"{type(error).__name__}: {error}"[:500]
    except BaseException:
        text = builtin[0]
    return {"raised": builtin, "text": text}
