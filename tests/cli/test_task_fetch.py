"""Public sets: downloaded when they are named or fetched, never by the way."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from program import Bench
from registry.loopback_hub import Repo, commit, hub, parquet
from registry.public import dataset, humaneval, mbpp
from registry.sets import card

from whichmodel import sandbox

SUMS = [{"question": f"How much is {n} + {n}?", "answer": f"Twice {n}.\n#### {2 * n}"} for n in range(40)]
DATASET = """\
values: {final: {from: answer, steps: [{after: "####"}, strip]}}
item: {input: "{question} End with `#### <number>`.", target: "{final}", reference: "{answer}"}
"""


@pytest.fixture
def sums(bench: Bench) -> Repo:
    """A project with a public set of sums."""
    card(bench.folder / "tasks", DATASET, repo="org/sums", scorer="numeric", name="sums", count=30)
    return Repo({"test.parquet": parquet(SUMS)}, card={"license": "mit"})


def test_a_set_that_is_named_is_downloaded_measured_and_needs_no_network_again(
    bench: Bench, tmp_path: Path, sums: Repo
) -> None:
    run = ("run", "--tasks", "sums", "--models", "demo-cirrus/nano", "--json")
    with hub({"org/sums": sums}) as server:
        ended = bench(*run, env=server.env(tmp_path / "hf"))
        assert ended.code == 0, ended.err
        assert "sums: downloading hf://org/sums" in ended.err
        assert {(s["task"], s["n"]) for s in ended.document["standings"]} == {("sums", 30)}
        assert 0 < ended.document["standings"][0]["score"] < 1
        asked = len(server.requests)
        listed = bench("tasks", "sums", "--json", env=server.env(tmp_path / "hf"))
        assert listed.document[0]["downloaded"] is True
        assert len(server.requests) == asked
    away = {"HF_ENDPOINT": "http://127.0.0.1:9", "HF_HOME": str(tmp_path / "hf"), "HF_HUB_OFFLINE": "1"}
    again = bench(*run, env=away)
    assert again.code == 0, again.err
    assert again.document["cells"]["planned"] == 0


def test_a_set_that_is_only_met_on_the_way_is_left_out_with_a_line(
    bench: Bench, tmp_path: Path, sums: Repo
) -> None:
    with hub({"org/sums": sums}) as server:
        env = server.env(tmp_path / "hf")
        by_category = ("--tasks", "reasoning", "--limit", "2", "--models", "demo-cirrus/nano", "--json")
        ended = bench("run", *by_category, env=env)
        assert ended.code == 0, ended.err
        assert "sums: not downloaded; `bench task fetch sums`" in ended.err.splitlines()
        assert "sums" not in {s["task"] for s in ended.document["standings"]} != set()
        assert server.requests == []
        only = bench("run", "--tasks", "sum?", env=env)
        assert only.code == 2
        assert "None of these tasks is downloaded" in only.err
        assert "hf://org/sums (not downloaded)" in " ".join(bench("tasks", "sums", env=env).out.split())
        fetched = bench("task", "fetch", "sums", env=env)
        assert fetched.out == f"sums: 30 items from hf://org/sums@{commit(sums.files)}, stated licence mit\n"
        few = ("--limit", "3", "--models", "demo-cirrus/nano", "--json")
        after = bench("run", "--tasks", "sum?", *few, env=env)
        assert {s["task"] for s in after.document["standings"]} == {"sums"}


def test_fetch_says_what_would_work(bench: Bench, tmp_path: Path, sums: Repo) -> None:
    sums.told_size = 900_000_000
    with hub({"org/sums": sums}) as server:
        env = server.env(tmp_path / "hf")
        for args, says in (
            (("tickets",), "None of these tasks has a public data set to download"),
            (("sums",), "Its files have 900 MB; 512 MB may be downloaded. Allow more: `max_mb:`"),
            (("humaneval",), "There is no such data set, or it is private"),
            (("humanevil",), "There is no task 'humanevil'. Nearest: humaneval"),
        ):
            ended = bench("task", "fetch", *args, env=env)
            assert (ended.code, ended.out) == (2, ""), ended.err
            assert says in " ".join(ended.err.split())
        assert "There is no command 'task fech'. Nearest: task fetch" in bench("task", "fech", env=env).err
        assert (
            bench("task", "fetch", "sums", "--max-mb", "1000", "--json", env=env).document[0]["items"] == 30
        )


def test_a_bundled_public_set_is_fetched_by_its_name(bench: Bench, tmp_path: Path) -> None:
    with hub({dataset("mbpp").repo: mbpp()}) as server:
        env = server.env(tmp_path / "hf")
        ended = bench("task", "fetch", "mbpp", "--json", env=env)
        assert ended.code == 0, ended.err
    [row] = ended.document
    assert (row["items"], row["licence"]) == (120, "CC-BY-4.0")
    assert row["source"].endswith(f"@{dataset('mbpp').revision}")


def test_humaneval_is_downloaded_measured_in_the_sandbox_and_valid(
    bench: Bench, tmp_path: Path, real_data: Path
) -> None:
    if not (found := sandbox.available()).ok:
        pytest.fail(found.reason) if os.environ.get("CI") == "true" else pytest.skip(found.reason)
    models = "demo-cirrus/nano,demo-aurora/grand"
    with hub({dataset("humaneval").repo: humaneval(real_data)}) as server:
        env = server.env(tmp_path / "hf")
        ran = bench("run", "--tasks", "humaneval", "--limit", "12", "--models", models, "--json", env=env)
    assert ran.code == 0, ran.err
    scores = {s["model"]: (s["n"], s["score"]) for s in ran.document["standings"]}
    assert {n for n, _ in scores.values()} == {12}
    assert scores["demo-aurora/grand"][1] > scores["demo-cirrus/nano"][1]
    away = {**env, "HF_HUB_OFFLINE": "1"}
    checked = bench("task", "validate", "humaneval", "--sample", "5", "--json", env=away)
    assert checked.code == 0, checked.out
    [report] = checked.document
    assert (report["items"], report["references"], report["holds"]) == (164, 164, True)
