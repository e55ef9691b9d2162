"""Containers of Docker's, where bubblewrap is not: the command line, the protocol, and how they end.

No engine is needed: the `docker` here is a stand-in that accepts nothing but the hardened command line and
then runs what it is given under bubblewrap, as the first process of its own world, as the engine would. Like
a container it does not die with whoever started it.
"""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cheats import CHEATS, SECRET
from leftovers import left_after

from whichmodel.sandbox.docker import IMAGE, command
from whichmodel.sandbox.launch import drop, interpreters

pytestmark = pytest.mark.usefixtures("sandbox_works")

DOCKER = """#!{python}
import os, sys
here = os.path.dirname(os.path.abspath(__file__))
arguments = sys.argv[1:]
with open(os.path.join(here, "asked"), "a") as file:
    file.write(" ".join(arguments[:2]) + "\\n")
if arguments[:2] == ["image", "inspect"]:
    for name in ("no image", "no engine"):
        if os.path.exists(os.path.join(here, name)):
            sys.stderr.write({{"no image": "Error response from daemon: No such image: x",
                               "no engine": "Cannot connect to the Docker daemon at unix:///x."}}[name])
            sys.exit(1)
    print("sha256:0")
    sys.exit(0)
if arguments[0] != "run":
    sys.exit(f"unknown command {{arguments[0]}}")
wanted = {wanted!r}
given = arguments[1 : arguments.index({image!r})]
for flag in wanted:
    if flag not in " ".join(given):
        sys.exit(f"{{flag}} is missing")
inside = arguments[arguments.index({image!r}) + 1 :]
os.execve({start!r}[0], {start!r} + inside, {{}})
"""
WANTED = [
    "--rm", "-i", "--network none", "--ipc none", "--read-only", "--cap-drop ALL", "--pull never",
    "--security-opt no-new-privileges", "--pids-limit", "--memory ", "--memory-swap ", "--user 65534:65534",
    "--tmpfs /tmp:rw,nosuid,nodev,size=32m", "--log-driver none", "--entrypoint python3",
    "--env HTTPS_PROXY= ", "--env http_proxy= ",
]  # fmt: skip


