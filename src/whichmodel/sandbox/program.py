"""The inside of one run of a program: a process of its own that reads stdin and whose output is kept.

The worker never runs the program's code itself. Whatever a run started is killed when its process ends.
"""

from __future__ import annotations

import os
import signal
import sys
import time
import types
from io import BufferedReader, BufferedWriter, FileIO, TextIOWrapper
from typing import Any

MAX_OUTPUT = 1 << 18
"""Bytes of standard output; a program that writes more has no output at all."""
MAX_COMPLAINT = 2000
"""Bytes kept of the end of standard error."""

_runs: list[int] = []
"""Processes that ran before."""


def run(code: str, stdin: str) -> dict[str, Any]:
    """Run code as `__main__`: {"value": {"stdout", "stderr", "status"}}, or {"broken"} where none can be run.

    A negative status is the signal that ended it.
    """
    if os.getuid() == 0 or os.getppid() != 1 or os.getpid() > 100:
        # All others are killed after each run: this must be a namespace of its own.
        raise RuntimeError("it runs inside a sandbox alone")
    files = [os.open("/tmp", os.O_TMPFILE | os.O_RDWR, 0o600) for _ in range(3)]
    try:
        rest = memoryview(stdin.encode())
        while rest:
            rest = rest[os.write(files[0], rest) :]
        os.lseek(files[0], 0, os.SEEK_SET)
        try:
            child = os.fork()
        except OSError as error:
            if _runs:  # What ran before may have seen to that.
                raise
            return {"broken": f"no process can be started: {error}"}
        if child == 0:
            _become(code, files)
        _runs.append(child)
        _, ended = os.waitpid(child, 0)
        _kill_the_rest()
        size = os.fstat(files[1]).st_size
        if size > MAX_OUTPUT:
            return {"unfit": f"it wrote more than {MAX_OUTPUT:,} bytes"}
        complaint = os.pread(files[2], MAX_COMPLAINT, max(0, os.fstat(files[2]).st_size - MAX_COMPLAINT))
        found = {
            "stdout": os.pread(files[1], size, 0).decode(errors="replace"),
            "stderr": complaint.decode(errors="replace"),
            "status": os.waitstatus_to_exitcode(ended),
        }
        return {"value": found}
    finally:
        for file in files:
            os.close(file)


def _kill_the_rest() -> None:
    """All that can be signalled from here is what runs left behind; the sandbox's first process is not."""
    for _ in range(200):
        try:
            os.kill(-1, signal.SIGKILL)
        except ProcessLookupError:
            return
        time.sleep(0.001)


def _become(code: str, files: list[int]) -> None:
    """Be that program, to the end of the process."""
    status = 1
    try:
        os.setsid()
        for standard, file in enumerate(files):
            os.dup2(file, standard)
        os.closerange(3, 256)
        sys.stdin = TextIOWrapper(BufferedReader(FileIO(0)), "utf-8", "surrogateescape")
        sys.stdout = TextIOWrapper(BufferedWriter(FileIO(1, "w")), "utf-8", "surrogateescape")
        sys.stderr = TextIOWrapper(BufferedWriter(FileIO(2, "w")), "utf-8", "backslashreplace")
        sys.argv = ["main.py"]
        main = sys.modules["__main__"] = types.ModuleType("__main__")
        exec(compile(code, "main.py", "exec"), main.__dict__)
        status = 0
    except SystemExit as end:
        status = _status(end.code)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        _finish(status)


def _status(code: object) -> int:
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xFF
    sys.stderr.write(f"{code}\n")
    return 1


def _finish(status: int) -> None:
    try:
        if "threading" in sys.modules:
            sys.modules["threading"]._shutdown()
        if "atexit" in sys.modules:
            sys.modules["atexit"]._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
    except BaseException:
        status = status or 1
    finally:
        os._exit(status)
