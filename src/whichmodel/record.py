"""One Inspect sample -> one Outcome. The same function reads a sample as it ends and out of a log."""

from __future__ import annotations

import math
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from inspect_ai.event import ModelEvent
from inspect_ai.log import EvalSample, read_eval_log, read_eval_log_sample
from pydantic import TypeAdapter

from whichmodel.domain import Cell, Json, Model, Outcome, Status, Usage, content_hash
from whichmodel.domain.logged import JUDGE_SCORE, METADATA, MOST_MEMBER, PARSED, SAMPLES
from whichmodel.domain.outcome import MAX_ERROR_TEXT
from whichmodel.errors import StoreError
from whichmodel.pricing import price, ten_places
from whichmodel.providers.replay import NO_LATENCY
from whichmodel.providers.usage import Asked, answer_usage, judge_usage
from whichmodel.scoring.bridge import JUDGE_ROLE

LOOP_LAG = "loop_lag_ms"
"""Key of a sample's store under which the worker notes its event loop's delay."""
FROM_CACHE = "from_cache"
"""Key of a sample's store: its answer was kept from an earlier call."""
CUT_OFF = "unknown"
"""Inspect's stop reason of a reply that ended without saying why: a stream that broke off."""
STOPPED = {"content_filter": Status.REFUSED, "max_tokens": Status.TRUNCATED, "model_length": Status.TRUNCATED}


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a log says of itself: enough to make its outcomes again, prices included."""

    run_id: str
    task: str
    task_hash: str
    category: str
    model: Model
    judge: Model | None
    """The model that answered the scorer's questions. None = no judge took part."""
    epoch: int
    seed: int | None
    """Seed of the bank. None = the items are a file."""

    def to_metadata(self) -> dict[str, Json]:
        """As JSON for the log's metadata."""
        dumped: dict[str, Json] = _PROVENANCE.dump_python(self, mode="json")
        return {METADATA: dumped}


_PROVENANCE = TypeAdapter(Provenance)


def from_sample(sample: EvalSample, of: Provenance, *, log_ref: str) -> Outcome:
    """The outcome of a finished sample; log_ref: its job's folder, relative to the results folder."""
    calls = _calls(sample)
    call = calls[-1] if calls else None
    status = _status(sample)
    usage = answer_usage(sample, of.model, judge_role=JUDGE_ROLE)
    failed = status is Status.FAILED
    said = sample.output.metadata or {}
    cached = bool(sample.store.get(FROM_CACHE))
    latency = None if failed or cached or said.get(NO_LATENCY) else sample.output.time
    started = datetime.fromisoformat(str(sample.started_at)) if sample.started_at else datetime.now(UTC)
    cost = price(of.model, usage, at=started, seconds=latency)
    judging = judge_usage(sample, of.model, of.judge, judge_role=JUDGE_ROLE)
    score = next(iter((sample.scores or {}).values()), None)
    settings_hash = of.model.settings_hash
    cell = Cell(of.task, of.task_hash, of.model.id, settings_hash, str(sample.id), of.epoch)
    return Outcome(
        key=content_hash([cell.key, sample.uuid], length=32),
        cell_key=cell.key,
        task=of.task,
        task_hash=of.task_hash,
        category=of.category,
        item_id=str(sample.id),
        cluster_id=str(sample.metadata.get("cluster_id") or sample.id),
        stratum=str(sample.metadata.get("stratum", "")),
        epoch=of.epoch,
        model=of.model.id,
        settings_hash=settings_hash,
        requested_model=of.model.wire_name,
        served_model=None if failed else sample.output.model or None,
        fingerprint=_text(said.get("system_fingerprint")),
        status=status,
        parsed=None if failed or score is None else bool((score.metadata or {}).get(PARSED, True)),
        score=None if failed or score is None else _value(score.value),
        judge_score=None if failed or score is None else (score.metadata or {}).get(JUDGE_SCORE),
        human_score=None,
        answer_norm=None if failed or score is None else score.answer,
        **_usage_columns(usage),
        cost_usd=ten_places(cost.usd),
        judge_cost_usd=_judge_cost(judging, started),
        price_source=cost.source or None,
        price_date=cost.dated,
        latency_s=latency,
        ttft_s=None,
        queue_s=_queue(call, latency),
        attempts=max(1, len(calls)),
        loop_lag_ms=_lag(sample),
        error_class=_error_class(sample) if failed else None,
        error_text=_error_text(sample) if failed else None,
        output_ref=_artifact(sample),
        log_ref=f"{log_ref}#{sample.uuid}",
        run_id=of.run_id,
        started_at=started,
        simulated=of.model.simulated,
        baseline=of.model.baseline,
        **_judge_columns(judging),
        from_cache=cached,
    )


def from_log(path: Path, *, relative_to: Path) -> Iterator[Outcome]:
    """The outcomes of a log's samples. Raises StoreError for a file that is no log of ours."""
    log_ref = path.parent.relative_to(relative_to).as_posix()
    try:
        names = _samples_of(path)
        of = (read_eval_log(str(path), header_only=True).eval.metadata or {}).get(METADATA)
        if of is None:
            raise StoreError("The log was not written by `bench run`.", where=str(path))
        provenance = _PROVENANCE.validate_python(of, strict=False)
        for sample in _read(path, names):
            yield from_sample(sample, provenance, log_ref=log_ref)
    except StoreError:
        raise
    except Exception as error:
        raise StoreError(
            f"The log cannot be read ({type(error).__name__}: {error}).",
            where=str(path),
            remedy="`inspect log recover` mends logs of runs that were cut off.",
        ) from error


