"""Logs of Inspect, `.eval` and `.json`, of log versions 2 and 3: one sample at a time, each epoch its own.

Sizes are looked at before anything is unpacked, and a member is read no further than it says. Samples are
parsed by Inspect's own models, which know the older forms.
"""

from __future__ import annotations

import json
import math
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from inspect_ai.event import ModelEvent
from inspect_ai.log import EvalLog, EvalSample, EvalSpec
from inspect_ai.scorer import Score

from whichmodel.domain import Model, Status, Usage, content_hash
from whichmodel.domain.logged import ATTACHED, METADATA, MOST_MEMBER, SAMPLES
from whichmodel.errors import UsageError, nearest
from whichmodel.importers import cells, files
from whichmodel.importers.cells import Unreadable
from whichmodel.importers.files import File
from whichmodel.importers.sample import Found, Refused, Sample
from whichmodel.providers.replay import NO_LATENCY
from whichmodel.providers.usage import answer_usage, calls
from whichmodel.record import CUT_OFF, STOPPED

HEADER, START = "header.json", "_journal/start.json"
LETTERS: Mapping[object, float] = {"C": 1.0, "P": 0.5, "I": 0.0, "N": 0.0}
EXTRACTING = frozenset({"pattern", "answer", "choice"})
"""Inspect's own scorers that find an answer in the reply: without one, the form could not be read."""
GRADER = "grader"
"""Role of the model that Inspect's scorers ask."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which of a log's scores is taken. None = the only one."""

    scorer: str | None = None
    """A scorer's name, or `scorer.key` for one whose scores are objects."""
    timed: bool = True
    """The times are the model's own."""


@dataclass(frozen=True, slots=True)
class _Log:
    """What a log says of all its samples."""

    spec: EvalSpec
    run: str
    """As it stands in the log: for an older one without it Inspect makes up another at each reading."""
    tool: str
    scorers: tuple[str, ...]
    """As the header names them; () = it was not scored, or cut off before."""
    settings: str
    started_at: datetime | None


def is_log(path: Path) -> bool:
    """Whether a file in a folder is a log: by its ending, and a `.json` by how it begins."""
    if path.suffix == ".json":
        head = files.head(path)
        return b'"eval"' in head and b'"version"' in head
    return path.suffix == ".eval"


def read(file: File, chosen: Chosen) -> Iterator[Found]:
    """The samples of one log.

    Raises UsageError for what is no log of Inspect, for one that `bench run` wrote, and where samples have
    several scores and none is named.
    """
    try:
        if zipfile.is_zipfile(file.path):
            with _archive(file) as archive:
                header = _header(archive, file)
                yield from _samples(header, _packed(archive, file), file, chosen)
        else:
            document = files.document(file)
            header = _log_of(document, file)
            plain = ((f"sample {number}", one) for number, one in enumerate(document.get("samples") or []))
            yield from _samples(header, plain, file, chosen)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise UsageError(f"The log cannot be unpacked: {error}.", where=file.name) from error


def _archive(file: File) -> zipfile.ZipFile:
    import zipfile_zstd  # noqa: F401  (Inspect packs its members with it)

    archive = zipfile.ZipFile(file.path)
    sizes = [info.file_size for info in archive.infolist()]
    too_much = max(sizes, default=0) > MOST_MEMBER or sum(sizes) > files.MOST_UNPACKED
    if too_much:
        archive.close()
        raise UsageError(
            f"Its parts would unpack to {sum(sizes) / 1e6:,.0f} MB, the largest to "
            f"{max(sizes) / 1e6:,.0f} MB; a sample of over {MOST_MEMBER / 1e6:,.0f} MB is not read.",
            where=file.name,
        )
    return archive


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    """A member's bytes, no more of them than a member may have."""
    with archive.open(name) as stream:
        data = stream.read(MOST_MEMBER + 1)
    if len(data) > MOST_MEMBER:
        raise zipfile.BadZipFile(f"{name} is larger than it says")
    return data


def _header(archive: zipfile.ZipFile, file: File) -> _Log:
    """What the log says of itself; of one that was cut off, what it said at its start."""
    names = set(archive.namelist())
    name = HEADER if HEADER in names else START
    if name not in names:
        raise UsageError("It is no log of Inspect.", where=file.name)
    return _log_of(_json(_member(archive, name), file), file)


def _json(data: bytes, file: File) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"The log's head is no JSON: {error}.", where=file.name) from error


