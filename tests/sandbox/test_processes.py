"""A harness that dies takes its sandboxes with it."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest
from leftovers import left_after

pytestmark = pytest.mark.usefixtures("sandbox_works")

HARNESS = '''
import asyncio
from whichmodel.sandbox import session

STUBBORN = """
import os, signal
for n in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGPIPE):
    signal.signal(n, signal.SIG_IGN)
if os.fork() == 0:
    os.setsid()
def ready(): return 1
def f():
    while True: pass
"""

async def main():
    async with session(STUBBORN) as inside:
        await inside.call("ready")
        print("ready", flush=True)
        await inside.call("f")

asyncio.run(main())
'''


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_no_sandbox_is_left_when_the_harness_was_killed(number: signal.Signals) -> None:
    # The stubborn code is never run here: the harness hands it to the sandbox.
    users, left = left_after([sys.executable, "-c", HARNESS], number)
    assert not any(0 in user for user in users)
    assert left == []


def test_open_descriptors_do_not_grow_with_sessions() -> None:
    code = """
import asyncio, os
from whichmodel.sandbox import CandidateError, session

async def one(code):
    try:
        async with session(code) as inside:
            await inside.call("f")
    except CandidateError:
        pass

def count():
    return len(os.listdir("/proc/self/fd"))

async def main():
    codes = ["def f(): return 1", "import os\\nos._exit(0)", "def f(: bad", "def f(): raise SystemExit"]
    await asyncio.gather(*map(one, codes))
    before = count()
    for _ in range(3):
        await asyncio.gather(*map(one, codes))
    print(count() - before)

asyncio.run(main())
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert int(run.stdout) <= 0, run.stderr
