"""Savings for a page: outcomes read task by task, steps from one cost to the other, signs in words."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import numpy as np
import pytest
from cli import test_savings as shop
from rows import outcome

from whichmodel.analyse.economics.figures import Figure
from whichmodel.analyse.economics.whatif import WhatIf
from whichmodel.analyse.economics.workload import at_workload
from whichmodel.analyse.evidence import collect
from whichmodel.analyse.own_prices import reprice
from whichmodel.config import load_config
from whichmodel.store import Store, loads, read
from whichmodel.views import board
from whichmodel.views.board import View
from whichmodel.views.savings import quick, waterfall, words
from whichmodel.views.savings.account import Account
from whichmodel.views.savings.waterfall import Way
from whichmodel.views.source import Source

TOKENS = "{task: invoices, requests_per_month: 20000, input_tokens: 900, output_tokens: 50}"
PRICES = """\
    prices:
      shop/small: {source: deal, dated: 2026-01-01, input_per_mtok: 1, output_per_mtok: 4}
"""
CONFIG = shop.CONFIG.replace("{task: invoices, requests_per_month: 20000}", TOKENS).replace(
    "    review_cost_usd: 1\n", f"    review_cost_usd: 1\n{PRICES}"
)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Source:
    """The shop, with an own price, a workload of other tokens, and one task whose items were asked twice."""
    folder = tmp_path_factory.mktemp("savings")
    (folder / "bench.yaml").write_text(CONFIG)
    config = load_config(folder / "bench.yaml")
    settings = {model.id: model.settings_hash for model in config.models}
    rows = shop.rows(settings, "tickets", "classification") + shop.rows(settings, "invoices", "extraction")
    rows += [
        outcome(item, task="tickets", category="classification", task_hash="tickets-1", model=name, epoch=2,
                settings_hash=settings[name], score=float(item % 9 > 0), cost_usd=Decimal("0.002"))
        for name in ("shop/big", "shop/small")
        for item in range(shop.N)
    ]  # fmt: skip
    store = Store(folder / "results")
    store.ingest(rows)
    store.publish()
    loads.put(folder / "results", shop.loaded(settings["vllm/hosted"]))
    reader = read(folder / "results")
    assert reader is not None
    return Source(config, folder / "results", reader)


@pytest.fixture(scope="module")
def view(source: Source) -> View:
    return board.view(source, "real", "acme")


def accounted(source: Source, view: View, change: WhatIf) -> Account:
    read = quick.read(source, view)
    return quick.accounted(source, view, change, read, quick.accounted(source, view, WhatIf(), read))


def test_costs_read_task_by_task_are_those_of_the_whole_panel(source: Source, view: View) -> None:
    organisation, models = view.organisation, source.models("real")
    frame = reprice(source.reader.outcomes("real"), organisation.prices).reset_index(drop=True)
    frame, scales = at_workload(frame, organisation, models, at=view.table.created_at)
    whole = {one.task: one for one in collect(frame, models, set())}
    tasks = quick.read(source, view).tasks
    assert tuple(task.scale for task in tasks if task.scale) == scales
    for task in tasks:
        other = whole[task.priced.task]
        assert task.priced.items == other.items
        assert (task.priced.clusters == other.clusters).all()
        np.testing.assert_array_equal(task.priced.score, other.score)
        own = [m for m, name in enumerate(other.models) if name != "vllm/hosted"]
        np.testing.assert_allclose(task.priced.cost_usd[:, own], other.cost_usd[:, own], rtol=1e-12)
    [tickets] = [task for task in tasks if task.measured.task == "tickets"]
    hosted = tickets.priced.cost_usd[:, tickets.priced.column("vllm/hosted")]
    assert np.unique(hosted) == pytest.approx([3.6 / 3600 / 10])
    assert set(tickets.tries) == {"shop/big", "shop/small"}
    assert tickets.tokens["shop/big"] == 120


@pytest.mark.parametrize(
    "change", [WhatIf(times=3.0), WhatIf(review_usd=Decimal(9)), WhatIf(error_usd=Decimal(2))]
)
def test_what_a_change_leaves_alone_is_taken_from_before(source: Source, view: View, change: WhatIf) -> None:
    fresh = quick.accounted(source, view, change, quick.read(source, view))
    again = accounted(source, view, change)
    assert fresh.incumbent is not None
    assert again.incumbent is not None
    assert again.incumbent.routes == fresh.incumbent.routes
    assert again.approaches == fresh.approaches
    assert again.singles == fresh.singles


def test_only_a_change_that_can_alter_a_route_decides_anew(view: View) -> None:
    assert quick.decides_alike(view.organisation, WhatIf(times=2.0, review_usd=Decimal(3)))
    assert not quick.decides_alike(view.organisation, WhatIf(floor=0.9))


def test_a_dear_review_makes_the_saving_negative_with_a_minus_and_a_word(source: Source, view: View) -> None:
    against = accounted(source, view, WhatIf(review_usd=Decimal(500))).incumbent
    assert against is not None
    said = words.saved(against.routes.saved_in_total)
    assert said.startswith("\u2212$")
    assert said.endswith("(dearer)")
    steps = waterfall.by_part(against, "today's models", whole=True)
    assert [step.way for step in steps] == [Way.TOTAL, Way.CHEAPER, Way.DEARER, Way.TOTAL]


def test_steps_lead_from_the_baseline_to_the_routes(source: Source, view: View) -> None:
    against = accounted(source, view, WhatIf()).incumbent
    assert against is not None
    for steps in (
        waterfall.by_task(against, "today's models", whole=True),
        waterfall.by_part(against, "today's models", whole=True),
    ):
        assert steps[0].start == steps[-1].start == 0
        assert steps[0].end + sum(step.usd for step in steps[1:-1]) == pytest.approx(steps[-1].end)
        saved = against.routes.saved_in_total
        assert saved is not None
        assert steps[0].end - steps[-1].end == pytest.approx(saved.value)
        assert all(before.end == after.start for before, after in pairwise(steps[:-1]))
        drawn = waterfall.chart(steps, dark=False).to_dict()
        names = [row["name"] for rows in drawn["datasets"].values() for row in rows]
        assert len(names) == len(steps)


def test_signs_and_what_an_interval_says() -> None:
    assert words.signs("in-sample -0.4 [-3.7, +2.9] and -$215 at 2026-11-01") == (
        "in-sample \u22120.4 [\u22123.7, +2.9] and \u2212$215 at 2026-11-01"
    )
    assert words.sureness(Figure(5.0, -1.0, 9.0, 3)) == "cannot be told from 0"
    assert words.sureness(Figure(-5.0, -9.0, -1.0, 3)) == ""
    assert words.saved(None) == "unknown"


def test_an_unknown_price_is_in_no_step(source: Source, view: View) -> None:
    against = accounted(source, view, WhatIf()).single
    assert against is not None
    unknown = [change for change in against.changes if change.unknown]
    shown = {step.label for step in waterfall.by_task(against, "the best single model", whole=True)}
    assert unknown
    assert not shown & {change.demand.task for change in unknown}
