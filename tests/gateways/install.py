"""Gateways in environments of their own, `.gateways/<name>` at the root: they pin older libraries than ours.

`python tests/gateways/install.py` installs what `requirements-<name>.txt` names, and does nothing where that
stands already. Where it fails, it prints the command that has to work.
"""

from __future__ import annotations

import shlex
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
COMMAND = "python tests/gateways/install.py"


def python_of(name: str) -> Path | None:
    """The interpreter of a gateway's environment. None = it is not installed, or another version is."""
    folder = _folder(name)
    marker = folder / ".installed"
    current = marker.is_file() and marker.read_text() == _pins(name).read_text()
    return folder / "bin" / "python" if current else None


def install(name: str) -> bool:
    """Make the environment anew where it is not current; whether it is now."""
    if python_of(name):
        return True
    folder = _folder(name)
    print(f"Installing {_pins(name).read_text().strip()} into {folder.relative_to(ROOT)}", flush=True)
    venv.create(folder, with_pip=True, clear=True)
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet"]
    command = [*pip, "--disable-pip-version-check", "-r", str(_pins(name))]
    if subprocess.run(command, check=False).returncode:
        print(f"{name} is not installed; its tests are skipped. This has to work: {shlex.join(command)}")
        return False
    (folder / ".installed").write_text(_pins(name).read_text())
    return True


def _folder(name: str) -> Path:
    return ROOT / ".gateways" / name


def _pins(name: str) -> Path:
    return HERE / f"requirements-{name}.txt"


if __name__ == "__main__":
    names = sorted(path.stem.removeprefix("requirements-") for path in HERE.glob("requirements-*.txt"))
    outcomes = [install(name) for name in names]
    sys.exit(not all(outcomes))
