"""The manifest: whatever the writers' order, none of their parts is lost and none comes back."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whichmodel.errors import StoreError
from whichmodel.remote import commit
from whichmodel.remote.manifest import SCHEMA, Manifest, Part, dumped, loaded
from whichmodel.remote.objects import Objects

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SPACE = "public"


def part(number: int, made_of: tuple[str, ...] = ()) -> Part:
    return Part("outcomes", f"{number:040x}", 10, 1000, "0" * 64, 1, ("invoices",), NOW, NOW, made_of)


@dataclass(frozen=True)
class Contended(Objects):
    """A folder on which rivals commit just before a writer puts its version, and replies get lost."""

    rivals: list[commit.Change] = field(default_factory=list, hash=False)
    lost: list[bool] = field(default_factory=list, hash=False)

    def put_new(self, path: str, data: bytes) -> bool:
        if self.rivals:
            commit.commit(self, SPACE, self.rivals.pop())
        done = super().put_new(path, data)
        return done and not (self.lost.pop() if self.lost else False)


@given(
    count=st.integers(1, 8), lost=st.lists(st.booleans(), max_size=8), order=st.randoms(use_true_random=False)
)
@settings(max_examples=40, deadline=None)
def test_any_interleaving_of_commits_loses_none_and_doubles_none(
    count: int, lost: list[bool], order: object
) -> None:
    with tempfile.TemporaryDirectory() as folder:

        def adds(number: int) -> commit.Change:
            return lambda manifest: manifest.add([part(number), part(1000)])

        numbers = list(range(count))
        order.shuffle(numbers)  # type: ignore[attr-defined]
        objects = Contended(folder, rivals=[adds(n) for n in numbers[1:]], lost=list(lost))
        commit.commit(objects, SPACE, adds(numbers[0]))
        found = commit.head(objects, SPACE)
        assert sorted(p.key for p in found.parts) == sorted(part(n).key for n in [*numbers, 1000])
        assert commit.versions(objects, SPACE) == list(range(1, found.version + 1))


CHANGES: tuple[Callable[[Manifest, int], Manifest], ...] = (
    lambda m, n: m.add([part(n)]),
    lambda m, n: m.without([part(n).key], NOW),
    lambda m, n: m.compacted(part(100 + n, (part(n).key, part(n + 1).key)), NOW),
    lambda m, n: m.mended([replace(part(n), bytes=7)]),
    lambda m, n: m.struck([part(n).key]),
)


@given(st.lists(st.tuples(st.sampled_from(CHANGES), st.integers(0, 5)), max_size=20))
def test_a_change_applied_to_its_own_result_changes_nothing(
    steps: list[tuple[Callable[[Manifest, int], Manifest], int]],
) -> None:
    manifest = Manifest()
    for change, number in steps:
        changed = change(manifest, number)
        assert change(changed, number) == changed
        keys = [p.key for p in changed.parts]
        assert len(keys) == len(set(keys))
        assert not set(keys) & changed.gone
        manifest = changed
    assert loaded(dumped(manifest), "here") == manifest


def test_a_deleted_part_does_not_come_back_and_a_compacted_one_brings_nothing_new() -> None:
    manifest = Manifest().add([part(1), part(2), part(3)])
    whole = part(9, (part(1).key, part(2).key))
    compacted = manifest.compacted(whole, NOW)
    assert [p.key for p in compacted.parts] == [whole.key, part(3).key]
    assert compacted.add([part(1)]) == compacted
    assert compacted.unread({part(1).key, part(2).key, part(3).key}) == ()
    assert compacted.unread({part(1).key, part(3).key}) == (whole,)
    twice = compacted.compacted(part(10, (whole.key, part(3).key)), NOW)
    assert twice.unread({part(1).key, part(2).key, part(3).key}) == ()
    gone = manifest.without([part(2).key], NOW)
    assert gone.add([part(2)]) == gone
    assert gone.compacted(whole, NOW) == gone


def test_a_writer_that_slept_while_versions_were_pruned_is_not_lost(tmp_path: Path) -> None:
    @dataclass(frozen=True)
    class Slept(Objects):
        slept: list[int] = field(default_factory=list, hash=False)

        def put_new(self, path: str, data: bytes) -> bool:
            if not self.slept:
                self.slept.append(1)
                awake = Objects(self.address)
                for number in range(2, 6):
                    commit.commit(awake, SPACE, lambda m, n=number: m.add([part(n)]))  # type: ignore[misc]
                awake.delete(commit.path(SPACE, version) for version in range(1, 4))
            return super().put_new(path, data)

    objects = Slept(str(tmp_path / "store"))
    commit.commit(objects, SPACE, lambda m: m.add([part(1)]))
    assert commit.head(objects, SPACE).keys == {part(n).key for n in range(1, 6)}


def test_a_commit_that_changes_nothing_writes_nothing(tmp_path: Path) -> None:
    objects = Objects(str(tmp_path / "store"))
    first = commit.commit(objects, SPACE, lambda m: m.add([part(1)]))
    assert commit.commit(objects, SPACE, lambda m: m.add([part(1)])) == first
    assert commit.versions(objects, SPACE) == [1]
    assert commit.newest(objects, SPACE, 7) == 1


def test_a_manifest_of_a_newer_program_is_named_and_left_alone(tmp_path: Path) -> None:
    objects = Objects(str(tmp_path / "store"))
    commit.commit(objects, SPACE, lambda m: m.add([part(1)]))
    newer = json.loads(objects.get(commit.path(SPACE, 1))) | {"schema": SCHEMA + 1, "version": 2}
    for document in (newer, newer | {"parts": "as nobody knows yet"}):
        objects.put(commit.path(SPACE, 2), json.dumps(document).encode())
        with pytest.raises(StoreError, match="newer whichmodel"):
            commit.commit(objects, SPACE, lambda m: m.add([part(2)]))
    assert commit.versions(objects, SPACE) == [1, 2]


def test_a_torn_manifest_is_named_with_what_mends_it(tmp_path: Path) -> None:
    objects = Objects(str(tmp_path / "store"))
    first = commit.commit(objects, SPACE, lambda m: m.add([part(1)]))
    objects.put(commit.path(SPACE, 2), dumped(first)[:-40])
    with pytest.raises(StoreError, match="damaged") as caught:
        commit.head(objects, SPACE)
    assert commit.path(SPACE, 2) in str(caught.value)
    objects.delete([commit.path(SPACE, 2)])
    assert commit.head(objects, SPACE) == first
