"""Hostile files: nothing is unpacked beyond its limits, run, followed or copied out."""

from __future__ import annotations

import gzip
import io
import json
import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest
from importers.conftest import Importing

from whichmodel.domain.logged import MOST_MEMBER
from whichmodel.importers import files, secrets

ZIP = {"eval": {"task": "t", "model": "m", "created": "2026-01-01T00:00:00+00:00"}}


def _log(members: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return packed.getvalue()


def test_a_log_that_would_unpack_to_too_much_is_not_unpacked(importing: Importing) -> None:
    bomb = _log({"samples/1_epoch_1.json": b" " * (MOST_MEMBER + 1), "header.json": json.dumps(ZIP).encode()})
    ended = importing("inspect", importing.write("bomb.eval", bomb))
    assert ended.code == 2
    assert "bomb.eval: Its parts would unpack to" in ended.err


def test_a_log_that_lies_about_its_size_is_read_no_further(importing: Importing) -> None:
    packed = bytearray(_log({"header.json": b" " * 5_000_000}))
    at = packed.rindex(b"PK\x01\x02")
    packed[at + 24 : at + 28] = struct.pack("<I", 10)
    ended = importing("inspect", importing.write("liar.eval", bytes(packed)))
    assert (ended.code, "liar.eval: The log cannot be unpacked" in ended.err) == (2, True)


def test_names_in_an_archive_are_never_paths(importing: Importing) -> None:
    log = _log({"../../evil.json": b"{}", "samples/../../evil2.json": b"{}", "header.json": b"{}"})
    importing("inspect", importing.write("in/evil.eval", log))
    assert not list(importing.folder.parent.glob("evil*"))
    assert not list(importing.folder.rglob("evil*.json"))


def test_a_packed_table_is_bounded_by_what_it_unpacks_to(
    importing: Importing, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = importing.write("a.csv.gz", gzip.compress(b"item,model,score\n" + b"1,m,1\n" * 200_000))
    monkeypatch.setattr(files, "MOST_UNPACKED", 100_000)
    ended = importing("csv", path, "--task", "t")
    assert (ended.code, "a.csv.gz: It unpacks to over" in ended.err) == (2, True)


def test_one_endless_line_is_not_read_to_its_end(importing: Importing) -> None:
    path = importing.write("a.csv.gz", gzip.compress(b"item,model,score\n" + b"x" * (files.MOST_LINE + 5)))
    ended = importing("csv", path, "--task", "t")
    assert (ended.code, "Line 2 is longer than 16 MB." in ended.err) == (2, True)


def test_a_document_is_bounded(importing: Importing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_DOCUMENT", 1000)
    path = importing.write("r.json", json.dumps({"evalId": "x" * 2000}))
    ended = importing("promptfoo", path)
    assert (ended.code, "is not read. Write it a line a result" in ended.err) == (2, True)


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000])
def test_deep_nesting_is_an_error_not_a_crash(importing: Importing, text: str) -> None:
    ended = importing("promptfoo", importing.write("r.json", text))
    assert (ended.code, "It is no JSON" in ended.err) == (2, True)
    ended = importing("jsonl", importing.write("r.jsonl", f"{text}\n"), "--task", "t")
    assert (ended.code, "It holds no JSON object." in ended.err) == (2, True)


def test_a_mapping_file_runs_no_tag(importing: Importing) -> None:
    mapping = importing.write("map.yaml", "columns: !!python/object/apply:os.system ['touch pwned']\n")
    table = importing.write("a.csv", "item,model,score\n1,m,1\n")
    ended = importing("csv", table, "--task", "t", "--mapping", mapping)
    assert (ended.code, "not valid YAML" in ended.err) == (2, True)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.csv", b"item,model,score\n1,caf\xe9,1\n", "It is not UTF-8: line 2 holds the byte 0xe9"),
        ("a.csv", "item,model,score\n".encode("utf-16"), "It is UTF-16; save it as UTF-8."),
        ("a.csv", b"", "The table is empty."),
        ("a.csv", b'item,model,score\n1,"m,1\n', "It is no valid CSV"),
        ("a.csv", b"item,model,score\n1,\x1b[31mm\x00,1\n", "name holds a control character"),
        ("a.csv.gz", b"\x1f\x8bnot gzip at all", "It cannot be unpacked"),
    ],
)
def test_what_is_no_table_is_said(importing: Importing, name: str, data: bytes, said: str) -> None:
    ended = importing("csv", importing.write(name, data), "--task", "t")
    assert ended.code == 2
    assert said in ended.err


@pytest.mark.parametrize("kind", ["inspect", "lm-eval", "promptfoo", "csv", "jsonl", "llmperf"])
@pytest.mark.parametrize("data", [b"", b"\x80\x04\x95\x00.", b"PK\x03\x04broken", b"{}", b"null\n", b"[1]"])
def test_other_content_is_an_error_of_two_with_the_files_name(
    importing: Importing, kind: str, data: bytes
) -> None:
    ending = {"csv": "csv", "jsonl": "jsonl", "lm-eval": "jsonl"}.get(kind, "json")
    ended = importing(
        kind, importing.write(f"odd.{ending}", data), *(["--task", "t"] if kind != "llmperf" else [])
    )
    assert ended.code == 2, ended.out
    assert "odd." in ended.err


def test_a_path_that_is_not_there_and_an_empty_folder(importing: Importing) -> None:
    ended = importing("inspect", importing.folder / "none.eval")
    assert (ended.code, "There is no such file." in ended.err) == (2, True)
    (importing.folder / "empty").mkdir()
    ended = importing("inspect", importing.folder / "empty")
    assert (ended.code, "The folder holds no log of Inspect" in ended.err) == (2, True)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("401: key sk-proj-abcdefghijklmnop is wrong", "401: key [key] is wrong"),
        ("header Authorization: Bearer abc.def.ghi-jkl", "header Authorization: Bearer [key]"),
        ('{"api_key": "0123456789abcdef"}', '{"api_key": "[key]"}'),
        ("https://user:hunter22@host/v1 refused", "https://[key]@host/v1 refused"),
        ("AIzaSyA1234567890abcdefghijklmn at Google", "[key] at Google"),
        ("a plain\n error   text", "a plain error text"),
    ],
)
def test_an_error_is_stored_without_what_looks_like_a_key(text: str, kept: str) -> None:
    assert secrets.error_text(text, ()) == kept


def test_keys_of_this_machine_are_in_no_answer_and_in_no_journal(
    importing: Importing, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = "my-very-own-key-0815"
    monkeypatch.setenv("OWN_API_KEY", key)
    importing.write(
        "bench.yaml",
        "default_organisation: a\norganisations: {a: {title: A}}\n"
        "models: [{id: own/m, base_url: 'http://127.0.0.1:9/v1', key_env: OWN_API_KEY}]\n",
    )
    rows = [
        {"item": 1, "model": "own/m", "score": 1, "prediction": f"the key is {key}"},
        {"item": 2, "model": "own/m", "score": None, "error": f"bad key {key}"},
    ]
    path = importing.write("a.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    assert importing("jsonl", path, "--task", "t").code == 0
    stored: Any = importing.outcomes()
    assert stored["answer_norm"][0] == "the key is [key]"
    for file in Path(importing.folder / "results" / "logs").rglob("*.jsonl"):
        assert key not in file.read_text()
