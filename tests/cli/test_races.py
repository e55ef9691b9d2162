"""`bench run --until-decided` on a panel that charges, over real protocols."""

from __future__ import annotations

import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from race_ground import SKILLED, Ground, ground

from whichmodel.cli.project import Project
from whichmodel.cli.run_options import Options, refuse
from whichmodel.decide.table import table
from whichmodel.errors import UsageError
from whichmodel.simulator.faults import Faults
from whichmodel.views.decision import evidence

SIZES = {"sorting": 240, "naming": 160}
CONNECTIONS = 8


@pytest.fixture(scope="module")
def raced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Ground, dict[str, Any]]]:
    """Two tasks raced to their end, and the document of it."""
    with ground(tmp_path_factory.mktemp("raced"), tasks=SIZES) as found:
        ended = found.race("--json")
        assert ended.code == 0, ended.err
        yield found, ended.document


def settled(document: dict[str, Any]) -> dict[str, Any]:
    """How each race of a document ended, whatever way it came there."""
    names = ("state", "model", "status", "certified", "inferior", "items", "fates", "pairs", "delta", "alpha")
    return {race["task"]: {name: race[name] for name in names} for race in document["races"]}


def test_a_race_asks_less_than_everything_and_nothing_twice(raced: tuple[Ground, dict[str, Any]]) -> None:
    found, document = raced
    asked = found.asked()
    assert set(asked.values()) == {1}
    assert len(asked) == document["cells"]["done"] < 0.6 * len(SKILLED) * sum(SIZES.values())
    assert document["cells"]["failed"] == 0
    for race in document["races"]:
        assert race["state"] == "settled"
        assert race["status"] == "certified"
        assert race["model"] == "acme/good"
        assert sum(race["items"].values()) == sum(race["asked"].values())
    bill = document["race_bill"]
    assert bill["used_usd"] == pytest.approx(document["spend_usd"])
    assert 0 < bill["share"] < 0.75
    assert bill["low_usd"] <= bill["every_item_usd"] <= bill["high_usd"]
    assert bill["unknown_price"] == []
    assert {r["task"]: (r["model"], r["status"]) for r in document["routes"]} == dict.fromkeys(
        SIZES, ("acme/good", "certified")
    )


def test_the_same_command_again_costs_nothing_and_says_the_same(raced: tuple[Ground, dict[str, Any]]) -> None:
    found, document = raced
    before = found.asked()
    again = found.race("--json")
    assert again.code == 0
    assert "nothing was asked, nothing was spent" in again.err
    assert found.asked() == before
    assert settled(again.document) == settled(document)
    assert again.document["race_bill"] == document["race_bill"]
    assert [race["goes_on"] for race in again.document["races"]] == [True, True]


def test_killed_it_goes_on_and_ends_as_if_nothing_had_happened(
    tmp_path: Path, raced: tuple[Ground, dict[str, Any]]
) -> None:
    with ground(tmp_path, tasks=SIZES, latency_s=0.05) as found:
        process = found.start()
        _until(process, found, 250)
        process.send_signal(signal.SIGKILL)
        process.wait()
        written = _written(found)
        status = found.bench("status", "--json").document if (found.results / "snapshots").exists() else {}
        ended = found.race("--json")
        assert ended.code == 0, ended.err
        assert settled(ended.document) == settled(raced[1])
        repeated = found.asked() - Counter(dict.fromkeys(found.asked(), 1))
        assert repeated.total() <= CONNECTIONS * len(SKILLED)
        assert ended.document["cells"]["done"] <= raced[1]["cells"]["done"] - written
        open_tasks = {race["task"] for race in status.get("open_races", [])}
        assert open_tasks <= set(SIZES)


def _until(process: subprocess.Popen[str], found: Ground, answers: int) -> None:
    """Wait until so many questions were asked."""
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline and process.poll() is None:
        if found.asked().total() >= answers:
            return
        time.sleep(0.05)
    raise AssertionError("the race made no progress")


def _written(found: Ground) -> int:
    """Samples that had ended and were written down."""
    return sum(file.read_bytes().count(b"\n") for file in found.results.glob("logs/*/*/outcomes.jsonl"))


def test_a_budget_ends_it_as_provisional_and_a_larger_one_goes_on(
    tmp_path: Path, raced: tuple[Ground, dict[str, Any]]
) -> None:
    with ground(tmp_path, tasks=SIZES) as found:
        budget = 0.6 * raced[1]["race_bill"]["used_usd"]
        ended = found.race("--budget", f"{budget:.4f}", "--json")
        assert ended.code == 4, ended.err
        document = ended.document
        assert document["spend_usd"] <= budget
        opened = [race for race in document["races"] if race["state"] == "open"]
        assert opened
        for race in opened:
            assert race["status"] == "provisional"
            assert "budget" in race["why"]
        status = found.bench("status")
        assert f"Race open on {opened[0]['task']} for lab" in status.out
        assert "bench run --until-decided --org lab --tasks" in status.out
        routes = found.bench("route", "--json").document["routes"]
        assert {r["task"]: r["status"] for r in routes} == {r["task"]: r["status"] for r in document["races"]}
        on = found.race("--budget", "5", "--json")
        assert on.code == 0, on.err
        assert settled(on.document) == settled(raced[1])
        assert set(found.asked().values()) == {1}


