"""Push and pull between results folders: equal row by row, again for nothing, whatever lies damaged."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from remote.places import Desk, objects
from rows import FAILED, START
from rows import outcome as plain
from timings import timing as timed

from whichmodel.config import SharedStore
from whichmodel.domain import Organisation, Outcome, Timing
from whichmodel.errors import StoreError
from whichmodel.pricing.public import LIST
from whichmodel.remote import commit, parts, shelf
from whichmodel.remote.mend import mend
from whichmodel.remote.objects import Objects
from whichmodel.remote.overview import overview
from whichmodel.remote.pull import pull
from whichmodel.remote.push import push, waiting
from whichmodel.remote.verify import verify
from whichmodel.store import Race, Run, read, schema
from whichmodel.store import labels as labelling
from whichmodel.store.labels import Label

RUN = Run(
    "run-1", START, START + timedelta(hours=1), False, "bench run --tasks invoices", 9, 8, 1, "finished"
)
RACE = Race(
    organisation="acme",
    simulated=False,
    task="invoices",
    task_hash="bank-1",
    order_seed=7,
    items=("i1", "i0"),
    models=("aurora/lite", "boreal/pro"),
    settings=("s1", "s2"),
    incumbent=None,
    kind="all",
    rule="{}",
    started_at=START,
    looked_at=START + timedelta(minutes=5),
    look=50,
)


LISTED = f"{LIST} 2026-11-20"
"""Where a price is from that everybody may see."""


def outcome(number: int = 0, **changes: Any) -> Outcome:
    return plain(number, **{"price_source": LISTED, **changes})


def timing(number: int) -> Timing:
    return timed(number, price_source=LISTED)


def said(row: Outcome, score: float, labeller: str = "ann") -> Label:
    return Label(row.key, row.task, row.model, row.item_id, row.epoch, labeller, score)


def filled(desk: Desk) -> list[Outcome]:
    """Something in every table."""
    rows = [outcome(n, task=task) for n in range(60) for task in ("invoices", "receipts")]
    rows += [outcome(n, attempt=1, **FAILED) for n in range(5)]
    rows[0] = replace(rows[0], human_score=None, cost_usd=Decimal("0.0000012345"), answer_norm="ü \x00 ,")
    desk.store.ingest(rows)
    desk.store.ingest_timings([timing(n) for n in range(7)])
    desk.store.put_run(RUN)
    desk.store.put_races([RACE])
    desk.store.add_labels([said(rows[0], 0.5), said(rows[1], 1.0), said(rows[0], 0.25, "bob")])
    return rows


@pytest.fixture
def ann(tmp_path: Path, shared: SharedStore) -> Desk:
    return Desk(tmp_path / "ann", shared)


@pytest.fixture
def bob(tmp_path: Path, shared: SharedStore) -> Desk:
    return Desk(tmp_path / "bob", shared)


def test_what_one_pushes_another_pulls_equal_row_by_row(ann: Desk, bob: Desk) -> None:
    rows = filled(ann)
    given = push(ann.place)
    assert given.rows == {"outcomes": len(rows), "timings": 7, "runs": 1, "races": 1, "labels": 3}
    taken = pull(bob.place)
    assert taken.rows == given.rows
    assert taken.faults == taken.closed == []
    for table in ("outcomes", "timings", "runs", "races"):
        assert bob.rows(table) == ann.rows(table)
    assert labelling.read(bob.results) == labelling.read(ann.results)
    for desk in (ann, bob):
        found = verify(desk.place)
        assert found.equal
        assert {name: one.same for name, one in found.tables.items()} == dict(given.rows)
    reader = read(bob.results)
    assert reader is not None
    assert len(reader.outcomes("real")) == 120
    assert "part" not in reader.outcomes("real").columns
    assert "part" not in reader.timings("real").columns


def test_again_at_once_costs_nothing(ann: Desk, bob: Desk) -> None:
    filled(ann)
    push(ann.place)
    pull(bob.place)
    client = objects(ann.shared)
    before = {(one.path, one.modified) for space in ("public", "org") for one in client.list(f"{space}/")}
    snapshot = read(bob.results)
    again = push(ann.place), push(bob.place), pull(ann.place), pull(bob.place)
    assert [(done.parts, done.bytes, done.rows.total()) for done in again[:2]] == [(0, 0, 0)] * 2
    assert again[3].parts == 0
    assert read(bob.results) == snapshot
    assert before == {(one.path, one.modified) for s in ("public", "org") for one in client.list(f"{s}/")}
    assert waiting(bob.place) == {}


def test_each_reads_only_what_the_other_has_added(ann: Desk, bob: Desk) -> None:
    filled(ann)
    push(ann.place)
    pull(bob.place)
    bob.store.ingest([outcome(n, model="boreal/pro") for n in range(30)])
    assert push(bob.place).rows == {"outcomes": 30}
    taken = pull(ann.place)
    assert (taken.rows, taken.parts) == ({"outcomes": 30}, 1)
    assert ann.rows() == bob.rows()


def test_a_run_that_goes_on_is_followed_by_how_it_ended(ann: Desk, bob: Desk) -> None:
    begun = replace(RUN, ended_at=None, done=None, failed=None, reason=None)
    ann.store.ingest([outcome(1)])
    ann.store.put_run(begun)
    push(ann.place)
    pull(bob.place)
    assert bob.place.exchange.state().runs == (begun,)
    ann.store.put_run(RUN)
    ann.store.put_races([RACE])
    push(ann.place)
    later = replace(RACE, look=100, ended_at=START + timedelta(hours=2), model="aurora/lite")
    ann.store.put_races([later])
    push(ann.place)
    pull(bob.place)
    assert bob.place.exchange.state().runs == (RUN,)
    assert bob.store.races() == (later,)
    assert verify(bob.place).equal


def test_labels_that_contradict_each_other_end_the_same_for_all(ann: Desk, bob: Desk) -> None:
    row = outcome(1)
    for desk in (ann, bob):
        desk.store.ingest([row])
    ann.store.add_labels([said(row, 0.25), said(row, 0.5), said(row, 0.25)])
    bob.store.add_labels([said(row, 1.0)])
    for desk in (ann, bob, ann, bob, ann):
        pull(desk.place)
        push(desk.place)
    scores = [labelling.scores(labelling.read(desk.results)) for desk in (ann, bob)]
    assert scores[0] == scores[1] == {row.key: 1.0}
    assert ann.rows() == bob.rows()
    assert all(verify(desk.place).equal for desk in (ann, bob))
    before = labelling.read(ann.results)
    ann.store.add_labels([said(row, 0.75)])
    push(ann.place)
    pull(bob.place)
    assert labelling.scores(labelling.read(bob.results)) == {row.key: 0.75}
    assert len(labelling.read(ann.results)) == len(before) + 1


def test_verify_names_what_differs_and_which_side_it_is_on(ann: Desk, bob: Desk) -> None:
    rows = filled(ann)
    push(ann.place)
    pull(bob.place)
    with bob.store.opened() as connection:
        connection.execute("UPDATE outcomes SET score = 0.5 WHERE key = ?", [rows[3].key])
        connection.execute("UPDATE outcomes SET cost_usd = 9 WHERE key = ?", [rows[4].key])
        connection.execute("DELETE FROM outcomes WHERE key = ?", [rows[5].key])
    extra = outcome(99)
    bob.store.ingest([extra])
    found = verify(bob.place).tables["outcomes"]
    counts = found.same, found.priced, found.other, found.missing, found.alone
    assert counts == (len(rows) - 2, 1, 1, 1, 1)
    assert sorted(found.keys) == sorted(
        [f"differs: {rows[3].key}", f"missing here: {rows[5].key}", f"only here: {extra.key}"]
    )


def test_rows_travel_in_parts_of_bounded_size(ann: Desk, bob: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "MOST_ROWS", 50)
    rows = [outcome(n) for n in range(120)]
    ann.store.ingest(rows)
    assert push(ann.place).parts == 3
    monkeypatch.setattr(parts, "MOST_ROWS", 10_000)
    monkeypatch.setattr(parts, "MOST_BYTES", 1)
    ann.store.ingest([outcome(n, attempt=1) for n in range(20_000)])
    assert push(ann.place).parts == 2
    assert pull(bob.place).rows == {"outcomes": 20_120}
    assert bob.rows() == ann.rows()


def torn(desk: Desk, space: str = "public") -> str:
    """The first part of a space is cut short; its path."""
    client = objects(desk.shared)
    path = shelf.path(space, commit.head(client, space).parts[0])
    client.put(path, client.get(path)[:-30])
    return path


@pytest.mark.parametrize("how", ["torn", "missing", "newer"])
def test_a_part_that_cannot_be_read_keeps_nothing_else_back(ann: Desk, bob: Desk, how: str) -> None:
    first, second = [outcome(n) for n in range(10)], [outcome(n) for n in range(10, 30)]
    for rows in (first, second):
        ann.store.ingest(rows)
        push(ann.place)
    client = objects(ann.shared)
    part = commit.head(client, "public").parts[0]
    if how == "torn":
        torn(ann)
    elif how == "missing":
        client.delete([shelf.path("public", part)])
    else:
        newer = replace(part, schema=99)
        commit.commit(client, "public", lambda manifest: manifest.mended([newer]))
    for _ in range(2):
        taken = pull(bob.place)
        assert len(taken.faults) == 1
        assert part.key in taken.faults[0]
    assert bob.rows() == ann.rows()[:0] + [row for row in ann.rows() if row[0] in {o.key for o in second}]
    assert not verify(bob.place).equal
    if how == "newer":
        assert mend(ann.place).parts == 0
        return
    assert mend(bob.place).lost
    assert mend(ann.place).parts == 1
    assert pull(bob.place).faults == []
    assert bob.rows() == ann.rows()
    assert verify(bob.place).equal


def test_a_part_with_rows_that_cannot_be_is_refused_whole(ann: Desk, bob: Desk) -> None:
    good, bad = outcome(1), outcome(2)
    table = schema.arrow([good, replace(bad, score=None)])
    part, data = parts.made("outcomes", table)
    client = objects(ann.shared)
    shelf.put(client, "public", part, data)
    commit.commit(client, "public", lambda manifest: manifest.add([part]))
    taken = pull(bob.place)
    assert len(taken.faults) == 1
    assert bob.rows() == []
    assert bob.place.exchange.state().parts == {}


def test_small_tables_are_mended_from_the_rows_here(ann: Desk, bob: Desk) -> None:
    filled(ann)
    push(ann.place)
    pull(bob.place)
    client = objects(ann.shared)
    for space in ("public", "org/acme"):
        for part in commit.head(client, space).parts:
            if part.table in ("runs", "labels"):
                client.put(shelf.path(space, part), b"PAR1")
    assert mend(bob.place).again == 2
    assert push(bob.place).rows == {"runs": 1, "labels": 3}
    carol = Desk(bob.results.parent / "carol", ann.shared)
    assert pull(carol.place).faults == []
    assert carol.rows() == ann.rows()
    assert verify(carol.place).equal


def test_a_store_that_was_made_anew_is_given_everything_again(ann: Desk) -> None:
    filled(ann)
    push(ann.place)
    client = objects(ann.shared)
    client.delete([one.path for space in ("public", "org") for one in client.list(f"{space}/")])
    assert push(ann.place).parts == 0
    assert mend(ann.place).again > 0
    push(ann.place)
    assert verify(ann.place).equal


def test_another_store_begins_anew(ann: Desk, tmp_path: Path) -> None:
    rows = filled(ann)
    push(ann.place)
    moved = Desk(ann.results, SharedStore(str(tmp_path / "other")))
    assert push(moved.place).rows["outcomes"] == len(rows)
    assert verify(moved.place).equal


ACME = Organisation("acme", "Acme", private_tasks=("receipts",))
GLOBEX = Organisation("globex", "Globex")


def everything(client: Objects, space: str) -> str:
    """All text of a space: paths and what its parts and manifests hold."""
    text = [one.path for one in client.list(f"{space}/")]
    for part in commit.head(client, space).parts:
        text += [str(batch.to_pylist()) for batch in shelf.get(client, space, part)]
        text.append(str(part))
    return "\n".join(text)


def test_an_organisations_own_tasks_and_races_stay_in_its_own_space(
    tmp_path: Path, shared: SharedStore
) -> None:
    ann = Desk(tmp_path / "ann", shared, [ACME, GLOBEX])
    filled(ann)
    ann.store.put_run(replace(RUN, command="bench run --tasks receipts --org acme"))
    push(ann.place)
    client = objects(shared)
    public = everything(client, "public")
    assert "invoices" in public
    assert "receipts" not in public
    assert "acme" not in public
    assert "receipts" in everything(client, "org/acme")
    globex = Desk(tmp_path / "globex", shared, [GLOBEX])
    pull(globex.place)
    assert {row[2] for row in globex.rows()} == {"invoices"}
    assert globex.store.races() == ()
    own = Desk(tmp_path / "own", shared, [ACME])
    pull(own.place)
    assert own.rows() == ann.rows()
    assert own.place.exchange.state().runs[0].command == "bench run --tasks receipts --org acme"
    for desk in (ann, globex, own):
        assert verify(desk.place).equal


def test_a_task_that_was_private_once_never_becomes_public(tmp_path: Path, shared: SharedStore) -> None:
    ann = Desk(tmp_path / "ann", shared, [ACME, GLOBEX])
    filled(ann)
    push(ann.place)
    forgetful = Desk(ann.results, shared, [Organisation("acme", "Acme"), GLOBEX])
    forgetful.store.ingest([outcome(n, task="receipts", attempt=3) for n in range(5)])
    push(forgetful.place)
    client = objects(shared)
    assert "receipts" not in everything(client, "public")
    assert sum("outcomes" in p.path for p in commit.head(client, "org/acme").parts) == 2


def test_no_secret_lies_in_the_store_the_database_or_an_error(
    ann: Desk, bucket: SharedStore, tmp_path: Path
) -> None:
    from remote.places import SECRET

    filled(ann)
    push(ann.place)
    pull(ann.place)
    held = b"".join(path.read_bytes() for path in ann.results.rglob("*") if path.is_file())
    assert SECRET.encode() not in held
    client = objects(ann.shared)
    assert SECRET not in everything(client, "public") + repr(ann.place)


def test_the_overview_counts_both_sides(ann: Desk, bob: Desk) -> None:
    rows = filled(ann)
    assert overview(ann.place).waiting["public"]["outcomes"] == len(rows)
    push(ann.place)
    bob.store.ingest([outcome(n, model="boreal/pro") for n in range(4)])
    found = overview(bob.place)
    public = found.spaces[0]
    assert public.name == "public"
    assert public.unread_rows == public.rows == len(rows) + 7 + 1
    assert found.waiting == {"public": {"outcomes": 4}}
    assert found.error == ""
    json.dumps(found.waiting)


def test_a_manifest_of_a_newer_program_stops_a_push_and_loses_nothing(ann: Desk) -> None:
    filled(ann)
    client = objects(ann.shared)
    client.put(commit.path("public", 1), json.dumps({"schema": 99, "version": 1}).encode())
    with pytest.raises(StoreError, match="newer whichmodel"):
        push(ann.place)
    client.delete([commit.path("public", 1)])
    push(ann.place)
    assert verify(ann.place).equal
