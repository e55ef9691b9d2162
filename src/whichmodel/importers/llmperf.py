"""Timed requests of LLMPerf -> timings: `*_individual_responses.json`, or the same fields as a CSV table.

A request that ended in an error has no latency: it counts in the error rate alone.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from whichmodel.domain import Ended, Json, Timing, content_hash
from whichmodel.domain.timing import rate
from whichmodel.errors import UsageError
from whichmodel.importers import cells, files, secrets
from whichmodel.importers.cells import Unreadable
from whichmodel.importers.files import File
from whichmodel.importers.sample import Refused

LATENCY = "end_to_end_latency_s"
MODELS = ("endpoint", "model", "model_name")
"""Columns that may name the model."""
_NAME = re.compile(r"^(?P<model>.+?)_\d+_\d+_individual_responses$")
OUT, INTO = "number_output_tokens", "number_input_tokens"


@dataclass(frozen=True, slots=True)
class Pass:
    """What is said of all requests of an import."""

    run_id: str
    task: str = "llmperf"
    model: str | None = None
    """None = a column or the file's name names it."""
    models: Mapping[str, str] = field(default_factory=dict)
    """Foreign name -> id of a model."""
    concurrency: int = 1
    """Requests in flight at the same time."""
    at: datetime | None = None
    """When they were sent. None = when the file was written."""
    keys: tuple[str, ...] = ()
    """Never stored, whatever an error says."""


def is_requests(path: Path) -> bool:
    """Whether a file in a folder holds single requests."""
    if path.name.casefold().endswith((".csv", ".csv.gz")):
        return True
    return path.name.endswith("_individual_responses.json")


def read(file: File, of: Pass) -> Iterator[Timing | Refused]:
    """The requests of one file. Raises UsageError for a file that holds none."""
    numbers: dict[str, int] = {}
    for place, row in _rows(file):
        try:
            if isinstance(row, str):
                raise Unreadable(row)
            foreign = _model(row, file, of)
            numbers[foreign] = numbers.get(foreign, -1) + 1
            yield _timing(row, foreign, numbers[foreign], file, of)
        except Unreadable as error:
            yield Refused(file.name, place, str(error))


def _rows(file: File) -> Iterator[tuple[str, Mapping[str, Json] | str]]:
    if re.search(r"\.csv(\.gz)?$", file.name.casefold()):
        csv.field_size_limit(files.MOST_LINE)
        reader = csv.DictReader(files.lines(file))
        _checked(reader.fieldnames or (), file)
        try:
            for row in reader:
                whole = None not in row and None not in row.values()
                yield f"line {reader.line_num}", row if whole else "it has not the cells that the columns are"
        except csv.Error as error:
            raise UsageError(
                f"It is no valid CSV ({error}).", where=f"{file.name}:{reader.line_num}"
            ) from error
        return
    found = files.document(file)
    if not isinstance(found, list) or not found or not isinstance(found[0], dict):
        raise UsageError(
            "It holds no single requests of LLMPerf.",
            where=file.name,
            remedy="They are in `*_individual_responses.json`; a summary holds percentiles, not requests.",
        )
    _checked(found[0], file)
    for number, row in enumerate(found):
        yield f"request {number}", row if isinstance(row, dict) else "it is no JSON object"


def _checked(known: object, file: File) -> None:
    names = list(known) if isinstance(known, list | tuple | dict) else []
    missing = [name for name in (LATENCY, "ttft_s", "error_code") if name not in names]
    if missing:
        raise UsageError(
            f"It lacks {', '.join(missing)}; there are {', '.join(map(str, names[:20])) or 'no columns'}.",
            where=file.name,
            remedy="The requests of LLMPerf have these names.",
        )


def _model(row: Mapping[str, Json], file: File, of: Pass) -> str:
    named = of.model or next((text for name in MODELS if (text := cells.text(row.get(name)))), None)
    if named:
        return named
    match = _NAME.match(Path(file.name).stem)
    if match is None:
        raise UsageError("Nothing names the model.", where=file.name, remedy="Add --model NAME.")
    return match["model"]


def _timing(row: Mapping[str, Json], foreign: str, number: int, file: File, of: Pass) -> Timing:
    model = of.models.get(foreign, foreign)
    settings = content_hash(["imported", "llmperf", model, foreign])
    failed = not cells.empty(row.get("error_code"))
    latency = None if failed else cells.seconds(row.get(LATENCY), "the latency")
    if latency is None and not failed:
        raise Unreadable("it has neither an error nor a latency")
    first = None if failed else cells.seconds(row.get("ttft_s"), "the time to the first token")
    if first is not None and latency is not None and first > latency:
        raise Unreadable("its first token came after its end")
    into, out = cells.count(row.get(INTO), INTO), cells.count(row.get(OUT), OUT)
    started = of.at or file.written
    return Timing(
        key=content_hash([settings, of.task, number, sorted((k, str(v)) for k, v in row.items())], length=32),
        run_id=of.run_id,
        number=number,
        task=of.task,
        task_hash=content_hash(["imported", "llmperf", of.task]),
        item_id=str(number),
        model=model,
        settings_hash=settings,
        requested_model=foreign,
        served_model=None,
        status=Ended.FAILED if failed else Ended.ANSWERED,
        streamed=None if failed or first is None else True,
        first_kind=None if failed or first is None else "text",
        deltas=None,
        ttft_s=first,
        latency_s=latency,
        tokens_per_s=_rate(out, first, latency),
        input_tokens=into,
        cached_tokens=None,
        cache_write_tokens=None,
        output_tokens=None if failed else out,
        reasoning_tokens=None,
        cost_usd=None,
        price_source=None,
        price_date=None,
        loop_lag_ms=None,
        cold=False,
        concurrency=of.concurrency,
        hour_utc=started.hour,
        error_class=f"code {row.get('error_code')}" if failed else None,
        error_text=_error(row, of.keys) if failed else None,
        started_at=started,
        simulated=False,
        inter_token_s=None
        if failed
        else cells.seconds(row.get("inter_token_latency_s"), "the time between tokens"),
    )


def _rate(out: int | None, first: float | None, latency: float | None) -> float | None:
    if latency is None:
        return None
    return rate(
        output_tokens=out,
        reasoning_tokens=None,
        first_kind="text",
        deltas=out or 0,
        ttft_s=first,
        latency_s=latency,
    )


def _error(row: Mapping[str, Json], keys: tuple[str, ...]) -> str:
    return secrets.error_text(cells.text(row.get("error_msg")) or f"error {row.get('error_code')}", keys)
