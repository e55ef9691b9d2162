"""Compaction: few parts for many, no row lost and none twice, whoever writes or reads meanwhile."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule
from remote.writing import Reading, add, push, put
from rows import outcome

from whichmodel.remote import commit, compact, shelf
from whichmodel.remote.manifest import Part
from whichmodel.remote.objects import Objects
from whichmodel.remote.prune import prune
from whichmodel.remote.space import PUBLIC

NONE = timedelta(0)


def _stored(objects: Objects) -> Counter[str]:
    """Key of an outcome -> how many times it is in parts that count."""
    held = commit.head(objects, PUBLIC).parts
    batches = (batch for part in held for batch in shelf.get(objects, PUBLIC, part))
    return Counter(key for batch in batches for key in batch["key"].to_pylist())


def test_small_parts_become_one_sorted_by_task_and_model(objects: Objects) -> None:
    outcomes = [outcome(n, task=f"t{n % 3}", model=f"m/{n % 2}") for n in range(12)]
    for row in outcomes:
        push(objects, [row])
    push(objects, outcomes[:5])
    done = compact.compact(objects, PUBLIC)
    assert (done.parts_before, done.parts_after, done.rows, done.doubles) == (13, 1, 12, 5)
    assert _stored(objects) == Counter(row.key for row in outcomes)
    [part] = commit.head(objects, PUBLIC).parts
    [batch] = shelf.get(objects, PUBLIC, part)
    order = list(zip(*(batch[name].to_pylist() for name in ("task", "model", "key")), strict=True))
    assert order == sorted(order)


def test_large_parts_are_left_and_none_becomes_too_large(objects: Objects) -> None:
    sizes = [6, 2, 2, 2, 1, 7, 3, 3, 3]
    for number, rows in enumerate(sizes):
        push(objects, [outcome(100 * number + row) for row in range(rows)])
    compact.compact(objects, PUBLIC, rows=10)
    assert [part.rows for part in commit.head(objects, PUBLIC).parts] == [6, 10, 7, 6]


def test_a_reader_of_the_old_parts_needs_nothing_new(objects: Objects) -> None:
    reader, late = Reading(objects), Reading(objects)
    for number in range(4):
        push(objects, [outcome(number)])
    reader.refresh()
    compact.compact(objects, PUBLIC)
    push(objects, [outcome(9)])
    assert [part.rows for part in reader.refresh()] == [1]
    compact.compact(objects, PUBLIC)
    assert reader.refresh() == ()
    assert [part.rows for part in late.refresh()] == [5]
    assert reader.rows == late.rows
    assert reader.twice == 0


def test_a_reader_in_the_middle_reads_on(objects: Objects) -> None:
    old = [push(objects, [outcome(number)]) for number in range(4)]
    compact.compact(objects, PUBLIC)
    removed = prune(objects, PUBLIC)
    assert removed.parts == removed.manifests == 0
    assert sum(len(batch) for part in old for batch in shelf.get(objects, PUBLIC, part)) == 4


def test_after_the_grace_only_what_counts_is_left(objects: Objects) -> None:
    outcomes = [outcome(number) for number in range(4)]
    for row in outcomes:
        push(objects, [row])
    put(objects, [outcome(8)])
    compact.compact(objects, PUBLIC)
    removed = prune(objects, PUBLIC, NONE)
    assert (removed.parts, removed.manifests) == (5, 4)
    assert len(list(objects.list(f"{PUBLIC}/parts/"))) == 1
    assert _stored(objects) == Counter(row.key for row in outcomes)
    assert commit.head(objects, PUBLIC).retired == ()
    assert push(objects, outcomes[:1]).rows == 1


def test_writers_and_another_compaction_may_come_between(objects: Objects) -> None:
    first, second = push(objects, [outcome(1)]), push(objects, [outcome(2)])
    slow = compact.merge(objects, PUBLIC, (first, second))
    quick = compact.merge(objects, PUBLIC, (first, second))
    push(objects, [outcome(3)])
    now = datetime.now(UTC)
    commit.commit(objects, PUBLIC, lambda manifest: manifest.compacted(quick, now))
    after = commit.commit(objects, PUBLIC, lambda manifest: manifest.compacted(slow, now))
    assert slow.key not in after.keys
    assert _stored(objects) == Counter(outcome(n).key for n in (1, 2, 3))


def test_an_object_that_may_be_about_to_go_is_not_taken_for_a_new_part(tmp_path: Path) -> None:
    objects = Objects(str(tmp_path / "store"))
    left = put(objects, [outcome(1)])
    assert put(objects, [outcome(1)]) == left
    old = (datetime.now(UTC) - 2 * shelf.ADOPTED).timestamp()
    os.utime(tmp_path / "store" / PUBLIC / left.path, (old, old))
    again = put(objects, [outcome(1)])
    assert again.key != left.key
    add(objects, again)
    prune(objects, PUBLIC, shelf.ADOPTED)
    assert not (tmp_path / "store" / PUBLIC / left.path).exists()
    assert _stored(objects) == Counter([outcome(1).key])


KILLED = """
import os, signal, sys
from whichmodel.remote import compact, commit, shelf
from whichmodel.remote.objects import Objects
step, put_new, put = int(sys.argv[2]), Objects.put_new, Objects.put
done = 0
def counted(act):
    def acting(self, path, data):
        global done
        done += 1
        if done == step:
            if len(sys.argv) > 3:
                act(self, path, data)
            os.kill(os.getpid(), signal.SIGKILL)
        return act(self, path, data)
    return acting
