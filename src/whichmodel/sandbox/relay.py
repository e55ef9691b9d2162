"""The first process of a container: it stands between the container's standard streams and the worker.

When the streams are closed, or the worker ends, it ends, and with it all that runs in the container: so a
harness that was killed leaves nothing behind, whatever the candidate does.
"""

from __future__ import annotations

import ctypes
import os
import resource
import select
import signal
import socket
import threading
import time
from collections.abc import Callable

from whichmodel.sandbox import worker

_SET_DUMPABLE = 4
"""PR_SET_DUMPABLE of prctl(2)."""
LOOK_MS = 500
"""How often it is looked whether the worker lives."""


def main(descriptor: int) -> None:
    """Serve requests on standard input and output; the descriptor is theirs."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # What the first process does not handle, it does not get.
    ours, theirs = socket.socketpair()
    child = os.fork()
    if child == 0:
        ours.close()
        # The container has a limit of its own; this one would count the user's processes in all of them.
        worker.LIMITS.pop(resource.RLIMIT_NPROC)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        worker.main(theirs.fileno())
        os._exit(0)
    theirs.close()
    ctypes.CDLL(None).prctl(_SET_DUMPABLE, 0)  # The worker has the same user, and could trace it else.
    into = (lambda: os.read(0, 1 << 16), ours.sendall)
    out = (lambda: ours.recv(1 << 16), _write)
    for take, give in (into, out):
        threading.Thread(target=_carry, args=(take, give), daemon=True).start()
    _wait(child)
    time.sleep(0.1)
    os._exit(0)


def _write(data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(1, rest) :]


def _carry(take: Callable[[], bytes], give: Callable[[bytes], None]) -> None:
    try:
        while data := take():
            give(data)
    finally:
        os._exit(0)


def _wait(child: int) -> None:
    """Until the worker has gone, or the other side, even where a worker that hangs holds up what it sent."""
    gone = select.poll()
    gone.register(0, 0)  # POLLHUP and POLLERR are always told.
    while not gone.poll(LOOK_MS):
        while True:
            ended, _ = os.waitpid(-1, os.WNOHANG)
            if ended == child:
                return
            if ended == 0:
                break
