"""The first process of a workshop: it starts commands and writes and reads files for whoever is outside.

    {"id", "do": "run", "argv", "cwd", "env", "seconds", "most"} + input    -> {"id", "status"} + out, err
    {"id", "do": "write", "path"} + contents                               -> {"id"}
    {"id", "do": "read", "path", "most"}                                   -> {"id"} + contents
    {"id", "do": "stop", "run": id}                                        -> {"id"}
with {"id", "error": class, "errno", "text"} where that cannot be done. What a command is given (argv, cwd,
env) stands in the first part, as JSON. Requests are served side by side. Nothing inside can signal the
first process or get at its socket; it is trusted to carry out what it is asked, not with anything to hide.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import selectors
import signal
import stat
import subprocess
import threading
import time
from typing import IO, Any

from whichmodel.sandbox import frames

LIMITS = {
    resource.RLIMIT_AS: 2 << 30,
    resource.RLIMIT_CPU: 600,
    resource.RLIMIT_NPROC: 128,
    resource.RLIMIT_FSIZE: 256 << 20,
    resource.RLIMIT_NOFILE: 256,
    resource.RLIMIT_CORE: 0,
}
"""Of each process: bytes, seconds, counts."""
ENVIRONMENT = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "HOME": "/work", "LANG": "C.UTF-8", "TERM": "dumb"}
GRACE_S = 0.2
"""How long output is waited for that a command's own children still write once it has ended."""
_running: dict[str, int] = {}
"""Request -> process group."""
_births = threading.Lock()
"""Held while a command is started and noted, or else it could be collected as an orphan."""