Objects.put, Objects.put_new = counted(put), counted(put_new)
compact.compact(Objects(sys.argv[1]), "public", rows=8)
"""


@pytest.mark.parametrize("after", [(), ("after",)], ids=["before a write", "after a write"])
@pytest.mark.parametrize("step", [1, 2, 3, 4])
def test_killed_in_the_middle_it_is_as_before_or_after(
    tmp_path: Path, step: int, after: tuple[str, ...]
) -> None:
    objects = Objects(str(tmp_path / "store"))
    outcomes = [outcome(number) for number in range(12)]
    for place in range(0, 12, 3):
        push(objects, outcomes[place : place + 3])
    killed = subprocess.run(
        [sys.executable, "-P", "-c", KILLED, tmp_path / "store", str(step), *after], check=False
    )
    assert killed.returncode == -signal.SIGKILL
    assert _stored(objects) == Counter(row.key for row in outcomes)
    compact.compact(objects, PUBLIC, rows=8)
    prune(objects, PUBLIC, NONE)
    assert _stored(objects) == Counter(row.key for row in outcomes)
    assert len(list(objects.list(f"{PUBLIC}/parts/"))) == len(commit.head(objects, PUBLIC).parts) == 2


class Interleaved(RuleBasedStateMachine):
    """Writers, compactions that take their time, and readers, in any order."""

    merged: Bundle[Part] = Bundle("merged")
    written: Bundle[Part] = Bundle("written")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.objects = Objects(str(Path(self.folder.name) / "store"))
        self.pushed: set[str] = set()
        self.readers = [Reading(self.objects) for _ in range(2)]

    def teardown(self) -> None:
        self.folder.cleanup()

    @rule(target=written, items=st.sets(st.integers(0, 9), min_size=1, max_size=4))
    def write(self, items: set[int]) -> Part:
        return put(self.objects, [outcome(item) for item in items])

    @rule(part=written)
    def commit_it(self, part: Part) -> None:
        add(self.objects, part)
        self.pushed |= {
            key for batch in shelf.get(self.objects, PUBLIC, part) for key in batch["key"].to_pylist()
        }

    @rule(target=merged, data=st.data())
    def merge(self, data: st.DataObject) -> Part:
        held = commit.head(self.objects, PUBLIC).parts
        if len(held) < 2:
            return put(self.objects, [outcome(0)])
        group = data.draw(st.lists(st.sampled_from(held), min_size=2, max_size=4, unique_by=lambda p: p.key))
        return compact.merge(self.objects, PUBLIC, tuple(group))

    @rule(part=merged)
    def swap(self, part: Part) -> None:
        now = datetime.now(UTC)
        commit.commit(self.objects, PUBLIC, lambda manifest: manifest.compacted(part, now))

    @rule()
    def whole(self) -> None:
        compact.compact(self.objects, PUBLIC, rows=8)

    @rule(reader=st.integers(0, 1))
    def read(self, reader: int) -> None:
        self.readers[reader].refresh()
        assert set(self.readers[reader].rows) == self.pushed

    @invariant()
    def no_row_is_lost(self) -> None:
        assert set(_stored(self.objects)) == self.pushed

    @invariant()
    def who_has_read_all_needs_nothing_of_a_compaction(self) -> None:
        head = commit.head(self.objects, PUBLIC)
        for reader in self.readers:
            fresh = {key for part in head.unread(reader.got) for key in _keys(self.objects, part)}
            assert set(reader.rows) | fresh == self.pushed


def _keys(objects: Objects, part: Part) -> list[str]:
    return [key for batch in shelf.get(objects, PUBLIC, part) for key in batch["key"].to_pylist()]


Interleaved.TestCase.settings = settings(
    max_examples=25, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
TestInterleaved = Interleaved.TestCase
