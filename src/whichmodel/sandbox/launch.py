"""Starting one sandbox: bubblewrap around a worker, reached by one socket and nothing else.

Kept out: environment (it starts empty; `--clearenv` alone would leave it in the first process), /proc,
network, every file but an interpreter's own, other processes. Root drops to an ordinary user first, since a
root outside keeps /proc/sys writable and escapes process limits. The sandbox dies with the thread that
started it, so `start` belongs on a thread that lives as long as the sandbox: the event loop's.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from whichmodel.sandbox import seccomp
from whichmodel.sandbox.world import NOBODY, Interpreter, World, command

_HERE = Path(__file__).parent
_MINORS = (".13", ".12", ".11", "")
_PROBE = """
import json, sys, sysconfig
print(json.dumps([sys.version_info[:2], sys.base_prefix, sysconfig.get_path("stdlib"),
                  sysconfig.get_config_var("MULTIARCH") or ""]))
"""


@dataclass(frozen=True, slots=True)
class Sandbox:
    """One running sandbox and our end of its socket."""

    process: subprocess.Popen[bytes]
    socket: socket.socket
    kill_inside: Callable[[], bool]
    """Kill what runs inside, so that `process` ends; False = that cannot be done yet, or any more."""
    release: Callable[[], None] = lambda: None
    """Give back what the start took, once it has ended."""
    broke: Callable[[int], bool] = lambda status: status < 0
    """Whether an exit status says that the sandbox broke, not that what ran inside ended."""

    async def end(self) -> None:
        """Kill it with everything inside, and give way to others until it is gone. Called once."""
        try:
            if self.process.poll() is None and self.kill_inside():
                for _ in range(500):
                    if self.process.poll() is not None:
                        break
                    await asyncio.sleep(0.002)
        finally:
            self.stop()

    def stop(self) -> None:
        """Kill it with everything inside, at once. Called once; harmless when it has ended already."""
        self.socket.close()
        self._kill()
        self.release()
        if self.process.stderr is not None:
            self.process.stderr.close()

    def complaint(self) -> str:
        """End it, and give what it, or a worker that never got ready, wrote to stderr."""
        self._kill()
        stderr = self.process.stderr
        text = stderr.read(2000).decode(errors="replace") if stderr is not None else ""
        return " ".join(text.split()) or f"exit status {self.process.returncode}"

    def _kill(self) -> None:
        if self.process.poll() is None and self.kill_inside():
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(1)
        if self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@cache
def drop() -> tuple[str, ...]:
    """The command that gives up root before anything else; () for an ordinary user."""
    if os.geteuid() != 0:
        return ()
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise FileNotFoundError("setpriv")
    return (setpriv, "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups", "--no-new-privs",
            "--inh-caps=-all", "--bounding-set=-all", "--")  # fmt: skip


def interpreters() -> Iterator[Interpreter]:
    """Pythons >= 3.11 that the sandbox's user can run: this one's base, then the system's."""
    own = getattr(sys, "_base_executable", None) or sys.executable
    names = [f"/usr/{folder}/python3{minor}" for folder in ("bin", "local/bin") for minor in _MINORS]
    for path in dict.fromkeys(os.path.realpath(p) for p in [own, *names]):
        found = _examine(path)
        if found is not None:
            yield found


def _examine(path: str) -> Interpreter | None:
    try:
        # Run as the sandbox's user: what that user cannot read is no choice. `env` stands between because
        # setpriv itself still reads as root.
        probe = [*drop(), "/usr/bin/env", path, "-I", "-S", "-c", _PROBE]
        run = subprocess.run(probe, env={}, cwd="/", capture_output=True, timeout=10, check=True)
        version, prefix, stdlib, multiarch = json.loads(run.stdout)
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    if tuple(version) < (3, 11):
        return None
    shared = f"/usr/lib/{multiarch}"
    own = stdlib if prefix == "/usr" else f"{prefix}/lib"
    system = shared if multiarch and os.path.isdir(shared) else "/usr/lib"
    return Interpreter(path, tuple(dict.fromkeys([own, system, "/usr/lib64"])))


@dataclass(frozen=True, slots=True)
class Bubblewrap:
    """Sandboxes of bubblewrap's around one interpreter."""

    bwrap: str
    python: Interpreter
    name = "bubblewrap"

    def start(self, world: World) -> Sandbox:
        """Start a sandbox, without waiting until it is ready. Raises OSError when no process can be made."""
        with contextlib.ExitStack() as given, contextlib.ExitStack() as kept:
            ours, theirs = socket.socketpair()
            kept.enter_context(ours)
            given.enter_context(theirs)
            info, told = os.pipe()
            kept.callback(os.close, info)
            given.callback(os.close, told)
            os.set_blocking(info, False)
            rules = _in_memory(given, seccomp.program())
            files = {name: given.enter_context((_HERE / name).open("rb")).fileno() for name in world.inside}
            files |= {path: _in_memory(given, text.encode()) for path, text in world.texts}
            process = subprocess.Popen(
                [*drop(), *command(self.bwrap, self.python, world, theirs.fileno(), rules, told, files)],
                env={}, cwd="/", start_new_session=True,
                pass_fds=[theirs.fileno(), rules, told, *files.values()],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            )  # fmt: skip
            kept.pop_all()
        return Sandbox(process, ours, lambda: _kill_named_by(info), lambda: os.close(info))


def _kill_named_by(info: int) -> bool:
    """Kill the inner process: its parent then collects it, and no zombie is left to the machine.

    info: a descriptor with bubblewrap's JSON, which names it.
    """
    with contextlib.suppress(OSError, ValueError, KeyError):
        os.kill(json.loads(os.read(info, 4096))["child-pid"], signal.SIGKILL)
        return True
    return False


def _in_memory(given: contextlib.ExitStack, contents: bytes) -> int:
    """A descriptor that these bytes can be read from; `given` closes it."""
    made = os.memfd_create("given")
    given.callback(os.close, made)
    os.write(made, contents)
    os.lseek(made, 0, os.SEEK_SET)
    return made
