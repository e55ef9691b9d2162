"""Logs and images beside the parts: what is brought up and down, and what never is."""

from __future__ import annotations

import json
import os
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from logged import sample, write
from remote.places import Desk, objects
from rows import outcome
from small_run import measure

from whichmodel.config import SharedStore
from whichmodel.domain import Organisation, Outcome
from whichmodel.remote import delete, logs
from whichmodel.remote.manifest import Deletion
from whichmodel.remote.pull import pull
from whichmodel.remote.push import push
from whichmodel.remote.space import PUBLIC
from whichmodel.run.stored_answers import Place, Stored, answer

ACME = Organisation("acme", "Acme", private_tasks=("claims",))
MODEL: dict[str, Any] = {"simulated": False, "baseline": False, "price": None, "base_url": None}


def _desk(tmp_path: Path, shared: SharedStore, name: str) -> Desk:
    return Desk(tmp_path / name, shared, [ACME])


def _logged(desk: Desk, number: int, task: str = "invoices", **of_model: Any) -> Outcome:
    """An outcome of this desk, with its log, which names its model."""
    row = write(desk.results, outcome(number, task=task, run_id="run-1"), sample(f"answer {number}"))
    [log] = (desk.results / str(row.log_ref).partition("#")[0]).glob("*.eval")
    of = {"whichmodel": {"model": {**MODEL, **of_model}, "judge": None}}
    with zipfile.ZipFile(log, "a") as archive:
        archive.writestr(logs.START, json.dumps({"eval": {"metadata": of}}))
    desk.store.ingest([row])
    return row


def _lying(shared: SharedStore) -> set[str]:
    return {held.path for held in objects(shared).list("") if "/logs/" in held.path or "/art" in held.path}


def test_logs_of_a_run_are_read_at_another_desk(tmp_path: Path, shared: SharedStore) -> None:
    here, there = _desk(tmp_path, shared, "here"), _desk(tmp_path, shared, "there")
    measure(here.results, ["demo-aurora/lite"], count=4)
    push(here.place)
    moved = logs.push(here.place)
    assert moved.files > 0
    assert all(path.startswith(f"{PUBLIC}/logs/run-1/") for path in _lying(shared))
    assert logs.push(here.place) == logs.Moved()
    pull(there.place)
    assert not (there.results / "logs").exists()
    assert logs.pull(there.place).files == moved.files
    with there.store.opened() as connection:
        rows = connection.execute("SELECT log_ref, item_id, epoch FROM outcomes").fetchall()
    assert len(rows) == 4
    for ref, item, epoch in rows:
        assert isinstance(answer(there.results, Place(ref, item, epoch)), Stored)
    assert logs.pull(there.place) == logs.Moved()


def test_a_log_that_tells_a_price_goes_to_ones_own_space(tmp_path: Path, folder: SharedStore) -> None:
    desk = _desk(tmp_path, folder, "here")
    measure(desk.results, ["demo-aurora/lite"], count=2, charged=True)
    logs.push(desk.place)
    assert _lying(folder)
    assert all(path.startswith("org/acme/logs/") for path in _lying(folder))


@pytest.mark.parametrize(
    ("of_model", "space"),
    [
        ({}, PUBLIC),
        ({"price": {"input_per_mtok": 1}}, "org/acme"),
        ({"specialist": {"training_usd": 1}}, "org/acme"),
        ({"base_url": "http://gpu7.acme.example/v1"}, "org/acme"),
        ({"price": {"input_per_mtok": 1}, "simulated": True}, PUBLIC),
    ],
)
def test_where_a_public_task_s_log_goes(
    tmp_path: Path, folder: SharedStore, of_model: dict[str, Any], space: str
) -> None:
    desk = _desk(tmp_path, folder, "here")
    _logged(desk, 1, **of_model)
    logs.push(desk.place)
    [path] = _lying(folder)
    assert path.startswith(f"{space}/logs/")


def test_a_log_that_cannot_be_read_may_tell_anything(tmp_path: Path) -> None:
    torn = tmp_path / "torn.eval"
    torn.write_bytes(b"PK no zip")
    assert logs.tells_own(torn)
    assert logs.tells_own(tmp_path / "none.eval")


def test_logs_and_images_of_an_own_task_stay_in_its_space(tmp_path: Path, folder: SharedStore) -> None:
    desk = _desk(tmp_path, folder, "here")
    row = _logged(desk, 1, "claims")
    image = desk.results / "artifacts" / "a1b2.png"
    image.parent.mkdir()
    image.write_bytes(b"image")
    desk.store.ingest([replace(row, key="other", output_ref="artifacts/a1b2.png")])
    assert logs.push(desk.place).files == 2
    assert all(path.startswith("org/acme/") for path in _lying(folder))


