"""Spares are sandboxes that nobody used before, and none outlives what it was started for."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator

import psutil
import pytest
from leftovers import left_after, still_there

from whichmodel.sandbox import CandidateError, session
from whichmodel.sandbox import spares as spares_module
from whichmodel.sandbox.spares import spares

pytestmark = pytest.mark.usefixtures("sandbox_works")

TRACES = """
import os, builtins
def f():
    seen = [os.listdir("/tmp"), hasattr(builtins, "mark"), others()]
    open("/tmp/mark", "w").write("x")
    builtins.mark = True
    if os.fork() == 0:
        os.setsid()
        while True: pass
    return seen
def others():
    found = 0
    for pid in range(2, 300):
        try:
            os.kill(pid, 0)
            found += pid != os.getpid()
        except OSError:
            pass
    return found
"""
"""What one candidate finds of another: files, a patched interpreter, processes."""


@pytest.fixture(autouse=True)
def ended() -> Iterator[None]:
    """No sandbox is left by a test."""
    yield
    assert outer() == []


def outer() -> list[psutil.Process]:
    """Our sandboxes' outer processes that are alive."""
    children = psutil.Process().children()
    return [p for p in children if p.status() != "zombie" and p.name() in {"bwrap", "setpriv"}]


async def one(code: str, *args: object) -> object:
    async with session(code) as inside:
        return await inside.call("f", *args)


async def until(held: int) -> None:
    """Wait for so many spares."""
    for _ in range(500):
        if len(spares()._ready) == held:
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"{len(spares()._ready)} spares")


def test_no_candidate_finds_a_trace_of_another() -> None:
    async def row() -> list[object]:
        return [await one(TRACES) for _ in range(6)]

    assert asyncio.run(row()) == [[[], False, 0]] * 6


def test_a_sandbox_is_used_once() -> None:
    async def used() -> list[int]:
        numbers = []
        for _ in range(5):
            sandbox = await spares().take()
            numbers.append(sandbox.process.pid)
            sandbox.stop()
            await asyncio.sleep(0)
        return numbers

    numbers = asyncio.run(used())
    assert len(set(numbers)) == 5


def test_the_second_session_of_a_loop_starts_spares_and_the_loop_ends_them() -> None:
    async def main() -> tuple[int, int]:
        await one("def f(): return 1")
        first = len(spares()._ready)
        await one("def f(): return 1")
        await until(min(spares_module.MOST, os.cpu_count() or 1))
        return first, len(outer())

    first, after = asyncio.run(main())
    assert first == 0
    assert after >= 1
    assert outer() == []


def test_spares_that_nobody_takes_are_ended_and_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> None:
        for _ in range(2):
            await one("def f(): return 1")
            await one("def f(): return 1")
            await until(min(spares_module.MOST, os.cpu_count() or 1))
            await asyncio.sleep(0.5)
            assert outer() == []

    monkeypatch.setattr(spares_module, "IDLE_S", 0.4)
    asyncio.run(main())


def test_a_spare_that_died_is_not_given_out() -> None:
    async def main() -> object:
        await one("def f(): return 1")
        await one("def f(): return 1")
        await until(min(spares_module.MOST, os.cpu_count() or 1))
        for spare in spares()._ready:
            spare.process.kill()
            spare.process.wait()
        return await one("def f(): return 7")

    assert asyncio.run(main()) == 7


def test_each_thread_has_spares_of_its_own_which_die_with_its_loop() -> None:
    found: list[object] = []

    async def main() -> None:
        found.extend([await one("def f(): return 1") for _ in range(3)])

    threads = [threading.Thread(target=lambda: asyncio.run(main())) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [1] * 6


def test_a_loop_that_was_never_shut_down_leaves_no_spare_at_exit() -> None:
    code = """
import asyncio
from whichmodel.sandbox import session
from whichmodel.sandbox.spares import spares
async def one():
    async with session("def f(): return 1") as inside:
        await inside.call("f")
async def main():
    for _ in range(3):
        await one()
    await asyncio.sleep(0.2)
    print(*[s.process.pid for s in spares()._ready])
asyncio.new_event_loop().run_until_complete(main())
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    numbers = [int(n) for n in run.stdout.split()]
    assert numbers
    assert still_there([psutil.Process(n) for n in numbers if psutil.pid_exists(n)]) == []


HARNESS = """
import asyncio
from whichmodel.sandbox import session
async def one():
    async with session("def f(): return 1") as inside:
        await inside.call("f")
async def main():
    for _ in range(3):
        await one()
    await asyncio.sleep(0.3)
    print("ready", flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_no_idle_spare_is_left_when_the_harness_was_killed(number: signal.Signals) -> None:
    assert left_after([sys.executable, "-c", HARNESS], number)[1] == []


def test_a_cancelled_session_leaves_nothing() -> None:
    async def main() -> None:
        tasks = [asyncio.create_task(one("def f():\n    while True: pass")) for _ in range(6)]
        await asyncio.sleep(0.4)
        for task in tasks:
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(r, (asyncio.CancelledError, CandidateError)) for r in results)
        await until(min(spares_module.MOST, os.cpu_count() or 1))
        assert len(outer()) <= spares_module.MOST

    asyncio.run(main())


BOMB = """
import os, time
def f():
    made = 0
    for _ in range(100):
        try:
            if os.fork() == 0:
                os.setsid()
                time.sleep(60)
                os._exit(0)
            made += 1
        except OSError:
            break
    with open("/tmp/full", "wb") as file:
        try:
            file.write(b"x" * (7 << 20))
        except OSError:
            pass
    return made
"""


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="as many sandboxes at a time as processors")
def test_a_candidate_that_takes_all_it_may_leaves_the_one_beside_it_what_it_needs() -> None:
    async def beside() -> tuple[object, object, object]:
        async with session(BOMB) as greedy, session("def f(): return 1") as modest:
            made = await greedy.call("f")
            ran = await modest.run("import os; print(os.fork() and os.wait()[1])", "")
            room = await modest.run("open('/tmp/x', 'wb').write(b'x' * (7 << 20)); print('ok')", "")
            return made, ran.stdout[-2:], room.stdout

    made, ran, room = asyncio.run(beside())
    assert isinstance(made, int)
    assert 5 < made <= 16
    assert (ran, room) == ("0\n", "ok\n")
