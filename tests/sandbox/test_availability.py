"""Where no sandbox can be had, that is said with its reason and what would help, and nothing is run."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from whichmodel.sandbox import available

TRY = """
import asyncio, sys
from whichmodel import sandbox
from whichmodel.errors import SandboxMissing

async def main():
    try:
        async with sandbox.session("import sys\\nsys.stdout.write('it ran')\\ndef f(): pass"):
            print("opened")
    except SandboxMissing as error:
        print("missing:", error)

found = sandbox.available()
print(found.ok, found.reason, found.remedy)
asyncio.run(main())
"""


@pytest.fixture
def tools() -> Iterator[Path]:
    """A PATH that everybody can read, with setpriv at most."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        setpriv = shutil.which("setpriv")
        if setpriv is not None:
            (Path(folder) / "setpriv").symlink_to(setpriv)
        yield Path(folder)


def told(path: Path) -> str:
    """What a fresh process says with that PATH."""
    run = subprocess.run(
        [sys.executable, "-c", TRY],
        env={"PATH": str(path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "it ran" not in run.stdout
    return run.stdout


def stand_in(folder: Path, message: str) -> None:
    """A bwrap that refuses to start, as the real one does on other machines."""
    script = folder / "bwrap"
    script.write_text(f"#!/bin/sh\necho {message!r} >&2\nexit 1\n")
    script.chmod(0o755)


def test_without_bubblewrap_the_install_command_is_named(tools: Path) -> None:
    said = told(tools)
    assert said.startswith("False bubblewrap (bwrap) is not installed.")
    assert said.count("apt-get install bubblewrap") == 2
    assert "missing: Model-written code cannot be run here" in said


@pytest.mark.parametrize(
    ("message", "remedy"),
    [
        ("bwrap: No permissions to create new namespace", "user namespaces"),
        ("bwrap: setting up uid map: Permission denied", "apparmor_restrict_unprivileged_userns"),
        ("bwrap: Unknown option --disable-userns", "0.8 or newer"),
        ("bwrap: something else", "--ro-bind"),
    ],
)
def test_a_bubblewrap_that_cannot_start_is_quoted_with_a_remedy(
    tools: Path, message: str, remedy: str
) -> None:
    stand_in(tools, message)
    said = told(tools)
    assert said.startswith(f"False bubblewrap does not start: {message}.")
    assert remedy in said
    assert "missing: " in said


@pytest.mark.usefixtures("sandbox_works")
def test_where_it_works_there_is_nothing_to_say() -> None:
    assert available() == available()
    assert (available().ok, available().reason, available().remedy) == (True, "", "")
