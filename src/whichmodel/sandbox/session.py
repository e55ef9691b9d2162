"""One candidate's code behind glass: calls go in, plain values come out, and the judge stays outside."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from whichmodel.errors import ScoringFailed
from whichmodel.sandbox import availability, wire
from whichmodel.sandbox.launch import Sandbox

MAX_STRAY_FRAMES = 1000
MAX_STRAY_BYTES = 4 * wire.MAX_FRAME
"""Lines that answer no pending call are dropped; beyond this the candidate is flooding."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds of wall clock, from the moment the sandbox is ready."""

    call_s: float = 5.0
    """Loading the code, and each call."""
    total_s: float = 20.0


class CandidateError(Exception):
    """The candidate's code did not give a plain value: that is a finding about it, not a failure of ours.

    kind: raised, timeout, exited, unfit (no plain value), flood, wrong (a check did not hold).
    classes: builtin classes of what was raised, nearest first, as the candidate's side reports them.
    """

    def __init__(self, kind: str, text: str, classes: Sequence[str] = ()) -> None:
        self.kind = kind
        self.text = text
        self.classes = tuple(classes)
        super().__init__(f"{kind}: {text}")


_SLOTS: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


def _slot() -> asyncio.Semaphore:
    """As many sandboxes at a time as there are processors, so that no deadline is missed by waiting."""
    return _SLOTS.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(os.cpu_count() or 1))


def _given(values: Iterable[object]) -> list[Any]:
    try:
        return [wire.encode(v) for v in values]
    except wire.WireError as error:
        raise ScoringFailed(f"An argument cannot be sent: {error}.") from error


@asynccontextmanager
async def session(code: str, limits: Limits | None = None) -> AsyncIterator[Session]:
    """Load candidate code in a sandbox of its own, which is gone when the block ends.

    Raises CandidateError when the code does not load, SandboxMissing where no sandbox can be had,
    ScoringFailed when one that could be had breaks down.
    """
    async with _slot():
        opened = Session(availability.start(), limits or Limits())
        try:
            await opened.open(code)
            yield opened
        finally:
            opened.close()