@pytest.fixture
def tools() -> Iterator[Path]:
    """A PATH with the stand-in and without bubblewrap."""
    bwrap = shutil.which("bwrap")
    assert bwrap is not None
    python = next(iter(interpreters()))
    mounts = [part for folder in (python.path, *python.folders) for part in ("--ro-bind-try", folder, folder)]
    start = [
        *drop(), bwrap, "--unshare-all", "--unshare-user", "--uid", "65534", "--gid", "65534", "--clearenv",
        "--cap-drop", "ALL", "--disable-userns", "--as-pid-1", "--dev", "/dev", "--size", str(32 << 20),
        "--tmpfs", "/tmp", *mounts, "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64",
        "--remount-ro", "/", "--chdir", "/tmp", "--", python.path,
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        script = Path(folder) / "docker"
        script.write_text(DOCKER.format(python=sys.executable, wanted=WANTED, image=IMAGE, start=start))
        script.chmod(0o755)
        setpriv = shutil.which("setpriv")
        if setpriv is not None:
            (Path(folder) / "setpriv").symlink_to(setpriv)
        yield Path(folder)


HEAD = """
import asyncio, json, sys
from whichmodel.domain import Answer, Item
from whichmodel.errors import BenchError
from whichmodel.sandbox import CandidateError, Limits, available, session
from whichmodel.sandbox.workshop import Workshop
from whichmodel.scoring import code, tests
def tell(value): print(json.dumps(value), flush=True)
"""


def told(tools: Path, body: str) -> list[object]:
    """What a fresh process prints in which only that docker is there."""
    argv = [sys.executable, "-c", HEAD + body]
    run = subprocess.run(argv, env={"PATH": str(tools)}, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr
    return [json.loads(line) for line in run.stdout.splitlines()]


def answer(tools: Path, body: str) -> list[Any]:
    """The one list that it prints."""
    (found,) = told(tools, body)
    assert isinstance(found, list)
    return found


def test_the_command_line_keeps_everything_out() -> None:
    line = " ".join(command("docker", "whichmodel-x")[: command("docker", "whichmodel-x").index(IMAGE)])
    assert [flag for flag in WANTED if flag not in f"{line} "] == []
    assert not {"-v", "--volume", "--mount", "--privileged", "--env-file", "--pid", "-p"} & set(line.split())


def test_it_is_used_where_bubblewrap_is_not_and_says_so(tools: Path) -> None:
    body = """
found = available()
tell([found.ok, found.way, found.reason])
async def main():
    async with session("def f(x): return x, {1: b'2'}", Limits()) as inside:
        tell([repr(await inside.call("f", (1,))), await inside.call("f", 2) is not None])
        run = await inside.run("import sys; print(sys.stdin.read()[::-1])", "abc")
        tell([run.stdout, run.status])
asyncio.run(main())
"""
    assert told(tools, body) == [[True, "docker", ""], ["((1,), {1: b'2'})", True], ["cba\n", 0]]
    assert (tools / "asked").read_text().splitlines() == ["image inspect", "run --rm", "run --rm"]


@pytest.mark.parametrize(
    ("name", "reason", "remedy"),
    [
        ("no image", f"Docker has no image {IMAGE}", f"docker pull {IMAGE}"),
        ("no engine", "Docker's engine does not answer: Cannot connect", "Start Docker"),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_downloaded(
    tools: Path, name: str, reason: str, remedy: str
) -> None:
    (tools / name).touch()
    ok, way, why, help = answer(tools, "f = available()\ntell([f.ok, f.way, f.reason, f.remedy])")
    assert (ok, way) == (False, "")
    assert "bubblewrap (bwrap) is not installed; " in why
    assert reason in why
    assert remedy in help
    assert "apt-get install bubblewrap" in help
    assert (tools / "asked").read_text().splitlines() == ["image inspect"]


def test_an_engine_that_starts_nothing_is_quoted(tools: Path) -> None:
    script = (tools / "docker").read_text()
    (tools / "docker").write_text(script.replace("wanted = ", "sys.exit('no space left')\nwanted = "))
    ok, reason = answer(tools, "f = available()\ntell([f.ok, f.reason])")
    assert ok is False
    assert "Docker starts no container: no space left" in reason


def test_agents_are_told_that_they_need_bubblewrap(tools: Path) -> None:
    body = """
async def main():
    try:
        await Workshop.open()
    except BenchError as error:
        tell(str(error))
asyncio.run(main())
"""
    (said,) = told(tools, body)
    assert isinstance(said, str)
    assert "bubblewrap" in said
    assert 'sandbox="docker"' in said


def test_a_run_says_that_code_runs_in_docker_or_what_is_missing(tools: Path, tmp_path: Path) -> None:
    shutil.copy(Path(__file__).parents[2] / "bench.yaml", tmp_path)
    flags = ["run", "--tasks", "functions", "--limit", "2", "--dry-run"]
    argv = [sys.executable, "-m", "whichmodel.cli", *flags]

    def said() -> tuple[int, str]:
        environment = {"PATH": str(tools)}
        run = subprocess.run(argv, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=60)
        return run.returncode, run.stderr

    code, words = said()
    assert code == 0
    assert "Model-written code runs in docker, since bubblewrap is not here." in words
    (tools / "no image").touch()
    code, words = said()
    assert code == 2
    assert f"docker pull {IMAGE}" in words


def test_no_cheat_passes_there_and_the_right_answer_does(tools: Path) -> None:
    body = f"""
hidden = Item("x", "", {{"entry_point": "f", "cases": [{{"args": [1], "expected": {SECRET}}}]}})
tested = Item("x", "", {{"asserts": ["assert f(1) == {SECRET}"]}})
async def score(text):
    return [(await code.score(Answer(text), hidden, {{"call_s": 2}})).score,
            (await tests.score(Answer(text), tested, {{"call_s": 2}})).score]
async def main():
    for text in {[f"```python{chr(10)}{cheat}{chr(10)}```" for cheat in CHEATS.values()]!r}:
        tell(await score(text))
    tell(await score("def f(x): return {SECRET}"))
asyncio.run(main())
"""
    *cheats, right = told(tools, body)
    assert cheats == [[0.0, 0.0]] * len(CHEATS)
    assert right == [1.0, 1.0]


HANGS = {
    "sleep": "import time\ndef f(): time.sleep(60)",
    "loop": "def f():\n    while True: pass",
    "stopped": "import os, signal\ndef f(): os.kill(os.getpid(), signal.SIGSTOP)",
    "ignored signals": "import signal\nfor n in (1, 2, 3, 13, 15): signal.signal(n, signal.SIG_IGN)\n"
    "def f():\n    while True: pass",
    "daemon": "import os\ndef f():\n    if os.fork() == 0: os.setsid()\n    while True: pass",
    "nothing is read": "import time\ndef f(*a):\n    time.sleep(60)",
}


def test_hangs_end_at_their_limit_and_leave_nothing(tools: Path) -> None:
    body = f"""
import time, psutil
async def one(code):
    began = time.monotonic()
    try:
        async with session(code, Limits(0.5, 5)) as inside:
            await inside.call("f")
        kind = ""
    except CandidateError as error:
        kind = error.kind
    return kind, time.monotonic() - began < 3.5
async def main():
    for code in {list(HANGS.values())!r}:
        tell(await one(code))
asyncio.run(main())
time.sleep(0.5)
tell([p.pid for p in psutil.Process().children(recursive=True) if p.status() != "zombie"])
"""
    *found, left = told(tools, body)
    assert found == [["timeout", True]] * len(HANGS)
    assert left == []


@pytest.mark.parametrize(
    "end", ["os._exit(0)", "os.kill(os.getpid(), 9)", "[os.kill(1, n) for n in (2, 9, 15)]"]
)
def test_a_candidate_that_ends_or_attacks_the_relay_is_to_blame_itself(tools: Path, end: str) -> None:
    body = f"""
async def main():
    try:
        async with session({f"import os{chr(10)}def f(): {end}; os._exit(3)"!r}, Limits(2, 5)) as inside:
            await inside.call("f")
    except CandidateError as error:
        tell(error.kind)
asyncio.run(main())
"""
    assert told(tools, body) == ["exited"]


def test_the_relay_cannot_be_traced(tools: Path) -> None:
    code = "import ctypes, os; libc = ctypes.CDLL(None, use_errno=True)\n"
    code += "def f(): return os.getppid() == 1, libc.ptrace(16, 1, 0, 0), ctypes.get_errno()"
    body = f"""
async def main():
    async with session({code!r}) as inside:
        tell(await inside.call("f"))
asyncio.run(main())
"""
    assert answer(tools, body) == [True, -1, 1]


def test_an_engine_that_breaks_down_is_our_trouble(tools: Path) -> None:
    body = """
import psutil
async def main():
    try:
        async with session("import time\\ndef f(): time.sleep(9)") as inside:
            (relay,) = psutil.Process(inside._channel._sandbox.process.pid).children()
            asyncio.get_running_loop().call_later(0.3, relay.kill)
            await inside.call("f")
    except BenchError as error:
        tell(str(error))
asyncio.run(main())
"""
    (said,) = told(tools, body)
    assert isinstance(said, str)
    assert "The sandbox broke down (exit status 137)" in said


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_nothing_is_left_when_the_harness_was_killed(tools: Path, number: signal.Signals) -> None:
    body = """
STUBBORN = '''
import os, signal
for n in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGPIPE):
    signal.signal(n, signal.SIG_IGN)
if os.fork() == 0:
    os.setsid()
def ready(): return 1
def f():
    while True: pass
'''
async def main():
    async with session(STUBBORN) as inside:
        tell(await inside.call("ready"))
        await inside.call("f")
asyncio.run(main())
"""
    argv = [sys.executable, "-c", HEAD + body]
    assert left_after(argv, number, {"PATH": str(tools)})[1] == []
