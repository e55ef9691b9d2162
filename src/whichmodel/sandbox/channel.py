"""The line to one worker: requests go in, the answers that bear their numbers come out, within limits."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Coroutine
from typing import Any, TypeVar

from whichmodel.errors import ScoringFailed
from whichmodel.sandbox import availability, wire
from whichmodel.sandbox.launch import Sandbox
from whichmodel.sandbox.outcome import CandidateError, Limits

MAX_STRAY_FRAMES = 1000
MAX_STRAY_BYTES = 4 * wire.MAX_FRAME
"""Lines that answer no pending call are dropped; beyond this the candidate is flooding."""
_T = TypeVar("_T")


class Channel:
    """Our end of a sandbox's socket. One request at a time; once it has ended, it stays so."""

    def __init__(self, sandbox: Sandbox, limits: Limits) -> None:
        self._sandbox = sandbox
        self._limits = limits
        self._writer: asyncio.StreamWriter | None = None
        self.ended: CandidateError | None = None
        """What it ended with. None = it goes on."""

    async def open(self) -> None:
        """Wait until the worker is ready; from then on time runs. Raises ScoringFailed when it is not."""
        sock = self._sandbox.socket
        self._reader, self._writer = await asyncio.open_connection(sock=sock, limit=wire.MAX_FRAME)
        try:
            async with asyncio.timeout(availability.START_S):
                ready = wire.loads(await self._reader.readuntil(b"\n"))
        except (TimeoutError, OSError, asyncio.IncompleteReadError, wire.WireError):
            ready = {}
        if "ready" not in ready:
            raise ScoringFailed(f"The sandbox did not start: {self._sandbox.complaint()}.")
        self.end = asyncio.get_running_loop().time() + self._limits.total_s

    async def close(self) -> None:
        """End the worker and everything it started."""
        if self._writer is not None:
            # The loop must let go of the socket before its descriptor can be given out again.
            self._writer.transport.abort()
        await self._sandbox.end()

    async def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """The worker's answer to a request. Raises CandidateError when none comes, and ever after."""
        number = secrets.token_hex(16)
        try:
            await self.send({"id": number} | request)
        except wire.WireError as error:
            if "code" not in request:
                raise ScoringFailed(f"The arguments of a call cannot be sent: {error}.") from error
            self.ended = CandidateError("unfit", f"the code cannot be sent: {error}")
            raise self.ended from None
        return await self.receive(number)

    async def send(self, frame: dict[str, Any]) -> None:
        """Write one line. Raises WireError when it may not cross, CandidateError when the worker is gone."""
        if self.ended is not None or self._writer is None:
            raise self.ended or ScoringFailed("The session is not open.")
        line = wire.dumps(frame)
        await self._within(self._write(self._writer, line))

    async def receive(self, number: str, allowed: float | None = None) -> dict[str, Any]:
        """The next line that bears a number. allowed: seconds, None = those of one call."""
        return await self._within(self._answer(number), allowed)

    async def _within(self, step: Coroutine[Any, Any, _T], allowed: float | None = None) -> _T:
        left = self.end - asyncio.get_running_loop().time()
        seconds = max(0.0, min(self._limits.call_s if allowed is None else allowed, left))
        try:
            async with asyncio.timeout(seconds):
                return await step
        except TimeoutError:
            self.ended = CandidateError("timeout", f"no answer within {seconds:.3g} s")
        except (OSError, asyncio.IncompleteReadError):
            await self._blame()
            self.ended = CandidateError("exited", "the candidate's process ended")
        except asyncio.LimitOverrunError:
            self.ended = CandidateError("flood", f"a line of more than {wire.MAX_FRAME:,} bytes")
        except CandidateError as error:
            self.ended = error
        raise self.ended

    @staticmethod
    async def _write(writer: asyncio.StreamWriter, line: bytes) -> None:
        writer.write(line)
        await writer.drain()

    async def _answer(self, number: str) -> dict[str, Any]:
        """The line that bears this call's number; what is forged or stale is dropped."""
        frames = size = 0
        while frames < MAX_STRAY_FRAMES and size < MAX_STRAY_BYTES:
            line = await self._reader.readuntil(b"\n")
            frames, size = frames + 1, size + len(line)
            try:
                frame = wire.loads(line)
            except wire.WireError:
                continue
            if frame.get("id") == number:
                return frame
        raise CandidateError("flood", f"{frames} lines that answer no call")

    async def _blame(self) -> None:
        """Raises ScoringFailed when it was not the candidate that ended, but the sandbox around it."""
        process = self._sandbox.process
        for _ in range(100):
            if process.poll() is not None:
                break
            await asyncio.sleep(0.01)
        status = process.returncode
        if status is not None and self._sandbox.broke(status):
            how = f"was killed by signal {-status}" if status < 0 else f"broke down (exit status {status})"
            raise ScoringFailed(f"The sandbox {how}.")
