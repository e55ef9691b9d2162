"""The server of the pages: its command, its environment, and the first visit made before anyone's."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import secrets
import sys
import time
from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path

import aiohttp

from whichmodel.errors import BenchError
from whichmodel.leaderboard.gate import WARM_HEADER, WARM_VARIABLE
from whichmodel.leaderboard.identity import STAMP
from whichmodel.leaderboard.places import Places
from whichmodel.leaderboard.signing import PEERS_VARIABLE

APP, SERVER = "leaderboard_app.py", "leaderboard_server.py"
HOST = "127.0.0.1"
LOCAL = (HOST, "localhost")
EVERYWHERE = frozenset({"0.0.0.0", "::"})
"""Addresses that stand for all of a machine's."""


def app() -> Path:
    """The entry: beside the source, else inside the wheel. Its `.streamlit` folder lies beside it."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package.parents[1], package / "bundled"):
        if (folder / APP).is_file():
            return folder / APP
    raise BenchError(
        f"{APP} is missing from this installation.",
        where=str(package / "bundled"),
        remedy="Install whichmodel again.",
    )


def is_loopback(host: str) -> bool:
    """Whether an address to listen at is reached from this machine alone."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def command(
    results: Path,
    config: Path,
    port: int,
    host: str = HOST,
    *,
    names: Sequence[str] = (),
    secrets_file: Path | None = None,
) -> list[str]:
    """The command that serves the pages over a results folder, and its routing tables.

    host: the address to listen at. One that is not this machine's own may be asked by its number, all of
    them by any name. names: by which browsers ask, instead. secrets_file: the client at a sign-in provider.
    """
    named = Places(results.absolute(), config.absolute()).arguments()
    streamlit = [sys.executable, "-m", "streamlit", "run", str(app().with_name(SERVER))]
    where = [f"--server.port={port}", f"--server.address={host}"]
    if names or not is_loopback(host):
        own = [] if host in EVERYWHERE else [host]
        asked = ["*"] if host in EVERYWHERE and not names else dict.fromkeys([*own, *LOCAL, *names])
        where += [f"--server.allowedHosts={name}" for name in asked]
    where.append(f"--server.trustedUserHeaders={json.dumps({STAMP: 'visitor'})}")  # no session changes hands
    if secrets_file is not None and secrets_file.is_file():
        where.append(f"--secrets.files={secrets_file.absolute()}")
    return [*streamlit, *where, "--", *named]


def environment(password: str = "") -> dict[str, str]:
    """The caller's variables but Streamlit's own: those would outrank the settings beside the entry.

    password: with which `warm` is let in, once. "" = nobody will make that visit.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("STREAMLIT_")}
    return {**kept, PEERS_VARIABLE: "", WARM_VARIABLE: password}


def password() -> str:
    """A new one for `environment` and `warm`."""
    return secrets.token_urlsafe(32)


def url(port: int, host: str = HOST) -> str:
    """Where the pages are."""
    named = HOST if host in EVERYWHERE else host
    return f"http://[{named}]:{port}" if ":" in named else f"http://{named}:{port}"


def warm(port: int, host: str = HOST, *, password: str = "", seconds: float = 60.0) -> None:
    """Wait until the server answers and visit it once: the next visitor finds all imported and cached.

    Raises BenchError when it does not answer in time. A visit that fails is left to the visitor to see.
    """
    asyncio.run(_warm(url(port, host), password, time.monotonic() + seconds))


async def _warm(address: str, password: str, deadline: float) -> None:
    async with aiohttp.ClientSession(trust_env=False) as session:
        while not await _healthy(session, address):
            if time.monotonic() > deadline:
                raise BenchError(
                    "The leaderboard does not answer.",
                    where=address,
                    remedy="Its own output above says why; a port in use is changed with `--port`.",
                )
            await asyncio.sleep(0.1)
        with contextlib.suppress(TimeoutError, aiohttp.ClientError):
            await _visit(session, address, password, deadline)


async def _healthy(session: aiohttp.ClientSession, address: str) -> bool:
    try:
        async with session.get(f"{address}/_stcore/health") as reply:
            return reply.status == 200
    except (aiohttp.ClientError, TimeoutError):
        return False


async def _visit(session: aiohttp.ClientSession, address: str, password: str, deadline: float) -> None:
    """Open the page as a browser does and wait until its script has run to the end."""
    from streamlit.proto.BackMsg_pb2 import BackMsg
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

    hello = BackMsg()
    hello.rerun_script.query_string = ""
    place = f"{address.replace('http', 'ws', 1)}/_stcore/stream"
    shown = {WARM_HEADER: password} if password else {}
    stream = session.ws_connect(place, protocols=["streamlit"], max_msg_size=0, headers=shown)
    async with stream as socket:
        await socket.send_bytes(hello.SerializeToString())
        while (left := deadline - time.monotonic()) > 0:
            reply = await socket.receive(timeout=left)
            if reply.type is not aiohttp.WSMsgType.BINARY:
                return
            if ForwardMsg.FromString(reply.data).WhichOneof("type") == "script_finished":
                return
