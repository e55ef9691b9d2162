"""The state of the measurements: every ill has its figures, and a command that can be typed."""

from __future__ import annotations

import shlex
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from rows import FAILED, START, outcome
from views import boards
from views.boards import NOW, standing

from whichmodel.cli import bench
from whichmodel.domain import Model, Organisation, Policy, Standing, Workload
from whichmodel.store import Failing, Race, Run, Store, read
from whichmodel.views import spend
from whichmodel.views.coverage import Measured
from whichmodel.views.health import Health, Stored, health
from whichmodel.views.ills import Ill, Kind

EMPTY = Stored((), (), (), (), ())
MODELS = ("aurora/lite", "borealis/max", "cirrus/nano", "cirrus/pro", "new one/model")


def seen(*standings: Standing, stored: Stored = EMPTY, **changes: object) -> Health:
    """The health of a handmade view."""
    made = boards.view(*standings)
    models = {name: Model(name, name, name.partition("/")[0], region="eu") for name in MODELS}
    policy = Policy(vendors=("aurora", "borealis", "new one"))
    organisation = Organisation("acme", "ACME", (Workload("invoices", 1000),), policy)
    view = replace(made, models=models, organisation=organisation)
    return health(replace(view, **changes), stored, now=NOW)  # type: ignore[arg-type]


def ills(found: Health, kind: Kind) -> list[Ill]:
    return [ill for ill in found.ills if ill.kind is kind]


def test_a_whole_measurement_has_no_ill() -> None:
    found = seen(standing("aurora/lite"), standing("borealis/max"), models={})
    assert found.ills == ()
    assert {cell.state for cell in found.coverage.cells.values()} == {Measured.WHOLE}


def test_what_is_missing_is_named_with_its_reason() -> None:
    found = seen(
        standing("aurora/lite"),
        standing("borealis/max", n=100, planned=100),
        standing("cirrus/gone", n=0, planned=0, score=None),
        standing("cirrus/nano", n=0, planned=0, score=None),
    )
    cells = {model: found.coverage.cells["invoices", model] for model in found.coverage.models}
    assert cells["aurora/lite"].state is Measured.WHOLE
    assert cells["borealis/max"].state is Measured.PART
    assert cells["borealis/max"].why == "100 of 400 items asked"
    assert cells["cirrus/gone"].state is Measured.CANNOT
    assert cells["cirrus/nano"].state is Measured.POLICY
    assert "its vendor is cirrus" in cells["cirrus/nano"].why
    [missing] = ills(found, Kind.MISSING)
    assert missing.command == "bench run --tasks invoices --models borealis/max"


def test_a_race_that_asked_no_more_is_no_gap() -> None:
    route = boards.route(raced=True)
    made = boards.view(standing("aurora/lite"), standing("borealis/max", n=100, planned=100), routes=(route,))
    found = health(made, EMPTY, now=NOW)
    assert found.coverage.cells["invoices", "borealis/max"].state is Measured.RACED
    assert not ills(found, Kind.MISSING)


def test_configured_models_and_tasks_in_use_that_nobody_measured() -> None:
    organisation = Organisation("acme", "ACME", (Workload("contracts", 5), Workload("extraction", 5)))
    found = seen(standing("aurora/lite"), organisation=organisation)
    assert found.coverage.unused == ("contracts",)
    assert ills(found, Kind.UNUSED)[0].command == "bench run --tasks contracts"
    assert ills(found, Kind.NEW)[0].models == MODELS[1:]
    assert ills(found, Kind.NEW)[0].command == "bench run --new-models"


FAILING = Failing("invoices", "bank", "aurora/lite", "settings", "APIStatusError", 7, "529 overloaded")


def test_failures_by_cause_with_the_command_that_asks_again() -> None:
    rows = (
        FAILING,
        replace(FAILING, model="borealis/max", cells=5, example=""),
        replace(FAILING, error_class="Timeout", cells=30, example="after 600 s"),
        replace(FAILING, task_hash="another bank", cells=99),
    )
    found = seen(standing("aurora/lite"), standing("borealis/max"), stored=replace(EMPTY, failing=rows))
    assert [(cause.error_class, cause.cells) for cause in found.causes] == [
        ("Timeout", 30),
        ("APIStatusError", 12),
    ]
    assert found.causes[1].example == "529 overloaded"
    assert found.causes[1].command == "bench run --tasks invoices --models aurora/lite,borealis/max"
    assert ills(found, Kind.FAILED)[1].what == "12 cells failed by APIStatusError: 529 overloaded"


def test_failures_of_a_model_that_is_gone_have_no_command() -> None:
    rows = (replace(FAILING, model="cirrus/gone"),)
    found = seen(standing("cirrus/gone", failed=7), stored=replace(EMPTY, failing=rows))
    [ill] = ills(found, Kind.FAILED)
    assert (ill.command, ill.first) == ("", "None of these models is configured any more.")


