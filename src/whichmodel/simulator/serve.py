"""The demo panel as one process of its own, so that its latency is not bent by the event loop of who asks.

`serve` starts `python -m whichmodel.simulator.serve`, hands it the banks as JSON on its standard input
and reads its port from its standard output. The process ends with the block, and with its parent however that
dies.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from whichmodel.domain import Bank, Item, TaskCard
from whichmodel.errors import BenchError
from whichmodel.simulator.conduct import Conduct, PromptCache
from whichmodel.simulator.faults import Faults

HOST = "127.0.0.1"
PORT = 8765
"""Where `bench demo --serve` stands, and so where a gateway file of simulated routes points."""
WATCH_SECONDS = 0.2
STOP_SECONDS = 5.0


@contextmanager
def serve(
    banks: Sequence[Bank],
    *,
    seed: int = 0,
    faults: Sequence[Faults] = (),
    port: int = 0,
    caches: Sequence[PromptCache] = (),
    latency_s: float | None = None,
    canned: str | None = None,
    capacity: int | None = None,
    aliases: Mapping[str, str] | None = None,
) -> Iterator[Mapping[str, str]]:
    """Base addresses by protocol, as `addresses` says, while the block runs; port 0 = any free one.

    caches, latency_s, canned, capacity and aliases are those of `conduct.Conduct`.
    Raises BenchError when the process does not start.
    """
    conduct = Conduct(tuple(caches), latency_s, canned, capacity, aliases or {})
    process = subprocess.Popen(
        # -P: nothing in the working directory is taken for a module.
        [sys.executable, "-P", "-m", __name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        # Ctrl-C is for the parent, which still needs answers while it winds down.
        start_new_session=True,
    )
    try:
        yield addresses(_start(process, _job(banks, seed, faults, port, conduct)))
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()


def _start(process: subprocess.Popen[str], job: str) -> int:
    """The port, once the server listens."""
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(job)
        process.stdin.close()
        line = process.stdout.readline()
    except BrokenPipeError:
        line = ""
    if not line:
        raise BenchError(
            "The demo panel's server did not start.",
            where="whichmodel.simulator.serve",
            remedy="Its own message stands above on standard error.",
        )
    return int(line)


def addresses(port: int) -> Mapping[str, str]:
    """Base addresses by protocol of a panel that is served on a port of 127.0.0.1.

    Each is the address that the provider's SDK takes as its base. `openai` holds chat completions, responses
    and the list of models; `google` generateContent and `:predict`; `hf-images` takes the model's name as its
    last part.
    """
    root = f"http://{HOST}:{port}"
    return {
        "openai": f"{root}/v1",
        "openai-images": f"{root}/v1",
        "anthropic": root,
        "google": root,
        "google-images": root,
        "hf": f"{root}/hf/v1",
        "hf-images": f"{root}/hf-inference/models",
    }


def _job(banks: Sequence[Bank], seed: int, faults: Sequence[Faults], port: int, conduct: Conduct) -> str:
    """What the process needs to know, as JSON."""
    job = {
        "parent": os.getpid(),
        "seed": seed,
        "port": port,
        "faults": [asdict(fault) for fault in faults],
        "conduct": asdict(conduct),
        "banks": [asdict(bank) for bank in banks],
    }
    return json.dumps(job, default=str)


def _bank(entry: Mapping[str, Any]) -> Bank:
    card = TaskCard(**{**entry["card"], "folder": Path(entry["card"]["folder"])})
    items = tuple(Item(**item) for item in entry["items"])
    return Bank(card=card, items=items, task_hash=entry["task_hash"], seed=entry["seed"])


def _conduct(entry: Mapping[str, Any]) -> Conduct:
    return Conduct(**{**entry, "caches": tuple(PromptCache(**cache) for cache in entry["caches"])})


def main() -> None:
    """The process itself: listens, prints its port, runs until its parent is gone."""
    job = json.load(sys.stdin)
    asyncio.run(_run(job))


async def _run(job: Mapping[str, Any]) -> None:
    from aiohttp import web

    from whichmodel.simulator.answers import Answers
    from whichmodel.simulator.server import Panel

    answers = Answers(_bank(entry) for entry in job["banks"])
    faults = [Faults(**entry) for entry in job["faults"]]
    panel = Panel(answers, seed=job["seed"], faults=faults, conduct=_conduct(job["conduct"]))
    # The banks live as long as the process: a collection that walks them would delay a reply.
    gc.freeze()
    runner = web.AppRunner(panel.application(), access_log=None, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, HOST, job["port"])
    await site.start()
    sys.stdout.write(f"{runner.addresses[0][1]}\n")
    sys.stdout.flush()
    while os.getppid() == job["parent"]:
        await asyncio.sleep(WATCH_SECONDS)


if __name__ == "__main__":
    main()
