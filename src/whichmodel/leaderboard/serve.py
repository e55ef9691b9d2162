"""The server of the pages: its command, its environment, and the first visit made before anyone's."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import time
from pathlib import Path

import aiohttp

from whichmodel.errors import BenchError
from whichmodel.leaderboard.places import Places

APP = "leaderboard_app.py"
HOST = "127.0.0.1"


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


def command(results: Path, config: Path, port: int) -> list[str]:
    """The command that serves the pages over a results folder at 127.0.0.1."""
    named = Places(results.absolute(), config.absolute()).arguments()
    streamlit = [sys.executable, "-m", "streamlit", "run", str(app())]
    return [*streamlit, f"--server.port={port}", f"--server.address={HOST}", "--", *named]


def environment() -> dict[str, str]:
    """The caller's variables but Streamlit's own: those would outrank the settings beside the entry."""
    return {name: value for name, value in os.environ.items() if not name.startswith("STREAMLIT_")}


def url(port: int) -> str:
    """Where the pages are."""
    return f"http://{HOST}:{port}"


def warm(port: int, *, seconds: float = 60.0) -> None:
    """Wait until the server answers and visit it once: the next visitor finds all imported and cached.

    Raises BenchError when it does not answer in time. A visit that fails is left to the visitor to see.
    """
    asyncio.run(_warm(port, time.monotonic() + seconds))


async def _warm(port: int, deadline: float) -> None:
    async with aiohttp.ClientSession(trust_env=False) as session:
        while not await _healthy(session, port):
            if time.monotonic() > deadline:
                raise BenchError(
                    "The leaderboard does not answer.",
                    where=url(port),
                    remedy="Its own output above says why; a port in use is changed with `--port`.",
                )
            await asyncio.sleep(0.1)
        with contextlib.suppress(TimeoutError, aiohttp.ClientError):
            await _visit(session, port, deadline)


async def _healthy(session: aiohttp.ClientSession, port: int) -> bool:
    try:
        async with session.get(f"{url(port)}/_stcore/health") as reply:
            return reply.status == 200
    except aiohttp.ClientError:
        return False


async def _visit(session: aiohttp.ClientSession, port: int, deadline: float) -> None:
    """Open the page as a browser does and wait until its script has run to the end."""
    from streamlit.proto.BackMsg_pb2 import BackMsg
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

    hello = BackMsg()
    hello.rerun_script.query_string = ""
    stream = session.ws_connect(f"ws://{HOST}:{port}/_stcore/stream", protocols=["streamlit"], max_msg_size=0)
    async with stream as socket:
        await socket.send_bytes(hello.SerializeToString())
        while (left := deadline - time.monotonic()) > 0:
            reply = await socket.receive(timeout=left)
            if reply.type is not aiohttp.WSMsgType.BINARY:
                return
            if ForwardMsg.FromString(reply.data).WhichOneof("type") == "script_finished":
                return
