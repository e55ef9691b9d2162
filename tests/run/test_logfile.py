"""Logs as Inspect reads them, whole ones and ones that were cut off."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from inspect_ai.log import (
    EvalLog,
    list_eval_logs,
    read_eval_log,
    read_eval_log_sample,
    read_eval_log_sample_summaries,
)
from small_run import measure

from whichmodel.run.logfile import mend


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    results = tmp_path_factory.mktemp("results")
    measure(results, ["demo-aurora/lite"], count=12)
    [path] = results.glob("logs/*/*/*.eval")
    return path


def test_inspect_reads_header_summaries_and_samples(log: Path) -> None:
    header = read_eval_log(str(log), header_only=True)
    assert header.status == "success"
    assert header.eval.task == "labels"
    assert header.eval.model == "openai-api/demo/aurora-lite"
    assert header.results is not None
    assert header.results.scores[0].metrics["mean"].value > 0.5
    summaries = read_eval_log_sample_summaries(str(log))
    assert len(summaries) == 12
    assert summaries[0].scores is not None
    sample = read_eval_log_sample(str(log), summaries[0].id)
    [event] = sample.events
    assert event.event == "model"
    assert event.call is not None
    assert event.call.response is not None
    assert sample.messages[-1].text == sample.output.completion


def test_inspect_lists_the_log_of_a_folder(log: Path) -> None:
    [info] = list_eval_logs(str(log.parent))
    assert info.task == "labels"


def _cut(log: Path, folder: Path, size: int) -> Path:
    path = folder / log.name
    path.write_bytes(log.read_bytes()[:size])
    return path


def _samples(log: EvalLog) -> set[str]:
    return {str(sample.id) for sample in log.samples or []}


def test_a_log_that_was_cut_off_keeps_every_whole_sample(log: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(log) as archive:
        members = [info for info in archive.infolist() if info.filename.startswith("samples/")]
    broken = _cut(log, tmp_path, members[7].header_offset + 40)
    assert mend(broken)
    mended = read_eval_log(str(broken))
    assert mended.status == "cancelled"
    names = {Path(info.filename).name.partition("_epoch")[0] for info in members[:7]}
    assert _samples(mended) == names
    assert len(read_eval_log_sample_summaries(str(broken))) == 7


def test_a_whole_log_is_left_as_it_is_and_an_empty_one_too(log: Path, tmp_path: Path) -> None:
    before = log.read_bytes()
    assert not mend(log)
    assert log.read_bytes() == before
    assert not mend(_cut(log, tmp_path, 20))


def test_a_member_that_grows_beyond_any_of_ours_ends_what_is_mended(log: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.eval"
    cut.write_bytes(log.read_bytes())
    with zipfile.ZipFile(cut, "a", zipfile.ZIP_DEFLATED) as bomb, bomb.open("samples/b.json", "w") as member:
        for _ in range(100):
            member.write(b" " * 10**6)
    whole = cut.read_bytes()
    cut.write_bytes(whole[: whole.rindex(b"PK\x05\x06")])
    assert mend(cut)
    with zipfile.ZipFile(cut) as mended:
        assert "samples/b.json" not in mended.namelist()