def _samples_of(path: Path) -> list[str]:
    """Names of a log's samples; sizes are looked at before anything is unpacked."""
    with zipfile.ZipFile(path) as archive:
        infos = archive.infolist()
    largest = max((info.file_size for info in infos), default=0)
    if largest > MOST_MEMBER:
        raise StoreError(
            f"A part of the log would unpack to {largest / 1e6:,.0f} MB, over {MOST_MEMBER / 1e6:,.0f}.",
            where=str(path),
            remedy="Such a log was not written by `bench run`; move it away.",
        )
    return [info.filename for info in infos if info.filename.startswith(SAMPLES)]


def _read(path: Path, names: Sequence[str]) -> Iterator[EvalSample]:
    """The samples of a log, one at a time; those that share parts with others are read by Inspect."""
    import zipfile_zstd  # noqa: F401  (Inspect packs its members with it)

    with zipfile.ZipFile(path) as archive:
        for name in names:
            sample = EvalSample.model_validate_json(archive.read(name))
            if sample.attachments or sample.events_data:
                sample = read_eval_log_sample(str(path), sample.id, sample.epoch)
            yield sample


def _calls(sample: EvalSample) -> list[ModelEvent]:
    """Attempts at the answer, the one that counts last. Calls of a judge have its role."""
    return [e for e in sample.events if isinstance(e, ModelEvent) and e.role != JUDGE_ROLE]


def _status(sample: EvalSample) -> Status:
    if sample.error is not None or not sample.scores or _no_answer(sample):
        return Status.FAILED
    if any(isinstance(s.value, float) and math.isnan(s.value) for s in sample.scores.values()):
        return Status.FAILED
    return STOPPED.get(sample.output.stop_reason, Status.SCORED)


def _no_answer(sample: EvalSample) -> bool:
    """Whether what was scored is no answer: nothing came, or it broke off."""
    return sample.output.empty or sample.output.stop_reason == CUT_OFF


def _value(value: Any) -> float:
    """A score as a number: Inspect's letters of foreign scorers too."""
    letters: Mapping[object, float] = {"C": 1.0, "P": 0.5, "I": 0.0, "N": 0.0}
    if isinstance(value, str) and value in letters:
        return letters[value]
    return min(1.0, max(0.0, float(value)))


def _judge_cost(judging: Sequence[Asked], at: datetime) -> Decimal | None:
    """The cost of the scorer's own model calls; 0 when it made none, None when one is unknown."""
    costs = [price(asked.model, asked.usage, at=at).usd for asked in judging]
    known = [usd for usd in costs if usd is not None]
    return ten_places(sum(known, Decimal(0))) if len(known) == len(costs) else None


def _usage_columns(usage: Usage) -> dict[str, Any]:
    """The answer's counts."""
    return {
        "input_tokens": usage.input,
        "cached_tokens": usage.cached,
        "cache_write_tokens": usage.cache_write,
        "output_tokens": usage.output,
        "reasoning_tokens": usage.reasoning,
        "images": usage.images,
        "image_input_tokens": usage.image_input,
        "image_output_tokens": usage.image_output,
        "megapixels": usage.megapixels,
        "cache_write_1h_tokens": usage.cache_write_1h,
        "batch": usage.batch,
        "billed_calls": None if usage.input is None and usage.images is None else usage.calls,
    }


def _judge_columns(judging: Sequence[Asked]) -> dict[str, Any]:
    """The judge's counts; with several judges, or none, just the number of their calls."""
    if len(judging) != 1:
        return {"judge_calls": sum(asked.usage.calls for asked in judging)}
    [asked] = judging
    return {
        "judge_model": asked.model.id,
        "judge_calls": asked.usage.calls,
        "judge_input_tokens": asked.usage.input,
        "judge_cached_tokens": asked.usage.cached,
        "judge_cache_write_tokens": asked.usage.cache_write,
        "judge_output_tokens": asked.usage.output,
        "judge_reasoning_tokens": asked.usage.reasoning,
    }


def _queue(call: ModelEvent | None, latency: float | None) -> float | None:
    """Waiting before the successful attempt: connections, back-off and attempts that failed."""
    if call is None or call.completed is None or latency is None:
        return None
    return max(0.0, (call.completed - call.timestamp).total_seconds() - latency)


def _error_class(sample: EvalSample) -> str:
    if sample.error is None:
        return "NoAnswer" if _no_answer(sample) else "NoScore"
    return sample.error.message.partition("(")[0].partition(":")[0].strip()[:80] or "Error"


def _error_text(sample: EvalSample) -> str:
    ended = "the reply held no answer, or broke off" if _no_answer(sample) else "without a score"
    text = sample.error.message if sample.error else f"the sample ended: {ended}"
    return " ".join(text.split())[:MAX_ERROR_TEXT]


def _artifact(sample: EvalSample) -> str | None:
    name = (sample.output.metadata or {}).get("artifact")
    return f"artifacts/{name}" if name else None


def _lag(sample: EvalSample) -> float | None:
    """Worst delay of the worker's event loop during the call; None = it was not measured."""
    lag = sample.store.get(LOOP_LAG)
    return None if lag is None else float(lag)


def _text(value: object) -> str | None:
    return None if value is None else str(value)
