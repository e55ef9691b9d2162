"""What there is inside a sandbox: an interpreter and a little room, or a machine's commands as well."""

from __future__ import annotations

import os
from dataclasses import dataclass

NOBODY = "65534"
_INSIDE = "/inside/whichmodel/sandbox"
_TOOLS = ("/usr/bin", "/usr/sbin", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/libexec", "/usr/share")
_LINKED = ("/bin", "/sbin", "/lib", "/lib32", "/lib64")
"""Links into /usr on most machines, folders of their own on others."""


@dataclass(frozen=True, slots=True)
class Interpreter:
    """A Python that the sandbox's user can read, and the folders it needs."""

    path: str
    folders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class World:
    """A kind of sandbox."""

    module: str
    """Of this package, whose `main(descriptor)` serves requests inside."""
    inside: tuple[str, ...]
    """Files of this package that are there."""
    writable: tuple[tuple[str, int], ...]
    """Folder -> bytes it can hold. The first is where the module starts."""
    tools: bool = False
    """Whether the machine's commands are there."""
    texts: tuple[tuple[str, str], ...] = ()
    """Path -> what stands there."""
    first: bool = False
    """Whether the module is the first process, which nothing inside can signal."""


CANDIDATE = World(
    "worker", ("program.py", "tester.py", "wire.py", "worker.py"), (("/tmp", 32 << 20),)
)  # fmt: skip
WORKSHOP = World(
    "steward",
    ("frames.py", "steward.py"),
    (("/work", 256 << 20), ("/tmp", 128 << 20)),
    tools=True,
    texts=(
        ("/etc/passwd", f"nobody:x:{NOBODY}:{NOBODY}:nobody:/work:/bin/sh\n"),
        ("/etc/group", f"nogroup:x:{NOBODY}:\n"),
    ),
    first=True,
)


def command(
    bwrap: str, python: Interpreter, world: World, channel: int, rules: int, info: int, files: dict[str, int]
) -> list[str]:
    """The command of a sandbox. files: name -> descriptor it is read from."""
    enter = (
        "import sys; sys.path.append('/inside'); "
        f"from whichmodel.sandbox.{world.module} import main; main({channel})"
    )
    made: list[str] = []
    for name, descriptor in files.items():
        made += [
            "--perms",
            "0644",
            "--ro-bind-data",
            str(descriptor),
            name if name[0] == "/" else f"{_INSIDE}/{name}",
        ]
    rooms: list[str] = []
    for folder, size in world.writable:
        rooms += ["--size", str(size), "--tmpfs", folder]
    return [
        bwrap,
        "--unshare-user", "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts",
        "--unshare-cgroup-try",
        "--uid", NOBODY, "--gid", NOBODY, "--die-with-parent", "--new-session", "--clearenv",
        "--cap-drop", "ALL", "--disable-userns", "--info-fd", str(info),
        "--dev", "/dev", *rooms, *_mounts(python, world), *made,
        "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", world.writable[0][0],
        "--seccomp", str(rules), *(["--as-pid-1"] if world.first else []), "--",
        python.path, "-I", "-S", "-B", "-X", "utf8", "-c", enter,
    ]  # fmt: skip


def _mounts(python: Interpreter, world: World) -> list[str]:
    shared = _TOOLS if world.tools else ()
    found: list[str] = []
    for folder in shared:
        found += ["--ro-bind-try", folder, folder]
    for folder in (python.path, *python.folders):
        if not folder.startswith(tuple(f"{s}/" for s in shared)) and folder not in shared:
            found += ["--ro-bind-try", folder, folder]
    for folder in _LINKED if world.tools else ("/lib", "/lib64"):
        if os.path.islink(folder):
            found += ["--symlink", os.readlink(folder), folder]
        else:
            found += ["--ro-bind-try", folder, folder]
    if world.tools:
        found += ["--ro-bind-try", "/etc/alternatives", "/etc/alternatives"]
    return [*found, "--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"]
