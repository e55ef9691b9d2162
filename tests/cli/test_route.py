"""`bench route`: what it prints, explains, compares and checks, over outcomes of real-looking models."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from program import Bench
from rows import START, outcome

from whichmodel.config import load_config
from whichmodel.export.table import from_yaml
from whichmodel.store import Store

CONFIG = """\
default_organisation: acme
models:
  - {id: local/big, base_url: "http://127.0.0.1:9/v1", vendor: big, region: us}
  - {id: local/small, base_url: "http://127.0.0.1:9/v1", vendor: small, region: eu}
  - {id: local/bad, base_url: "http://127.0.0.1:9/v1", vendor: small, region: eu}
organisations:
  acme:
    title: ACME
    workloads: [{task: invoices, requests_per_month: 300000}]
  named:
    title: Named
    workloads: [{task: invoices, requests_per_month: 1000, incumbent: local/big}]
  nobody: {title: Nobody, policy: {regions: [mars]}}
"""
ITEMS = 800
COST = {"local/big": "0.01", "local/small": "0.001", "local/bad": "0.0002"}


def _scores() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    right = (rng.random(ITEMS) < 0.9).astype(float)
    small = right.copy()
    small[np.flatnonzero(right)[:12:3]] = 0
    return {"local/big": right, "local/small": small, "local/bad": right * (rng.random(ITEMS) < 0.8)}


def _measure(folder: Path, scores: Mapping[str, np.ndarray], run: str = "run-1", *, epoch: int = 1) -> None:
    """Outcomes of a run over the task invoices, under the settings that are configured."""
    known = {model.id: model for model in load_config(folder / "bench.yaml").models}
    later = START + timedelta(days=epoch)
    rows = [
        outcome(
            n,
            model=name,
            settings_hash=known[name].settings_hash,
            score=float(values[n]),
            cost_usd=Decimal(COST[name]) * (8 + n % 5) / 10,
            run_id=run,
            epoch=epoch,
            started_at=later,
        )
        for name, values in scores.items()
        for n in range(len(values))
    ]
    store = Store(folder / "results")
    store.ingest([replace(row, started_at=later) for row in rows])
    store.publish()


def _project(folder: Path, scores: Mapping[str, np.ndarray]) -> Bench:
    (folder / "bench.yaml").write_text(CONFIG)
    _measure(folder, scores)
    return Bench(folder)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """Two models that answer alike at a tenth of the cost, and one that does not; nothing more is written."""
    made = _project(tmp_path_factory.mktemp("route"), _scores())
    assert made("route").code == 0
    return made


def test_every_figure_has_its_n_interval_and_baseline_and_fits_80_columns(project: Bench) -> None:
    ended = project("route")
    golden = Path(__file__).parent / "golden" / "route.txt"
    assert ended.out == golden.read_text(encoding="utf-8")
    assert max(len(line) for line in ended.out.splitlines() if not line.startswith("Written")) <= 80


def test_deciding_again_writes_the_same_text(project: Bench) -> None:
    files = [project.folder / "results" / "routing" / f"acme.{kind}" for kind in ("yaml", "json")]
    before = [file.read_bytes() for file in files]
    assert project("route", "--json").document["routes"][0]["model"] == "local/small"
    assert [file.read_bytes() for file in files] == before


def test_explain_says_why_why_not_and_how_many_are_left(project: Bench) -> None:
    ended = project("route", "--explain", "invoices")
    assert ended.code == 0, ended.err
    for text in (
        "How many are left",
        "3 measured",
        "2 shown good enough  without local/bad",
        "1 cheapest of these  without local/big",
        "local/big (dearer): as good, at 10.0 times the cost. score 0.",
        "local/bad (inferior): ",
        "margin 3 points; error 5%; reference best",
        "runs run-1",
    ):
        assert text in ended.out
    assert max(map(len, ended.out.splitlines())) <= 80
    document = project("route", "--explain", "invoices", "--json").document
    assert [stage["left"] for stage in document["funnel"]] == [3, 3, 3, 3, 3, 2, 1]
    assert document["route"]["saving_low"] == pytest.approx(0.9)
    assert document["route"]["baseline_model"] == "local/big"


def test_a_task_that_was_not_measured_is_named_with_its_nearest(project: Bench) -> None:
    ended = project("route", "--explain", "invoice")
    assert (ended.code, "Nearest: invoices" in ended.err) == (2, True)


def test_nobody_who_may_be_used_is_no_route_and_no_error(project: Bench) -> None:
    ended = project("route", "--org", "nobody")
    assert ended.code == 0
    assert "- invoices: no route (none)" in ended.out
    assert "no model may be used: 3 barred by policy." in ended.out


def test_an_unchanged_table_holds_and_an_expired_one_does_not(project: Bench) -> None:
    held = project("route", "--check")
    assert held.code == 0, held.err
    assert "all 1 routes hold" in held.out
    path = project.folder / "results" / "routing" / "acme.yaml"
    text = path.read_text()
    table = from_yaml(text)
    old = project.folder / "old.yaml"
    stamp = table.expires_at.isoformat().replace("+00:00", "Z")
    old.write_text(text.replace(stamp, "2026-01-01T00:00:00Z"))
    expired = project("route", "--check", "old.yaml", "--json")
    assert expired.code == 5
    assert [(f["kind"], f["task"]) for f in expired.document["findings"]] == [("expired", "")]


def _deployed(project: Bench, **changes: object) -> str:
    """A file of the table with a route that differs."""
    document = json.loads((project.folder / "results" / "routing" / "acme.json").read_text())
    document["routes"][0].update(changes)
    known = document["models"]["local/small"]
    document["models"].update(dict.fromkeys(("local/big", "local/bad"), known))
    file = project.folder / "deployed.json"
    file.write_text(json.dumps(document))
    return file.name


@pytest.mark.parametrize(
    ("changes", "kind", "text"),
    [
        ({"model": "local/bad"}, "inferior", "it is shown to be worse: "),
        ({"model": "z/gone"}, "not measured", "it is neither measured nor configured any more"),
        (
            {"model": "local/big", "status": "provisional", "cost_per_1k_usd": 10.0},
            "cheaper",
            "local/small is certified and cheaper: same quality, 90% cheaper than local/big (score 0.",
        ),
    ],
)
def test_check_finds_what_is_wrong_with_a_deployed_route(
    project: Bench, changes: dict[str, object], kind: str, text: str
) -> None:
    ended = project("route", "--check", _deployed(project, fallbacks=[], **changes), "--json")
    assert ended.code == 5
    [finding] = ended.document["findings"]
    assert finding["kind"] == kind
    assert finding["text"].startswith(text)


def test_a_cheaper_model_is_no_finding_before_its_second_run(tmp_path: Path) -> None:
    bench = _project(tmp_path, _scores())
    assert "local/big stays: local/small is as good and 90% cheaper" in bench("route", "--org", "named").out
    assert bench("route", "--org", "named", "--check").code == 0
    _measure(tmp_path, _scores(), "run-2", epoch=2)
    checked = bench("route", "--org", "named", "--check", "--json")
    assert checked.code == 5
    assert [finding["kind"] for finding in checked.document["findings"]] == ["cheaper"]
    diff = bench("route", "--org", "named", "--diff")
    assert "local/big (certified) -> local/small (certified)" in diff.out
    assert "] for 1,000 requests" in diff.out
    assert "a month" in diff.out
    assert "1 of 1 tasks change, 0 stay. Nothing was written." in diff.out
    assert "local/small (certified)" in bench("route", "--org", "named").out
    assert bench("route", "--org", "named", "--check").code == 0


def test_a_route_that_is_answered_worse_since_has_regressed_and_one_that_just_missed_has_not(
    tmp_path: Path,
) -> None:
    bench = _project(tmp_path, _scores())
    assert bench("route").code == 0
    stands = bench("route", "--regressed")
    assert stands.code == 0, stands.err
    assert "of 2 promises of 1 routes 2 stand; a false alarm, ever: at most 5%." in " ".join(
        stands.out.split()
    )
    small = _scores()["local/small"]
    near, far = small.copy(), small.copy()
    near[np.flatnonzero(small)[:20]] = 0
    far[np.flatnonzero(small)[:160]] = 0
    _measure(tmp_path, {"local/small": near}, "run-2", epoch=2)
    assert bench("route", "--regressed").code == 0
    _measure(tmp_path, {"local/small": far}, "run-3", epoch=3)
    ended = bench("route", "--regressed", "--json")
    assert ended.code == 5
    assert "The deployed" not in ended.err
    assert "of the deployed table of acme" in ended.err
    broken = {one["kind"]: one for one in ended.document["promises"] if one["broken"]}
    assert "drifted" in broken
    assert broken["drifted"]["model"] == "local/small"
    assert broken["drifted"]["log_e"] > ended.document["log_e_limit"]
    told = bench("route", "--regressed")
    assert told.code == 5
    assert "drifted: invoices: local/small: " in told.out
    assert "points below itself as it was deployed" in " ".join(told.out.split())
    assert max(len(line) for line in told.out.splitlines()) <= 80
    both = bench("route", "--regressed", "--check")
    assert (both.code, "one at a time" in both.err) == (2, True)


def test_a_deployed_table_that_is_absent_or_anothers_is_named(project: Bench) -> None:
    absent = project("route", "--diff", "nowhere.yaml")
    assert (absent.code, "nowhere.yaml: The deployed routing table cannot be read" in absent.err) == (2, True)
    other = project("route", "--org", "named", "--check", "results/routing/acme.yaml")
    assert other.code == 2
    assert "This is the table of acme, not of named." in other.err
    broken = project.folder / "broken.yaml"
    broken.write_text("routes: [")
    assert project("route", "--check", "broken.yaml").code == 2
    both = project("route", "--check", "--diff")
    assert (both.code, "one at a time" in both.err) == (2, True)


def test_a_last_table_that_cannot_be_read_is_said_and_passed_over(tmp_path: Path) -> None:
    bench = _project(tmp_path, _scores())
    folder = tmp_path / "results" / "routing"
    folder.mkdir()
    (folder / "acme.json").write_text('{"version": 1}')
    ended = bench("route")
    assert ended.code == 0
    assert "The last routing table is passed over" in ended.err