def _log_of(document: Any, file: File) -> _Log:
    if not isinstance(document, dict) or "eval" not in document:
        raise UsageError(
            "It is no log of Inspect.", where=file.name, remedy="A log has the ending .eval or .json."
        )
    try:
        head = {key: document.get(key) for key in ("version", "status", "eval", "plan", "results", "stats")}
        log = EvalLog.model_validate({key: value for key, value in head.items() if value is not None})
    except ValueError as error:
        first = str(error).splitlines()
        raise UsageError(f"The log cannot be read: {' '.join(first[:3])}.", where=file.name) from error
    if METADATA in (log.eval.metadata or {}):
        raise UsageError(
            "This log was written by `bench run`.",
            where=file.name,
            remedy="Copy its run's folder into results/logs; `bench rebuild` takes it in as it is.",
        )
    version = log.eval.packages.get("inspect_ai")
    return _Log(
        spec=log.eval,
        run=str(document["eval"].get("eval_id") or document["eval"].get("run_id") or ""),
        tool=f"inspect {version}" if version else "inspect",
        scorers=tuple(dict.fromkeys(s.name for s in (log.results.scores if log.results else []))),
        settings=_settings(log),
        started_at=_moment(log.eval.created),
    )


def _settings(log: EvalLog) -> str:
    """What was asked beside the items: the model's arguments and the steps of the plan."""
    spec = log.eval
    config = spec.model_generate_config.model_dump(exclude_none=True)
    asked = {
        key: config[key]
        for key in ("temperature", "max_tokens", "reasoning_effort", "top_p")
        if key in config
    }
    steps = [[step.solver, step.params] for step in log.plan.steps]
    return content_hash([asked, steps, spec.task_args])


def _packed(archive: zipfile.ZipFile, file: File) -> Iterator[tuple[str, Any]]:
    for name in archive.namelist():
        if name.startswith(SAMPLES) and name.endswith(".json"):
            yield name.removeprefix(SAMPLES).removesuffix(".json"), _member(archive, name)


def _samples(log: _Log, raw: Iterator[tuple[str, Any]], file: File, chosen: Chosen) -> Iterator[Found]:
    scorer = _scorer(log.scorers, chosen.scorer, file)
    for place, data in raw:
        try:
            parse = EvalSample.model_validate_json if isinstance(data, bytes) else EvalSample.model_validate
            sample = parse(data)
            if scorer is None and len(sample.scores or {}) > 1:
                scorer = _scorer(tuple(sample.scores or {}), chosen.scorer, file)
            yield _sample(sample, log, place, scorer, chosen)
        except Unreadable as error:
            yield Refused(file.name, place, str(error))
        except (ValueError, RecursionError) as error:
            lines = str(error).splitlines() or [type(error).__name__]
            yield Refused(file.name, place, f"it is no sample of Inspect ({' '.join(lines[:3])})"[:300])


def _scorer(known: Sequence[str], wanted: str | None, file: File) -> str | None:
    """The name of the score that is taken; None = the only one. Raises UsageError naming them all."""
    if wanted is not None:
        if not known or wanted in known or wanted.partition(".")[0] in known:
            return wanted
        close = nearest(wanted, known) or list(known)
        raise UsageError(
            f"There is no scorer '{wanted}'.", where=file.name, remedy=f"There are: {', '.join(close)}."
        )
    if len(known) <= 1:
        return None
    raise UsageError(
        f"Each sample was scored by {len(known)} scorers: {', '.join(known)}.",
        where=file.name,
        remedy=f"Choose one, it makes a bank of its own: --scorer {known[0]}.",
    )


def _sample(sample: EvalSample, log: _Log, place: str, scorer: str | None, chosen: Chosen) -> Sample:
    name, score = _score_of(sample, scorer)
    value = _value(score, scorer, name) if score is not None else None
    status = _status(sample, value)
    failed = status is Status.FAILED
    model = Model(id=log.spec.model, inspect_name=log.spec.model, vendor="")
    answering, scoring = calls(sample, judge_role=GRADER)
    cached = any(event.cache == "read" for event in answering)
    several = len(log.scorers) > 1
    judges = sorted({event.model for event in scoring})
    return Sample(
        place=place,
        tool=log.tool,
        task=f"{log.spec.task}-{scorer}" if several and scorer else log.spec.task,
        item=str(sample.id),
        model=log.spec.model,
        status=status,
        score=None if failed else value,
        scorer=scorer or name or "",
        content=content_hash([_text(sample.input), sample.choices, sample.target]),
        settings=log.settings,
        run=log.run,
        epoch=sample.epoch,
        parsed=None if failed else not (name in EXTRACTING and not (score and score.answer)),
        answer=_attached(score.answer, sample) if score is not None else None,
        cluster=cells.text((sample.metadata or {}).get("cluster_id")),
        stratum=cells.text((sample.metadata or {}).get("stratum")) or "",
        usage=answer_usage(sample, model, judge_role=GRADER) if sample.output.choices else Usage(),
        cost_usd=_cost(sample, answering),
        latency_s=None if failed or cached or not chosen.timed else _latency(sample, answering),
        attempts=_attempts(answering),
        served_model=None if failed else sample.output.model or None,
        error_class=_error_class(sample) if failed else None,
        error_text=_error_text(sample) if failed else None,
        started_at=_moment(sample.started_at) or log.started_at,
        judge_model=judges[0] if len(judges) == 1 else None,
        judge_calls=len(scoring) or int((name or "").startswith("model_graded")),
        from_cache=cached and not failed,
    )


