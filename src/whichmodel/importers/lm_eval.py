"""Samples of EleutherAI's lm-evaluation-harness: `samples_<task>_<time>.jsonl` of `--log_samples`.

A document stands there once for each filter, with a score for each metric. Seconds, tokens and costs of a
document are in none of its files. What the model was asked stands in `results_<time>.json` beside.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from whichmodel.domain import Json, Status, content_hash
from whichmodel.errors import UsageError, nearest
from whichmodel.importers import cells, files
from whichmodel.importers.cells import Unreadable
from whichmodel.importers.files import File
from whichmodel.importers.sample import Found, Refused, Sample

_SAMPLES = re.compile(
    r"^(?P<before>.*?)samples_(?P<task>.+)_(?P<time>\d{4}-\d\d-\d\dT[\d.-]+)\.jsonl(\.gz)?$"
)
INVALID = "[invalid]"
"""What a filter leaves of an answer in which it finds nothing."""
MOST_NAMED = 400
"""Rows that are looked at for the names of filters and metrics."""
ELSEWHERE = ("base_url", "num_concurrent", "tokenizer", "tokenizer_backend", "api_key", "verify_certificate")
"""Arguments of a model that do not change what is asked of it."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which of the file's scores is taken. None = the only one."""

    filter: str | None = None
    metric: str | None = None
    model: str | None = None
    """The model, where no results file names it."""


@dataclass(frozen=True, slots=True)
class _Run:
    """What a samples file and the results beside it say of all rows."""

    task: str
    model: str
    tool: str
    settings: str
    id: str
    started_at: datetime | None
    lower_is_better: tuple[str, ...] = ()


def is_samples(path: Path) -> bool:
    """Whether a file in a folder is a samples file, by its name."""
    return bool(_SAMPLES.match(path.name))


def read(file: File, chosen: Chosen) -> Iterator[Found]:
    """The documents of a samples file, under one filter and one metric.

    Raises UsageError where there are several of them and none is named, or the model is not told.
    """
    run = _run(file, chosen.model)
    filters, metrics = _named(file)
    wanted = _one("filter", chosen.filter, filters, file)
    metric = _one("metric", chosen.metric, metrics, file)
    if metric in run.lower_is_better:
        raise UsageError(
            f"Of '{metric}' less is better: it is no score.", where=file.name, remedy="Take another --metric."
        )
    several = [name for name, all_of in ((wanted, filters), (metric, metrics)) if len(all_of) > 1]
    named = replace(run, task="-".join([run.task, *several]))
    for number, row in files.rows(file):
        place = f"line {number}"
        if not isinstance(row, dict):
            yield Refused(file.name, place, row if isinstance(row, str) else "it is no JSON object")
        elif row.get("filter", "none") == wanted:
            try:
                yield _sample(row, place, named, f"{metric},{wanted}", metric)
            except Unreadable as error:
                yield Refused(file.name, place, str(error))


def _sample(row: Mapping[str, Json], place: str, run: _Run, scorer: str, metric: str) -> Sample:
    if "doc_id" not in row:
        raise Unreadable("it has no doc_id")
    value = row.get(metric)
    if isinstance(value, list | dict):
        raise Unreadable(f"'{metric}' is no score of one document")
    score = cells.score(value)
    answer = _first(row.get("filtered_resps"))
    return Sample(
        place=place,
        tool=run.tool,
        task=run.task,
        item=str(row["doc_id"]),
        model=run.model,
        status=Status.FAILED if score is None else Status.SCORED,
        score=score,
        scorer=scorer,
        content=content_hash([_hash(row, "doc"), _hash(row, "target")]),
        settings=run.settings,
        run=run.id,
        parsed=None if score is None else answer != INVALID,
        answer=None if answer == INVALID else answer,
        error_class=None if score is not None else "NoScore",
        started_at=run.started_at,
        judge_calls=0,
    )


def _hash(row: Mapping[str, Json], what: str) -> Json:
    """The harness's own hash of a document or its target; older versions write none."""
    return row.get(f"{what}_hash") or content_hash(row.get(what), length=64)


