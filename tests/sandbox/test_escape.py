"""What code inside the sandbox can see, reach, change or leave behind: nothing outside of it.

Every probe runs inside the sandbox, as an ordinary user without privileges.
"""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from escapes import FORBIDDEN, LIBC, error, forbidden
from leftovers import still_there

from whichmodel.sandbox import CandidateError

pytestmark = pytest.mark.usefixtures("sandbox_works")

KEY = "sk-planted-0f9c5a7e31"
Try = Callable[..., Any]


@pytest.fixture(autouse=True)
def planted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A key in the harness's environment and in a file that everybody may read and write."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "key.txt"
        file.write_text(KEY)
        file.chmod(0o666)
        Path(folder).chmod(0o777)
        yield file
        assert file.read_text() == KEY
        assert [p.name for p in Path(folder).iterdir()] == ["key.txt"]


SEEK = """
import os, sys
def f(key):
    seen = [*os.environ.items(), *map(repr, sys.argv + sys.orig_argv)]
    for top, folders, files in os.walk("/"):
        for name in files:
            path = os.path.join(top, name)
            if os.path.isfile(path) and os.path.getsize(path) < 100_000:
                with open(path, "rb") as file:
                    data = file.read()
                if key.encode() in data:
                    seen.append(f"{path} holds {key}")
    for fd in range(64):
        try:
            seen.append(os.readlink(f"/proc/self/fd/{fd}"))
        except OSError:
            pass
    return [s for s in map(str, seen) if key in s]
"""


def test_the_planted_key_is_seen_nowhere(attempt: Try) -> None:
    assert attempt(SEEK, KEY) == []


def test_the_worker_is_an_ordinary_user_alone_in_a_small_world(attempt: Try) -> None:
    code = "import os\ndef f(): return os.getresuid(), os.getresgid(), os.getgroups(), dict(os.environ)"
    users, groups, others, environment = attempt(code)
    assert {*users, *groups} == {65534}
    assert 0 not in others
    assert set(environment) <= {"PWD"}


@pytest.mark.parametrize(
    "path",
    ["/proc/1/environ", "/proc/self/environ", "/proc/sys/kernel/hostname", "/etc/passwd", "/etc/shadow",
     "/sys", "/var", "/run", "/boot", "/mnt", "/dev/sda", "/dev/mem", "/usr/bin/bwrap", "/bin/sh"],
)  # fmt: skip
def test_files_of_the_machine_do_not_exist(attempt: Try, path: str) -> None:
    assert attempt("import os\ndef f(path): return os.path.lexists(path)", path) is False


def test_the_harness_and_its_files_are_out_of_reach(attempt: Try, planted: Path) -> None:
    code = "import os\ndef f(*paths): return [p for p in paths if os.path.exists(p)]"
    home = [str(Path.home() / name) for name in (".ssh", ".bashrc", ".profile", ".aws", ".config", ".netrc")]
    assert attempt(code, str(planted), str(Path(__file__)), str(Path.cwd() / "tasks"), *home) == []


def test_nothing_but_tmp_can_be_written(attempt: Try) -> None:
    code = """
import os
def f():
    made = []
    for folder in ("/", "/usr", "/usr/lib", "/etc", "/dev", "/inside", "/lib", "/inside/whichmodel/sandbox"):
        try:
            with open(os.path.join(folder, "x"), "w") as file:
                made.append(folder)
        except OSError:
            pass
    for path in ("/inside/whichmodel/sandbox/wire.py", os.__file__):
        try:
            with open(path, "a") as file:
                made.append(path)
        except OSError:
            pass
    with open("/tmp/x", "w") as file:
        file.write("x")
    return made
"""
    assert attempt(code) == []


def test_the_network_cannot_be_reached(attempt: Try) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        code = """
import socket
def f(port):
    found = []
    for family, address in ((socket.AF_INET, ("127.0.0.1", port)), (socket.AF_INET, ("1.1.1.1", 53)),
                            (socket.AF_INET6, ("::1", port)), (socket.AF_UNIX, "\\0probe")):
        try:
            with socket.socket(family) as s:
                s.connect(address)
                found.append(address)
        except OSError:
            pass
    return found
"""
        assert attempt(code, server.getsockname()[1]) == []
        with pytest.raises(TimeoutError):
            server.accept()