def test_new_models_race_against_the_routed_one_alone(tmp_path: Path) -> None:
    with ground(tmp_path, models=["good", "poor"], tasks={"sorting": 240}) as found:
        first = found.race("--json").document
        assert first["races"][0]["model"] == "acme/good"
        before = found.asked()
        found.configure(["good", "poor", "best", "weak"])
        ended = found.race("--new-models", "--json")
        assert ended.code == 0, ended.err
        [race] = ended.document["races"]
        assert (race["kind"], race["incumbent"]) == ("challengers", "acme/good")
        assert set(race["items"]) == {"acme/best", "acme/good", "acme/weak"}
        assert race["model"] == "acme/good"
        assert race["items"]["acme/weak"] < race["items"]["acme/good"]
        new = found.asked() - before
        assert set(found.asked().values()) == {1}
        assert {wire for wire, _ in new} <= {"acme-best", "acme-weak", "acme-good"}
        again = found.race("--new-models", "--json")
        assert again.document["new_models"] == []
        routes = found.bench("route", "--json").document["routes"]
        assert [(r["model"], r["status"]) for r in routes] == [("acme/good", "certified")]


def test_without_stored_answers_of_todays_model_all_race(tmp_path: Path) -> None:
    workloads = [{"task": "sorting", "requests_per_month": 1, "incumbent": "acme/best"}]
    with ground(tmp_path, models=["best", "poor"], tasks={"sorting": 240}, workloads=workloads) as found:
        dry = found.race("--new-models", "--dry-run", "--json")
        assert "sorting: nothing is stored of today's acme/best on this bank, so all models race." in dry.err
        [race] = dry.document["races"]
        assert (race["kind"], race["incumbent"]) == ("all", "acme/best")
        assert found.asked().total() == 0


def test_a_dry_run_asks_nobody_and_gives_the_least_the_usual_and_the_most(tmp_path: Path) -> None:
    with ground(tmp_path, tasks={"sorting": 240, "tiny": 20}) as found:
        ended = found.race("--dry-run", "--json")
        assert ended.code == 0, ended.err
        document = ended.document
        assert document["first_look"]["calls"] == 4 * (20 + 20)
        assert document["every_item"]["calls"] == 4 * (240 + 20)
        for end in ("low_usd", "high_usd"):
            amounts = [document[stage][end] for stage in ("first_look", "expected", "every_item")]
            assert amounts == sorted(amounts)
            assert amounts[0] > 0
        assert document["measured_in_full"] == [
            {"task": "tiny", "reason": "it has 20 items, and the first look of a race takes 20"}
        ]
        assert found.asked().total() == 0
        assert "Expected in all" in found.race("--dry-run").out


@pytest.mark.parametrize(
    ("flag", "name"),
    [
        ({"limit": 9}, "--limit"),
        ({"epochs": 2}, "--epochs"),
        ({"canary": True}, "--canary"),
        ({"all_models": True}, "--all-models"),
    ],
)
def test_what_contradicts_a_race_is_refused(flag: dict[str, Any], name: str) -> None:
    plain = Options((), (), None, None, 1, None, None, False, False, False, False, until_decided=True)
    refuse(plain)
    with pytest.raises(UsageError, match=f"it does not go with {name}"):
        refuse(replace(plain, **flag))


def test_a_model_that_is_stopped_drops_out_and_a_changed_rule_is_a_new_race(tmp_path: Path) -> None:
    """The model that cannot be asked is neither scored nor certified; the others settle it."""
    refused = Faults("status", rate=1.0, status=401, wire="acme-weak")
    with ground(tmp_path, tasks={"sorting": 240}, faults=[refused]) as found:
        ended = found.race("--json")
        assert ended.code == 3, ended.err
        [race] = ended.document["races"]
        assert list(race["withdrawn"]) == ["acme/weak"]
        assert (race["state"], race["model"], race["status"]) == ("settled", "acme/good", "certified")
        assert race["items"]["acme/weak"] <= 1
        routes = found.bench("route", "--json").document["routes"]
        assert [(r["model"], r["status"]) for r in routes] == [("acme/good", "certified")]
        found.configure(["best", "good", "poor"], decision={"delta": 0.1, "min_items": 60, "looks_start": 20})
        dry = found.race("--dry-run")
        assert "A new race on sorting: the decision rule, the models changed since the one of" in dry.err


def test_the_fixed_test_on_the_whole_bank_agrees_and_does_not_replace_the_race(
    raced: tuple[Ground, dict[str, Any]],
) -> None:
    """Last in this file: it measures the rest of the bank."""
    found, document = raced
    ended = found.run("--json")
    assert ended.code == 0, ended.err
    assert found.asked().total() == len(SKILLED) * sum(SIZES.values())
    decided = {race["task"]: (race["model"], race["status"]) for race in document["races"]}
    assert {r["task"]: (r["model"], r["status"]) for r in ended.document["routes"]} == decided
    project = Project(found.bench.folder / "bench.yaml", found.results)
    lab = project.config.organisation(None)
    models = project.known_models("real")
    seen = evidence(project.source(), lab, "real")
    at = seen[0].measured[0].last
    assert at is not None
    _, fixed = table(seen, models, lab, now=at, simulated=False)
    assert {route.task: route.model for route in fixed.routes} == {t: m for t, (m, _) in decided.items()}
    assert not any(route.raced for route in fixed.routes)