def _score_of(sample: EvalSample, scorer: str | None) -> tuple[str | None, Score | None]:
    """Name and score that are taken; (name, None) = there is none."""
    scores = sample.scores or {}
    if scorer is None:
        return next(iter(scores.items()), (None, None))
    name = scorer if scorer in scores else scorer.partition(".")[0]
    return name, scores.get(name)


def _value(score: Score, scorer: str | None, name: str | None) -> float | None:
    """A score as a number from 0 to 1. None = it is NaN. Raises Unreadable for what is no number."""
    value: Any = score.value
    if isinstance(value, dict) and scorer and scorer != name:
        value = value.get(scorer.partition(".")[2])
    if isinstance(value, str) and value in LETTERS:
        return LETTERS[value]
    if isinstance(value, dict):
        keys = ", ".join(f"{name}.{key}" for key in value)
        raise Unreadable(f"the score is an object; choose one of its parts by --scorer: {keys}")
    if isinstance(value, list):
        raise Unreadable("the score is a list")
    if isinstance(value, float) and math.isnan(value):
        return None
    return cells.score(value)


def _status(sample: EvalSample, value: float | None) -> Status:
    if sample.error is not None or value is None:
        return Status.FAILED
    if not sample.output.choices:
        return Status.SCORED
    if sample.output.stop_reason == CUT_OFF and sample.output.empty:
        return Status.FAILED
    return STOPPED.get(sample.output.stop_reason, Status.SCORED)


def _latency(sample: EvalSample, answering: Sequence[ModelEvent]) -> float | None:
    """Seconds of the calls that the answer took; None where one of them was not timed."""
    outputs = [event.output for event in answering if event.error is None] or [sample.output]
    times = [output.time for output in outputs]
    replayed = any((output.metadata or {}).get(NO_LATENCY) for output in outputs)
    return None if replayed or not all(times) else sum(time for time in times if time)


def _cost(sample: EvalSample, answering: Sequence[ModelEvent]) -> Any:
    """What Inspect says the answer cost; it knows the price of few models, and 0 is none."""
    outputs = [event.output for event in answering if event.error is None] or [sample.output]
    costs = [output.usage.total_cost if output.usage else None for output in outputs]
    known = [cost for cost in costs if cost]
    return cells.usd(sum(known)) if len(known) == len(costs) else None


def _attempts(answering: Sequence[ModelEvent]) -> int:
    """Calls for an answer that took one call, those that broke down included; 1 for one that took several."""
    came = sum(event.error is None for event in answering)
    return max(1, len(answering)) if came <= 1 else 1


def _error_class(sample: EvalSample) -> str:
    if sample.error is None:
        return "NoScore"
    return re.split(r"[(:]", sample.error.message, maxsplit=1)[0].strip()[:80] or "Error"


def _error_text(sample: EvalSample) -> str:
    return sample.error.message if sample.error else "the sample ended without a score"


def _text(value: str | list[Any]) -> str:
    """The dataset's question, without the ids that Inspect gives to messages."""
    if isinstance(value, str):
        return value
    return json.dumps([[message.role, message.text] for message in value])


def _attached(answer: str | None, sample: EvalSample) -> str | None:
    """An answer that Inspect keeps apart, put back."""
    if answer is None or not answer.startswith(ATTACHED):
        return answer
    return sample.attachments.get(answer.removeprefix(ATTACHED), answer)


def _moment(text: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(text)) if text else None
    except ValueError:
        return None
    return found.astimezone(UTC) if found and found.tzinfo else found and found.replace(tzinfo=UTC)
