"""Deletion, compaction, pushes and pulls of several machines in any order: the same rows for all of them."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from remote.places import Desk, objects
from rows import START, outcome

from whichmodel.config import SharedStore
from whichmodel.domain import Outcome
from whichmodel.remote import commit, delete, shelf
from whichmodel.remote.compact import compact
from whichmodel.remote.manifest import Deletion
from whichmodel.remote.prune import prune
from whichmodel.remote.pull import pull
from whichmodel.remote.push import push
from whichmodel.remote.space import PUBLIC

TASKS = ("invoices", "receipts")


class Machines(RuleBasedStateMachine):
    """Two of them, and what should be in the store."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.shared = SharedStore(str(Path(self.folder.name) / "shared"))
        self.desks = [Desk(Path(self.folder.name) / name, self.shared) for name in ("ann", "bob")]
        self.measured: list[list[Outcome]] = [[], []]
        self.deletions: list[Deletion] = []
        self.shared_rows: set[str] = set()
        self.minutes = 0

    def teardown(self) -> None:
        self.folder.cleanup()

    def _lives(self, row: Outcome) -> bool:
        return not any(row.started_at < one.until and one.task in (None, row.task) for one in self.deletions)

    @rule(who=st.integers(0, 1), task=st.sampled_from(TASKS), count=st.integers(1, 3))
    def measure(self, who: int, task: str, count: int) -> None:
        self.minutes += 1
        at = START + timedelta(minutes=self.minutes)
        fresh = [outcome(n, task=task, attempt=self.minutes, started_at=at) for n in range(count)]
        self.measured[who] += fresh
        self.desks[who].store.ingest(fresh)

    @rule(who=st.integers(0, 1))
    def rebuild(self, who: int) -> None:
        """The journal still holds what was deleted."""
        self.desks[who].store.ingest(self.measured[who])

    @rule(who=st.integers(0, 1))
    def exchange(self, who: int) -> None:
        desk = self.desks[who]
        pushed = {str(row[0]) for row in desk.rows()}
        alive = {row.key for rows in self.measured for row in rows if self._lives(row)}
        push(desk.place)
        self.shared_rows |= pushed & alive
        done = pull(desk.place)
        assert done.faults == []
        assert {row[0] for row in desk.rows()} == self.shared_rows
        assert push(desk.place).parts == 0

    @rule(who=st.integers(0, 1), task=st.sampled_from([None, *TASKS]), back=st.integers(0, 3))
    def delete(self, who: int, task: str | None, back: int) -> None:
        until = START + timedelta(minutes=self.minutes - back, seconds=1)
        now = START + timedelta(minutes=self.minutes, seconds=1)
        deletion = Deletion(until, now, task)
        self.deletions.append(deletion)
        delete.delete_all(self.desks[who].place, (PUBLIC,), deletion)
        alive = {row.key for rows in self.measured for row in rows if self._lives(row)}
        self.shared_rows &= alive

    @rule(grace=st.sampled_from([timedelta(0), timedelta(hours=24)]))
    def tidy(self, grace: timedelta) -> None:
        compact(objects(self.shared), PUBLIC, rows=6)
        prune(objects(self.shared), PUBLIC, grace)

    @invariant()
    def the_store_holds_what_it_should(self) -> None:
        client = objects(self.shared)
        held = commit.head(client, PUBLIC).parts
        batches = [batch for part in held for batch in shelf.get(client, PUBLIC, part)]
        assert {key for batch in batches for key in batch["key"].to_pylist()} == self.shared_rows


Machines.TestCase.settings = settings(
    max_examples=6, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
)
TestMachines = Machines.TestCase
