"""A sandbox that lasts: what is done in it stays in it, and none of it outlasts it."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from leftovers import left_after, still_there

from whichmodel.sandbox.workshop import Done, TooLarge, Workshop, WorkshopGone

pytestmark = pytest.mark.usefixtures("sandbox_works")

KEY = "sk-planted-4e0d11b7"


def used(use: Callable[[Workshop], Awaitable[Any]]) -> Any:
    """What something done in a workshop of its own gives."""

    async def run() -> Any:
        workshop = await Workshop.open()
        try:
            return await use(workshop)
        finally:
            await workshop.close()

    return asyncio.run(run())


def shell(line: str, **options: Any) -> Done:
    found = used(lambda w: w.run(["sh", "-c", line], **options))
    assert isinstance(found, Done)
    return found


@pytest.fixture(autouse=True)
def nothing_is_left() -> Iterator[None]:
    yield
    living = [p for p in psutil.Process().children(recursive=True) if "bwrap" in p.name()]
    assert still_there(living) == []


@pytest.fixture
def planted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A key in our environment and in a file that everybody may read and write."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "key.txt"
        file.write_text(KEY)
        file.chmod(0o666)
        Path(folder).chmod(0o777)
        yield file
        assert file.read_text() == KEY
        assert [p.name for p in Path(folder).iterdir()] == ["key.txt"]


def test_commands_share_their_files_and_what_they_leave_running() -> None:
    async def use(workshop: Workshop) -> list[Done]:
        return [
            await workshop.run(["sh", "-c", "echo one > note; (sleep 0.3; echo two >> note) & "]),
            await workshop.run(["sh", "-c", "sleep 0.6; cat note"]),
        ]

    first, second = used(use)
    assert (first.status, second.out) == (0, b"one\ntwo\n")


def test_commands_run_side_by_side() -> None:
    async def use(workshop: Workshop) -> float:
        began = time.monotonic()
        await asyncio.gather(*(workshop.run(["sleep", "0.5"]) for _ in range(4)))
        return time.monotonic() - began

    assert used(use) < 1.6


def test_quick_commands_side_by_side_keep_their_own_status() -> None:
    async def use(workshop: Workshop) -> list[int]:
        lines = [["sh", "-c", f"(sleep 0.01 &) ; exit {n}"] for n in range(1, 40)]
        return [done.status for done in await asyncio.gather(*map(workshop.run, lines))]

    assert used(use) == list(range(1, 40))


PROBES = {
    "environment": "env; cat /proc/1/environ /proc/self/environ",
    "the key's file": "cat {key}; ls {folder}",
    "a search for it": "grep -rs planted-4e0d11b7 /etc /tmp /work /inside /dev /root /home /var /run",
    "write beside it": "echo x > {folder}/mine; echo x >> {key}",
    "files of the machine": "cat /etc/shadow /etc/hosts /var/log/* /root/.bashrc /sys/* && echo reached",
    "write the system": "for d in / /usr /usr/bin /etc /inside; do touch $d/x 2>&1 && echo reached; done",
    "network": "bash -c 'exec 3<>/dev/tcp/127.0.0.1/{port}' && echo reached",
    "network by Python": "python3 -c 'import socket; socket.create_connection((\"127.1\", {port}))'; "
    "test $? = 0 && echo reached",
    "become root": "su -c 'echo reached'; sudo -n echo reached; setpriv --reuid 0 echo reached",
    "new namespaces": "unshare -U echo reached; unshare -m echo reached; bwrap --bind / / echo reached",
    "mount": "mount -t tmpfs none /tmp && echo reached; umount /usr && echo reached",
    "change root": "chroot /usr /bin/sh -c 'echo reached' && echo reached",
    "device nodes": "mknod /tmp/sda b 8 0 && echo reached",
    "kill the first process": "for n in 1 2 3 6 9 10 12 13 14 15 19 20 24 25; do kill -$n 1; done",
    "kill the harness": "kill -9 {harness}",
    "trace": "python3 -c 'import ctypes; ctypes.CDLL(None).ptrace(16, 1, 0, 0) == 0 and print(\"reached\")'",
    "set the clock": "date -s '2001-01-01' && echo reached",
    "host name": "hostname reached && hostname",
    "a link out, written": "ln -s {key} /work/link; echo x > /work/link",
    "setuid": "cp /usr/bin/id /work/id; chmod u+s /work/id; /work/id -u | grep -x 0 && echo reached",
    "descriptors": "for n in 3 4 5 6 7 8 9; do (echo reached >&$n) 2>/dev/null && echo reached; done",
    "kernel log": "dmesg && echo reached",
    "processes": "ls /proc/*/cmdline && echo reached",
    "limits": "ulimit -u 100000 && echo reached",
    "cgroups": "ls /sys/fs/cgroup && echo reached",
}
"""25 ways out."""


@pytest.mark.parametrize("name", PROBES)
def test_no_probe_gets_out(planted: Path, name: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        line = PROBES[name].format(
            key=planted, folder=planted.parent, port=server.getsockname()[1], harness=os.getpid()
        )

        async def use(workshop: Workshop) -> tuple[Done, Done]:
            return await workshop.run(["sh", "-c", line], seconds=20), await workshop.run(["echo", "alive"])

        done, after = used(use)
        with pytest.raises(TimeoutError):
            server.accept()
    assert after.out == b"alive\n"
    said = done.out + done.err
    assert KEY.encode() not in said
    assert "reached" not in done.out.decode(errors="replace").split()


def test_a_link_leads_nowhere_outside(planted: Path) -> None:
    async def use(workshop: Workshop) -> None:
        await workshop.run(["ln", "-s", str(planted), "/work/link"])
        await workshop.run(["ln", "-s", "/", "/work/root"])
        with pytest.raises(FileNotFoundError):
            await workshop.read("link")
        with pytest.raises(OSError, match="Read-only"):
            await workshop.write("root/escaped", b"x")
        with pytest.raises(FileNotFoundError):
            await workshop.read(f"root/{planted}")

    used(use)
    assert not Path("/escaped").exists()


HANGS = {
    "sleep": "sleep 60",
    "loop": "while :; do :; done",
    "ignored signals": "trap '' TERM INT HUP; while :; do sleep 1; done",
    "children": "sleep 60 & sleep 60 & wait",
    "stopped": "kill -STOP $$",
    "a pipe nobody writes": "mkfifo p; cat p",
    "input that never comes": "sleep 60 | cat",
    "deadlock": "python3 -c 'import threading; l = threading.Lock(); l.acquire(); l.acquire()'",
    "one long step": "python3 -c '3 ** (3 ** 30)'",
    "sessions of their own": "setsid sh -c 'while :; do :; done'",
    "output without an end": "while :; do printf x; sleep 0.01; done",
}


@pytest.mark.parametrize("line", HANGS.values(), ids=HANGS)
def test_a_hang_ends_at_its_limit(line: str) -> None:
    async def use(workshop: Workshop) -> Done:
        began = time.monotonic()
        with pytest.raises(TimeoutError):
            await workshop.run(["sh", "-c", line], seconds=0.5)
        assert time.monotonic() - began < 1.5
        return await workshop.run(["echo", "alive"])

    assert used(use).out == b"alive\n"


@pytest.mark.parametrize("stream", ["", " >&2"])
def test_a_flood_is_cut(stream: str) -> None:
    done = shell(f"yes{stream}", most=100_000)
    assert done.cut
    assert len(done.out) + len(done.err) <= 100_002


def test_a_full_folder_and_a_large_file_are_refused() -> None:
    done = shell(
        "head -c 300000000 /dev/zero > big; head -c 200000000 /dev/zero > /tmp/big; ls -l big | wc -l"
    )
    assert done.err.count(b"o space left") + done.err.count(b"File too large") >= 1
    assert psutil.virtual_memory().available > 0


def test_a_fork_bomb_stays_small_and_ends_with_the_workshop() -> None:
    async def use(workshop: Workshop) -> int:
        bomb = "import os, time\nfor _ in range(500):\n    if os.fork() == 0: os.setsid(); time.sleep(60)"
        await workshop.run(["python3", "-c", bomb], seconds=10)
        return len(psutil.Process().children(recursive=True))

    assert used(use) < 140


def test_reading_is_bounded_and_for_ordinary_files() -> None:
    async def use(workshop: Workshop) -> None:
        await workshop.write("deep/er/file", b"x" * 2000)
        assert await workshop.read("deep/er/file") == b"x" * 2000
        with pytest.raises(TooLarge):
            await workshop.read("deep/er/file", most=1000)
        await workshop.run(["mkfifo", "pipe"])
        for path in ("pipe", "/dev/zero"):
            with pytest.raises(PermissionError):
                await workshop.read(path)

    used(use)


def test_a_cancelled_command_is_killed() -> None:
    async def use(workshop: Workshop) -> Done:
        task = asyncio.create_task(workshop.run(["sh", "-c", "sleep 1; echo late > late"]))
        await asyncio.sleep(0.3)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.sleep(1.2)
        return await workshop.run(["ls"])

    assert used(use).out == b""


def test_a_workshop_that_was_killed_says_so() -> None:
    async def use(workshop: Workshop) -> None:
        asyncio.get_running_loop().call_later(0.3, workshop._sandbox.process.kill)
        with pytest.raises(WorkshopGone):
            await workshop.run(["sleep", "60"])
        with pytest.raises(WorkshopGone):
            await workshop.run(["true"])

    used(use)


HARNESS = """
import asyncio
from whichmodel.sandbox.workshop import Workshop
async def main():
    workshop = await Workshop.open()
    await workshop.run(["sh", "-c", "trap '' TERM HUP; setsid sleep 60 >/dev/null 2>&1 &"])
    print("ready", flush=True)
    await workshop.run(["sleep", "60"])
asyncio.run(main())
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_is_left_when_the_harness_was_killed(number: signal.Signals) -> None:
    users, left = left_after([sys.executable, "-c", HARNESS], number)
    assert not any(0 in user for user in users)
    assert left == []
