"""Two models side by side: the same figures in every place, and the items behind them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from decimal import Decimal
from pathlib import Path

import pytest
from program import Bench
from rows import START
from two_models import BIG, FAST, RUNS, SOLO, TASKS, project

from whichmodel.config import load_config
from whichmodel.domain import Organisation, Price, Status
from whichmodel.store import read
from whichmodel.views.comparison import BUCKETS, Pair, comparisons, rows
from whichmodel.views.source import Source


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project(tmp_path_factory.mktemp("two"))


@pytest.fixture(scope="module")
def source(folder: Path) -> Source:
    reader = read(folder / "results")
    assert reader is not None
    return Source(load_config(folder / "bench.yaml"), folder / "results", reader)


@pytest.fixture(scope="module")
def acme(source: Source) -> Organisation:
    return source.config.organisation("acme")


@pytest.fixture(scope="module")
def pairs(source: Source, acme: Organisation) -> Mapping[str, Pair]:
    return {pair.found.task: pair for pair in comparisons(source, acme, "real", BIG, FAST)}


def test_it_says_what_bench_compare_says(folder: Path, pairs: Mapping[str, Pair]) -> None:
    told = Bench(folder)("compare", BIG, FAST, "--json").document
    assert told == json.loads(json.dumps([asdict(pair.found) for pair in pairs.values()]))


def test_each_task_that_has_both_stands_there_with_its_verdict(pairs: Mapping[str, Pair]) -> None:
    verdicts = {task: pair.found.verdict for task, pair in pairs.items()}
    assert verdicts == dict(zip(TASKS, ("tie", "cannot tell yet", "A better"), strict=True))
    assert pairs["memos"].found.more_items


def test_a_task_that_one_of_them_never_saw_is_left_out(source: Source, acme: Organisation) -> None:
    assert comparisons(source, acme, "real", BIG, SOLO) == ()


def test_the_margin_is_that_of_the_organisation(source: Source) -> None:
    wide = source.config.organisation("wide")
    [pair] = comparisons(source, wide, "real", BIG, FAST, tasks=["invoices"])
    assert pair.found.delta == 0.2


def test_as_of_an_earlier_run_only_its_items_count(source: Source, acme: Organisation) -> None:
    [pair] = comparisons(source, acme, "real", BIG, FAST, tasks=["tickets"], until_run=RUNS[0])
    assert (len(pair.items), pair.found.n) == (30, 29)


def test_the_buckets_hold_the_items_in_the_order_of_their_numbers(pairs: Mapping[str, Pair]) -> None:
    pair = pairs["tickets"]
    assert pair.items == tuple(f"i{n}" for n in range(60))
    assert pair.bucket("errors") == ("i3",)
    assert pair.bucket("b") == ("i0", "i10", "i20", "i30", "i40", "i50")
    assert pair.bucket("a")[:4] == ("i1", "i4", "i5", "i7")
    assert [pair.count(name) for name in BUCKETS] == [len(pair.bucket(name)) for name in BUCKETS]


def test_rows_name_what_became_of_each_answer(
    source: Source, acme: Organisation, pairs: Mapping[str, Pair]
) -> None:
    found = rows(source, acme, "real", pairs["tickets"], ("i5", "i3", "i4"))
    assert [row.item for row in found] == ["i5", "i3", "i4"]
    assert [row.b.status for row in found] == [Status.TRUNCATED, Status.FAILED, Status.REFUSED]
    assert [row.b.score for row in found] == [0.0, None, 0.0]
    assert (found[1].b.cost_usd, found[1].b.latency_s) == (None, None)
    assert {row.cluster for row in found} == {"thread-1", "thread-2"}
    assert found[0].a.cost_usd == pytest.approx(0.01 * 0.8)


def test_epochs_of_an_item_are_averaged_and_unknown_cost_stays_unknown(
    source: Source, acme: Organisation, pairs: Mapping[str, Pair]
) -> None:
    [row] = rows(source, acme, "real", pairs["memos"], ("i7",))
    assert (row.b.score, row.b.cost_usd, row.cluster) == (0.5, None, "i7")


def test_rows_go_by_the_prices_of_the_organisation(
    source: Source, acme: Organisation, pairs: Mapping[str, Pair]
) -> None:
    own = replace(acme, prices={BIG: Price("test", START.date(), Decimal(1000), Decimal(0))})
    [row] = rows(source, own, "real", pairs["invoices"], ("i7",))
    assert row.a.cost_usd == pytest.approx(100 * 1000 / 1e6)


def test_what_was_measured_on_a_task_is_named_with_its_models(source: Source) -> None:
    assert source.reader.measured_on("real") == {
        **dict.fromkeys(TASKS, frozenset({BIG, FAST})),
        "labels": frozenset({SOLO}),
    }
