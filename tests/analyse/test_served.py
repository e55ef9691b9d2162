"""Replies by another model than was asked for, and by several versions of one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rows import outcome

from whichmodel.analyse.served import Served, served
from whichmodel.store import Store, read


def found(tmp_path: Path, *changes: dict[str, Any]) -> dict[str, Served]:
    store = Store(tmp_path)
    store.ingest([outcome(number, **change) for number, change in enumerate(changes)])
    store.publish()
    reader = read(tmp_path)
    assert reader is not None
    return {one.model: one for one in served(reader.served("real"))}


def test_another_model_is_told_from_a_dated_name_of_the_same(tmp_path: Path) -> None:
    of = found(
        tmp_path,
        *[{"model": "a/lite", "served_model": "lite-2026-08-01"}] * 3,
        {"model": "a/lite", "served_model": None},
        *[{"model": "b/lite", "served_model": "heavy"}] * 2,
        {"model": "b/lite", "served_model": "lite"},
    )
    same, other = of["a/lite"], of["b/lite"]
    assert (same.notable, same.others, same.served, same.answers) == (False, (), ("lite-2026-08-01",), 4)
    assert (other.notable, other.others, other.by_others, other.answers) == (True, ("heavy",), 2, 3)
    assert (other.served, other.requested) == (("heavy", "lite"), ("lite",))


def test_versions_are_counted_over_all_the_ids_that_replied(tmp_path: Path) -> None:
    of = found(
        tmp_path,
        {"model": "a/x", "served_model": "lite", "fingerprint": "fp_1"},
        {"model": "a/x", "served_model": "lite", "fingerprint": "fp_2"},
        {"model": "b/x", "served_model": "lite", "fingerprint": "fp_1"},
        {"model": "b/x", "served_model": "lite-2026-08-01", "fingerprint": "fp_1"},
        {"model": "c/x", "served_model": "lite", "fingerprint": "fp_1"},
        {"model": "d/x", "served_model": None, "fingerprint": None},
    )
    assert (of["a/x"].fingerprints, of["a/x"].notable) == (("fp_1", "fp_2"), True)
    assert (of["b/x"].fingerprints, len(of["b/x"].served), of["b/x"].notable) == (("fp_1",), 2, True)
    assert (of["c/x"].notable, of["d/x"].notable, of["d/x"].served) == (False, False, ())
