"""What the sandbox's tests share."""

from __future__ import annotations

import asyncio
import os
import select
from collections.abc import Callable
from typing import Any

import pytest

from whichmodel import sandbox
from whichmodel.sandbox import availability
from whichmodel.sandbox.spares import spares

Try = Callable[..., object]


@pytest.fixture(scope="session")
def sandbox_works() -> None:
    """Skips with the reason and the remedy where there is no sandbox; under CI that is a failure."""
    found = sandbox.available()
    if not found.ok:
        said = f"{found.reason} {found.remedy}"
        pytest.fail(said) if os.environ.get("CI") == "true" else pytest.skip(said)


@pytest.fixture(params=["fresh", "spare"])
def attempt(sandbox_works: None, request: pytest.FixtureRequest) -> Try:
    """Call `f` of some code inside a sandbox of its own, just started or a spare that stood ready.

    Gives its value, or the CandidateError it ended with.
    """

    async def run(code: str, args: tuple[Any, ...], limits: sandbox.Limits) -> object:
        if request.param == "spare":
            ready = availability.start()
            spares()._ready.append(ready)
            told, _, _ = await asyncio.to_thread(select.select, [ready.socket], [], [], 10)
            assert told, "the spare is ready"
        try:
            async with sandbox.session(code, limits) as inside:
                return await inside.call("f", *args)
        except sandbox.CandidateError as error:
            return error

    def tried(code: str, *args: Any, call_s: float = 5.0, total_s: float = 20.0) -> object:
        return asyncio.run(run(code, args, sandbox.Limits(call_s, total_s)))

    return tried
