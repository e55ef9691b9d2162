"""`bench store compact` and `delete`: what a user types and sees."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from remote.places import Desk, objects
from rows import START, outcome

from whichmodel.cli import bench
from whichmodel.config import SharedStore
from whichmodel.errors import UnknownName, UsageError
from whichmodel.remote import commit
from whichmodel.remote.push import push
from whichmodel.remote.space import PUBLIC

YAML = "default_organisation: acme\nmodels: []\norganisations: {acme: {title: Acme}}\nstore: ../shared\n"
Call = Callable[..., str]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    (tmp_path / "ann").mkdir()
    (tmp_path / "ann" / "bench.yaml").write_text(YAML)
    found = Desk(tmp_path / "ann" / "results", SharedStore(str(tmp_path / "shared")))
    for number in range(3):
        found.store.ingest([outcome(number), outcome(number, task="claims")])
        push(found.place)
    return found


@pytest.fixture
def store(desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """The command in the project's folder: what it prints."""
    monkeypatch.chdir(desk.results.parent)

    def call(*words: str) -> str:
        bench.main(["store", *words], prog_name="bench", standalone_mode=False)
        return capsys.readouterr().out

    return call


def _parts(desk: Desk) -> int:
    return len(commit.head(objects(desk.shared), PUBLIC).parts)


def test_compaction_says_what_it_did_and_then_finds_nothing(desk: Desk, store: Call) -> None:
    assert _parts(desk) == 3
    [done] = [one for one in json.loads(store("compact", "--json"))["compacted"] if one["space"] == PUBLIC]
    assert (done["parts_before"], done["parts_after"], done["rows"]) == (3, 1, 6)
    assert "public" in store("compact")
    assert _parts(desk) == 1


@pytest.mark.parametrize("grace", ["1h", "soon", "-3d", ""])
def test_a_grace_that_could_hurt_a_push_is_refused(store: Call, grace: str) -> None:
    with pytest.raises(UsageError, match="no time of grace"):
        store("compact", "--grace", grace)


def test_deletion_first_says_what_would_go(desk: Desk, store: Call) -> None:
    dry = json.loads(store("delete", "--task", "claims", "--dry-run", "--json"))
    [space] = [one for one in dry["spaces"] if one["space"] == PUBLIC]
    assert (dry["deleted"], space["rows"], space["parts"]) == (False, {"outcomes": 3}, 3)
    assert "results folders" in dry["stays"]
    assert "Nothing was deleted." in store("delete", "--before", f"{START:%Y-%m-%d}", "--dry-run")
    assert len(desk.rows()) == 6
    done = json.loads(store("delete", "--task", "claims", "--yes", "--json"))
    assert done["deleted"]
    assert len(desk.rows()) == 3


@pytest.mark.parametrize(
    ("words", "error", "match"),
    [
        ((), UsageError, "not said what"),
        (("--before", "tomorrow"), UsageError, "no day"),
        (("--before", "2999-01-01"), UsageError, "no day"),
        (("--org", "amce"), UnknownName, "Nearest: acme"),
        (("--org", "../public"), UnknownName, "no organisation"),
    ],
)
def test_what_is_not_meant_is_refused(
    store: Call, words: tuple[str, ...], error: type[Exception], match: str
) -> None:
    with pytest.raises(error, match=match):
        store("delete", *words, "--yes")
