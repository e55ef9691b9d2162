"""The direct way of a single-turn task: recorded answers by item, and a judge that is stopped."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from small_run import bank, rows

from whichmodel.domain import Bank, Judges, Model
from whichmodel.plan import make
from whichmodel.registry import bank as load_bank
from whichmodel.registry import find
from whichmodel.run.budget import Budget
from whichmodel.run.measure import Measurement
from whichmodel.run.progress import Summary
from whichmodel.simulator import panel, serve
from whichmodel.simulator.faults import Faults
from whichmodel.store import Store


def run(results: Path, what: Bank, models: Sequence[Model], judge: Model | None = None) -> Summary:
    plan = make([what], models, {}, judges=Judges(vision=judge))
    return Measurement(plan, "r", results, Store(results), 1, Budget(), lambda _: None).run()


def test_recorded_answers_are_found_by_the_item_that_is_asked(tmp_path: Path) -> None:
    small = bank(3)
    lines = [
        {"item": "i0", "task": "labels", "text": "red", "latency_s": 2.5},
        {"item": "i0", "task": "others", "text": "blue"},
        {"item": "i1", "text": "green"},
    ]
    (tmp_path / "answers.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    model = Model("replay/a", "replay/answers.jsonl", "acme", base_url=tmp_path.as_uri())
    summary = run(tmp_path / "results", small, [model])
    assert (summary.progress.done, summary.progress.failed) == (2, 1)
    found = rows(tmp_path / "results", "real").set_index("item_id")
    assert found.score[["i0", "i1"]].tolist() == [1.0, 1.0]
    assert found.latency_s["i0"] == 2.5
    assert found.latency_s[["i1", "i2"]].isna().all()
    assert found.status["i2"] == "failed"


def test_a_judge_that_is_stopped_stops_what_it_would_judge_and_no_budget_is_blamed(
    tmp_path: Path,
) -> None:
    [card] = find(["composition"])
    pictures = load_bank(card, seed=0, count=40)
    dead = Faults("status", rate=1.0, status=401, wire="cirrus-eye")
    with serve.serve([pictures], faults=[dead]) as addresses:
        by_id = {m.id: m for m in panel.models(addresses)}
        painter = replace(by_id["demo-borealis/brush"], max_connections=4)
        summary = run(tmp_path, pictures, [painter], judge=by_id["demo-cirrus/eye"])
    assert summary.over_budget == 0
    assert set(summary.stopped) == {"demo-borealis/brush", "demo-cirrus/eye"}
    stopped = summary.stopped["demo-borealis/brush"]
    assert stopped.reason.startswith("its judge was stopped: the key was refused (401)")
    assert summary.progress.done == 0
    assert 1 <= summary.progress.failed <= 4
    assert stopped.left == 40 - summary.progress.failed
    found = rows(tmp_path)
    assert found.score.isna().all()
    assert found.cost_usd.notna().all()
