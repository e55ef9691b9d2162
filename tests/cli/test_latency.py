"""`bench latency` as its users drive it, on the demo panel."""

from __future__ import annotations

import json
import shutil
import signal
import time
from pathlib import Path

import duckdb
import pytest
from program import Bench

MODELS = "demo-aurora/lite,demo-cirrus/nano"
ASK = ("latency", "--tasks", "tickets", "--models", MODELS)


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """A project in which each of two models was asked eight times."""
    made = Bench(tmp_path_factory.mktemp("asked"))
    assert made("init").code == 0
    ended = made(*ASK, "--n", "8", "--json")
    assert ended.code == 0, ended.err
    (made.folder / "first.json").write_text(ended.out)
    return made


def test_before_the_first_pass_it_says_what_to_do(bench: Bench) -> None:
    ended = bench("latency", "--show")
    assert (ended.code, ended.err) == (0, "")
    assert "No latency was measured yet. `bench latency --n 30`" in ended.out
    empty = bench("latency", "--show", "--json").document
    assert (empty["calls"], empty["models"], empty["pass"]) == (0, [], None)


def test_the_document_has_each_percentile_with_its_interval(asked: Bench) -> None:
    document = json.loads((asked.folder / "first.json").read_text())
    assert (document["panel"], document["simulated"], document["calls"]) == ("simulated", True, 16)
    assert [entry["model"] for entry in document["models"]] == MODELS.split(",")
    for entry in document["models"]:
        assert (entry["calls"], entry["failed"], entry["cold"]) == (8, 0, 1)
        for quantity in ("ttft_s", "latency_s"):
            measured = entry[quantity]
            assert 1 <= measured["n"] <= 7
            assert set(measured["percentiles"]) == {"p50", "p95", "p99"}
            # Seven values say nothing of the slowest hundredth.
            assert measured["percentiles"]["p99"]["value"] is None
            assert measured["percentiles"]["p99"]["high"] is None
        assert (
            entry["ttft_s"]["percentiles"]["p50"]["value"] < entry["latency_s"]["percentiles"]["p50"]["value"]
        )
        assert entry["unpriced"] == 0
        assert entry["spend_usd"] > 0


def test_each_call_is_a_line_of_the_journal(asked: Bench) -> None:
    run_id = json.loads((asked.folder / "first.json").read_text())["pass"]["run_id"]
    journal = asked.folder / "results" / "logs" / run_id / "latency.jsonl"
    lines = [json.loads(line) for line in journal.read_text().splitlines()]
    assert len(lines) == 16
    assert {line["run_id"] for line in lines} == {run_id}
    # Nothing of what was sent or came back is in it.
    assert "ticket" not in journal.read_text().replace('"task":"tickets"', "").lower().replace("tickets-", "")


def test_a_second_pass_adds_its_calls_and_the_table_says_how_many_there_are(
    asked: Bench, tmp_path: Path
) -> None:
    copy = Bench(Path(shutil.copytree(asked.folder, tmp_path / "copy")))
    ended = copy(*ASK, "--n", "3")
    assert ended.code == 0, ended.err
    assert "6 calls were added; there are 22 in all." in ended.out
    assert "nothing charged" in ended.out or "simulated, not charged" in ended.out
    for measure in ("first content, s", "end to end, s", "tokens/s"):
        assert measure in ended.out
    journals = sorted(copy.folder.glob("results/logs/*/latency.jsonl"))
    prompts = [[json.loads(line)["item_id"] for line in j.read_text().splitlines()] for j in journals]
    assert len(prompts) == 2
    assert not set(prompts[0]) & set(prompts[1])


def test_showing_asks_nobody_and_parts_of_the_day_stand_apart(asked: Bench) -> None:
    before = sorted(asked.folder.glob("results/logs/*"))
    shown = asked("latency", "--show", "--by", "hour", "--json").document
    assert sorted(asked.folder.glob("results/logs/*")) == before
    assert shown["pass"] is None
    assert {entry["block"] for entry in shown["models"]} <= {"00-06", "06-12", "12-18", "18-24"}
    assert sum(entry["calls"] for entry in shown["models"]) == 16
    table = asked("latency", "--show", "--by", "hour").out
    assert "UTC" in table
    assert "demo-aurora/lite (simulated)" in table


def test_a_rebuilt_database_has_the_same_calls(asked: Bench, tmp_path: Path) -> None:
    copy = Bench(Path(shutil.copytree(asked.folder, tmp_path / "copy")))
    before = copy("latency", "--show", "--json").document
    rows = _rows(copy.folder)
    assert copy("rebuild", "--json").document["timings"] == 16
    assert copy("latency", "--show", "--json").document == before
    assert _rows(copy.folder) == rows
    assert "16 timed calls" in copy("rebuild").out


def _rows(folder: Path) -> list[tuple[object, ...]]:
    with duckdb.connect(str(folder / "results" / "bench.duckdb"), read_only=True) as connection:
        return connection.execute("SELECT * FROM timings ORDER BY key").fetchall()


def test_a_dry_run_asks_nobody(bench: Bench) -> None:
    document = bench(*ASK, "--n", "5", "--dry-run", "--json").document
    assert {part["model"]: part["calls"] for part in document["models"]} == dict.fromkeys(
        MODELS.split(","), 5
    )
    assert not (bench.folder / "results" / "logs").exists()


def test_a_dear_pass_that_nobody_can_confirm_is_refused(bench: Bench) -> None:
    key = {"OPENAI_API_KEY": "sk-not-a-key"}
    ended = bench(
        "latency", "--tasks", "extraction", "--models", "openai/gpt-6.1-sol", "--n", "9999", env=key
    )
    assert ended.code == 2
    assert "bench latency" in ended.err
    assert "--yes" in ended.err
    assert not (bench.folder / "results" / "logs").exists()


def test_rules_are_not_timed_and_a_wrong_name_is_told(bench: Bench) -> None:
    ended = bench("latency", "--tasks", "tickets", "--models", "rule/classify")
    assert ended.code == 2
    assert "never timed" in ended.err
    assert bench("latency", "--models", "demo-aurora/litle").code == 2
    assert bench("latency", "--concurrency", "0").code == 2


@pytest.mark.parametrize(("signum", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_pass_keeps_what_has_ended(bench: Bench, signum: int, code: int) -> None:
    process = bench.start("latency", "--tasks", "tickets", "--models", "demo-aurora/grand", "--n", "200")
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        files = bench.folder.glob("results/logs/*/latency.jsonl")
        if sum(path.read_bytes().count(b"\n") for path in files) >= 5:
            break
        time.sleep(0.05)
    process.send_signal(signum)
    _, err = process.communicate(timeout=60)
    assert process.returncode == code, err
    assert 5 <= bench("latency", "--show", "--json").document["calls"] < 200


def test_a_killed_pass_is_taken_over_by_the_next_one(bench: Bench) -> None:
    process = bench.start("latency", "--tasks", "tickets", "--models", "demo-aurora/grand", "--n", "200")
    deadline = time.monotonic() + 60
    lines = 0
    while time.monotonic() < deadline and lines < 5:
        files = bench.folder.glob("results/logs/*/latency.jsonl")
        lines = sum(path.read_bytes().count(b"\n") for path in files)
        time.sleep(0.05)
    process.kill()
    process.communicate(timeout=60)
    ended = bench(*ASK, "--n", "1", "--json")
    assert ended.code == 0, ended.err
    assert "calls of a pass that was cut off were taken over" in ended.err
    assert ended.document["calls"] >= lines + 2
