"""A sample that was taken in -> one Outcome, with where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache

from whichmodel.domain import Cell, Outcome, Status, content_hash
from whichmodel.importers import secrets
from whichmodel.importers.intake import Accepted
from whichmodel.importers.sample import Sample
from whichmodel.pricing.stored import IMPORTED

MOST_ANSWER = 10_000
"""Characters of an answer; a longer one is cut, and its hash told, so that equal answers stay equal."""


@dataclass(frozen=True, slots=True)
class Maker:
    """What all outcomes of one import share."""

    run_id: str
    category: str
    hashes: Mapping[str, str]
    """Task -> hash of its bank."""
    keys: tuple[str, ...] = ()
    """Never stored, whatever a log says."""
    at: datetime | None = None
    """When it was measured, where the source does not say so. None = when its file was written."""

    def outcome(self, taken: Accepted, *, log_ref: str) -> Outcome:
        """The outcome of a sample. log_ref: folder of its journal, relative to the results folder."""
        sample, usage = taken.sample, taken.sample.usage
        task_hash = self.hashes[taken.task]
        settings = settings_hash(taken.model, sample.tool, sample.model, sample.settings)
        cell = Cell(taken.task, task_hash, taken.model, settings, sample.item, taken.epoch)
        failed = sample.status is Status.FAILED
        return Outcome(
            key=content_hash([cell.key, _content(sample)], length=32),
            cell_key=cell.key,
            task=taken.task,
            task_hash=task_hash,
            category=self.category,
            item_id=sample.item,
            cluster_id=sample.cluster or sample.item,
            stratum=sample.stratum,
            epoch=taken.epoch,
            model=taken.model,
            settings_hash=settings,
            requested_model=sample.model,
            served_model=sample.served_model,
            fingerprint=None,
            status=sample.status,
            parsed=None if failed else sample.parsed,
            score=None if failed else sample.score,
            judge_score=None,
            human_score=None,
            answer_norm=None if failed else self._answer(sample.answer),
            input_tokens=usage.input,
            cached_tokens=usage.cached,
            cache_write_tokens=usage.cache_write,
            output_tokens=usage.output,
            reasoning_tokens=usage.reasoning,
            images=usage.images,
            cost_usd=sample.cost_usd,
            judge_cost_usd=None if failed or sample.judge_calls != 0 else Decimal(0),
            price_source=None if sample.cost_usd is None else IMPORTED,
            price_date=None,
            latency_s=None if failed else sample.latency_s,
            ttft_s=None if failed else sample.ttft_s,
            queue_s=None,
            attempts=sample.attempts,
            loop_lag_ms=None,
            error_class=(sample.error_class or "NoScore")[:80] if failed else None,
            error_text=self._error(sample) if failed else None,
            output_ref=None,
            log_ref=f"{log_ref}#{sample.place}",
            run_id=self.run_id,
            started_at=sample.started_at or self.at or taken.file.written,
            simulated=False,
            baseline=False,
            imported_from=provenance(taken),
            image_input_tokens=usage.image_input,
            image_output_tokens=usage.image_output,
            megapixels=usage.megapixels,
            cache_write_1h_tokens=usage.cache_write_1h,
            batch=None,
            billed_calls=None if usage.input is None and usage.images is None else usage.calls,
            judge_model=sample.judge_model,
            judge_calls=sample.judge_calls,
            from_cache=sample.from_cache,
        )

    def _answer(self, answer: str | None) -> str | None:
        if answer is None:
            return None
        plain = secrets.without(answer, self.keys)
        if len(plain) <= MOST_ANSWER:
            return plain
        return f"{plain[:MOST_ANSWER]}... sha256:{content_hash(plain)}"

    def _error(self, sample: Sample) -> str:
        return secrets.error_text(sample.error_text or "the source gives no score", self.keys)


@lru_cache(maxsize=10_000)
def settings_hash(model: str, tool: str, foreign: str, settings: str) -> str:
    """Identity of what was asked elsewhere: no endpoint that is measured here can have it."""
    return content_hash(["imported", tool.partition(" ")[0], model, foreign, settings])


def provenance(taken: Accepted) -> str:
    """What wrote the file, its name and its content's hash: no folder of this machine."""
    return f"{taken.sample.tool}: {taken.file.name} sha256:{taken.file.sha256[:16]}"


def _content(sample: Sample) -> list[object]:
    """All that the source says of a sample, but where it stands: the same row elsewhere is the same row."""
    usage = sample.usage
    counts = [usage.input, usage.cached, usage.cache_write, usage.output, usage.reasoning, usage.calls]
    said = [sample.run, sample.status, sample.score, sample.parsed, sample.answer, sample.cost_usd]
    return [*said, sample.latency_s, sample.ttft_s, sample.error_text, sample.started_at, *counts]
