"""How each gateway is started here: from its own environment, on loopback, with no way out.

Without the environment, the test that asks is skipped; under CI it fails.
"""

from __future__ import annotations

from pathlib import Path

from peers import needed

HERE = Path(__file__).resolve().parent
HEADER_BYTES = 1 << 20
"""Of a request to Portkey: its configuration travels there, and node allows 16 KB unless told otherwise."""

TENSORZERO = {"NO_KEY": "none", "TENSORZERO_DISABLE_PSEUDONYMOUS_USAGE_ANALYTICS": "1"}
"""Variables that it is started with: the one that every file may name, and no telemetry."""


def litellm(config: Path, port: int) -> list[str]:
    """The proxy, with its telemetry off."""
    at = ["--host", "127.0.0.1", "--port", str(port)]
    return [*_python("litellm", "start_litellm.py"), "--config", str(config), *at, "--telemetry", "False"]


def portkey(port: int) -> list[str]:
    """The server."""
    server = needed("portkey") / "node_modules" / "@portkey-ai" / "gateway" / "build" / "start-server.js"
    preload = HERE / "portkey" / "loopback_only.cjs"
    node = ["node", f"--max-http-header-size={HEADER_BYTES}", "--require", str(preload), str(server)]
    return [*node, f"--port={port}", "--headless"]


def tensorzero(config: Path, port: int) -> list[str]:
    """The embedded gateway behind a port."""
    return [*_python("tensorzero", "serve_tensorzero.py"), str(config), str(port)]


def _python(name: str, script: str) -> list[str]:
    """-P: nothing in the folder of the script is taken for a module."""
    return [str(needed(name) / "bin" / "python"), "-P", str(HERE / script)]
