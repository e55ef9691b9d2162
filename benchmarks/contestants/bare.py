"""The floor of what a client written in Python with the vendor's SDK costs: a bare loop over AsyncOpenAI.

Run as a command, it asks all items of a file over a number of connections and keeps the answers in memory.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Iterator
from importlib.metadata import version as version_of
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from benchmarks.contestants.entry import Attempt, Job
from benchmarks.rig.project import SECRETLESS, write_items

TITLE = "bare AsyncOpenAI loop"


def version() -> str:
    """The SDK's."""
    return f"openai {version_of('openai')}"


def prepare(job: Job) -> Attempt:
    """This file as a command."""
    items = job.folder / "items.jsonl"
    write_items(items, job.count)
    command = [sys.executable, str(Path(__file__).resolve()), job.base_url, str(items), str(job.connections)]
    return Attempt(command, {}, lambda: int((job.folder / "right.txt").read_text()))


async def _ask(base_url: str, items: list[dict[str, str]], connections: int) -> list[str | None]:
    from openai import AsyncOpenAI

    answers: list[str | None] = [None] * len(items)
    async with AsyncOpenAI(base_url=base_url, api_key=SECRETLESS, max_retries=0) as client:

        async def take(numbers: Iterator[int]) -> None:
            for number in numbers:
                reply = await client.chat.completions.create(
                    model="m1",
                    messages=[{"role": "user", "content": items[number]["input"]}],
                    max_tokens=16,
                )
                answers[number] = reply.choices[0].message.content

        waiting = iter(range(len(items)))
        await asyncio.gather(*(take(waiting) for _ in range(connections)))
    return answers


def main() -> None:
    """Ask, then write how many answers were right."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("base_url")
    parser.add_argument("items", type=Path)
    parser.add_argument("connections", type=int)
    options = parser.parse_args()
    items = [json.loads(line) for line in options.items.read_text(encoding="utf-8").splitlines()]
    answers = asyncio.run(_ask(options.base_url, items, options.connections))
    right = sum(answer == item["target"] for answer, item in zip(answers, items, strict=True))
    Path("right.txt").write_text(str(right))


if __name__ == "__main__":
    main()