def test_what_has_changed_is_brought_again_and_what_is_here_stays(
    tmp_path: Path, folder: SharedStore
) -> None:
    here, there = _desk(tmp_path, folder, "here"), _desk(tmp_path, folder, "there")
    row = _logged(here, 1)
    logs.push(here.place)
    logs.pull(there.place)
    [log] = (here.results / str(row.log_ref).partition("#")[0]).glob("*.eval")
    copy = there.results / log.relative_to(here.results)
    before = copy.read_bytes()
    with zipfile.ZipFile(log, "a") as archive:
        archive.writestr("more", b"more")
    assert logs.push(here.place).files == 1
    assert logs.pull(there.place).files == 0
    assert copy.read_bytes() == before


def test_a_job_that_is_not_over_waits(tmp_path: Path, folder: SharedStore) -> None:
    desk = _desk(tmp_path, folder, "here")
    row = _logged(desk, 1)
    line = desk.results / str(row.log_ref).partition("#")[0] / logs.WRITTEN_STILL
    line.write_text("")
    assert logs.push(desk.place) == logs.Moved(waiting=1)
    line.unlink()
    assert logs.push(desk.place).files == 1


def test_looking_brings_nothing(tmp_path: Path, folder: SharedStore) -> None:
    desk = _desk(tmp_path, folder, "here")
    _logged(desk, 1)
    assert logs.push(desk.place, dry_run=True).files == 1
    assert _lying(folder) == set()


def test_one_run_s_logs_alone(tmp_path: Path, folder: SharedStore) -> None:
    here, there = _desk(tmp_path, folder, "here"), _desk(tmp_path, folder, "there")
    _logged(here, 1)
    other = write(here.results, outcome(2, run_id="run-2"), sample("x"))
    here.store.ingest([other])
    logs.push(here.place)
    assert logs.pull(there.place, "run-2").files == 1
    assert [path.name for path in (there.results / "logs").iterdir()] == ["run-2"]


@pytest.mark.parametrize(
    "ref",
    [
        "logs/../outside",
        "logs/r/../../outside",
        "../outside",
        "/etc",
        "logs/r",
        "logs/r/j/deeper",
        "logs/r/link",
    ],
)
def test_a_row_names_nothing_outside_of_the_journal(tmp_path: Path, folder: SharedStore, ref: str) -> None:
    desk = _desk(tmp_path, folder, "here")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.eval").write_bytes(b"secret")
    (desk.results / "logs" / "r" / "j").mkdir(parents=True)
    os.symlink(outside, desk.results / "logs" / "r" / "link")
    (desk.results / "secret.png").write_bytes(b"secret")
    desk.store.ingest([outcome(1, log_ref=f"{ref}#u", output_ref="artifacts/../secret.png")])
    logs.push(desk.place)
    assert _lying(folder) == set()


@pytest.mark.parametrize(
    "name",
    ["logs/r/j/run.json", "logs/r/j/.hidden.eval", "logs/r/x.eval", "logs/r/j/k/x.eval", "artifacts/a/b.png"],
)
def test_only_names_of_logs_and_images_are_taken(tmp_path: Path, folder: SharedStore, name: str) -> None:
    objects(folder).put(f"{PUBLIC}/{name}", b"hostile")
    desk = _desk(tmp_path, folder, "here")
    assert logs.pull(desk.place) == logs.Moved()


def test_a_public_task_s_log_in_ones_own_space_goes_with_its_rows(
    tmp_path: Path, folder: SharedStore
) -> None:
    desk = _desk(tmp_path, folder, "here")
    _logged(desk, 1, price={"input_per_mtok": 1})
    push(desk.place)
    logs.push(desk.place)
    [path] = _lying(folder)
    assert path.startswith("org/acme/")
    now = datetime.now(UTC)
    delete.delete_all(desk.place, desk.place.division().spaces, Deletion(now, now, "invoices"))
    assert _lying(folder) == set()


def test_logs_of_deleted_rows_are_not_brought_again(tmp_path: Path, folder: SharedStore) -> None:
    here, there = _desk(tmp_path, folder, "here"), _desk(tmp_path, folder, "there")
    _logged(here, 1)
    push(here.place)
    logs.push(here.place)
    pull(there.place)
    logs.pull(there.place)
    now = datetime.now(UTC) + timedelta(days=1)
    delete.delete_all(here.place, here.place.division().spaces, Deletion(now, now, "invoices"))
    assert _lying(folder) == set()
    assert here.rows() == []
    assert logs.push(there.place) == logs.Moved()
    assert _lying(folder) == set()
    assert there.rows() == []
    assert list((there.results / "logs").rglob("*.eval"))
