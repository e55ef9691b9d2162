"""Other harnesses in environments of their own, `.peers/<name>` at the root.

Run as a command, it installs what is not there yet: lm-eval by pip, promptfoo by npm. Where that fails, or
node is too old, it says so; the benchmarks then skip that harness with the reason.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import venv
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
LM_EVAL = HERE / "requirements-lm-eval.txt"
PROMPTFOO = "promptfoo@0.123.1"
NODE = (22, 22)
"""The oldest node that promptfoo takes."""
GET_NODE = "npm install --prefix .peers/node node@22"


def environment_of(name: str) -> Path:
    """The folder a harness is installed in, whether or not it is."""
    return ROOT / ".peers" / name


def path_with_node() -> str:
    """PATH with the node of `.peers/node` first, where somebody has put one there."""
    return f"{environment_of('node') / 'node_modules' / '.bin'}{os.pathsep}{os.environ.get('PATH', '')}"


def node_version() -> tuple[int, ...]:
    """The version of node that is found; () = there is none."""
    node = shutil.which("node", path=path_with_node())
    if node is None:
        return ()
    printed = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    return tuple(int(part) for part in re.findall(r"\d+", printed))


def node_missing() -> str:
    """Why promptfoo cannot run here and what would help; "" = it can."""
    found = node_version()
    if found >= NODE:
        return ""
    here = ".".join(map(str, found)) or "none"
    return f"it needs node {'.'.join(map(str, NODE))} or newer, here is {here}; `{GET_NODE}` brings one"


def install_lm_eval() -> bool:
    """lm-eval by pip; whether it is there now."""
    folder = environment_of("lm-eval")
    marker = folder / ".installed"
    pins = LM_EVAL.read_text(encoding="utf-8")
    if marker.is_file() and marker.read_text(encoding="utf-8") == pins:
        return True
    venv.create(folder, with_pip=True, clear=True)
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if not _carry_out("lm-eval", [*pip, "-r", str(LM_EVAL)]):
        return False
    marker.write_text(pins, encoding="utf-8")
    return True


def install_promptfoo() -> bool:
    """promptfoo by npm; whether it is there now."""
    folder = environment_of("promptfoo")
    if missing := node_missing():
        print(f"promptfoo is left out: {missing}.")
        return False
    if (folder / "node_modules" / ".bin" / "promptfoo").is_file():
        return True
    npm = ["npm", "install", "--silent", "--no-fund", "--no-audit", "--prefix", str(folder)]
    return _carry_out("promptfoo", [*npm, PROMPTFOO])


def _carry_out(name: str, command: Sequence[str]) -> bool:
    print(f"Installing {name} into .peers/{name}", flush=True)
    environment = {**os.environ, "PATH": path_with_node()}
    if subprocess.run(command, env=environment, check=False).returncode:
        print(f"{name} is not installed and will be skipped. This has to work: {shlex.join(command)}")
        return False
    return True


if __name__ == "__main__":
    install_lm_eval()
    install_promptfoo()
