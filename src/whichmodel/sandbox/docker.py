"""A container of Docker's around the same worker, where there is no bubblewrap.

Its standard input and output are the channel. Nothing is downloaded: the image has to be there.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

from whichmodel.sandbox.launch import Sandbox
from whichmodel.sandbox.world import CANDIDATE, NOBODY, World

IMAGE = "python:3.12-slim"
"""Any image with Python 3.11 or newer that bears this name will do."""
ANSWER_S = 20.0
"""How long Docker's engine may take to answer."""
PROCESSES, MEMORY = 48, "768m"
_PASSED = ("PATH", "HOME", "XDG_RUNTIME_DIR", "DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG",
           "DOCKER_CERT_PATH", "DOCKER_TLS_VERIFY")  # fmt: skip
"""What the client needs to find the engine; the container gets none of it."""
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY")
"""What a client's settings would hand to every container, passwords and all."""
_ENTER = """
import json, sys, types
for name in ("whichmodel", "whichmodel.sandbox"):
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__path__ = []
for name, source in json.loads(sys.argv[1]):
    module = sys.modules["whichmodel.sandbox." + name] = types.ModuleType("whichmodel.sandbox." + name)
    exec(compile(source, name + ".py", "exec"), module.__dict__)
    setattr(sys.modules["whichmodel.sandbox"], name, module)
sys.argv = [""]
sys.modules["whichmodel.sandbox.relay"].main(0)
"""
_ORDER = ("wire", "program", "tester", "worker", "relay")
"""Modules inside, each after those it imports."""


@dataclass(frozen=True, slots=True)
class Docker:
    """Containers of one image."""

    executable: str
    name = "docker"

    def start(self, world: World) -> Sandbox:
        """Start a container, without waiting until it is ready. Raises OSError where no process starts."""
        if world is not CANDIDATE:
            raise ValueError(f"A container holds a candidate, no {world.module}.")
        name = f"whichmodel-{secrets.token_hex(8)}"
        with contextlib.ExitStack() as kept:
            ours, theirs = socket.socketpair()
            kept.enter_context(ours)
            with theirs:
                process = subprocess.Popen(
                    command(self.executable, name), env=_environment(), cwd="/", start_new_session=True,
                    stdin=theirs.fileno(), stdout=theirs.fileno(), stderr=subprocess.PIPE,
                )  # fmt: skip
            kept.pop_all()

        def close() -> bool:
            ours.close()  # The relay inside ends with its input.
            return True

        return Sandbox(
            process, ours, close, lambda: self._make_sure(name, process), lambda status: status != 0
        )

    def _make_sure(self, name: str, process: subprocess.Popen[bytes]) -> None:
        """Kill a container whose client had to be killed."""
        if process.returncode is None or process.returncode >= 0:
            return
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            subprocess.run(
                [self.executable, "kill", name], env=_environment(), cwd="/", timeout=ANSWER_S, check=False,
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip

    def trouble(self) -> tuple[str, str]:
        """Why no container can be had, and what would help; ("", "") when the image is there."""
        try:
            asked = subprocess.run(
                [self.executable, "image", "inspect", "--format", "{{.Id}}", IMAGE],
                env=_environment(), cwd="/", capture_output=True, text=True, timeout=ANSWER_S, check=False,
            )  # fmt: skip
        except (OSError, subprocess.TimeoutExpired) as error:
            return f"Docker does not answer: {error}", "Start Docker."
        if asked.returncode == 0:
            return "", ""
        said = " ".join(asked.stderr.split())[:300]
        if "no such image" in said.lower():
            return f"Docker has no image {IMAGE}", f"Download it once: docker pull {IMAGE}."
        return f"Docker's engine does not answer: {said.rstrip('.')}", "Start Docker."


def command(executable: str, name: str) -> list[str]:
    """The command of a container."""
    here = Path(__file__).parent
    sources = [[module, (here / f"{module}.py").read_text("utf-8")] for module in _ORDER]
    unset = [part for proxy in _PROXIES for each in (proxy, proxy.lower()) for part in ("--env", f"{each}=")]
    return [
        executable, "run", "--rm", "-i", "--name", name, "--pull", "never", "--log-driver", "none",
        "--network", "none", "--ipc", "none", "--read-only", "--cap-drop", "ALL",
        "--security-opt", "no-new-privileges", "--pids-limit", str(PROCESSES),
        "--memory", MEMORY, "--memory-swap", MEMORY, "--user", f"{NOBODY}:{NOBODY}",
        "--tmpfs", "/tmp:rw,nosuid,nodev,size=32m,mode=1777", "--workdir", "/tmp", *unset,
        "--entrypoint", "python3", IMAGE,
        "-I", "-S", "-B", "-X", "utf8", "-c", _ENTER, json.dumps(sources),
    ]  # fmt: skip


def _environment() -> dict[str, str]:
    return {key: os.environ[key] for key in _PASSED if key in os.environ}
