"""Costs in the database: older files brought up to date, and stored rows priced again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rows import FAILED, START, outcome

from whichmodel.domain import Model, Outcome, Price
from whichmodel.pricing.stored import Again
from whichmodel.store import Change, Store, costs, read, schema

LUNA = "openai/gpt-6-luna"


PART = "part"
"""Column that says where a row lies in a shared store; no part of what was measured."""


def model(model_id: str, **rates: str) -> Model:
    price = Price("contract", date(2026, 7, 1), **{name: Decimal(rate) for name, rate in rates.items()})
    return Model(id=model_id, inspect_name=model_id, vendor="v", price=price if rates else None)


def again(*models: Model) -> Again:
    return Again({one.id: one for one in models})


def stored(results: Path, *names: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(results / "bench.duckdb")) as connection:
        return connection.execute(f"SELECT {', '.join(names)} FROM outcomes ORDER BY key").fetchall()


def older(results: Path, rows: list[Outcome]) -> list[str]:
    """A database as the first two migrations alone made it, with these rows; the names of its columns."""
    with duckdb.connect(str(results / "bench.duckdb")) as connection:
        connection.execute("CREATE TABLE migrations (name VARCHAR PRIMARY KEY, applied TIMESTAMP)")
        for migration in (schema.m001_outcomes, schema.m002_runs):
            migration(connection)
            connection.execute(
                "INSERT INTO migrations VALUES (?, ?)", [migration.__name__, datetime(2026, 11, 1)]
            )
        names = [name for name, *_ in connection.execute("DESCRIBE outcomes").fetchall()]
        marks = ", ".join("?" * len(names))
        values = [
            [schema.utc(v) if isinstance(v := getattr(row, n), datetime) else v for n in names]
            for row in rows
        ]
        connection.executemany(f"INSERT INTO outcomes VALUES ({marks})", values)
    return names


def test_an_older_database_keeps_every_row_as_it_was(tmp_path: Path) -> None:
    rows = [outcome(n, answer_norm=f"a{n}", price_date=START.date()) for n in range(20)] + [
        outcome(20, **FAILED)
    ]
    names = older(tmp_path, rows)
    before = stored(tmp_path, *names)
    store = Store(tmp_path)
    assert stored(tmp_path, *names) == before
    assert len(before) == 21
    [copy] = tmp_path.glob("bench.before-*.duckdb")
    with duckdb.connect(str(copy), read_only=True) as connection:
        assert (
            connection.execute(f"SELECT {', '.join(names)} FROM outcomes ORDER BY key").fetchall() == before
        )
    assert set(stored(tmp_path, "billed_calls", "batch", "judge_calls", "from_cache")) == {
        (None, None, None, False)
    }
    assert store.ingest([*rows, outcome(21, from_cache=True, image_output_tokens=1290, billed_calls=2)]) == 1
    new = set(stored(tmp_path, "from_cache", "image_output_tokens", "billed_calls"))
    assert new == {(False, None, None), (True, 1290, 2)}
    Store(tmp_path)
    assert len(list(tmp_path.glob("bench.before-*.duckdb"))) == 1


def test_the_table_has_the_columns_of_an_outcome_in_their_order(tmp_path: Path) -> None:
    Store(tmp_path)
    with duckdb.connect(str(tmp_path / "bench.duckdb")) as connection:
        made = {
            name: null == "YES" for name, _, null, *_ in connection.execute("DESCRIBE outcomes").fetchall()
        }
    assert made.pop(PART)
    assert list(made) == list(schema.columns())
    assert made == {name: optional for name, (_, optional) in schema.columns().items()}


def test_rows_are_stored_by_name_whatever_the_order_of_the_table(tmp_path: Path) -> None:
    Store(tmp_path)
    with duckdb.connect(str(tmp_path / "bench.duckdb")) as connection:
        connection.execute("ALTER TABLE outcomes DROP COLUMN fingerprint")
        connection.execute("ALTER TABLE outcomes ADD COLUMN fingerprint VARCHAR")
    Store(tmp_path).ingest([outcome(0, fingerprint="fp-1")])
    assert stored(tmp_path, "fingerprint", "answer_norm", "from_cache") == [("fp-1", "a", False)]


def test_stored_rows_take_the_prices_of_today_s_configuration_and_then_stay(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.ingest([outcome(0, model="own/m"), outcome(1, model="own/m", cost_usd=None, price_source=None)])
    priced = again(model("own/m", input_per_mtok="2", output_per_mtok="10"))
    [change] = store.reprice(priced)
    # 100 x 2 + 20 x 10 of each row, of which one had 0.0012 and the other nothing.
    assert change == Change(
        "own/m", 2, 2, 2, Decimal("0.0012"), Decimal("0.0008"), Decimal(0), Decimal(0), 1, 0
    )
    assert set(stored(tmp_path, "cost_usd", "price_source", "price_date")) == {
        (Decimal("0.0004"), "contract", date(2026, 7, 1))
    }
    [second] = store.reprice(priced)
    assert (second.changed, second.cost_changed, second.old_usd) == (0, 0, Decimal("0.0008"))


COUNT = st.none() | st.integers(0, 5000)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(COUNT, COUNT, COUNT, st.sampled_from([LUNA, "own/m", "own/gone"])), min_size=1))
def test_pricing_again_twice_is_pricing_again_once(rows: list[tuple[Any, ...]]) -> None:
    priced = again(model("own/m", input_per_mtok="0.123456789", output_per_mtok="1"))
    with TemporaryDirectory() as folder:
        store = Store(Path(folder))
        store.ingest(
            [
                outcome(n, model=name, input_tokens=into, cached_tokens=cached, output_tokens=out)
                for n, (into, cached, out, name) in enumerate(rows)
            ]
        )
        first, second = store.reprice(priced), store.reprice(priced)
    assert sum(change.changed for change in second) == 0
    assert [c.new_usd for c in second] == [c.new_usd for c in first]


def test_a_dry_run_says_the_same_and_writes_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.ingest([outcome(0, model="own/m")])
    before = stored(tmp_path, "*")
    priced = again(model("own/m", input_per_mtok="2", output_per_mtok="10"))
    told = store.reprice(priced, dry_run=True)
    assert stored(tmp_path, "*") == before
    assert store.reprice(priced) == told
    assert told[0].cost_changed == 1


def test_public_prices_are_those_of_each_row_s_own_day(tmp_path: Path) -> None:
    store = Store(tmp_path)
    days = (datetime(2025, 6, 9, 12, tzinfo=UTC), datetime(2025, 6, 10, 12, tzinfo=UTC))
    store.ingest([outcome(n, model="openai/o3", started_at=day) for n, day in enumerate(days)])
    store.reprice(again())
    # 100 x 10 + 20 x 40, and 100 x 2 + 20 x 8
    found = sorted(stored(tmp_path, "price_date", "cost_usd"))
    assert found == [(days[0].date(), Decimal("0.0018")), (days[1].date(), Decimal("0.00036"))]


def test_the_demo_panel_and_rules_keep_their_own_prices(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.ingest([outcome(0, model=LUNA, simulated=True), outcome(1, model=LUNA, baseline=True)])
    before = stored(tmp_path, "*")
    assert store.reprice(again()) == ()
    assert stored(tmp_path, "*") == before


def test_a_model_that_is_no_longer_listed_keeps_its_cost_and_one_without_a_price_does_not(
    tmp_path: Path,
) -> None:
    store = Store(tmp_path)
    store.ingest([outcome(0, model="own/gone"), outcome(1, model="own/here")])
    gone, here = store.reprice(again(model("own/here")))
    assert (gone.changed, gone.new_usd, gone.new_unknown) == (0, Decimal("0.0012"), 0)
    assert (here.changed, here.new_usd, here.new_unknown) == (1, Decimal(0), 1)
    assert set(stored(tmp_path, "model", "cost_usd")) == {("own/gone", Decimal("0.0012")), ("own/here", None)}


def test_a_row_that_reported_no_usage_stays_unknown(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.ingest([outcome(0, model=LUNA, input_tokens=None, cost_usd=None), outcome(1, model=LUNA, **FAILED)])
    store.reprice(again())
    costs_now = dict(stored(tmp_path, "item_id", "cost_usd"))
    assert costs_now["i0"] is None


def test_the_judge_is_priced_again_where_its_counts_are_stored(tmp_path: Path) -> None:
    store = Store(tmp_path)
    eye: dict[str, Any] = {"judge_model": "own/eye", "judge_calls": 2}
    eye |= {"judge_input_tokens": 1000, "judge_output_tokens": 10}
    store.ingest(
        [
            outcome(0, model="own/m", judge_cost_usd=None, **eye),
            outcome(1, model="own/m", judge_cost_usd=Decimal("0.5"), judge_calls=None),
            outcome(2, model="own/m", judge_cost_usd=Decimal(0), judge_calls=0),
        ]
    )
    rates = {"input_per_mtok": "1", "output_per_mtok": "10"}
    [change] = store.reprice(again(model("own/m", **rates), model("own/eye", **rates)))
    found = dict(stored(tmp_path, "item_id", "judge_cost_usd"))
    assert found == {"i0": Decimal("0.0011"), "i1": Decimal("0.5"), "i2": Decimal(0)}
    assert (change.old_judge_usd, change.new_judge_usd) == (Decimal("0.5"), Decimal("0.5011"))


def test_several_batches_are_one_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(costs, "BATCH", 7)
    store = Store(tmp_path)
    store.ingest([outcome(n, model=f"own/m{n % 2}", cost_usd=None) for n in range(50)])
    changes = store.reprice(
        again(*(model(f"own/m{n}", input_per_mtok="1", output_per_mtok="1") for n in (0, 1)))
    )
    assert [(c.model, c.rows, c.changed, c.new_usd) for c in changes] == [
        ("own/m0", 25, 25, 25 * Decimal("0.00012")),
        ("own/m1", 25, 25, 25 * Decimal("0.00012")),
    ]


def test_an_answer_of_the_cache_has_its_cost_and_was_not_paid(tmp_path: Path) -> None:
    store = Store(tmp_path)
    paid = outcome(0, judge_cost_usd=Decimal("0.25"), cost_usd=Decimal(1))
    store.ingest([paid, replace(outcome(1, cost_usd=Decimal(4)), from_cache=True)])
    store.publish()
    reader = read(tmp_path)
    assert reader is not None
    [row] = reader.measured().to_dict("records")
    assert (row["n"], row["spend_usd"], row["judge_usd"], row["cached"]) == (2, 1.0, 0.25, 1)
    [used] = reader.prices()
    assert (used.rows, used.spend_usd, used.judge_usd) == (2, Decimal(1), Decimal("0.25"))
    assert reader.outcomes("real").cost_usd.tolist() == [1.0, 4.0]


def test_counts_of_a_task_and_a_model_are_their_mean_and_what_most_stay_below(tmp_path: Path) -> None:
    store = Store(tmp_path)
    rows = [outcome(n, input_tokens=100 * n, output_tokens=10, cached_tokens=None) for n in range(1, 11)]
    store.ingest(
        [*rows, outcome(20, input_tokens=9999, **FAILED), outcome(21, task="other", cached_tokens=60)]
    )
    store.publish()
    reader = read(tmp_path)
    assert reader is not None
    found = reader.counts()
    assert set(found) == {("invoices", "settings-1"), ("other", "settings-1")}
    invoices = found["invoices", "settings-1"]
    assert (invoices.n, invoices.mean.input, invoices.high.input) == (10, 550, 910)
    assert (invoices.mean.output, invoices.mean.cached, invoices.judge_model) == (10, 0, None)
    other = found["other", "settings-1"]
    assert (other.mean.cached, other.high.cached, other.mean_s) == (60, 0, 0.5)


def test_the_days_of_a_price_are_those_of_its_rows(tmp_path: Path) -> None:
    store = Store(tmp_path)
    later = START.date() + timedelta(days=3)
    store.ingest([outcome(0), outcome(1, price_date=later), outcome(2, price_source=None, cost_usd=None)])
    store.publish()
    reader = read(tmp_path)
    assert reader is not None
    unknown, known = sorted(reader.prices(), key=lambda used: used.source or "")
    assert (known.rows, known.first, known.last, known.unknown) == (2, START.date(), later, 0)
    assert (unknown.source, unknown.rows, unknown.unknown) == (None, 1, 1)
