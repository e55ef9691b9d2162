"""Deletion by task, by date and as a whole: rows, logs and images are gone; what else was there stays."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from remote.writing import Reading, add, push, put
from rows import START, outcome

from whichmodel.domain import Outcome
from whichmodel.remote import commit, compact, delete, shelf
from whichmodel.remote.deleted import going as _going
from whichmodel.remote.manifest import Deletion, Manifest
from whichmodel.remote.objects import Objects
from whichmodel.remote.parts import SHAPES, made
from whichmodel.remote.records import label_rows, table
from whichmodel.remote.space import PUBLIC
from whichmodel.store import schema
from whichmodel.store.labels import Label

LATER = START + timedelta(days=10)
NOW = START + timedelta(days=20)
ALL = Deletion(NOW, NOW)


def _row(number: int, task: str = "invoices", at: datetime = START, job: str = "j") -> Outcome:
    return outcome(number, task=task, started_at=at, log_ref=f"logs/r/{job}#{number}")


def _stored(objects: Objects) -> Counter[str]:
    held = commit.head(objects, PUBLIC).parts
    batches = (batch for part in held for batch in shelf.get(objects, PUBLIC, part))
    return Counter(key for batch in batches for key in batch["key"].to_pylist())


def _names(objects: Objects, folder: str) -> set[str]:
    return {held.path.removeprefix(f"{PUBLIC}/") for held in objects.list(f"{PUBLIC}/{folder}/")}


def test_a_task_goes_out_of_its_parts(objects: Objects) -> None:
    mixed = push(objects, [_row(1), _row(2, "secret"), _row(3, "secret")])
    whole = push(objects, [_row(4, "secret")])
    other = push(objects, [_row(5)])
    found = delete.delete(objects, PUBLIC, Deletion(NOW, NOW, "secret"))
    assert (found.rows, found.parts) == ({"outcomes": 3}, 2)
    assert _stored(objects) == Counter([_row(1).key, _row(5).key])
    lying = _names(objects, "parts")
    assert other.path in lying
    assert not {mixed.path, whole.path} & lying
    assert all("secret" not in part.tasks for part in commit.head(objects, PUBLIC).parts)


def test_looking_changes_nothing(objects: Objects) -> None:
    push(objects, [_row(1), _row(2, "secret")])
    objects.put(f"{PUBLIC}/logs/r/j/one.eval", b"12345")
    before, names = commit.head(objects, PUBLIC), _names(objects, "parts")
    found = delete.look(objects, PUBLIC, Deletion(NOW, NOW, "secret"))
    assert (found.rows, found.parts, [held.bytes for held in found.logs]) == ({"outcomes": 1}, 1, [5])
    assert found.bytes == before.parts[0].bytes // 2 + 5
    assert commit.head(objects, PUBLIC) == before
    assert _names(objects, "parts") == names


def test_by_date_what_is_younger_stays(objects: Objects) -> None:
    push(objects, [_row(1), _row(2, at=LATER)])
    delete.delete(objects, PUBLIC, Deletion(LATER, NOW))
    assert _stored(objects) == Counter([_row(2, at=LATER).key])


def test_logs_and_images_go_and_those_of_others_stay(objects: Objects) -> None:
    gone = outcome(1, task="secret", log_ref="logs/r/j1#1", output_ref="artifacts/a.png")
    shared = outcome(2, task="secret", log_ref="logs/r/j1#2", output_ref="artifacts/b.png")
    stays = outcome(3, log_ref="logs/r/j2#3", output_ref="artifacts/b.png")
    push(objects, [gone, shared])
    push(objects, [stays])
    for name in ("logs/r/j1/x.eval", "logs/r/j2/y.eval", "artifacts/a.png", "artifacts/b.png"):
        objects.put(f"{PUBLIC}/{name}", b"0")
    delete.delete(objects, PUBLIC, Deletion(NOW, NOW, "secret"))
    assert _names(objects, "logs") | _names(objects, "artifacts") == {"logs/r/j2/y.eval", "artifacts/b.png"}


def test_all_of_a_space_goes_with_what_no_row_names(objects: Objects) -> None:
    push(objects, [_row(1), _row(2, "other")])
    objects.put(f"{PUBLIC}/logs/r/unknown/x.eval", b"0")
    delete.delete(objects, PUBLIC, ALL)
    assert commit.head(objects, PUBLIC).parts == ()
    assert _names(objects, "logs") == _names(objects, "parts") == set()


@pytest.mark.parametrize(
    ("deletion", "left"),
    [
        (Deletion(LATER, NOW), {"young"}),
        (Deletion(NOW, NOW, "invoices"), set()),
        (Deletion(NOW, NOW, "other"), {"old", "young"}),
    ],
)
def test_labels_go_with_their_outcomes(objects: Objects, deletion: Deletion, left: set[str]) -> None:
    rows = {"old": _row(1), "young": _row(2, at=LATER)}
    labels = [Label(row.key, row.task, row.model, row.item_id, 1, name, 1.0) for name, row in rows.items()]
    push(objects, rows.values())
    add(objects, shelf.put(objects, PUBLIC, *made("labels", table("labels", label_rows(labels)))))
    delete.delete(objects, PUBLIC, deletion)
    held = [part for part in commit.head(objects, PUBLIC).parts if part.table == "labels"]
    batches = [batch for part in held for batch in shelf.get(objects, PUBLIC, part)]
    assert {name for batch in batches for name in batch["labeller"].to_pylist()} == left


def test_a_part_that_comes_meanwhile_is_looked_through_too(
    objects: Objects, monkeypatch: pytest.MonkeyPatch
) -> None:
    push(objects, [_row(1, "secret"), _row(2)])
    late = put(objects, [_row(3, "secret"), _row(4)])
    committing, came = commit.commit, list[Manifest]()

    def slow(objects: Objects, space: str, change: commit.Change, known: Manifest | None = None) -> Manifest:
        if not came:
            came.append(committing(objects, space, lambda manifest: manifest.add([late])))
        return committing(objects, space, change, known)

    monkeypatch.setattr(commit, "commit", slow)
    delete.delete(objects, PUBLIC, Deletion(NOW, NOW, "secret"))
    assert _stored(objects) == Counter([_row(2).key, _row(4).key])


def test_a_reader_who_has_the_rows_that_stay_reads_nothing_again(objects: Objects) -> None:
    reader, late = Reading(objects), Reading(objects)
    push(objects, [_row(1), _row(2, "secret")])
    reader.refresh()
    delete.delete(objects, PUBLIC, Deletion(NOW, NOW, "secret"))
    assert reader.refresh() == ()
    assert [part.rows for part in late.refresh()] == [1]


def test_a_compaction_that_began_before_does_not_bring_it_back(objects: Objects) -> None:
    first, second = push(objects, [_row(1, "secret"), _row(2)]), push(objects, [_row(3, "secret")])
    merged = compact.merge(objects, PUBLIC, (first, second))
    delete.delete(objects, PUBLIC, Deletion(NOW, NOW, "secret"))
    commit.commit(objects, PUBLIC, lambda manifest: manifest.compacted(merged, datetime.now(UTC)))
    assert _stored(objects) == Counter([_row(2).key])


def test_what_a_later_deletion_says_too_is_said_once() -> None:
    early = Deletion(START, START, "secret")
    later, whole = Deletion(NOW, NOW, "secret"), Deletion(NOW, NOW)
    manifest = Manifest().deleted(early, {}).deleted(Deletion(LATER, LATER, "other"), {})
    assert manifest.deleted(later, {}).deletions == (Deletion(LATER, LATER, "other"), later)
    assert manifest.deleted(whole, {}).deletions == (whole,)
    assert manifest.deleted(whole, {}).deleted(early, {}).deletions == (whole,)


def test_whether_a_row_is_meant_is_told_by_task_and_moment() -> None:
    rows = schema.arrow([_row(1), _row(2, "secret"), _row(3, "secret", at=LATER)])
    assert SHAPES["outcomes"].moment == "started_at"
    going = _going("outcomes", rows, [Deletion(LATER, NOW, "secret")])
    assert going.to_pylist() == [False, True, False]
