"""`bench store`, and a run beside a shared store: what a user types and sees."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from program import Bench
from remote.places import CREDENTIALS, Desk, objects
from rows import outcome

from whichmodel.config import SharedStore
from whichmodel.remote import commit, shelf

YAML = """\
default_organisation: acme
models: []
organisations:
  acme: {{title: Acme}}
store: {store}
"""


@pytest.fixture
def team(tmp_path: Path) -> tuple[Bench, Bench, SharedStore]:
    """Two people's folders, each with a bench.yaml that names the same folder."""
    shared = SharedStore(str(tmp_path / "shared"))
    people = []
    for name in ("ann", "bob"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "bench.yaml").write_text(YAML.format(store="../shared"))
        people.append(Bench(tmp_path / name))
    return people[0], people[1], shared


def test_push_pull_verify_and_status_say_what_they_did(team: tuple[Bench, Bench, SharedStore]) -> None:
    ann, bob, shared = team
    Desk(ann.folder / "results", shared).store.ingest([outcome(n) for n in range(30)])
    dry = ann("store", "push", "--dry-run", "--json")
    assert dry.document["waiting"] == {"public": {"outcomes": 30}}
    given = ann("store", "push")
    assert given.code == 0
    assert re.search(r"Gave 30 outcomes in 1 parts, [\d.]+ kB, to .*shared\.", given.out.replace("\n", " "))
    assert "Nothing to give" in ann("store", "push").out
    assert "30 rows" in bob("store", "status").out
    assert bob("store", "status", "--json").document["spaces"][0]["unread_rows"] == 30
    taken = bob("store", "pull", "--json").document
    assert (taken["rows"]["outcomes"], taken["parts"], taken["faults"]) == (30, 1, [])
    assert "Nothing new" in bob("store", "pull").out
    same = bob("store", "verify", "--json")
    assert same.code == 0
    assert same.document["equal"] is True
    Desk(bob.folder / "results", shared).store.ingest([outcome(99)])
    other = bob("store", "verify")
    assert other.code == 5
    assert "only here" in other.out
    client = objects(shared)
    path = shelf.path("public", commit.head(client, "public").parts[0])
    client.put(path, b"torn")
    shutil.rmtree(bob.folder / "results")
    torn = bob("store", "pull")
    assert torn.code == 1
    assert "The part is damaged" in torn.err
    assert "bench store push --again" in torn.err
    assert "1 damaged parts were written anew" in ann("store", "push", "--again").out
    assert bob("store", "pull").code == 0
    assert ann("store", "compact", "--json").code == 0
    gone = ann("store", "delete", "--task", "invoices", "--dry-run", "--json")
    assert gone.code == 0
    assert gone.document
    assert Desk(ann.folder / "results", shared).rows()


def test_without_a_store_the_error_says_how_to_name_one(team: tuple[Bench, Bench, SharedStore]) -> None:
    ann, _, _ = team
    (ann.folder / "bench.yaml").write_text(YAML.format(store="null"))
    done = ann("store", "push")
    assert done.code == 2
    assert "Add `store: s3://bucket/prefix`" in done.err


PATIENCE_S = 1800.0
RUN = ("run", "--tasks", "receipts", "--limit", "12", "--yes", "--json")


@pytest.fixture
def demo(team: tuple[Bench, Bench, SharedStore]) -> tuple[Bench, Bench, SharedStore]:
    """The same, with a model that cannot be asked from here: runs measure the demo panel."""
    for bench in team[:2]:
        text = (bench.folder / "bench.yaml").read_text()
        (bench.folder / "bench.yaml").write_text(text.replace("models: []", "models: [{id: openai/gpt-4o}]"))
    return team


def test_a_run_shares_its_cells_and_a_colleague_pays_for_none_of_them(
    demo: tuple[Bench, Bench, SharedStore],
) -> None:
    ann, bob, _ = demo
    first = ann(*RUN, timeout=PATIENCE_S)
    assert first.code == 0, first.err
    cells = first.document["cells"]["done"]
    assert cells > 0
    second = bob(*RUN, timeout=PATIENCE_S)
    assert second.code == 0, second.err
    assert f"All {cells:,} cells are measured already" in second.err
    assert [r["model"] for r in second.document["routes"]] == [r["model"] for r in first.document["routes"]]
    assert bob("store", "verify", "--json").document["equal"] is True
    assert ann("store", "verify", "--json").document["tables"]["runs"]["same"] == 1


def test_a_run_without_its_store_ends_as_ever_and_a_push_mends_it(
    demo: tuple[Bench, Bench, SharedStore],
) -> None:
    ann, bob, shared = demo
    away = Path(shared.address)
    away.write_text("a file where the folder should be")
    done = ann(*RUN, timeout=PATIENCE_S)
    assert done.code == 0, done.err
    assert "Not shared yet" in done.err
    assert "bench store push" in done.err
    assert done.err.count("Not shared yet") == 1
    away.unlink()
    cells = done.document["cells"]["done"]
    assert ann("store", "push", "--json").document["rows"]["outcomes"] == cells
    assert bob("store", "pull", "--json").document["rows"]["outcomes"] == cells


def test_a_bucket_that_denies_is_told_once_and_names_no_secret(
    demo: tuple[Bench, Bench, SharedStore], bucket: SharedStore
) -> None:
    ann, _, _ = demo
    text = (ann.folder / "bench.yaml").read_text()
    gone = (
        text.replace("../shared", "s3://bench-nowhere/team")
        + f"store_options: {json.dumps(bucket.options)}\n"
    )
    (ann.folder / "bench.yaml").write_text(gone)
    done = ann("store", "status", env=CREDENTIALS)
    assert done.code == 1
    assert "There is no such bucket" in done.err
    assert not any(value in done.err + done.out for value in CREDENTIALS.values())
