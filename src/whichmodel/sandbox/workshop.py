"""A sandbox that lasts: commands are run and files kept in it, for an agent to work in.

It is kept in as a candidate's is, but has the machine's commands (read-only) and two folders that can be
written, in memory and of a limited size. Files are written and read by a process inside, as its user: no
link that an agent lays can lead out.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from whichmodel.errors import BenchError
from whichmodel.sandbox import availability, frames
from whichmodel.sandbox.launch import Sandbox
from whichmodel.sandbox.world import WORKSHOP

HOME = WORKSHOP.writable[0][0]
"""Where relative paths start."""
GRACE_S = 10.0
"""How long an answer may take beyond the time a command was given."""
_ERRORS: Mapping[str, type[OSError]] = {
    kind.__name__: kind
    for kind in (FileNotFoundError, PermissionError, IsADirectoryError, NotADirectoryError)
}


class WorkshopGone(BenchError):
    """The sandbox has ended, or does not answer."""


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended."""

    status: int
    """128 + the signal where one ended it; 127 = there is no such command."""
    out: bytes
    err: bytes
    cut: bool
    """It wrote more than was to be kept, and was killed."""


class TooLarge(Exception):
    """A file holds more than was to be read."""


class Workshop:
    """One sandbox. Requests may overlap."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._reader: asyncio.StreamReader
        self._writer: asyncio.StreamWriter | None = None
        self._lock = asyncio.Lock()
        self._waiting: dict[str, asyncio.Future[tuple[dict[str, Any], list[bytes]]]] = {}
        self._listening: asyncio.Task[None] | None = None

    @classmethod
    async def open(cls) -> Workshop:
        """Start one. Raises SandboxMissing where none can be had, WorkshopGone when it does not start."""
        self = cls(availability.start(WORKSHOP))
        try:
            self._reader, self._writer = await asyncio.open_connection(
                sock=self._sandbox.socket, limit=frames.MAX_HEAD
            )
            async with asyncio.timeout(availability.START_S):
                await self._reader.readuntil(b"\n")
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            said = self._sandbox.complaint()
            await self.close()
            raise WorkshopGone(f"The sandbox did not start: {said}.") from None
        except BaseException:
            await self.close()
            raise
        self._listening = asyncio.create_task(self._listen())
        return self

    async def close(self) -> None:
        """End it with everything inside. Called once."""
        if self._listening is not None:
            self._listening.cancel()
        if self._writer is not None:
            self._writer.transport.abort()
        await self._sandbox.end()

    async def run(
        self,
        argv: Sequence[str],
        *,
        given: bytes | None = None,
        cwd: str = "",
        env: Mapping[str, str] | None = None,
        seconds: float | None = None,
        most: int = 10 << 20,
    ) -> Done:
        """Run a command. given: its standard input. seconds: None = no limit. most: bytes of each stream.

        Raises TimeoutError when its time is up (it and its group are killed), OSError when it cannot be
        started, WorkshopGone.
        """
        asked = json.dumps({"argv": list(argv), "cwd": _path(cwd), "env": dict(env or {})}).encode()
        parts = [asked] if given is None else [asked, given]
        head: dict[str, Any] = {"do": "run", "seconds": seconds, "most": most}
        head, (out, err) = await self._ask(head, parts, None if seconds is None else seconds + GRACE_S)
        if head.get("late"):
            raise TimeoutError(f"the command did not end within {seconds:g} s")
        return Done(int(head["status"]), out, err, cut=bool(head.get("over")))

    async def write(self, path: str, contents: bytes) -> None:
        """Write a file, and the folders it stands in. Raises OSError, WorkshopGone."""
        await self._ask({"do": "write", "path": _path(path)}, [contents], GRACE_S)

    async def read(self, path: str, *, most: int = 100 << 20) -> bytes:
        """The bytes of an ordinary file. Raises OSError, TooLarge, WorkshopGone."""
        head, parts = await self._ask({"do": "read", "path": _path(path), "most": most}, [], GRACE_S)
        if "over" in head:
            raise TooLarge(path)
        return parts[0]

    async def _ask(
        self, head: dict[str, Any], parts: Sequence[bytes], seconds: float | None
    ) -> tuple[dict[str, Any], list[bytes]]:
        number = secrets.token_hex(16)
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(seconds):
                await self._send({"id": number} | head, parts)
                found, bodies = await answer
        except TimeoutError:
            raise WorkshopGone("The sandbox does not answer.") from None
        except asyncio.CancelledError:
            if head["do"] == "run":
                self._tell({"id": secrets.token_hex(16), "do": "stop", "run": number})
            raise
        finally:
            self._waiting.pop(number, None)
        if "error" in found:
            kind = _ERRORS.get(str(found["error"]), OSError)
            raise kind(found.get("errno") or 0, str(found.get("text"))[:500], head.get("path", ""))
        return found, bodies

    async def _send(self, head: dict[str, Any], parts: Sequence[bytes]) -> None:
        pieces = frames.pack(head, *parts)
        async with self._lock:
            if self._writer is None or self._listening is None or self._listening.done():
                raise WorkshopGone("The sandbox has ended.")
            for piece in pieces:
                self._writer.write(piece)
            with contextlib.suppress(ConnectionError):
                await self._writer.drain()

    def _tell(self, head: dict[str, Any]) -> None:
        """Send what nobody waits for an answer to, unless another frame is half sent."""
        if self._writer is not None and not self._lock.locked():
            self._writer.writelines(frames.pack(head))

    async def _listen(self) -> None:
        try:
            while True:
                head, sizes = frames.read_head(await self._reader.readuntil(b"\n"))
                parts = [await self._reader.readexactly(size) for size in sizes]
                waiting = self._waiting.get(str(head.get("id")))
                if waiting is not None and not waiting.done():
                    waiting.set_result((head, parts))
        except (OSError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            for waiting in self._waiting.values():
                if not waiting.done():
                    waiting.set_exception(WorkshopGone("The sandbox has ended."))


def _path(path: str) -> str:
    return path if path.startswith("/") else f"{HOME}/{path}"
