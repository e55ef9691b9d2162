"""`bench run` from its first run to its second, on the demo panel."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from pathlib import Path

import pytest
from program import Bench, clean_environment

ANSI = "\x1b["


def test_the_document_has_what_a_program_needs(measured: Bench) -> None:
    document = json.loads((measured.folder / "first.json").read_text())
    assert document["simulated"] is True
    assert document["run_id"]
    cells = document["cells"]
    assert (cells["planned"], cells["failed"]) == (cells["done"], 0)
    # invoices, receipts and tickets by six models and one rule each.
    assert cells["planned"] == 3 * 40 * 7
    assert document["spend_usd"] == 0
    wanted = {"task", "model", "n", "score", "low", "high", "cost_per_1k_usd", "p95_s", "coverage", "status"}
    for standing in document["standings"]:
        assert wanted | {"unparsed"} <= set(standing)
        assert 0 <= standing["low"] <= standing["score"] <= standing["high"] <= 1
        assert standing["n"] <= 40
    assert {route["task"] for route in document["routes"]} == {"invoices", "receipts", "tickets"}
    for route in document["routes"]:
        assert {"task", "model", "status", "fallbacks"} <= set(route)
        assert route["simulated"] is True
        # 40 items are too few to certify anything.
        assert route["status"] in ("insufficient", "none")
    for path in document["written"].values():
        assert (measured.folder / path).is_file()


def test_rules_are_measured_for_real_and_free(measured: Bench) -> None:
    document = json.loads((measured.folder / "first.json").read_text())
    rules = [s for s in document["standings"] if s["baseline"]]
    assert {s["model"] for s in rules} == {"rule/extract", "rule/classify"}
    for rule in rules:
        assert rule["simulated"] is False
        assert rule["cost_per_1k_usd"] == 0
        assert 0 < rule["score"] < 1


def test_the_same_command_again_measures_nothing_and_says_so(measured: Bench) -> None:
    logs = sorted(measured.folder.glob("results/logs/**/*.eval"))
    ended = measured("run", "--tasks", "invoices,receipts,tickets", "--limit", "40")
    assert ended.code == 0
    assert "840 cells are measured already; nothing was asked, nothing was spent" in ended.err
    assert sorted(measured.folder.glob("results/logs/**/*.eval")) == logs
    first = json.loads((measured.folder / "first.json").read_text())
    again = measured("run", "--tasks", "invoices,receipts,tickets", "--limit", "40", "--json").document
    assert again["standings"] == first["standings"]
    assert again["routes"] == first["routes"]


def test_a_dry_run_asks_nobody_and_prices_each_model(bench: Bench) -> None:
    ended = bench("run", "--tasks", "tickets", "--dry-run", "--json")
    assert ended.code == 0
    prices = {part["model"]: part for part in ended.document["models"]}
    assert prices["demo-aurora/grand"]["calls"] == 420
    assert 0 < prices["demo-aurora/grand"]["low_usd"] < prices["demo-aurora/grand"]["high_usd"]
    assert prices["rule/classify"]["high_usd"] == 0
    assert not (bench.folder / "results" / "logs").exists()
    assert "unknown" not in bench("run", "--tasks", "tickets", "--dry-run").out


def test_a_model_of_unknown_price_is_unknown_and_no_budget_holds_it(bench: Bench) -> None:
    key = {"HF_TOKEN": "hf_not_a_token"}
    args = ("run", "--tasks", "tickets", "--models", "huggingface/openai/gpt-oss-20b")
    assert "unknown" in bench(*args, "--dry-run", env=key).out
    ended = bench(*args, "--budget", "1", env=key)
    assert ended.code == 2
    assert "A budget cannot hold models whose price is unknown: huggingface/openai/gpt-oss-20b" in ended.err


def test_without_a_terminal_there_is_no_colour_and_json_stands_alone(measured: Bench) -> None:
    plain = measured("run", "--tasks", "tickets", "--limit", "40")
    assert ANSI not in plain.out + plain.err
    for verb in (("tasks",), ("models",), ("prices",), ("status",), ("route",)):
        ended = measured(*verb, "--json")
        assert ended.code == 0, ended.err
        assert ended.document
        assert ANSI not in ended.out


@pytest.mark.parametrize(("signum", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_run_keeps_what_has_ended(bench: Bench, signum: int, code: int) -> None:
    args = ("run", "--tasks", "classification", "--models", "demo-aurora/grand,demo-borealis/max")
    process = bench.start(*args)
    _wait_for_lines(process, bench.folder, 30)
    process.send_signal(signum)
    _, err = process.communicate(timeout=60)
    assert process.returncode == code, err
    assert "what had ended is stored" in err
    status = bench("status", "--json").document
    kept = sum(row["n"] for row in status["measured"])
    assert kept >= 30
    again = bench(*args, "--json").document
    assert again["cells"]["planned"] == 840 - again["cells"]["known"]
    assert again["cells"]["known"] >= kept


def _wait_for_lines(process: subprocess.Popen[str], folder: Path, lines: int) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        files = folder.glob("results/logs/*/*/outcomes.jsonl")
        if sum(path.read_bytes().count(b"\n") for path in files) >= lines:
            return
        time.sleep(0.1)
    raise AssertionError(f"no progress: {process.communicate()[1] if process.poll() is not None else ''}")


def _on_terminal(bench: Bench, *args: str, env: dict[str, str] | None = None) -> str:
    """What a run shows on a pseudo-terminal of 100 columns and 30 lines."""
    here, there = pty.openpty()
    fcntl.ioctl(there, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
    environment = {**clean_environment(), "COLUMNS": "100", "TERM": "xterm-256color"}
    process = subprocess.Popen(
        bench.command(*args),
        cwd=bench.folder,
        env={**environment, **(env or {})},
        stdin=there,
        stdout=there,
        stderr=there,
    )
    os.close(there)
    shown = b""
    while select.select([here], [], [], 120)[0]:
        try:
            part = os.read(here, 65536)
        except OSError:
            break
        if not part:
            break
        shown += part
    process.wait()
    os.close(here)
    assert process.returncode == 0, shown.decode()
    return shown.decode()


def test_a_terminal_shows_a_live_table_and_then_the_answer(bench: Bench) -> None:
    shown = _on_terminal(
        bench, "run", "--tasks", "tickets", "--limit", "60", "--models", "demo-cirrus/nano,rule/classify"
    )
    assert ANSI in shown
    lines = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown)
    assert re.search(r"tickets +demo-cirrus/nano +\d+/60", lines)
    assert "Routes for acme, simulated" in lines
    assert "nothing charged" in lines


def test_no_color_is_honoured_on_a_terminal(bench: Bench) -> None:
    shown = _on_terminal(bench, "tasks", env={"NO_COLOR": "1"})
    assert not re.search(r"\x1b\[[0-9;]*3[0-7]m", shown)
    assert "tickets" in shown


def test_variables_stand_in_for_flags(bench: Bench) -> None:
    env = {"BENCH_RUN_TASKS": "tickets", "BENCH_RUN_LIMIT": "3", "BENCH_RUN_MODELS": "rule/classify"}
    ended = bench("run", "--json", env={**env, "BENCH_RESULTS": "elsewhere"})
    assert ended.code == 0, ended.err
    assert ended.document["cells"]["done"] == 3
    assert (bench.folder / "elsewhere" / "bench.duckdb").is_file()