@pytest.mark.parametrize("name", FORBIDDEN)
def test_the_kernel_refuses(attempt: Try, name: str) -> None:
    assert attempt(f"{LIBC}def f(): return said({forbidden(name)})") == (-1, error(name))


def test_no_other_process_can_be_signalled(attempt: Try) -> None:
    code = """
import os, signal
def f(harness):
    reached = []
    for pid in (1, os.getppid(), harness, -1):
        try:
            os.kill(pid, signal.SIGKILL)
            reached.append(pid)
        except OSError:
            pass
    return reached, os.getppid()
"""
    result = attempt(code, os.getpid())
    # The first process of the namespace takes no signal from inside; nobody else is there.
    assert isinstance(result, tuple)
    assert os.getpid() not in result[0]
    assert result[1] == 1


def test_a_fork_bomb_stays_small_and_ends(attempt: Try) -> None:
    code = """
import os, time
def f():
    made = 0
    for _ in range(1000):
        try:
            if os.fork() == 0:
                time.sleep(60)
                os._exit(0)
            made += 1
        except OSError:
            break
    return made
"""
    before = descendants()
    made = attempt(code)
    assert isinstance(made, int)
    assert made <= 16
    assert still_there([p for p in descendants() if p not in before]) == []


def test_memory_files_and_descriptors_are_limited(attempt: Try) -> None:
    code = """
import os
def memory():
    return len(bytearray(2 << 30))
def large_file():
    with open("/tmp/large", "wb") as file:
        for _ in range(20):
            file.write(b"x" * (1 << 20))
def full_folder():
    for n in range(10):
        with open(f"/tmp/{n}", "wb") as file:
            file.write(b"x" * (7 << 20))
def descriptors():
    return [os.open("/dev/null", os.O_RDONLY) for _ in range(100)]
def f():
    stopped = []
    for way in (memory, large_file, full_folder, descriptors):
        try:
            way()
        except (MemoryError, OSError) as error:
            stopped.append(way.__name__)
    return stopped
"""
    assert attempt(code) == ["memory", "large_file", "full_folder", "descriptors"]


def test_the_inherited_descriptors_are_the_socket_and_nothing(attempt: Try) -> None:
    code = """
import os, stat
def f():
    kinds = []
    for n in range(64):
        try:
            kinds.append(stat.S_IFMT(os.fstat(n).st_mode))
        except OSError:
            pass
    return [k == stat.S_IFSOCK for k in kinds if k != stat.S_IFCHR]
"""
    assert attempt(code) == [True]


@pytest.mark.parametrize("ending", ["return 1", "os._exit(0)", "os.kill(os.getpid(), 9)", "while True: pass"])
def test_a_daemon_does_not_outlive_the_session(attempt: Try, ending: str) -> None:
    code = f"""
import os, signal, time
def f():
    if os.fork() == 0:
        os.setsid()
        if os.fork():
            os._exit(0)
        for n in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(n, signal.SIG_IGN)
        while True:
            time.sleep(1)
    time.sleep(0.1)
    {ending}
"""
    before = descendants()
    result = attempt(code, call_s=1)
    assert result == 1 or isinstance(result, CandidateError)
    assert still_there([p for p in descendants() if p not in before]) == []


def test_nothing_is_printed_by_the_harness(attempt: Try, capfd: pytest.CaptureFixture[str]) -> None:
    code = """
import os, sys
def f():
    print("spoken")
    print("spoken", file=sys.stderr)
    for n in (0, 1, 2):
        try:
            os.write(n, b"spoken")
        except OSError:
            pass
    os.system("echo spoken")
"""
    assert attempt(code) is None
    assert "spoken" not in "".join(capfd.readouterr())


def descendants() -> list[psutil.Process]:
    """Sandboxes and Pythons below this process."""
    return [
        p for p in psutil.Process().children(recursive=True) if "bwrap" in p.name() or "python" in p.name()
    ]
