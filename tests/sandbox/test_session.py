"""Calls into the sandbox, and what becomes of those that give no value."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest
from hangs import FIND_SOCKET, FLOODS, HANGS

from whichmodel.errors import ScoringFailed
from whichmodel.sandbox import CandidateError, Limits, Session, session

pytestmark = pytest.mark.usefixtures("sandbox_works")

COUNTER = """
class Counter:
    def __init__(self, start):
        self.count = start
    def add(self, n):
        if n < 0:
            raise KeyError(n)
        self.count += n
        return self.count
"""


async def with_session(code: str, use: Callable[[Session], Any], limits: Limits | None = None) -> Any:
    async with session(code, limits) as inside:
        return await use(inside)


def test_plain_values_go_in_and_come_out() -> None:
    given = [{"a": (1, 2.5), 3: {4}}, None, b"\x00", 1j, frozenset({"x"}), "é\n\ud800"]
    got = asyncio.run(
        with_session("def f(*a, k=0): return [list(a), k]", lambda s: s.call("f", *given, k=(1,)))
    )
    assert got == [given, (1,)]


def test_state_lasts_from_call_to_call_and_not_from_session_to_session() -> None:
    code = """
calls = []
def f():
    with open("/tmp/n", "a") as file:
        calls.append(file.write("x"))
    with open("/tmp/n") as file:
        return len(calls), len(file.read())
"""

    async def twice(inside: Session) -> list[object]:
        return [await inside.call("f"), await inside.call("f")]

    assert asyncio.run(with_session(code, twice)) == [(1, 1), (2, 2)]
    assert asyncio.run(with_session(code, twice)) == [(1, 1), (2, 2)]


def test_an_object_is_driven_through_its_methods_past_an_exception() -> None:
    steps = [("add", [2]), ("add", [-1]), ("nothing", []), ("add", [3])]
    first, second, third, fourth = asyncio.run(
        with_session(COUNTER, lambda s: s.drive("Counter", [5], steps))
    )
    assert (first, fourth) == (7, 10)
    assert isinstance(second, CandidateError)
    assert second.classes[:2] == ("KeyError", "LookupError")
    assert isinstance(third, CandidateError)
    assert third.classes[0] == "AttributeError"


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("def f(:", "raised"),
        ("1 / 0", "raised"),
        ("def g(): pass", "raised"),
        ("def f(): raise MemoryError", "raised"),
        ("def f(): raise SystemExit(0)", "raised"),
        ("class E(Exception):\n    def __str__(self): raise self\ndef f(): raise E", "raised"),
        ("def f(): return object()", "unfit"),
        ("def f(): return (x for x in 'ab')", "unfit"),
        ("def f():\n    a = []\n    a.append(a)\n    return a", "unfit"),
        ("def f(): return 10 ** 5000", "unfit"),
        ("def f(): return 'x' * 2_000_000", "unfit"),
        ("import os\ndef f(): os._exit(0)", "exited"),
        ("import os\nos._exit(0)", "exited"),
        ("import ctypes\ndef f(): return ctypes.string_at(0)", "exited"),
        ("import os\ndef f(): os.close(3); [os.close(n) for n in range(4, 60)]", "raised"),
    ],
)
def test_a_call_without_a_value_is_a_finding_about_the_candidate(
    attempt: Callable[..., object], code: str, kind: str
) -> None:
    error = attempt(code, call_s=3)
    assert isinstance(error, CandidateError)
    assert error.kind in {kind, "exited"}


@pytest.mark.parametrize("code", HANGS.values(), ids=HANGS)
def test_a_hang_ends_at_its_limit(attempt: Callable[..., object], code: str) -> None:
    began = time.monotonic()
    error = attempt(code, call_s=0.7)
    assert isinstance(error, CandidateError)
    assert time.monotonic() - began < 0.7 + 1 + 1, "the limit, a second, and the start"


def test_the_whole_has_a_limit_of_its_own() -> None:
    async def many(inside: Session) -> None:
        for _ in range(100):
            await inside.call("f")

    limits = Limits(call_s=5, total_s=1)
    with pytest.raises(CandidateError, match="timeout"):
        asyncio.run(with_session("import time\ndef f(): time.sleep(0.2)", many, limits))


@pytest.mark.parametrize("code", FLOODS.values(), ids=FLOODS)
def test_a_flood_of_the_socket_ends_the_session(attempt: Callable[..., object], code: str) -> None:
    error = attempt(FIND_SOCKET + code, call_s=3)
    assert isinstance(error, CandidateError)
    assert error.kind in {"flood", "timeout"}


def test_forged_and_stale_frames_are_dropped(attempt: Callable[..., object]) -> None:
    forge = """