def main(descriptor: int) -> None:
    """Serve requests on an inherited socket until the other side closes it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # What the first process does not handle, it does not get.
    for limit, most in LIMITS.items():
        resource.setrlimit(limit, (most, most))
    null = os.open("/dev/null", os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    os.set_inheritable(descriptor, False)
    lock = threading.Lock()
    with open(descriptor, "rb", closefd=False) as requests, open(descriptor, "wb", closefd=False) as replies:
        _reply(replies, lock, {"ready": True}, ())
        while line := requests.readline(frames.MAX_HEAD):
            head, sizes = frames.read_head(line)
            parts = [requests.read(size) for size in sizes]
            try:
                threading.Thread(target=_serve, args=(replies, lock, head, parts), daemon=True).start()
            except RuntimeError:  # As many processes run inside as may.
                said = {"error": "BlockingIOError", "errno": 11, "text": "too many processes"}
                _reply(replies, lock, {"id": head["id"]} | said, ())


def _reply(replies: IO[bytes], lock: threading.Lock, head: dict[str, Any], parts: tuple[bytes, ...]) -> None:
    with lock:
        for piece in frames.pack(head, *parts):
            replies.write(piece)
        replies.flush()


def _serve(replies: IO[bytes], lock: threading.Lock, head: dict[str, Any], parts: list[bytes]) -> None:
    found: dict[str, Any] = {"id": head["id"]}
    given: tuple[bytes, ...] = ()
    try:
        said, given = _DEEDS[head["do"]](head, parts)
        found |= said
    except OSError as error:
        found |= {"error": type(error).__name__, "errno": error.errno, "text": error.strerror or str(error)}
    except Exception as error:
        found |= {"error": type(error).__name__, "errno": None, "text": str(error)[:500]}
    _reply(replies, lock, found, given)
    _collect()


def _write(head: dict[str, Any], parts: list[bytes]) -> tuple[dict[str, Any], tuple[bytes, ...]]:
    path = head["path"]
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NONBLOCK | os.O_CLOEXEC
    with open(os.open(path, flags, 0o644), "wb") as file:
        file.write(parts[0])
    return {}, ()


def _read(head: dict[str, Any], parts: list[bytes]) -> tuple[dict[str, Any], tuple[bytes, ...]]:
    # Without O_NONBLOCK a named pipe that nobody writes would hold the reader for ever.
    with open(os.open(head["path"], os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise PermissionError(1, "it is no ordinary file")
        if status.st_size > head["most"]:
            return {"over": status.st_size}, ()
        return {}, (file.read(head["most"]),)


def _stop(head: dict[str, Any], parts: list[bytes]) -> tuple[dict[str, Any], tuple[bytes, ...]]:
    _kill(_running.get(head["run"]))
    return {}, ()


def _run(head: dict[str, Any], parts: list[bytes]) -> tuple[dict[str, Any], tuple[bytes, ...]]:
    asked = json.loads(parts[0])
    try:
        with _births:
            process = subprocess.Popen(
                asked["argv"], cwd=asked["cwd"], env=ENVIRONMENT | asked["env"], start_new_session=True,
                stdin=subprocess.PIPE if len(parts) > 1 else subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            )  # fmt: skip
            _running[head["id"]] = process.pid
    except FileNotFoundError as error:
        if not os.path.isdir(asked["cwd"]):
            raise
        return {"status": 127}, (b"", f"{asked['argv'][0]}: {error.strerror}\n".encode())
    try:
        end = None if head["seconds"] is None else time.monotonic() + head["seconds"]
        return _Following(process, parts[1] if len(parts) > 1 else b"", head["most"]).outcome(end)
    finally:
        _running.pop(head["id"], None)
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()


class _Following:
    """A command under way: fed, and what it writes kept."""

    def __init__(self, process: subprocess.Popen[bytes], given: bytes, most: int) -> None:
        self._process = process
        self._rest = memoryview(given)
        self._most = most
        self._kept: dict[Any, bytearray] = {process.stdout: bytearray(), process.stderr: bytearray()}
        self._ready = selectors.DefaultSelector()
        for pipe in self._kept:
            self._ready.register(pipe, selectors.EVENT_READ)
        if process.stdin is not None:
            os.set_blocking(process.stdin.fileno(), False)
            self._ready.register(process.stdin, selectors.EVENT_WRITE)

    def outcome(self, end: float | None) -> tuple[dict[str, Any], tuple[bytes, ...]]:
        """Until it ends, its time does, or it has written too much; then it is killed with its group."""
        with self._ready:
            said = self._follow(end)
        if self._process.poll() is None or said:
            _kill(self._process.pid)
            self._process.wait()
        status = self._process.returncode
        return said | {"status": status if status >= 0 else 128 - status}, tuple(
            map(bytes, self._kept.values())
        )

    def _follow(self, end: float | None) -> dict[str, Any]:
        ended: float | None = None
        while self._open() or self._process.poll() is None:
            now = time.monotonic()
            if self._process.poll() is not None:
                ended = now if ended is None else ended
                if now - ended > GRACE_S:
                    break
            if end is not None and now > end:
                return {"late": True}
            if not self._step():
                return {"over": True}
        return {}

    def _open(self) -> bool:
        return any(pipe in self._ready.get_map() for pipe in self._kept)

    def _step(self) -> bool:
        """Whatever can be read or written now. False = more was written than is kept."""
        if not self._ready.get_map():
            time.sleep(0.005)
            return True
        for key, _ in self._ready.select(0.02):
            if key.fileobj is self._process.stdin:
                self._feed(self._process.stdin)
            elif not self._drain(key.fileobj):
                return False
        return True

    def _feed(self, pipe: Any) -> None:
        try:
            if self._rest:
                self._rest = self._rest[os.write(pipe.fileno(), self._rest[: 1 << 16]) :]
        except BlockingIOError:
            return
        except OSError:  # Nobody reads it any more.
            self._rest = memoryview(b"")
        if not self._rest:
            self._ready.unregister(pipe)
            with contextlib.suppress(OSError):
                pipe.close()

    def _drain(self, pipe: Any) -> bool:
        found = os.read(pipe.fileno(), 1 << 16)
        if not found:
            self._ready.unregister(pipe)
        kept = self._kept[pipe]
        kept += found[: self._most - len(kept) + 1]
        return len(kept) <= self._most


def _kill(group: int | None) -> None:
    if group is not None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)


def _collect() -> None:
    """Take leave of orphans: the first process inherits them, and they count against the limit."""
    with _births, contextlib.suppress(ChildProcessError):
        while ended := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            if ended.si_pid in _running.values():
                return
            os.waitpid(ended.si_pid, os.WNOHANG)


_DEEDS = {"run": _run, "write": _write, "read": _read, "stop": _stop}
