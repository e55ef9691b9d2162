"""One campaign of `bench run`, killed again and again, then left to end: what was lost, what was paid twice.

A sample is finished when its line stands in the journal. In flight at a kill is what had been asked in that
life and was not finished: the server's log tells what it had still to answer; the rest was answered and not
yet written down.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from benchmarks.rig.measured import Broken
from benchmarks.rig.project import Project, environment, write_project
from benchmarks.rig.served import Exchange, Served, serve
from whichmodel.store import read

CONNECTIONS = 16
DELAY_S = 0.2
WORKING_S = 4.0
"""A kill comes at most this long after the moment at which a life is expected to send its first request."""
ITEMS_A_KILL = 160
"""Half of what one life can finish, so that the campaign does not end before its kills."""
PATIENCE_S = 60.0
"""For a first request, and for the processes of a killed run to be gone."""


@dataclass(frozen=True, slots=True)
class Kill:
    """One life of the program and its end by `kill -9`."""

    after_s: float
    """From the start of the command."""
    asked: int
    """Requests that the server read in this life."""
    unanswered: int
    """Of these, requests the server had still to answer at the kill."""
    unwritten: int
    """Of these, answered and not in the journal."""
    oldest_unwritten_s: float
    """How long before the kill the oldest of them was answered. 0 = there is none."""
    repaid: int
    """Of these, items that were already finished when this life began."""


@dataclass(frozen=True, slots=True)
class Campaign:
    """All lives of one campaign, the last one undisturbed."""

    items: int
    kills: tuple[Kill, ...]
    repaid_at_last: int
    """Requests of the last life for items that were finished before it."""
    requests: int
    lost: int
    """Outcomes that stood in the journal at a kill and are not in the database."""
    unscored: int
    """Items without a score at the end."""
    scored_twice: int
    """Items with more than one score in the database."""

    @property
    def repeats(self) -> int:
        """Requests beyond one an item."""
        return self.requests - self.items

    @property
    def in_flight(self) -> int:
        """Requests in flight at the kills, all together."""
        return sum(kill.unanswered + kill.unwritten for kill in self.kills)

    @property
    def paid_twice(self) -> int:
        """Requests for items that were finished."""
        return self.repaid_at_last + sum(kill.repaid for kill in self.kills)

    @property
    def faults(self) -> list[str]:
        """What must not be; [] = it holds."""
        most = max((kill.unanswered + kill.unwritten for kill in self.kills), default=0)
        found = {
            f"{self.lost} finished samples lost": self.lost > 0,
            f"{self.paid_twice} finished samples paid twice": self.paid_twice > 0,
            f"{self.scored_twice} items scored twice": self.scored_twice > 0,
            f"{self.unscored} items without a score": self.unscored > 0,
            f"{self.repeats} repeats, {self.in_flight} in flight": self.repeats > self.in_flight,
            f"{most} in flight at one kill over {CONNECTIONS} connections": most > CONNECTIONS,
        }
        return [fault for fault, stands in found.items() if stands]


Told = Callable[[int, Kill], None]
"""Told of each kill as it happens: its number and what it met."""


def campaign(folder: Path, kills: int, *, seed: int = 0, told: Told = lambda number, kill: None) -> Campaign:
    """Kill `bench run` so many times at random moments, then run it to its end. Raises Broken.

    The first kill comes with the first request and tells how long a start takes. folder: empty; the project
    is made in it. seed: of the moments.
    """
    items = ITEMS_A_KILL * (kills + 1)
    with serve(DELAY_S) as served:
        project = write_project(folder, items, served.base_url, connections=CONNECTIONS)
        luck, met, finished = random.Random(seed), list[Kill](), dict[str, int]()
        for number in range(kills):
            after_s = luck.uniform(0.2, met[0].after_s + WORKING_S) if met else None
            kill, finished = _life(served, project, after_s, finished)
            met.append(kill)
            told(number + 1, kill)
        before = len(served.exchanges())
        _to_the_end(project)
        exchanges = served.exchanges()
    return _account(project, items, met, finished, exchanges, before)


def _life(
    served: Served, project: Project, after_s: float | None, finished: Mapping[str, int]
) -> tuple[Kill, dict[str, int]]:
    """One life and its end, and what is finished after it. after_s None = at its first request."""
    before = len(served.exchanges())
    started = time.monotonic()
    process = _start(project)
    while time.monotonic() - started < (PATIENCE_S if after_s is None else after_s):
        if process.poll() is not None:
            raise Broken(f"`bench run` ended by itself before its kill:\n{_said(project)}")
        if after_s is None and len(served.exchanges()) > before:
            break
        time.sleep(0.02)
    killed = _kill(process)
    now = _finished(project)
    done, known = set(now.values()), set(finished.values())
    asked = served.exchanges()[before:]
    open_ones = [e for e in asked if e.item not in done]
    ages = [killed - e.written_s for e in open_ones if e.written_s is not None and e.written_s <= killed]
    return Kill(
        after_s=killed - started,
        asked=len(asked),
        unanswered=len(open_ones) - len(ages),
        unwritten=len(ages),
        oldest_unwritten_s=max(ages, default=0.0),
        repaid=sum(e.item in known for e in asked),
    ), now


def _start(project: Project) -> subprocess.Popen[bytes]:
    with (project.folder / "output.txt").open("ab") as file:
        return subprocess.Popen(
            project.run(),
            cwd=project.folder,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            start_new_session=True,
        )


def _kill(process: subprocess.Popen[bytes]) -> float:
    """Kill the command and all its processes; the moment of it."""
    killed = time.monotonic()
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    while time.monotonic() - killed < PATIENCE_S:
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            return killed
        time.sleep(0.01)
    raise Broken("processes of a killed `bench run` are still there")


def _finished(project: Project) -> dict[str, int]:
    """Key of each outcome in the journal -> its item; a line that was cut short is not finished."""
    found = {}
    for file in project.results.glob("logs/*/*/*.jsonl"):
        for line in file.read_bytes().split(b"\n")[:-1]:
            outcome = json.loads(line)
            if outcome["status"] != "failed":
                found[outcome["key"]] = int(outcome["item_id"].removeprefix("i"))
    return found


def _to_the_end(project: Project) -> None:
    process = _start(project)
    if process.wait():
        raise Broken(f"`bench run` ended with exit code {process.returncode}:\n{_said(project)}")


def _said(project: Project) -> str:
    return (project.folder / "output.txt").read_text(encoding="utf-8", errors="replace")[-2000:]


def _account(
    project: Project,
    items: int,
    kills: Sequence[Kill],
    finished: Mapping[str, int],
    exchanges: Sequence[Exchange],
    before: int,
) -> Campaign:
    rows = _rows(project)
    times = Counter(item for _, item in rows)
    known = set(finished.values())
    return Campaign(
        items=items,
        kills=tuple(kills),
        repaid_at_last=sum(e.item in known for e in exchanges[before:]),
        requests=len(exchanges),
        lost=len(finished.keys() - {key for key, _ in rows}),
        unscored=items - len(times),
        scored_twice=sum(count > 1 for count in times.values()),
    )


def _rows(project: Project) -> list[tuple[str, str]]:
    """Key and item of every scored row of the newest snapshot, those beside the one that counts too."""
    reader = read(project.results)
    if reader is None:
        return []
    with duckdb.connect(str(reader.snapshot), read_only=True) as connection:
        return connection.execute("SELECT key, item_id FROM outcomes WHERE status <> 'failed'").fetchall()