def f():
    for head in ({"id": "0" * 32}, {}, {"id": None}, {"id": ["x"]}, {"id": ""}, {"ready": [3, 11]}):
        os.write(fd, json.dumps(head | {"value": 42}).encode() + b"\\n")
    os.write(fd, b"no frame\\n")
    return 7
"""
    assert attempt(FIND_SOCKET + forge) == 7


def test_an_answer_to_an_earlier_call_is_not_taken_for_a_later_one() -> None:
    stale = """
import sys
def f():
    frame = sys._getframe()
    while "request" not in frame.f_locals:
        frame = frame.f_back
    seen.append(frame.f_locals["request"]["id"])
    for old in seen[:-1]:
        os.write(fd, json.dumps({"id": old, "value": "stale"}).encode() + b"\\n")
    return len(seen)
seen = []
"""

    async def thrice(inside: Session) -> list[object]:
        return [await inside.call("f") for _ in range(3)]

    assert asyncio.run(with_session(FIND_SOCKET + stale, thrice)) == [1, 2, 3]


def check_doubles(candidate: Callable[..., object]) -> None:
    assert candidate(2) == 4
    assert [candidate(n) for n in range(3)] == [0, 2, 4]


@pytest.mark.parametrize(
    "body", ["return 5", "return n", "return None", "raise ValueError", "return 'x' * n", "exit()"]
)
def test_a_check_that_does_not_hold_is_a_finding(body: str) -> None:
    with pytest.raises(CandidateError):
        asyncio.run(with_session(f"def f(n): {body}", lambda s: s.judge("f", check_doubles)))


def test_a_check_that_holds_says_nothing() -> None:
    assert asyncio.run(with_session("def f(n): return 2 * n", lambda s: s.judge("f", check_doubles))) is None


def test_a_check_that_breaks_before_any_value_is_our_trouble() -> None:
    def broken(candidate: Callable[..., object]) -> None:
        raise NameError("helper")

    with pytest.raises(ScoringFailed, match="NameError"):
        asyncio.run(with_session("def f(): pass", lambda s: s.judge("f", broken)))


def test_a_check_cannot_swallow_the_end_of_the_candidate() -> None:
    def lenient(candidate: Callable[..., object]) -> None:
        try:
            candidate()
        except Exception:
            return

    with pytest.raises(CandidateError, match="exited"):
        asyncio.run(with_session("import os\ndef f(): os._exit(0)", lambda s: s.judge("f", lenient)))


def test_arguments_that_cannot_cross_are_our_trouble() -> None:
    with pytest.raises(ScoringFailed, match="argument"):
        asyncio.run(with_session("def f(x): pass", lambda s: s.call("f", object())))


def test_a_sandbox_killed_from_outside_is_our_trouble() -> None:
    async def kill(inside: Session) -> object:
        asyncio.get_running_loop().call_later(0.3, inside._channel._sandbox.process.kill)
        return await inside.call("f")

    with pytest.raises(ScoringFailed, match="signal 9"):
        asyncio.run(with_session("import time\ndef f(): time.sleep(9)", kill))


def test_many_sessions_at_once_take_turns() -> None:
    async def one(n: int) -> Any:
        return await with_session(f"def f(): return {n}", lambda s: s.call("f"))

    async def all_of_them() -> list[Any]:
        return await asyncio.gather(*map(one, range(12)))

    assert asyncio.run(all_of_them()) == list(range(12))
