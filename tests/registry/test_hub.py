"""Data sets of the hub through its real client: what is downloaded, kept, found again and refused."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from huggingface_hub import constants
from registry.loopback_hub import Hub, Repo, commit, hub, parquet
from registry.sets import card

from whichmodel.domain import TaskCard
from whichmodel.errors import ConfigError, TaskError, UnknownName
from whichmodel.registry import bank
from whichmodel.registry.hub import fetch, stored

At = Callable[[Hub], Path]
ROWS = [{"q": f"question {n}", "a": f"answer {n}"} for n in range(30)]
PLAIN = """\
item: {input: "{q}", target: "{a}"}
"""


def jsonl(rows: list[dict[str, str]]) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def one(tmp_path: Path, dataset: str = PLAIN, **more: int) -> TaskCard:
    return card(tmp_path / "tasks", dataset, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "files",
    [
        {
            "data/test-00000-of-00001.parquet": parquet(ROWS),
            "data/train-00000-of-00001.parquet": parquet(ROWS[:2]),
        },
        {"test.jsonl": jsonl(ROWS), "train.jsonl": jsonl(ROWS[:2]), "README.md": b"test"},
        {"test.jsonl.gz": gzip.compress(jsonl(ROWS))},
        {"test.json": json.dumps(ROWS).encode()},
        {"test.json": json.dumps({"version": 1, "data": ROWS}).encode()},
        {"test.json": jsonl(ROWS)},
        {"set_test.csv": ("﻿q,a\n" + "".join(f"{r['q']},{r['a']}\n" for r in ROWS)).encode()},
        {"test/part0.tsv": ("q\ta\n" + "".join(f"{r['q']}\t{r['a']}\n" for r in ROWS)).encode()},
        {"a/test-0.parquet": parquet(ROWS[:10]), "a/test-1.parquet": parquet(ROWS[10:])},
    ],
    ids=["parquet", "jsonl", "jsonl.gz", "json", "json object", "json lines", "csv", "tsv", "shards"],
)
def test_each_kind_of_file_is_read(tmp_path: Path, at: At, files: dict[str, bytes]) -> None:
    with hub({"org/set": Repo(files)}) as server:
        at(server)
        items = bank(one(tmp_path)).items
    assert len(items) == 30
    assert {item.id: (item.input, item.target) for item in items} == {
        f"mine-{n:05d}": (f"question {n}", f"answer {n}") for n in range(30)
    }


def test_the_card_of_the_set_says_which_files_a_configuration_has(tmp_path: Path, at: At) -> None:
    configs = [
        {"config_name": "one", "data_files": [{"split": "test", "path": "**/x/*"}]},
        {"config_name": "two", "data_files": [{"split": "test", "path": ["y/a.jsonl", "y/b.jsonl"]}]},
    ]
    files = {"x/a.jsonl": jsonl(ROWS[:3]), "y/a.jsonl": jsonl(ROWS[3:5]), "y/b.jsonl": jsonl(ROWS[5:9])}
    with hub({"org/set": Repo(files, card={"configs": configs})}) as server:
        at(server)
        assert len(bank(one(tmp_path, "config: one\n" + PLAIN)).items) == 3
        assert len(bank(one(tmp_path, "config: two\n" + PLAIN)).items) == 6
        with pytest.raises(TaskError, match="several configurations: one, two"):
            bank(one(tmp_path))
        with pytest.raises(UnknownName, match=r"no configuration 'tow'\. Nearest: two"):
            bank(one(tmp_path, "config: tow\n" + PLAIN))
        with pytest.raises(UnknownName, match=r"no split 'train'\. Known: test"):
            bank(one(tmp_path, "config: one\nsplit: train\n" + PLAIN))
        assert len(bank(one(tmp_path, "files: 'y/b*'\n" + PLAIN)).items) == 4


def test_a_set_that_is_a_script_comes_from_the_hub_s_own_parquet_and_the_script_is_never_run(
    tmp_path: Path, at: At
) -> None:
    ran = tmp_path / "ran"
    script = {"set.py": f"open({str(ran)!r}, 'w')".encode(), "README.md": b""}
    converted = {"main/test/0000.parquet": parquet(ROWS), "other/test/0000.parquet": parquet(ROWS[:3])}
    repo = Repo(script, converted=converted)
    with hub({"org/set": repo}) as server:
        at(server)
        made = bank(one(tmp_path, "config: main\n" + PLAIN))
        assert len(made.items) == 30
        assert made.card.source == f"hf://org/set@{commit(converted)} (refs/convert/parquet)"
        repo.converted = None
        with pytest.raises(TaskError, match="no data files that can be read"):
            bank(one(tmp_path, "config: other\n" + PLAIN))
    assert not ran.exists()


def test_a_branch_is_resolved_once_and_stays_until_it_is_asked_anew(tmp_path: Path, at: At) -> None:
    first, second = {"test.jsonl": jsonl(ROWS)}, {"test.jsonl": jsonl(ROWS[:7])}
    with hub({"org/set": Repo(first)}) as server:
        at(server)
        mine = one(tmp_path)
        before = bank(mine)
        assert before.card.source == f"hf://org/set@{commit(first)}"
        server.repos["org/set"].push(second)
        assert bank(mine) == before
        assert mine.hub is not None
        fetch(mine.hub, refresh=True)
        after = bank(mine)
    assert after.card.source == f"hf://org/set@{commit(second)}"
    assert len(after.items) == 7
    assert after.task_hash != before.task_hash


def test_a_pinned_commit_is_what_comes_after_main_moved_on(tmp_path: Path, at: At) -> None:
    first = {"test.jsonl": jsonl(ROWS)}
    with hub({"org/set": Repo(first)}) as server:
        at(server)
        server.repos["org/set"].push({"test.jsonl": jsonl(ROWS[:7])})
        pinned = one(tmp_path, f"revision: {commit(first)}\n" + PLAIN)
        assert len(bank(pinned).items) == 30


def test_a_second_use_needs_no_network_and_lost_files_come_again_from_the_same_commit(
    tmp_path: Path, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hub({"org/set": Repo({"test.jsonl": jsonl(ROWS)})}) as server:
        home = at(server)
        mine = one(tmp_path)
        assert mine.hub is not None
        assert stored(mine.hub) is None
        first = bank(mine)
        asked = len(server.requests)
        assert bank(mine) == first
        assert len(server.requests) == asked
        server.repos["org/set"].push({"test.jsonl": jsonl(ROWS[:7])})
        shutil.rmtree(home / "hub")
        assert stored(mine.hub) is None
        assert bank(mine) == first
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    assert bank(mine) == first


def test_no_telemetry_goes_out_and_the_client_says_who_it_is(tmp_path: Path, at: At) -> None:
    with hub({"org/set": Repo({"test.jsonl": jsonl(ROWS)})}) as server:
        at(server)
        bank(one(tmp_path))
        assert {path.split("/")[1] for _, path in server.requests} == {"api", "datasets"}
        assert not any("telemetry" in path or "harness" in path for _, path in server.requests)
        assert all(agent.startswith("whichmodel/") for agent in server.agents)


def test_a_connection_that_breaks_is_taken_up_where_it_broke(tmp_path: Path, at: At) -> None:
    with hub({"org/set": Repo({"test.jsonl": jsonl(ROWS)})}) as server:
        at(server)
        server.breaks_after = 100
        assert len(bank(one(tmp_path)).items) == 30


def test_a_private_set_needs_its_token(tmp_path: Path, at: At, monkeypatch: pytest.MonkeyPatch) -> None:
    with hub({"org/set": Repo({"test.jsonl": jsonl(ROWS)}, token="hf_right")}) as server:
        at(server)
        with pytest.raises(TaskError, match="There is no such data set, or it is private") as caught:
            bank(one(tmp_path))
        assert f"{server.endpoint}/datasets/org/set" in str(caught.value)
        assert "HF_TOKEN" in caught.value.remedy
        monkeypatch.setenv("HF_TOKEN", "hf_right")
        assert len(bank(one(tmp_path)).items) == 30


def test_a_gated_set_says_to_accept_its_terms(
    tmp_path: Path, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hub({"org/set": Repo({"test.jsonl": jsonl(ROWS)}, token="hf_right", gated=True)}) as server:
        at(server)
        for token in ("", "hf_other"):
            monkeypatch.setenv("HF_TOKEN", token)
            with pytest.raises(TaskError, match="The data set is gated") as caught:
                bank(one(tmp_path))
            assert "Accept them on that page" in caught.value.remedy
            assert "hf_other" not in str(caught.value)
        monkeypatch.setenv("HF_TOKEN", "hf_right")
        assert len(bank(one(tmp_path)).items) == 30


@pytest.mark.parametrize(
    ("status", "says"),
    [(503, "The hub answered 503"), (429, "asks to wait"), (403, "refused access")],
)
def test_what_the_hub_refuses_is_said(tmp_path: Path, at: At, status: int, says: str) -> None:
    with hub({}) as server:
        at(server)
        server.status = status
        with pytest.raises(TaskError, match=says):
            bank(one(tmp_path))


def test_what_is_not_there_is_named(tmp_path: Path, at: At, monkeypatch: pytest.MonkeyPatch) -> None:
    with hub({"org/set": Repo({"test.jsonl": jsonl(ROWS)})}) as server:
        at(server)
        with pytest.raises(TaskError, match="no revision `v9`"):
            bank(one(tmp_path, "revision: v9\n" + PLAIN))
        with pytest.raises(TaskError, match="no such data set"):
            bank(card(tmp_path / "tasks", PLAIN, repo="org/nothing"))
        with pytest.raises(UnknownName, match=r"no split 'validation'\. Known: test"):
            bank(one(tmp_path, "split: validation\n" + PLAIN))
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(TaskError, match="The hub cannot be reached"):
        bank(one(tmp_path))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(TaskError, match="HF_HUB_OFFLINE forbids it"):
        bank(one(tmp_path))


def test_more_than_may_be_downloaded_is_refused_before_the_download(tmp_path: Path, at: At) -> None:
    with hub({"org/set": Repo({"test.jsonl": jsonl(ROWS)}, told_size=600_000_000)}) as server:
        at(server)
        mine = one(tmp_path)
        with pytest.raises(TaskError, match="Its files have 600 MB; 512 MB may be downloaded") as caught:
            bank(mine)
        assert "max_mb" in caught.value.remedy
        assert not any(path.startswith("/datasets/") for _, path in server.requests)
        assert mine.hub is not None
        assert fetch(mine.hub, max_mb=700).size == 600_000_000
        assert len(bank(mine).items) == 30


def test_a_seed_draws_other_rows_where_there_are_enough(tmp_path: Path, at: At) -> None:
    with hub({"org/set": Repo({"test.jsonl": jsonl(ROWS)})}) as server:
        at(server)
        few = one(tmp_path, count=10)
        banks = [bank(few, seed=seed) for seed in range(4)]
        ids = [[item.id for item in made.items] for made in banks]
        assert len(set(ids[0]) | set(ids[1]) | set(ids[2])) == 30
        assert ids[3] == ids[0]
        assert ids[0] != sorted(ids[0])
        assert bank(few, seed=1).seed == 1
        assert [item.id for item in bank(few, seed=1, count=15).items][:10] == ids[1]
        every = one(tmp_path, count=25)
        assert bank(every, seed=0) == bank(every, seed=9)
        assert bank(every, seed=9).seed is None


def test_a_card_without_a_mapping_or_with_a_wrong_one_is_refused_with_its_line(tmp_path: Path) -> None:
    for dataset, says in (
        ("item: {input: x}", "`target` is missing"),
        ("item: {input: x, target: y, refrence: z}", "an item has no field `refrence`"),
        ("item: {input: '{', target: y}", "a brace of its own is written twice"),
        ("item: {input: 'boxed{}', target: y}", "names no column"),
        ("values: {v: {from: a, steps: [stripp]}}\nitem: {input: x, target: y}", "there is no step `stripp`"),
        ("spilt: test\nitem: {input: x, target: y}", "Nearest: split"),
    ):
        with pytest.raises(ConfigError, match=says) as caught:
            one(tmp_path, dataset)
        assert "task.yaml:" in str(caught.value)
