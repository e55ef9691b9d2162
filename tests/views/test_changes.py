"""What changed between two runs: models, routes with hysteresis, scores over the same items, prices."""

from __future__ import annotations

from pathlib import Path

import pytest
from history import Asked, source

from whichmodel.errors import UnknownName
from whichmodel.views.board import view
from whichmodel.views.changes import Changes, before_release, changes, measuring
from whichmodel.views.replayed import steps
from whichmodel.views.source import Source

TASKS = ("invoices", "letters")


def found(made: Source, since: str, until: str | None = None) -> Changes:
    now = view(made, "real", "acme", until_run=until)
    return changes(made, view(made, "real", "acme", until_run=since), now, made.reader.brought("real"))


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Source:
    """r1 and r2 ask the same of two models, of which b/two gets worse and serves another; r3 and r4 bring a
    model at a tenth of the price."""
    asked = [
        Asked(1, "a/one"),
        Asked(1, "b/two", usd=0.002),
        Asked(2, "a/one", epoch=2),
        Asked(2, "b/two", skill=0.7, usd=0.002, epoch=2, served="other"),
        Asked(3, "d/late", usd=0.0001),
        Asked(4, "d/late", usd=0.0001, epoch=2),
    ]
    return source(tmp_path_factory.mktemp("history"), TASKS, asked)


def test_a_score_changes_beyond_noise_where_the_same_items_were_asked_again(history: Source) -> None:
    told = found(history, "r1", "r2")
    assert told.compared == 4
    assert {(one.model, one.task) for one in told.scores} == {("b/two", task) for task in TASKS}
    for one in told.scores:
        assert one.now - one.then == pytest.approx(one.difference.mean)
        assert one.difference.low <= one.difference.mean <= one.difference.high < 0
        assert one.difference.n == 300


def test_a_model_that_replies_by_another_name_is_told(history: Source) -> None:
    told = found(history, "r1", "r2")
    assert [(other.model, other.kind) for other in told.other] == [("b/two", "another model serves")]
    assert "b/two-other" in told.other[0].text


def test_a_cheaper_model_is_pending_after_one_run_and_confirmed_after_two(history: Source) -> None:
    pending = found(history, "r2", "r3")
    assert {flip.kind for flip in pending.flips} == {"pending"}
    assert {flip.after.challenger for flip in pending.flips if flip.after} == {"d/late"}
    assert [(new.model, new.run_id, new.routed, new.tasks) for new in pending.new] == [
        ("d/late", "r3", (), 2)
    ]
    assert pending.new[0].waits == TASKS
    confirmed = found(history, "r2", "r4")
    assert {flip.kind for flip in confirmed.flips} == {"confirmed"}
    assert confirmed.new[0].routed == TASKS
    assert confirmed.runs == 2


def test_a_release_is_the_run_before_its_first_answer(history: Source) -> None:
    runs = measuring(history, view(history, "real", "acme"))
    assert before_release(runs, history.reader.brought("real")) == {"d/late": "r2"}


def test_other_items_are_not_compared(tmp_path: Path) -> None:
    asked = [Asked(1, "a/one", items=(0, 200)), Asked(2, "a/one", items=(200, 300))]
    told = found(source(tmp_path, TASKS, asked), "r1")
    assert (told.compared, told.scores, told.incomparable) == (0, (), 2)


def test_equal_runs_change_nothing(tmp_path: Path) -> None:
    asked = [Asked(run, model, epoch=run) for run in (1, 2) for model in ("a/one", "b/two")]
    told = found(source(tmp_path, TASKS, asked, seed=1), "r1")
    assert told.nothing
    assert told.stay == len(TASKS)


def test_a_later_run_is_no_run_to_start_from(history: Source) -> None:
    with pytest.raises(UnknownName, match="earlier run"):
        found(history, "r3", "r2")


def test_of_many_runs_the_last_ten_decisions_are_replayed() -> None:
    runs = [f"r{n}" for n in range(14)]
    groups = steps(runs)
    assert len(groups) == 10
    assert [run for group in groups for run in group] == runs
    assert groups[-1] == ("r13",)
    assert steps(["a", "b"]) == (("a",), ("b",))


@pytest.mark.parametrize("seed", [11, 12])
def test_of_15_routes_at_most_one_flips_between_two_runs_of_the_same_models(
    tmp_path: Path, seed: int
) -> None:
    tasks = [f"task-{n}" for n in range(15)]
    asked = [Asked(run, model, epoch=run, items=(0, 400)) for run in (1, 2) for model in ("a/one", "b/two")]
    made = source(tmp_path, tasks, asked, seed)
    told = found(made, "r1")
    assert len(told.flips) + told.stay == 15
    assert sum(flip.kind in ("confirmed", "unproven") for flip in told.flips) <= 1


def test_a_route_that_changes_without_being_certified_is_called_unproven(tmp_path: Path) -> None:
    asked = [
        Asked(run, model, skill=skill, epoch=run, items=(0, 60))
        for run, model, skill in ((1, "a/one", 0.9), (1, "b/two", 0.8), (2, "a/one", 0.6), (2, "b/two", 0.99))
    ]
    told = found(source(tmp_path, TASKS[:1], asked), "r1")
    assert [flip.kind for flip in told.flips] == ["unproven"]
