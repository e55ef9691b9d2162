"""Whether model-written code can be run here at all, and what to do where it cannot."""

from __future__ import annotations

import platform
import shutil
import sys
from dataclasses import dataclass
from functools import cache

from whichmodel.errors import SandboxMissing
from whichmodel.sandbox import launch, seccomp, wire

START_S = 10.0
"""A sandbox that is not ready by then has failed to start."""
_INSTALL = "Install it: apt-get install bubblewrap (Debian, Ubuntu), dnf install bubblewrap (Fedora)."
_COMPLAINTS = (
    ("disable-userns", "bubblewrap 0.8 or newer is needed; upgrade it."),
    (
        "namespace",
        "Allow user namespaces: sysctl -w user.max_user_namespaces=10000, and where they exist "
        "kernel.unprivileged_userns_clone=1 and kernel.apparmor_restrict_unprivileged_userns=0; "
        "a container needs a seccomp profile that permits them.",
    ),
    ("uid map", "Allow user namespaces: sysctl -w kernel.apparmor_restrict_unprivileged_userns=0."),
)
"""A part of bubblewrap's message -> what would work."""


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether a sandbox starts here. reason and remedy are "" when it does."""

    ok: bool
    reason: str = ""
    remedy: str = ""


@cache
def available() -> Availability:
    """Start one sandbox to see whether it works, once a process; costs some 100 ms the first time."""
    bwrap, python = shutil.which("bwrap"), None
    if sys.platform != "linux":
        return Availability(False, f"the sandbox needs Linux, this is {sys.platform}.", "Run it on Linux.")
    if not seccomp.supported():
        return Availability(False, f"no filter is known for a {platform.machine()} processor.", "Use x86_64.")
    if bwrap is None:
        return Availability(False, "bubblewrap (bwrap) is not installed.", _INSTALL)
    try:
        python = launch.interpreter()
    except FileNotFoundError:
        remedy = "Install it: apt-get install util-linux, or run as an ordinary user."
        return Availability(False, "root cannot be given up without setpriv.", remedy)
    if python is None:
        reason = "no Python 3.11 or newer can be read by the sandbox's user."
        return Availability(False, reason, "Install one for all users: apt-get install python3.")
    return _try(bwrap, python)


def _try(bwrap: str, python: launch.Interpreter) -> Availability:
    sandbox = launch.start(bwrap, python)
    try:
        sandbox.socket.settimeout(START_S)
        with sandbox.socket.makefile("rb") as lines:
            if "ready" in wire.loads(lines.readline(wire.MAX_FRAME)):
                return Availability(True)
    except (OSError, wire.WireError):
        pass
    finally:
        said = sandbox.complaint()
        sandbox.stop()
    remedy = next((r for part, r in _COMPLAINTS if part in said), "Try `bwrap --ro-bind / / true` for more.")
    return Availability(False, f"bubblewrap does not start: {said}.", remedy)


def start() -> launch.Sandbox:
    """A sandbox of its own. Raises SandboxMissing where none can be had."""
    found = available()
    bwrap, python = shutil.which("bwrap"), launch.interpreter() if found.ok else None
    if not found.ok or bwrap is None or python is None:
        raise SandboxMissing(f"Model-written code cannot be run here: {found.reason}", remedy=found.remedy)
    return launch.start(bwrap, python)
