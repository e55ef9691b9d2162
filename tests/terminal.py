"""A program on a real pseudo-terminal, and the screen that its user sees."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import pyte

ALTERNATE = 1049 << 5
"""Private mode of the second screen, as pyte numbers it."""


class Screen(pyte.Screen):
    """pyte's screen with the second screen that terminals have and pyte leaves out."""

    def __init__(self, columns: int, lines: int) -> None:
        self._first: tuple[Any, Any] | None = None
        super().__init__(columns, lines)

    def set_mode(self, *modes: int, **kwargs: Any) -> None:
        super().set_mode(*modes, **kwargs)
        if kwargs.get("private") and 1049 in modes and self._first is None:
            self._first = ({y: dict(row) for y, row in self.buffer.items()}, (self.cursor.x, self.cursor.y))
            self.erase_in_display(2)
            self.cursor_position()

    def reset_mode(self, *modes: int, **kwargs: Any) -> None:
        super().reset_mode(*modes, **kwargs)
        if kwargs.get("private") and 1049 in modes and self._first is not None:
            rows, (self.cursor.x, self.cursor.y) = self._first
            self._first = None
            self.erase_in_display(2)
            for y, row in rows.items():
                self.buffer[y].update(row)
            self.dirty.update(range(self.lines))

    @property
    def second(self) -> bool:
        """Whether the second screen is shown."""
        return self._first is not None


class Terminal:
    """A program that runs on a pseudo-terminal of so many columns and lines."""

    def __init__(
        self, command: Sequence[str], *, folder: Path, env: Mapping[str, str], columns: int, lines: int
    ) -> None:
        self._here, there = pty.openpty()
        self.raw = b""
        self._screen = Screen(columns, lines)
        self._stream = pyte.ByteStream(self._screen)
        self.resize(columns, lines, tell=False)
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            env={**env},
            stdin=there,
            stdout=there,
            stderr=there,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0) and None,
        )
        os.close(there)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._here)

    @property
    def text(self) -> str:
        """What is on the screen, without spaces at the ends of its lines."""
        return "\n".join(self.lines).rstrip()

    @property
    def lines(self) -> list[str]:
        """The screen line by line."""
        return [line.rstrip() for line in self._screen.display]

    @property
    def live(self) -> bool:
        """Whether the program draws on the second screen."""
        return self._screen.second

    @property
    def cursor_hidden(self) -> bool:
        return bool(self._screen.cursor.hidden)

    def resize(self, columns: int, lines: int, *, tell: bool = True) -> None:
        """Another size, as when a window is drawn larger or smaller."""
        fcntl.ioctl(self._here, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self._screen.resize(lines, columns)
        if tell:
            self.process.send_signal(signal.SIGWINCH)

    def erase(self) -> None:
        """Forget what is on the screen, so that what is seen next was drawn after this."""
        self._screen.erase_in_display(2)

    @property
    def complete(self) -> bool:
        """Whether the last picture has come whole: the cursor stands in the last line."""
        return bool(self._screen.cursor.y == self._screen.lines - 1)

    def type(self, text: str) -> None:
        """Keys that the user presses."""
        os.write(self._here, text.encode())

    def until(self, seen: Callable[[Terminal], bool], *, timeout: float = 60) -> None:
        """Read until the screen is so. Raises AssertionError where it never is."""
        deadline = time.monotonic() + timeout
        while not seen(self):
            if not self._read(deadline):
                raise AssertionError(f"not seen; the screen is:\n{self.text}")

    def end(self, *, timeout: float = 120) -> int:
        """Read to the end of the program; its exit code."""
        deadline = time.monotonic() + timeout
        while self._read(deadline):
            pass
        return self.process.wait(timeout=60)

    def _read(self, deadline: float) -> bool:
        """One more piece of what it writes. False = there is no more, or not in time."""
        ready, _, _ = select.select([self._here], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            return False
        try:
            part = os.read(self._here, 65536)
        except OSError:
            return False
        self.raw += part
        self._stream.feed(part)
        return bool(part)
