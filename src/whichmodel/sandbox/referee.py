"""A dataset's own tests, which nobody has read, in a sandbox of their own beside the candidate's.

The referee's sandbox holds the tests and what they expect; the candidate's holds the candidate. Out here only
plain values are passed from one to the other, and it is counted whether any were.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from whichmodel.errors import ScoringFailed
from whichmodel.sandbox import wire
from whichmodel.sandbox.channel import Channel
from whichmodel.sandbox.outcome import CandidateError, Iterated, Limits
from whichmodel.sandbox.session import Session, slot
from whichmodel.sandbox.spares import spares

MAX_CALLS = 20_000
"""Calls of the candidate by one dataset's tests."""
_OF_THE_TESTS = {
    "timeout": "the tests did not end in time",
    "exited": "the tests' process ended",
    "flood": "the tests sent too much",
}
"""Kind of what their channel ended with -> what it says of them."""


@dataclass(frozen=True, slots=True)
class Checks:
    """What a dataset's tests are, as Python source."""

    entry_point: str
    run: tuple[str, ...]
    """Each is run in turn; one that raises does not hold."""
    setup: str = ""
    """Run before them."""
    prompt: str = ""
    """The head of a function with what stands before it: helpers that tests and candidate may use.
    "" = there is none."""


@dataclass(frozen=True, slots=True)
class Held:
    """Whether one of the tests held. error and text: what it raised, "" when it held."""

    held: bool
    error: str = ""
    text: str = ""


@dataclass(slots=True)
class Match:
    """What came of a candidate before its tests."""

    tests: list[Held] = field(default_factory=list)
    replies: int = 0
    """Calls of the candidate that came to something."""
    ended: CandidateError | None = None
    """What stopped the match: the candidate gave no plain value, or the tests did not end after it had
    spoken. None = all tests were run."""


async def match(
    codes: Sequence[str],
    tests: Checks,
    limits: Limits | None = None,
    heard: Callable[[object], None] = lambda reply: None,
) -> Match:
    """Load a candidate's code, part by part, and put it before the tests.

    heard: told what each call came to, a plain value or a CandidateError. It is not kept here: a candidate
    may answer many calls with much.

    Raises CandidateError when the last part does not load, SandboxMissing, and ScoringFailed when the tests
    broke before the candidate had answered anything, or never called it.
    """
    limits = limits or Limits()
    async with slot():
        candidate = Session(await spares().take(), limits, loose=True)
        try:
            await candidate.open("")
            await _load(candidate, codes)
            channel = Channel(await spares().take(), Limits(limits.total_s, limits.total_s))
            referee = _Referee(channel, tests, heard)
            try:
                return await referee.judge(candidate)
            finally:
                await referee.channel.close()
        finally:
            await candidate.close()


async def _load(candidate: Session, codes: Sequence[str]) -> None:
    *before, last = codes
    for code in before:
        try:
            await candidate.load(code)
        except CandidateError:
            if candidate.ended is not None:
                raise ScoringFailed(f"What precedes the answer does not load: {candidate.ended}.") from None
    await candidate.load(last)


class _Referee:
    """A worker that holds the tests."""

    def __init__(self, channel: Channel, tests: Checks, heard: Callable[[object], None]) -> None:
        self.channel = channel
        self._tests = tests
        self._heard = heard
        self._match = Match()

    async def judge(self, candidate: Session) -> Match:
        found = self._match
        try:
            await self.channel.open()
            found.tests = await self._run(candidate)
        except CandidateError as error:
            found.ended = error
            if error is self.channel.ended:
                found.ended = CandidateError(error.kind, _OF_THE_TESTS.get(error.kind, error.text))
        found.ended = candidate.ended or found.ended
        if not found.replies:
            first = next((t.text for t in found.tests if not t.held), "they never called it")
            why = str(found.ended) if found.ended else first
            raise ScoringFailed(f"The tests ended before the candidate had answered: {why}.")
        return found

    async def _run(self, candidate: Session) -> list[Held]:
        number = secrets.token_hex(16)
        asked = {"entry_point": self._tests.entry_point, "run": list(self._tests.run),
                 "setup": self._tests.setup, "prompt": self._tests.prompt}  # fmt: skip
        try:
            await self.channel.send({"id": number, "tests": asked})
            while self._match.replies <= MAX_CALLS:
                frame = await self.channel.receive(number)
                if "stuck" in frame:
                    raise ScoringFailed(f"The tests cannot be held: {str(frame['stuck'])[:300]}.")
                if "call" not in frame:
                    return self._held(frame)
                await self.channel.send(await self._call(candidate, frame))
        except wire.WireError as error:
            raise ScoringFailed(f"The tests cannot be sent: {error}.") from error
        raise CandidateError("flood", f"the tests called more than {MAX_CALLS:,} times")

    async def _call(self, candidate: Session, frame: dict[str, Any]) -> dict[str, Any]:
        """What a call comes to. Raises CandidateError when the candidate gave no plain value or has ended."""
        name, args, kwargs = frame["call"], frame.get("args"), frame.get("kwargs")
        if not isinstance(name, str) or not isinstance(args, list) or not isinstance(kwargs, dict):
            raise ScoringFailed("The tests' worker sent what is no call.")
        try:
            given = [wire.decode(a) for a in args]
            named = {str(key): wire.decode(value) for key, value in kwargs.items()}
        except wire.WireError as error:
            raise ScoringFailed(f"The tests call with what cannot cross: {error}.") from error
        try:
            value = await candidate.call(name, *given, **named)
        except CandidateError as error:
            if error.kind == "unfit" and name != self._tests.entry_point:
                # Tests that make objects of the answer's classes: no answer can give them what they need.
                raise ScoringFailed(f"The tests need more of {name} than a plain value: {error}.") from error
            self._told(error)
            if error.kind != "raised":
                raise
            return {"raised": list(error.classes), "text": error.text}
        if isinstance(value, Iterated):
            self._told(value.values)
            return {"value": wire.encode(value.values), "as": "iterator"}
        self._told(value)
        return {"value": wire.encode(value)}

    def _told(self, reply: object) -> None:
        self._match.replies += 1
        self._heard(reply)

    def _held(self, frame: dict[str, Any]) -> list[Held]:
        if "unready" in frame and not self._match.replies:
            raise ScoringFailed(f"The tests cannot be set up: {str(frame['unready'])[:300]}.")
        if "unready" in frame:
            raise CandidateError("wrong", str(frame["unready"])[:300])
        entries = frame.get("tests")
        if not isinstance(entries, list) or len(entries) != len(self._tests.run):
            raise ScoringFailed("The tests' worker gave no findings.")
        return [_as_held(entry) for entry in entries]


def _as_held(entry: object) -> Held:
    if not isinstance(entry, dict):
        raise ScoringFailed("The tests' worker gave what is no finding.")
    return Held(entry.get("held") is True, str(entry.get("error"))[:80], str(entry.get("text"))[:300])
