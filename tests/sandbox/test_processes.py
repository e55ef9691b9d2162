"""A harness that dies takes its sandboxes with it."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import psutil
import pytest

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
def test_no_sandbox_is_left_a_second_after_the_harness_was_killed(number: signal.Signals) -> None:
    # The stubborn code is never run here: the harness hands it to the sandbox.
    command = [sys.executable, "-c", HARNESS]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as harness:
        assert harness.stdout is not None
        assert harness.stdout.readline() == b"ready\n"
        inside = psutil.Process(harness.pid).children(recursive=True)
        assert len(inside) >= 3
        assert all(0 not in p.uids() for p in inside)
        harness.send_signal(number)
        harness.wait(10)
    time.sleep(1)
    assert [p.pid for p in inside if p.is_running() and p.status() != psutil.STATUS_ZOMBIE] == []


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