def test_a_large_unparsed_share_is_flagged_with_interval_and_n() -> None:
    found = seen(standing("aurora/lite", unparsed=0.25, n=40), standing("borealis/max", unparsed=0.01))
    assert [(one.model, one.many) for one in found.unparsed] == [
        ("aurora/lite", True),
        ("borealis/max", False),
    ]
    assert 0.1 < found.unparsed[0].low < 0.25 < found.unparsed[0].high < 0.42
    [ill] = ills(found, Kind.UNPARSED)
    assert ill.what == (
        "25% of 40 answers of aurora/lite on invoices could not be read (95% interval 13% to 41%)"
    )


@pytest.mark.parametrize(("refused", "truncated", "command"), [(0, 30, True), (30, 0, False)])
def test_answers_cut_off_can_be_mended_and_refusals_cannot(
    refused: int, truncated: int, command: bool
) -> None:
    found = seen(standing("aurora/lite", refused=refused, truncated=truncated))
    [ill] = ills(found, Kind.UNANSWERED)
    assert bool(ill.command) is command
    assert ill.first


def test_old_measurements_are_asked_again_by_a_canary() -> None:
    found = seen(
        standing("aurora/lite", measured_to=NOW - timedelta(days=91)),
        standing("borealis/max", measured_to=NOW - timedelta(days=90)),
    )
    assert [(age.model, age.days, age.stale) for age in found.ages] == [
        ("aurora/lite", 91, True),
        ("borealis/max", 90, False),
    ]
    [ill] = ills(found, Kind.STALE)
    assert ill.command == "bench run --canary --tasks invoices --models aurora/lite"


def test_a_model_without_a_price_and_one_with_bent_latencies() -> None:
    found = seen(
        standing("aurora/lite", cost_per_1k_usd=None), standing("borealis/max", late=300, p95_s=None)
    )
    assert found.unpriced[0].items == 400
    assert "add one under `price:`" in ills(found, Kind.UNPRICED)[0].what
    assert ills(found, Kind.LATE)[0].command == "bench latency --tasks invoices --models borealis/max"


def test_races_of_another_organisation_are_told_to_nobody_else() -> None:
    race = Race("acme", False, "invoices", "bank", 1, ("a", "b"), ("m",), ("s",), None, "all", "{}", START)
    races = (race, replace(race, organisation="nordbank"), replace(race, simulated=True))
    found = seen(standing("aurora/lite"), stored=replace(EMPTY, races=races))
    assert found.races == (race,)
    assert ills(found, Kind.RACE)[0].command == "bench run --until-decided --org acme --tasks invoices"


def test_every_command_is_one_that_bench_knows() -> None:
    odd = Model("new one/model", "x", "new one")
    rows = (replace(FAILING, model="new one/model"),)
    found = seen(
        standing("new one/model", cost_per_1k_usd=None, unparsed=0.5, truncated=90, late=300, failed=3),
        standing("aurora/lite", measured_to=NOW - timedelta(days=300), n=10, planned=10),
        stored=replace(EMPTY, failing=rows),
        models={"new one/model": odd, "aurora/lite": Model("aurora/lite", "x", "aurora")},
    )
    typed = [ill.command for ill in found.ills]
    assert len(typed) >= 6
    for line in typed:
        program, verb, *flags = shlex.split(line)
        command = bench.get_command(None, verb)  # type: ignore[arg-type]
        assert program == "bench"
        assert command is not None
        command.make_context(verb, flags)
    assert any("'new one/model'" in line for line in typed)


def test_what_failed_and_was_paid_is_read_out_of_the_store(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.ingest(
        [
            outcome(0, attempt=0, **FAILED),
            outcome(0, attempt=1),
            outcome(1, attempt=0, **FAILED),
            outcome(1, attempt=1, **{**FAILED, "error_class": "Timeout", "error_text": "late"}),
            outcome(2, cost_usd=None),
            outcome(3, from_cache=True),
            outcome(4, run_id="run-2", judge_cost_usd=Decimal("0.5"), started_at=START + timedelta(days=1)),
        ]
    )
    for run_id, days in (("run-1", 0), ("run-2", 1)):
        started = START + timedelta(days=days)
        store.put_run(Run(run_id, started, None, False, "bench run", 1, 1, 0, None))
    store.publish()
    reader = read(tmp_path)
    assert reader is not None
    assert [(row.error_class, row.cells, row.example) for row in reader.failing("real")] == [
        ("Timeout", 1, "late")
    ]
    rows = reader.spent("real")
    total = spend.total(rows)
    assert (total.answers, total.failed, total.cached, total.unknown) == (4, 3, 1, 1)
    assert (total.answers_usd, total.judges_usd) == (Decimal("0.0024"), Decimal("0.5"))
    assert not total.whole
    assert [one.name for one in spend.by_run(rows)] == ["run-2", "run-1"]
    assert [one.name for one in spend.by_model(rows)] == ["aurora/lite"]
    assert [row.run_id for row in reader.spent("real", until_run="run-1")] == ["run-1"]
