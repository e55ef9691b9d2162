"""Whether model-written code can be run here at all, and what to do where it cannot."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from dataclasses import dataclass
from functools import cache

from whichmodel.errors import SandboxMissing
from whichmodel.sandbox import seccomp, wire
from whichmodel.sandbox.docker import Docker
from whichmodel.sandbox.launch import Bubblewrap, Sandbox, interpreters
from whichmodel.sandbox.world import CANDIDATE, World

START_S = 10.0
"""A sandbox that is not ready by then has failed to start."""
CONTAINER_START_S = 30.0
"""The same for the first container."""
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
    way: str = ""
    """bubblewrap or docker. "" = none works."""


def available() -> Availability:
    """Start one sandbox to see whether it works, once a process; costs some 100 ms the first time."""
    return _found()[0]


def start(world: World = CANDIDATE) -> Sandbox:
    """A sandbox of its own. Raises SandboxMissing where none of that kind can be had."""
    found, way = _found()
    if way is None:
        raise SandboxMissing(f"Model-written code cannot be run here: {found.reason}", remedy=found.remedy)
    if isinstance(way, Docker) and world is not CANDIDATE:
        remedy = f'{_INSTALL} Or use Inspect\'s own sandbox="docker".'
        raise SandboxMissing("Agents' commands are kept in by bubblewrap, which is not here.", remedy=remedy)
    return way.start(world)


@cache
def _found() -> tuple[Availability, Bubblewrap | Docker | None]:
    """What `available` says, and the way that works: bubblewrap's, or else Docker's."""
    found, wrapped = _bubblewrap()
    if wrapped is not None:
        return found, wrapped
    executable = shutil.which("docker")
    if executable is None:
        return found, None
    docker = Docker(executable)
    reason, remedy = docker.trouble()
    if not reason:
        reason, remedy = (
            _try(docker, CONTAINER_START_S),
            "Try `docker run --rm -i --network none IMAGE true`.",
        )
        reason = f"Docker starts no container: {reason}" if reason else ""
    if not reason:
        return Availability(True, way=docker.name), docker
    both = f"{found.remedy} Or: {remedy}"
    return Availability(False, f"{found.reason.rstrip('.')}; {reason}.", both), None


def _bubblewrap() -> tuple[Availability, Bubblewrap | None]:
    if sys.platform != "linux":
        return _missing(f"bubblewrap needs Linux, this is {sys.platform}.", "Run it on Linux, or in Docker.")
    if not seccomp.supported():
        return _missing(f"no filter is known for a {platform.machine()} processor.", "Use x86_64 or aarch64.")
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        return _missing("bubblewrap (bwrap) is not installed.", _INSTALL)
    if os.geteuid() == 0 and shutil.which("setpriv") is None:
        remedy = "Install it: apt-get install util-linux, or run as an ordinary user."
        return _missing("root cannot be given up without setpriv.", remedy)
    complaint = ""
    for python in interpreters():
        way = Bubblewrap(bwrap, python)
        said = _try(way, START_S)
        if not said:
            return Availability(True, way=way.name), way
        complaint = complaint or said
    if not complaint:
        reason = "no Python 3.11 or newer can be read by the sandbox's user."
        return _missing(reason, "Install one for all users: apt-get install python3.")
    remedy = next((r for part, r in _COMPLAINTS if part in complaint), "Try `bwrap --ro-bind / / true`.")
    return _missing(f"bubblewrap does not start: {complaint}.", remedy)


def _missing(reason: str, remedy: str) -> tuple[Availability, None]:
    return Availability(False, reason, remedy), None


def _try(way: Bubblewrap | Docker, seconds: float) -> str:
    """Start a sandbox and end it: "" when it got ready, else what it complained of."""
    sandbox = way.start(CANDIDATE)
    try:
        sandbox.socket.settimeout(seconds)
        with sandbox.socket.makefile("rb") as lines:
            wire.loads(lines.readline(wire.MAX_FRAME))
        return ""
    except (OSError, wire.WireError):
        return sandbox.complaint()
    finally:
        sandbox.stop()
