"""One candidate's code behind glass: calls go in, plain values come out, and the judge stays outside."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any
from weakref import WeakKeyDictionary

from whichmodel.errors import ScoringFailed
from whichmodel.sandbox import wire
from whichmodel.sandbox.channel import Channel
from whichmodel.sandbox.launch import Sandbox
from whichmodel.sandbox.outcome import CandidateError, Iterated, Limits, Ran
from whichmodel.sandbox.spares import spares

_SLOTS: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


def slot() -> asyncio.Semaphore:
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
    async with slot():
        opened = Session(await spares().take(), limits or Limits())
        try:
            await opened.open(code)
            yield opened
        finally:
            await opened.close()


class Session:
    """A worker with the candidate's code loaded. One call at a time."""

    def __init__(self, sandbox: Sandbox, limits: Limits, *, loose: bool = False) -> None:
        """loose: what a call gives may derive from a plain value, and is taken for what it derives from; or
        be an iterator, and is Iterated.
        """
        self._limits = limits
        self._loose = {"loose": True} if loose else {}
        self._channel = Channel(sandbox, limits)
        self.values = 0
        """Calls that gave a plain value."""

    @property
    def ended(self) -> CandidateError | None:
        """What the candidate ended with. None = it can be called."""
        return self._channel.ended

    async def open(self, code: str) -> None:
        """Wait until the sandbox is ready, then load the code. Called once, by `session`."""
        await self._channel.open()
        await self.load(code)

    async def load(self, code: str) -> None:
        """Run more code in the candidate's module. Raises CandidateError when it does not load."""
        await self._ask({"code": code})

    async def close(self) -> None:
        """End the worker and everything it started."""
        await self._channel.close()

    async def call(self, name: str, /, *args: object, **kwargs: object) -> object:
        """The plain value of name(*args, **kwargs). Raises CandidateError when there is none."""
        named = dict(zip(kwargs, _given(kwargs.values()), strict=True))
        reply = await self._ask({"name": name, "args": _given(args), "kwargs": named} | self._loose)
        value = self._value(reply)
        if self._loose and reply.get("as") == "iterator" and isinstance(value, list):
            value = Iterated(value)
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

    async def run(self, program: str, stdin: str) -> Ran:
        """Run code as a program, in a process of its own that ends with all it started.

        Raises CandidateError when it does not end in time, or writes too much; ScoringFailed where none can
        be run.
        """
        reply = await self._channel.ask({"program": program, "stdin": stdin})
        if "broken" in reply and not self.values:
            raise ScoringFailed(f"The sandbox runs no program: {str(reply['broken'])[:300]}.")
        found = self._value(self._checked(reply))
        if not isinstance(found, dict):
            raise CandidateError("unfit", "the worker's answer is no run")
        out, err, status = (found.get(key) for key in ("stdout", "stderr", "status"))
        if not isinstance(out, str) or not isinstance(err, str) or type(status) is not int:
            raise CandidateError("unfit", "the worker's answer is no run")
        self.values += 1
        return Ran(out, err, status)

    async def judge(self, name: str, check: Callable[[Callable[..., object]], object]) -> None:
        """Run a dataset's own `check(candidate)` out here, each of its calls crossing into the sandbox.

        Raises CandidateError when the check does not hold or a call gave no value, ScoringFailed when the
        check raised before any value reached it. `check` runs in a thread and must end by itself.
        """
        loop = asyncio.get_running_loop()

        def proxy(*args: object, **kwargs: object) -> object:
            return asyncio.run_coroutine_threadsafe(self.call(name, *args, **kwargs), loop).result()

        try:
            async with asyncio.timeout_at(self._channel.end):
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
        if self.ended is not None:
            raise self.ended

    async def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        return self._checked(await self._channel.ask(request))

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
