"""The fluid behind benchmarks/scale.py: no limit is passed, nothing is lost, more never takes longer."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.rig.fluid import Run, Stream, Works, run
from benchmarks.scale import INPUT, JUDGE, OUTPUT, duration, limits, raced, row, streams, works

FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
amounts = st.floats(0, 1e6)
made = st.lists(
    st.builds(
        Stream,
        models=st.integers(1, 500),
        rate_s=st.floats(0.01, 500),
        plain=amounts,
        judged=amounts,
        usd=st.floats(0, 0.1),
    ),
    min_size=1,
    max_size=5,
)
shared = st.builds(
    Works,
    cores=st.floats(1, 5000),
    cell_cpu_s=st.floats(1e-4, 0.1),
    judge_rate_s=st.floats(0.01, 1e4),
    judge_usd=st.floats(0, 0.01),
)


def _cells(of: list[Stream]) -> float:
    return sum(s.models * (s.plain + s.judged) for s in of)


def _least(of: list[Stream], by: Works) -> float:
    """No run is shorter than its narrowest limit alone."""
    judged = sum(s.models * s.judged for s in of)
    cpu = (_cells(of) + judged) * by.cell_cpu_s / by.cores
    return max(cpu, judged / by.judge_rate_s, *((s.plain + s.judged) / s.rate_s for s in of))


@FEW
@given(made, shared)
def test_every_cell_is_done_paid_for_and_no_limit_is_passed(of: list[Stream], by: Works) -> None:
    found = run(of, by)
    assert found.cells == pytest.approx(_cells(of), rel=1e-6, abs=1e-6)
    paid = sum(s.models * ((s.plain + s.judged) * s.usd + s.judged * by.judge_usd) for s in of)
    assert found.usd == pytest.approx(paid, rel=1e-6, abs=1e-6)
    assert found.wall_s >= _least(of, by) * (1 - 1e-6)
    assert sum(found.held_s.values()) == pytest.approx(found.wall_s)
    assert not found.out_of_money


@FEW
@given(made, shared, st.floats(1, 100))
def test_more_of_anything_never_takes_longer(of: list[Stream], by: Works, times: float) -> None:
    wall = run(of, by).wall_s * (1 + 1e-6) + 1e-6
    assert run(of, replace(by, cores=by.cores * times)).wall_s <= wall
    faster = [replace(s, rate_s=s.rate_s * times) for s in of]
    assert run(faster, replace(by, judge_rate_s=by.judge_rate_s * times)).wall_s <= wall


@FEW
@given(made, shared)
def test_twice_the_cells_take_twice_as_long(of: list[Stream], by: Works) -> None:
    twice = [replace(s, plain=2 * s.plain, judged=2 * s.judged) for s in of]
    assert run(twice, by).wall_s == pytest.approx(2 * run(of, by).wall_s, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize(
    ("stream", "by", "bottleneck", "wall_s"),
    [
        (Stream(10, 1.0, 100, 0, 0), Works(1000, 0.001, 1e9), "provider limit", 100),
        (Stream(10, 1e3, 100, 0, 0), Works(1, 0.01, 1e9), "CPU", 10),
        (Stream(10, 1e3, 0, 100, 0), Works(1000, 0.001, 2.0), "judge", 500),
        (Stream(10, 1.0, 100, 0, 1.0), Works(1000, 0.001, 1e9, budget_usd=500), "budget", 50),
    ],
)
def test_what_holds_a_run_back_is_named(stream: Stream, by: Works, bottleneck: str, wall_s: float) -> None:
    found = run([stream], by)
    assert found.bottleneck == bottleneck
    assert found.wall_s == pytest.approx(wall_s)
    assert found.usd <= by.budget_usd * (1 + 1e-9)


def test_a_race_asks_every_model_something_and_far_from_everything_and_a_seed_gives_the_same() -> None:
    asked, spent = raced(8, 500, seed=3)
    assert 50 / 500 <= asked < 0.8
    assert 0 < spent < 1
    assert raced(8, 500, seed=3) == (asked, spent)
    assert raced(8, 500, seed=4) != (asked, spent)


def test_a_grid_is_spread_over_all_models_of_the_limits_and_every_limit_is_priced_and_dated() -> None:
    for tier in ("first", "top"):
        allowed = limits(tier)
        made_ = streams(allowed, (41, 6, 1000), asked=0.5, spent=0.25, judged=0.2)
        assert sum(s.models for s in made_) == 41
        assert sum(s.models * (s.plain + s.judged) for s in made_) == pytest.approx(41 * 6 * 1000 * 0.5)
        assert all(limit.usd(INPUT, OUTPUT) > 0 for limit in allowed)
        assert all(limit.rate_s(INPUT, OUTPUT) <= limit.requests / 60 for limit in allowed)
        assert JUDGE in {limit.model for limit in allowed}
        assert works(allowed, 8, 0.002, 2, math.inf).judge_rate_s > 0
    first, top = limits("first"), limits("top")
    assert [limit.model for limit in first] == [limit.model for limit in top]
    assert all(a.rate_s(INPUT, OUTPUT) <= b.rate_s(INPUT, OUTPUT) for a, b in zip(first, top, strict=True))


def test_rows_tell_times_in_the_unit_that_reads_best() -> None:
    assert [duration(s) for s in (5, 90, 7200, 1e6, 1e9)] == [
        "5 s",
        "1.5 min",
        "2.0 h",
        "11.6 days",
        "31.7 years",
    ]
    held = Run(100, 1000, 5, {"CPU": 75.0, "judge": 25.0}, False)
    assert row("grid", "race", "top", 1, 4, held)[5:] == ["1.7 min", "10", "CPU", "75%", "5"]
