"""A job's `.eval` log, sample by sample as each ends, for Inspect View and for `bench rebuild`.

The format is Inspect's (log schema 2: a zip of `_journal/start.json`, `samples/*.json`, `summaries.json`,
`header.json`); `read_eval_log` reads what is written here, and a contract test holds it. A log that was cut
off lacks its directory; `mend` gives it one.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, is_zipfile

from inspect_ai.log import (
    EvalConfig,
    EvalDataset,
    EvalLog,
    EvalMetric,
    EvalPlan,
    EvalPlanStep,
    EvalResults,
    EvalSample,
    EvalScore,
    EvalSpec,
    EvalStats,
)
from inspect_ai.model import GenerateConfig

from whichmodel.domain import content_hash
from whichmodel.domain.logged import MOST_MEMBER
from whichmodel.run.job import Job
from whichmodel.run.provenance import provenance
from whichmodel.run.secrets import blotted, keys_of

VERSION = 2
START, HEADER, SUMMARIES = "_journal/start.json", "header.json", "summaries.json"
LEVEL = 1
"""Of compression: a fifth larger than the usual one, at a third of its time."""
LOCAL = struct.Struct("<4s5H3I2H")
"""A member's own header in a zip (APPNOTE 4.3.7)."""
LOCAL_MARK = b"PK\x03\x04"
DEFLATED = 8


class LogFile:
    """One log, open for writing."""

    def __init__(self, job: Job, config: GenerateConfig) -> None:
        folder = Path(job.folder)
        folder.mkdir(parents=True, exist_ok=True)
        self._spec, self._plan = (
            _spec(job, config),
            EvalPlan(steps=[EvalPlanStep(solver="generate")], config=config),
        )
        stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%S+00-00")
        self.path = folder / f"{stamp}_{job.work.bank.card.name}_{self._spec.eval_id}.eval"
        self._file: BinaryIO = self.path.open("wb")
        self._zip = ZipFile(self._file, "w", ZIP_DEFLATED, compresslevel=LEVEL)
        self._keys = keys_of(job.work)
        self._scorer = job.work.bank.card.scorer
        self._summaries: list[str] = []
        self._scores: list[float] = []
        start = {"version": VERSION, "eval": _plain(self._spec), "plan": _plain(self._plan)}
        self._write(START, json.dumps(start))

    def add(self, sample: EvalSample) -> None:
        """Write a finished sample and hand it to the system."""
        text = blotted(sample.model_dump_json(exclude_none=True), self._keys)
        self._write(f"samples/{sample.id}_epoch_{sample.epoch}.json", text)
        self._summaries.append(blotted(sample.summary().model_dump_json(exclude_none=True), self._keys))
        self._scores += [score.as_float() for score in (sample.scores or {}).values()]

    def _write(self, name: str, text: str) -> None:
        self._zip.writestr(name, text)
        self._file.flush()

    def close(self, *, whole: bool) -> None:
        """Write what a reader needs; a log without a sample is removed. whole: the job ran to its end."""
        if not self._summaries:
            self._zip.close()
            self._file.close()
            self.path.unlink()
            return
        stats = EvalStats(started_at=self._spec.created, completed_at=datetime.now(UTC).isoformat())
        log = EvalLog(
            version=VERSION,
            status="success" if whole else "cancelled",
            eval=self._spec,
            plan=self._plan,
            results=self._results(),
            stats=stats,
        )
        self._write(SUMMARIES, f"[{','.join(self._summaries)}]")
        self._write(
            HEADER, log.model_dump_json(exclude_none=True, exclude={"samples", "reductions", "location"})
        )
        self._zip.close()
        self._file.close()

    def _results(self) -> EvalResults:
        count = len(self._summaries)
        metrics = {}
        if self._scores:
            metrics["mean"] = EvalMetric(name="mean", value=sum(self._scores) / len(self._scores))
        score = EvalScore(
            name=self._scorer, scorer=self._scorer, scored_samples=len(self._scores), metrics=metrics
        )
        return EvalResults(total_samples=count, completed_samples=count, scores=[score])


def _spec(job: Job, config: GenerateConfig) -> EvalSpec:
    work = job.work
    card, items = work.bank.card, work.bank.items
    return EvalSpec(
        eval_id=content_hash([job.run_id, job.name], length=22),
        run_id=job.run_id,
        created=datetime.now(UTC).isoformat(),
        task=card.name,
        task_id=content_hash([work.bank.task_hash, work.model.settings_hash], length=22),
        task_version=work.bank.task_hash,
        dataset=EvalDataset(name=card.name, samples=len(items)),
        model=work.model.inspect_name,
        model_generate_config=config,
        model_base_url=work.model.base_url,
        config=EvalConfig(epochs=1),
        metadata=provenance(job).to_metadata(),
    )


def _plain(value: EvalSpec | EvalPlan) -> object:
    return value.model_dump(mode="json", exclude_none=True)


def mend(path: Path) -> bool:
    """Give a log that was cut off its directory, summaries and header. False = it needs none, or is empty.

    What was cut in the middle is left out. The mended log takes the place of the old one in one step.
    """
    if is_zipfile(path):
        return False
    members = dict(_members(path))
    if START not in members:
        return False
    start = json.loads(members[START])
    samples = [
        EvalSample.model_validate_json(text) for name, text in members.items() if name.startswith("samples/")
    ]
    log = EvalLog(
        version=VERSION,
        status="cancelled",
        eval=EvalSpec.model_validate(start["eval"]),
        plan=EvalPlan.model_validate(start["plan"]),
    )
    members[SUMMARIES] = (
        f"[{','.join(s.summary().model_dump_json(exclude_none=True) for s in samples)}]".encode()
    )
    members[HEADER] = log.model_dump_json(exclude_none=True, exclude={"samples", "location"}).encode()
    partial = path.with_suffix(".part")
    with ZipFile(partial, "w", ZIP_DEFLATED, compresslevel=LEVEL) as mended:
        for name, text in members.items():
            mended.writestr(name, text)
    partial.replace(path)
    return True


def _members(path: Path) -> Iterator[tuple[str, bytes]]:
    """Name and text of each whole member, in the order of the file."""
    with path.open("rb") as file:
        while len(head := file.read(LOCAL.size)) == LOCAL.size:
            mark, _, _, method, _, _, crc, packed, _, name_length, extra = LOCAL.unpack(head)
            name = file.read(name_length)
            file.seek(extra, 1)
            body = file.read(packed)
            if mark != LOCAL_MARK or len(body) < packed:
                return
            try:
                text = _inflated(body) if method == DEFLATED else body
            except zlib.error:
                return
            if zlib.crc32(text) != crc:
                return
            yield name.decode(), text


def _inflated(body: bytes) -> bytes:
    """A member's text. Raises zlib.error for one that was cut off, or that grows beyond any of ours."""
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    text = stream.decompress(body, MOST_MEMBER)
    if not stream.eof:
        raise zlib.error("the member does not end")
    return text