def _first(answers: Json) -> str | None:
    """The answer that was scored, out of what may be lists of lists, or log-likelihoods."""
    while isinstance(answers, list) and answers:
        answers = answers[0]
    return answers if isinstance(answers, str) else None


def _named(file: File) -> tuple[list[str], list[str]]:
    """The filters of a file, and the metrics; both in the order in which they come."""
    filters: dict[str, None] = {}
    metrics: dict[str, None] = {}
    for number, (_, row) in enumerate(files.rows(file)):
        if isinstance(row, dict):
            filters[str(row.get("filter", "none"))] = None
            listed = row.get("metrics") or [
                k for k, v in row.items() if isinstance(v, int | float) and k != "doc_id"
            ]
            metrics |= dict.fromkeys(map(str, listed)) if number < MOST_NAMED else {}
    if not metrics:
        raise UsageError("It holds no scores of lm-eval.", where=file.name)
    return list(filters), list(metrics)


def _one(what: str, wanted: str | None, known: list[str], file: File) -> str:
    """The one that is wanted. Raises UsageError naming them all."""
    if wanted is None and len(known) == 1:
        return known[0]
    if wanted in known:
        return str(wanted)
    if wanted is None:
        raise UsageError(
            f"Each document was scored with {len(known)} {what}s: {', '.join(known)}.",
            where=file.name,
            remedy=f"Choose one, it makes a bank of its own: --{what} {known[0]}.",
        )
    close = nearest(wanted, known) or known
    raise UsageError(
        f"There is no {what} '{wanted}'.", where=file.name, remedy=f"There are: {', '.join(close)}."
    )


def _run(file: File, model: str | None) -> _Run:
    match = _SAMPLES.match(file.path.name)
    task = match["task"] if match else file.path.name.partition(".")[0]
    results = _results(file, match)
    config = results.get("configs", {}).get(task, {})
    name = model or results.get("model_name") or config.get("metadata", {}).get("model")
    if not name:
        raise UsageError(
            "No results file beside it names the model.",
            where=file.name,
            remedy="Keep `results_<time>.json` beside it, or add --model NAME.",
        )
    better = results.get("higher_is_better", {}).get(task, {})
    version = results.get("lm_eval_version")
    at = results.get("date")
    started = datetime.fromtimestamp(at, UTC) if isinstance(at, int | float) else _time(match)
    return _Run(
        task=task,
        model=str(name),
        tool=f"lm-eval {version}" if version else "lm-eval",
        settings=_settings(results, config, task),
        id=content_hash(
            [results.get("date"), results.get("model_name"), match["time"] if match else file.sha256]
        ),
        started_at=started,
        lower_is_better=tuple(metric for metric, higher in better.items() if higher is False),
    )


def _results(file: File, match: re.Match[str] | None) -> dict[str, Any]:
    """The results of the run that wrote the samples. {} = there are none beside."""
    if match is None:
        return {}
    path = file.path.with_name(f"{match['before']}results_{match['time']}.json")
    if not path.is_file() or path.stat().st_size > files.MOST_DOCUMENT:
        return {}
    try:
        found = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise UsageError(f"It is no JSON: {error}.", where=path.name) from error
    return found if isinstance(found, dict) else {}


def _settings(results: Mapping[str, Any], config: Mapping[str, Any], task: str) -> str:
    """What was asked beside the documents: shots, sampling, the system prompt and the chat template."""
    arguments = results.get("config", {}).get("model_args")
    if isinstance(arguments, dict):
        arguments = {key: value for key, value in arguments.items() if key not in ELSEWHERE}
    asked = [
        config.get("generation_kwargs"),
        results.get("n-shot", {}).get(task),
        arguments if isinstance(arguments, dict) else None,
        results.get("system_instruction_sha"),
        results.get("chat_template_sha"),
    ]
    return content_hash(asked) if results else ""


def _time(match: re.Match[str] | None) -> datetime | None:
    """The time in a samples file's name; lm-eval writes the machine's own time there, taken for UTC."""
    try:
        day, _, clock = match["time"].partition("T") if match else ("", "", "")
        return datetime.fromisoformat(f"{day}T{clock.partition('.')[0].replace('-', ':')}").replace(
            tzinfo=UTC
        )
    except ValueError:
        return None
