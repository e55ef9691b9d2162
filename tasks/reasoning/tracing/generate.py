"""Programs whose printed line is asked for; the gold is what Python prints."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterable, Iterator
from random import Random
from typing import Any

from whichmodel.domain import Item

from .programs import KINDS

_LONGEST = 60
"""Characters of a printed line; a longer one asks for patience more than for care."""
PROMPT = """What does this Python 3.11 program print?

```python
{source}```

Do not run it; trace it. It prints one line and ends without an error. End your reply with one last line of
this form:
Answer: <the line it prints>"""


def generate(seed: int, count: int) -> Iterable[Item]:
    """`count` different programs, the kinds in turn."""
    kinds = list(KINDS.items())
    seen: set[str] = set()
    for number in range(count):
        kind, write = kinds[number % len(kinds)]
        source, printed = next(found for found in _runs(f"{seed}/{number}", write) if found[0] not in seen)
        seen.add(source)
        yield Item(
            id=f"tracing-s{seed}-{number:04d}",
            input=PROMPT.format(source=source),
            target=printed,
            reference=f"Answer: {printed}",
            stratum=kind,
        )


def _runs(key: str, write: Any) -> Iterator[tuple[str, str]]:
    """Programs of one kind and what they print, without those that fail or print too much or too little."""
    attempt = 0
    while True:
        source = write(Random(f"{key}/{attempt}"))
        attempt += 1
        printed = _printed(source)
        if printed is not None and len(printed) <= _LONGEST and len(printed.split()) > 1:
            yield source, printed


def _printed(source: str) -> str | None:
    """The line a program prints; None where it ends in an error. The source is this task's own."""
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said):
            exec(compile(source, "<program>", "exec"), {"__name__": "__main__"})
    except Exception:
        return None
    return said.getvalue().strip()
