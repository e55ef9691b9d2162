"""Every model of a task between quality and cost, p95 or time to first token."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from rows import FAILED, outcome
from views.boards import ROUTE, STANDINGS, route, standing, view

from whichmodel.analyse.ranges import Ranges
from whichmodel.analyse.timing import Distribution, Percentile, Speed
from whichmodel.domain import Model, WhyNot
from whichmodel.views import tradeoffs, tradeoffs_sheet
from whichmodel.views.tradeoffs import Axis, Figure, Tradeoffs
from whichmodel.views.words import Mark

NO_TIME = Distribution(0, {})
SPEED = Speed(
    model="aurora/lite",
    settings_hash="settings",
    block=None,
    calls=30,
    failed=0,
    refused=0,
    truncated=0,
    cold=1,
    late=0,
    not_streamed=0,
    first_kinds={"text": 30},
    ttft_s=Distribution(29, {"p50": Percentile(0.2, 0.18, 0.23), "p95": Percentile(0.4, 0.3, None)}),
    latency_s=NO_TIME,
    tokens_per_s=NO_TIME,
    inter_token_s=NO_TIME,
    spend_usd=0.0,
    unpriced=0,
)
INTERVALS = {
    "aurora/lite": Ranges(0.45, 0.55, 0.28, None, 400),
    "cirrus/pro": Ranges(None, None, 0.2, 0.4, 400),
}


def found(*changed: object, **changes: object) -> Tradeoffs:
    return tradeoffs.tradeoffs(view(), "invoices", INTERVALS, {("aurora/lite", "settings"): SPEED})


def test_every_model_of_the_task_has_a_row_the_best_score_first() -> None:
    rows = found().rows
    assert [row.model for row in rows] == [
        "cirrus/pro",
        "borealis/max",
        "aurora/lite",
        "borealis/swift",
        "cirrus/nano",
        "cirrus/down",
        "cirrus/new",
    ]
    assert [row.number for row in rows] == [1, 2, 3, 4, 5, 6, 7]
    marks = {row.model: row.mark for row in rows}
    assert (marks["aurora/lite"], marks["cirrus/pro"]) == (Mark.PICK, Mark.BARRED)
    assert (marks["cirrus/down"], marks["cirrus/new"]) == (Mark.FAILED, Mark.NOT_RUN)
    assert all(row.why for row in rows)


def test_figures_carry_their_interval_and_what_they_are_over() -> None:
    by_model = {row.model: row.figures for row in found().rows}
    lite = by_model["aurora/lite"]
    assert lite[Axis.COST] == Figure(0.5, 0.45, 0.55, 400)
    assert lite[Axis.P95] == Figure(0.3, 0.28, None, 400)
    assert lite[Axis.TTFT] == Figure(0.2, 0.18, 0.23, 29)
    assert by_model["borealis/max"][Axis.TTFT] == Figure(None)
    assert by_model["cirrus/pro"][Axis.COST] == Figure(None)
    assert by_model["cirrus/new"][Axis.P95] == Figure(None)


def test_calls_of_other_settings_are_of_another_model() -> None:
    other = {("aurora/lite", "changed"): replace(SPEED, settings_hash="changed")}
    of = tradeoffs.tradeoffs(view(), "invoices", {}, other)
    assert not of.on(Axis.TTFT)


def test_what_is_unknown_or_free_has_no_place_on_the_axis_and_is_told_apart() -> None:
    free = standing("rule/first", score=0.6, low=0.55, high=0.65, cost_per_1k_usd=0.0, baseline=True)
    seen = view(*STANDINGS, free)
    of = tradeoffs.tradeoffs(seen, "invoices", {})
    off = {row.model: row.figures[Axis.COST].value for row in of.off(Axis.COST)}
    assert off == {"cirrus/pro": None, "rule/first": 0.0}
    assert not {row.model for row in of.on(Axis.COST)} & {*off, "cirrus/down", "cirrus/new"}


def test_the_frontier_goes_through_eligible_models_alone() -> None:
    of = found()
    assert [place.model for place in of.frontier(Axis.COST)] == ["aurora/lite", "borealis/max"]
    assert {row.model for row in of.rows if row.eligible} >= {"aurora/lite", "borealis/max"}


def test_a_free_model_on_the_frontier_leaves_out_what_is_no_better() -> None:
    swift = WhyNot("rule/first", "dearer", "as good")
    free = standing("rule/first", score=0.955, cost_per_1k_usd=0.0, baseline=True)
    seen = view(*STANDINGS, free, routes=(route(why_not=(*ROUTE.why_not, swift)),))
    of = tradeoffs.tradeoffs(seen, "invoices", {})
    assert [place.model for place in of.frontier(Axis.COST)] == ["rule/first", "borealis/max"]


def test_a_model_is_shown_beaten_only_where_both_intervals_lie_apart() -> None:
    worse = standing("borealis/swift", score=0.8, low=0.77, high=0.83, cost_per_1k_usd=1.0)
    seen = view(standing("aurora/lite"), worse)
    intervals = {"aurora/lite": INTERVALS["aurora/lite"]}
    assert tradeoffs.tradeoffs(seen, "invoices", intervals).beaten(Axis.COST) == {}
    intervals["borealis/swift"] = Ranges(0.9, 1.1, None, None, 400)
    of = tradeoffs.tradeoffs(seen, "invoices", intervals)
    assert of.beaten(Axis.COST) == {"borealis/swift": "aurora/lite"}
    assert of.beaten(Axis.P95) == {}


def test_filters_leave_the_pick_to_compare_with() -> None:
    rows = found().rows
    left = tradeoffs.chosen(rows, ("cirrus",), (), only_eligible=False)
    assert {row.model for row in left} == {
        "aurora/lite",
        "cirrus/pro",
        "cirrus/nano",
        "cirrus/down",
        "cirrus/new",
    }
    only = tradeoffs.chosen(rows, (), (), only_eligible=True)
    assert {row.model for row in only} == {"aurora/lite", "borealis/max", "borealis/swift"}
    assert tradeoffs.chosen(rows, (), (), only_eligible=False) == rows


def test_hosting_is_the_region_that_is_named() -> None:
    model = Model(id="a/b", inspect_name="a/b", vendor="a", region="eu")
    assert tradeoffs.hosting(model, None) == "eu"
    assert tradeoffs.hosting(replace(model, region=None), None) == tradeoffs.NO_REGION
    assert tradeoffs.hosting(None, standing("rule/first", baseline=True)) == tradeoffs.RULE


def test_the_csv_has_a_row_a_model_and_runs_no_formula() -> None:
    hostile = standing("=cmd()", cost_per_1k_usd=None)
    of = tradeoffs.tradeoffs(view(*STANDINGS, hostile), "invoices", INTERVALS)
    rows = list(csv.DictReader(io.StringIO(tradeoffs_sheet.render(of))))
    assert tuple(rows[0]) == tradeoffs_sheet.COLUMNS
    assert len(rows) == len(of.rows)
    by_model = {row["model"]: row for row in rows}
    lite, down, odd = by_model["aurora/lite"], by_model["cirrus/down"], by_model["'=cmd()"]
    assert (lite["cost_low_per_1k_usd"], lite["p95_high_s"], lite["on_frontier_of"]) == (
        "0.45",
        "",
        "cost",
    )
    assert (lite["run_ids"], lite["decision"]) == ("r1 r2", "pick")
    assert (down["score"], down["cost_per_1k_usd"], odd["cost_per_1k_usd"]) == ("", "", "")


def test_intervals_are_read_from_the_outcomes_of_one_task(tmp_path: Path) -> None:
    from browser.site import CONFIG, publish

    from whichmodel.config import load_config
    from whichmodel.store import Reader
    from whichmodel.views.source import Source

    rows = [
        outcome(
            n,
            task=task,
            task_hash=task,
            model=model,
            score=float(n % 9 > 0),
            latency_s=0.1 + n / 1000,
            cost_usd=None if (model, n) == ("b/y", 3) else Decimal("0.001") * (1 + n % 3),
        )
        for task in ("invoices", "forms")
        for model in ("a/x", "b/y")
        for n in range(120)
    ]
    rows += [replace(outcome(n, model="c/z", task_hash="invoices"), **FAILED) for n in range(5)]
    snapshot = publish(tmp_path / "results", rows)
    source = Source(load_config(CONFIG), tmp_path / "results", Reader(snapshot))
    seen = tradeoffs.intervals(source, "real", "acme", None, "invoices")
    assert set(seen) == {"a/x", "b/y", "c/z"}
    low, high = seen["a/x"].cost_low_per_1k_usd, seen["a/x"].cost_high_per_1k_usd
    assert low is not None
    assert high is not None
    assert 1.5 < low < 2.0 < high < 2.5
    assert seen["b/y"].cost_low_per_1k_usd is None
    assert (seen["c/z"].p95_n, seen["c/z"].p95_low_s) == (0, None)
    p95 = seen["a/x"].p95_low_s
    assert p95 is not None
    assert 0.19 < p95 < 0.215
    assert tradeoffs.timed(source, "real", None) == {}