class Session:
    """A worker with the candidate's code loaded. One call at a time."""

    def __init__(self, sandbox: Sandbox, limits: Limits) -> None:
        self._sandbox = sandbox
        self._limits = limits
        self._ended: CandidateError | None = None
        self._writer: asyncio.StreamWriter | None = None
        self.values = 0
        """Calls that gave a plain value."""

    async def open(self, code: str) -> None:
        """Wait until the sandbox is ready, then load the code. Called once, by `session`."""
        sock = self._sandbox.socket
        self._reader, self._writer = await asyncio.open_connection(sock=sock, limit=wire.MAX_FRAME)
        try:
            async with asyncio.timeout(availability.START_S):
                ready = wire.loads(await self._reader.readuntil(b"\n"))
        except (TimeoutError, OSError, asyncio.IncompleteReadError, wire.WireError):
            ready = {}
        if "ready" not in ready:
            raise ScoringFailed(f"The sandbox did not start: {self._sandbox.complaint()}.")
        self._end = asyncio.get_running_loop().time() + self._limits.total_s
        await self._ask({"code": code})

    def close(self) -> None:
        """End the worker and everything it started."""
        if self._writer is not None:
            # The loop must let go of the socket before its descriptor can be given out again.
            self._writer.transport.abort()
        self._sandbox.stop()

    async def call(self, name: str, /, *args: object, **kwargs: object) -> object:
        """The plain value of name(*args, **kwargs). Raises CandidateError when there is none."""
        named = dict(zip(kwargs, _given(kwargs.values()), strict=True))
        value = self._value(await self._ask({"name": name, "args": _given(args), "kwargs": named}))
        self.values += 1
        return value

    async def drive(
        self, name: str, args: Sequence[object], steps: Sequence[tuple[str, Sequence[object]]]
    ) -> list[object]:
        """Call name(*args), then each (method, arguments) on what it returned, in order.

        Gives one entry a step: its plain value, or the CandidateError of what it raised; the steps after it
        are taken all the same. Raises CandidateError when there is no object to drive.
        """
        asked = [[method, _given(given)] for method, given in steps]
        reply = await self._ask({"name": name, "args": _given(args), "steps": asked})
        found = reply.get("value")
        if not isinstance(found, list) or len(found) != len(steps):
            raise CandidateError("unfit", "the worker's answer is not one entry a step")
        values = [self._outcome(entry) for entry in found]
        self.values += 1
        return values

    async def judge(self, name: str, check: Callable[[Callable[..., object]], object]) -> None:
        """Run a dataset's own `check(candidate)` out here, each of its calls crossing into the sandbox.

        Raises CandidateError when the check does not hold or a call gave no value, ScoringFailed when the
        check raised before any value reached it. `check` runs in a thread and must end by itself.
        """
        loop = asyncio.get_running_loop()

        def proxy(*args: object, **kwargs: object) -> object:
            return asyncio.run_coroutine_threadsafe(self.call(name, *args, **kwargs), loop).result()

        try:
            async with asyncio.timeout_at(self._end):
                await asyncio.to_thread(check, proxy)
        except CandidateError:
            raise
        except TimeoutError:
            raise CandidateError("timeout", f"the check took over {self._limits.total_s:g} s") from None
        except Exception as error:
            said = f"{type(error).__name__}: {error}"[:500]
            if not self.values:
                raise ScoringFailed(f"The check broke before it called the candidate: {said}.") from error
            raise CandidateError("wrong", said) from error
        if self._ended is not None:
            raise self._ended

    async def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        if self._ended is not None or self._writer is None:
            raise self._ended or ScoringFailed("The session is not open.")
        number = secrets.token_hex(16)
        left = self._end - asyncio.get_running_loop().time()
        allowed = max(0.0, min(self._limits.call_s, left))
        try:
            line = wire.dumps({"id": number} | request)
            async with asyncio.timeout(allowed):
                self._writer.write(line)
                await self._writer.drain()
                reply = await self._answer(number)
        except wire.WireError as error:
            if "code" not in request:
                raise ScoringFailed(f"The arguments of a call cannot be sent: {error}.") from error
            self._ended = CandidateError("unfit", f"the code cannot be sent: {error}")
        except TimeoutError:
            self._ended = CandidateError("timeout", f"no answer within {allowed:.3g} s")
        except (OSError, asyncio.IncompleteReadError):
            await self._blame()
            self._ended = CandidateError("exited", "the candidate's process ended")
        except asyncio.LimitOverrunError:
            self._ended = CandidateError("flood", f"a line of more than {wire.MAX_FRAME:,} bytes")
        except CandidateError as error:
            self._ended = error
        if self._ended is not None:
            raise self._ended
        return self._checked(reply)

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
        """Raises ScoringFailed when it was not the candidate that ended: the outer process was killed."""
        process = self._sandbox.process
        for _ in range(100):
            if process.poll() is not None:
                break
            await asyncio.sleep(0.01)
        if process.returncode is not None and process.returncode < 0:
            raise ScoringFailed(f"The sandbox was killed by signal {-process.returncode}.")

    def _checked(self, reply: dict[str, Any]) -> dict[str, Any]:
        error = self._error(reply)
        if error is not None:
            raise error
        return reply

    @staticmethod
    def _error(reply: dict[str, Any]) -> CandidateError | None:
        if "value" in reply:
            return None
        if "raised" in reply:
            names = reply["raised"] if isinstance(reply["raised"], list) else []
            return CandidateError("raised", str(reply.get("text"))[:500], [str(n)[:80] for n in names[:20]])
        return CandidateError("unfit", str(reply.get("unfit"))[:500])

    @staticmethod
    def _value(reply: dict[str, Any]) -> object:
        try:
            return wire.decode(reply["value"])
        except wire.WireError as error:
            raise CandidateError("unfit", str(error)) from None

    def _outcome(self, entry: object) -> object:
        if not isinstance(entry, dict):
            raise CandidateError("unfit", "the worker's answer is not one entry a step")
        return self._error(entry) or self._value(entry)
