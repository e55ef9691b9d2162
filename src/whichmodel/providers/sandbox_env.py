"""Inspect's `sandbox="whichmodel"`: an agent's commands and files in a workshop of bubblewrap's.

One workshop a sample. It has the machine's commands, /work (256 MiB) and /tmp (128 MiB) in memory, no
network, no environment of ours, no other files. What a command leaves running goes on until the sample ends.
"""

from __future__ import annotations

import os
from typing import Literal, overload

from inspect_ai.util import (
    ExecResult,
    OutputLimitExceededError,
    SandboxEnvironment,
    SandboxEnvironmentConfigType,
    SandboxEnvironmentLimits,
    SandboxUnavailableError,
    SandboxUserUnsupportedError,
)

from whichmodel.errors import SandboxMissing
from whichmodel.sandbox import available
from whichmodel.sandbox.workshop import TooLarge, Workshop, WorkshopGone

USERS = (None, "nobody", "65534")
"""Whom commands can be run as; they are all the same."""


class WhichmodelSandbox(SandboxEnvironment):
    """The workshop of one sample."""

    def __init__(self, workshop: Workshop) -> None:
        super().__init__()
        self._workshop = workshop

    @classmethod
    def default_concurrency(cls) -> int | None:
        """Two samples at a time for each processor."""
        return 2 * (os.cpu_count() or 1)

    def default_polling_interval(self) -> float:
        """Seconds; it is near."""
        return 0.2

    @classmethod
    async def task_init(cls, task_name: str, config: SandboxEnvironmentConfigType | None) -> None:
        """Raises SandboxMissing, with the reason and what would help, before a single sample is asked."""
        found = available()
        if not found.ok:
            raise SandboxMissing(f"There is no sandbox for {task_name}: {found.reason}", remedy=found.remedy)
        if found.way != "bubblewrap":
            raise SandboxMissing(
                f"There is no sandbox for {task_name}: an agent's needs bubblewrap, here is {found.way}.",
                remedy='Use Inspect\'s own sandbox="docker".',
            )

    @classmethod
    async def sample_init(
        cls, task_name: str, config: SandboxEnvironmentConfigType | None, metadata: dict[str, str]
    ) -> dict[str, SandboxEnvironment]:
        """A workshop that nobody has used."""
        return {"default": cls(await Workshop.open())}

    @classmethod
    async def sample_cleanup(
        cls,
        task_name: str,
        config: SandboxEnvironmentConfigType | None,
        environments: dict[str, SandboxEnvironment],
        interrupted: bool,
    ) -> None:
        """End the workshop with everything inside, whether the sample ended well or not."""
        for environment in environments.values():
            await environment.as_type(WhichmodelSandbox)._workshop.close()

    async def exec(
        self,
        cmd: list[str],
        input: str | bytes | None = None,
        cwd: str | None = None,
        env: dict[str, str] | None = None,
        user: str | None = None,
        timeout: int | None = None,
        timeout_retry: bool = True,
        concurrency: bool = True,
    ) -> ExecResult[str]:
        """Run a command, once whatever timeout_retry says; output that is no UTF-8 is replaced."""
        if user not in USERS:
            raise SandboxUserUnsupportedError(f"Commands run as nobody here, not as {user!r}.")
        given = input.encode() if isinstance(input, str) else input
        most = SandboxEnvironmentLimits.MAX_EXEC_OUTPUT_SIZE
        try:
            done = await self._workshop.run(
                cmd, given=given, cwd=cwd or "", env=env, seconds=timeout, most=most
            )
        except WorkshopGone as gone:
            raise SandboxUnavailableError(str(gone)) from gone
        out, err = done.out.decode(errors="replace"), done.err.decode(errors="replace")
        if done.cut:
            said = out if len(done.out) > most else err
            raise OutputLimitExceededError(SandboxEnvironmentLimits.MAX_EXEC_OUTPUT_SIZE_STR, said)
        return ExecResult(done.status == 0, done.status, out, err)

    async def write_file(self, file: str, contents: str | bytes) -> None:
        """Write a file inside, as the user inside."""
        await self._workshop.write(file, contents.encode() if isinstance(contents, str) else contents)

    @overload
    async def read_file(self, file: str, text: Literal[True] = True) -> str: ...

    @overload
    async def read_file(self, file: str, text: Literal[False]) -> bytes: ...

    async def read_file(self, file: str, text: bool = True) -> str | bytes:
        """The contents of an ordinary file inside."""
        try:
            found = await self._workshop.read(file, most=SandboxEnvironmentLimits.MAX_READ_FILE_SIZE)
        except TooLarge:
            limit = SandboxEnvironmentLimits.MAX_READ_FILE_SIZE_STR
            raise OutputLimitExceededError(limit, None) from None
        return found.decode() if text else found
