"""requirements.lock: exact versions with hashes, made from pyproject.toml and checked against it.

`python scripts/lock.py` makes it anew (needs the network); `--check` fails when it is stale (needs none).
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.lock"
HEADER = (
    "# Exact versions with hashes, for `pip install --require-hashes`. Made by `make lock`.\n# pyproject: "
)


def wanted() -> list[str]:
    """The direct requirements of pyproject.toml, the group dev and the build among them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    build = list(project["build-system"]["requires"])
    return sorted([*project["project"]["dependencies"], *project["dependency-groups"]["dev"], *build])


def fingerprint() -> str:
    """Changes when a direct requirement changes."""
    return hashlib.sha256(json.dumps(wanted()).encode()).hexdigest()


def make() -> None:
    """Resolve for every platform and Python from 3.11 on; no index address is written."""
    command = ["uv", "pip", "compile", "--universal", "--generate-hashes", "--no-emit-index-url", "--quiet"]
    command += ["--no-header", "--no-annotate", "--python-version", "3.11", "-"]
    made = subprocess.run(command, input="\n".join(wanted()), text=True, capture_output=True, check=False)
    if made.returncode:
        sys.exit(made.stderr)
    LOCK.write_text(f"{HEADER}{fingerprint()}\n{made.stdout}")


def problems() -> list[str]:
    """What is wrong with the lock; empty = it fits pyproject.toml."""
    if not LOCK.is_file():
        return ["requirements.lock is missing"]
    text = LOCK.read_text()
    found = (
        [] if f"{HEADER}{fingerprint()}\n" in text else ["requirements.lock is stale against pyproject.toml"]
    )
    if re.search(r"https?://|--(extra-)?index-url|--find-links", text):
        found.append("requirements.lock holds an address")
    pins = dict(re.findall(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", text, flags=re.M))
    versions = {canonicalize_name(name): version for name, version in pins.items()}
    for requirement in map(Requirement, wanted()):
        version = versions.get(canonicalize_name(requirement.name))
        if version is None or version not in requirement.specifier:
            found.append(f"{requirement} is locked as {version}")
    if text.count("--hash=sha256:") < len(pins):
        found.append("not every pin has a hash")
    return found


def main() -> None:
    """Make the lock, or check it."""
    if "--check" not in sys.argv:
        make()
    if found := problems():
        sys.exit("\n".join([*found, "Run `make lock` and commit what it writes."]))


if __name__ == "__main__":
    main()
