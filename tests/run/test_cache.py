"""The response cache: on request, once for each question, and never a latency."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from small_run import bank, rows

from whichmodel.domain import Bank
from whichmodel.plan import make
from whichmodel.registry.banks import task_hash
from whichmodel.run.budget import Budget
from whichmodel.run.measure import Measurement
from whichmodel.run.progress import Summary
from whichmodel.run.rebuild import rebuild
from whichmodel.simulator import panel, serve
from whichmodel.store import Store


def rescored(first: Bank) -> Bank:
    """The same prompts under a new version of the task: all of it has to be scored again."""
    card = replace(first.card, version="2")
    return Bank(card, first.items, task_hash(card, first.items), first.seed)


def run(
    addresses: Mapping[str, str],
    results: Path,
    what: Bank,
    run_id: str,
    *,
    epochs: int = 1,
    cache: bool = True,
) -> Summary:
    model = next(m for m in panel.models(addresses) if m.id == "demo-aurora/lite")
    store = Store(results)
    charged = replace(model, simulated=False)
    plan = make([what], [charged], store.done([(what.task_hash, charged.settings_hash)]), epochs=epochs)
    budget = Budget(Decimal(10))
    return Measurement(plan, run_id, results, store, 1, budget, lambda _: None, cache=cache).run()


def requests(addresses: Mapping[str, str]) -> int:
    with urllib.request.urlopen(addresses["anthropic"] + "/requests") as reply:
        return len(json.load(reply))


def test_the_same_question_is_paid_for_once_and_its_answer_is_no_latency(tmp_path: Path) -> None:
    small = bank(30)
    with serve.serve([small]) as addresses:
        first = run(addresses, tmp_path, small, "r1")
        before, asked = rows(tmp_path, "real"), requests(addresses)
        second = run(addresses, tmp_path, rescored(small), "r2")
        assert requests(addresses) == asked == 30
    after = rows(tmp_path, "real")
    assert (first.progress.done, second.progress.done) == (30, 30)
    assert first.progress.spent > 0
    assert second.progress.spent == 0
    assert not before.from_cache.any()
    assert after.from_cache.all()
    assert after.latency_s.isna().all()
    assert after.loop_lag_ms.isna().all()
    assert after.cost_usd.tolist() == before.cost_usd.tolist()
    assert after.score.tolist() == before.score.tolist()
    rebuild(tmp_path)
    assert rows(tmp_path, "real").from_cache.all()


def test_epochs_are_calls_of_their_own_and_no_cache_means_none(tmp_path: Path) -> None:
    small = bank(10)
    with serve.serve([small]) as addresses:
        run(addresses, tmp_path, small, "r1", epochs=2)
        assert requests(addresses) == 20
        run(addresses, tmp_path, rescored(small), "r2", cache=False)
        assert requests(addresses) == 30
    assert not rows(tmp_path, "real").from_cache.any()
