"""One item and what two models answered to it, read back from their logs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from whichmodel.domain import Json, Outcome, Status
from whichmodel.run.stored_answers import Gone, Place, Stored, answers
from whichmodel.store import Panel
from whichmodel.views import commands, picture
from whichmodel.views.blocks import Block, Image, Note, Text, plain, text_block, visible
from whichmodel.views.findings import Said, found
from whichmodel.views.findings.found import Field, Found
from whichmodel.views.findings.pretty import pieces
from whichmodel.views.picture import Shown, Unshown
from whichmodel.views.source import Source

MOST_GOLD = 20_000
"""Characters of what is expected that a page shows."""
MOST_IMAGES = 4
"""Of a prompt."""
ALT = 120
"""Characters of the prompt that stand in a picture's text."""


@dataclass(frozen=True, slots=True)
class Which:
    """One item, one attempt at it, two models."""

    panel: Panel
    task: str
    item: str
    a: str
    b: str
    settings: tuple[str, str] = ("", "")
    """Hash of the settings that count of each model. "" = the latest."""
    until_run: str | None = None
    epoch: int | None = None
    """None = the first."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked."""

    prompt: tuple[Block, ...]
    gold: tuple[Block, ...]
    """What the scorer compares with. () = it is not kept."""
    stratum: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """What one model gave back."""

    model: str
    status: Status | None
    """None = it was not asked."""
    parsed: bool | None = None
    score: float | None = None
    judge_score: float | None = None
    cost_usd: Decimal | None = None
    """At the list price. None = unknown."""
    latency_s: float | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    from_cache: bool = False
    run_id: str = ""
    stop_reason: str = ""
    notes: tuple[str, ...] = ()
    """What has to be known before the answer is read, such as why it ended early."""
    answer: tuple[Block, ...] = ()
    findings: tuple[Block, ...] = ()
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Both answers to an item."""

    which: Which
    epochs: tuple[int, ...]
    """Attempts that either model made. () = neither was asked."""
    asked: Asked
    answers: tuple[Answered, Answered]

    @property
    def fields(self) -> tuple[tuple[Field | None, Field | None], ...]:
        """The fields of both, those that either has wrong first. () = the answers are no fields."""
        one, two = ({field.name: field for field in each.fields} for each in self.answers)
        pairs = [(one.get(name), two.get(name)) for name in dict.fromkeys([*one, *two])]
        return tuple(sorted(pairs, key=lambda pair: all(field is None or field.right for field in pair)))


def side_by_side(source: Source, which: Which) -> SideBySide:
    """Read it. Raises StoreError for a snapshot that cannot be read; a log that cannot be is told of."""
    rows = source.reader.of_item(
        which.panel, which.task, which.item, {which.a, which.b}, until_run=which.until_run
    )
    of_both = [
        _counted(rows, model, settings)
        for model, settings in zip((which.a, which.b), which.settings, strict=True)
    ]
    epochs = tuple(sorted({row.epoch for rows in of_both for row in rows}))
    epoch = which.epoch if which.epoch in epochs else min(epochs, default=None)
    pair = [next((row for row in rows if row.epoch == epoch), None) for rows in of_both]
    logged = [row for row in pair if row and row.log_ref and not row.imported_from]
    kept = answers(source.results, [Place(str(row.log_ref), row.item_id, row.epoch) for row in logged])
    samples = [_shared(source, row, _sample(row, kept)) for row in pair]
    prompt = next((each.prompt for each in samples if isinstance(each, Stored)), "")
    one, two = (
        _answered(source, model, row, sample, prompt)
        for model, row, sample in zip((which.a, which.b), pair, samples, strict=True)
    )
    asked = replace(_asked(samples), stratum=next((row.stratum for row in pair if row), ""))
    return SideBySide(replace(which, epoch=epoch), epochs, asked, (one, two))


def _counted(rows: tuple[Outcome, ...], model: str, settings: str) -> list[Outcome]:
    """A model's outcomes under the settings that count, else under those measured last."""
    own = [row for row in rows if row.model == model]
    if own and settings not in {row.settings_hash for row in own}:
        settings = max(own, key=lambda row: row.started_at).settings_hash
    return [row for row in own if row.settings_hash == settings]


def _sample(row: Outcome | None, kept: Mapping[str, Stored | Gone]) -> Stored | Gone | None:
    """None = there is no outcome."""
    if row is None:
        return None
    if row.imported_from:
        return Gone(f"Imported ({row.imported_from}): prompt and answer lie in the file it came from.")
    return kept[row.log_ref] if row.log_ref else Gone("It has no log.")


def _shared(source: Source, row: Outcome | None, sample: Stored | Gone | None) -> Stored | Gone | None:
    """A sample whose log is not here, with the command that brings it out of the shared store."""
    if source.config.store is None or row is None or not isinstance(sample, Gone) or not sample.elsewhere:
        return sample
    brings = f"`{commands.bring_logs(row.run_id)}` brings it, if it was shared."
    return replace(sample, reason=f"{sample.reason} {brings}")


def _picture(source: Source, output_ref: str) -> Shown | Unshown:
    """A picture that a model made; of one that is not here, the command that may bring it."""
    shown = picture.stored(source.results, output_ref)
    if source.config.store is None or isinstance(shown, Shown) or not shown.elsewhere:
        return shown
    return Unshown(f"{shown.reason} `{commands.bring_logs()}` brings it, if it was shared.")


def _asked(samples: list[Stored | Gone | None]) -> Asked:
    stored = next((each for each in samples if isinstance(each, Stored)), None)
    if stored is None:
        reasons = dict.fromkeys(each.reason for each in samples if isinstance(each, Gone))
        return Asked((Note(" ".join(["The prompt cannot be shown.", *map(visible, reasons)])),), ())
    prompt: list[Block] = [text_block("Prompt", stored.prompt)]
    if stored.system:
        prompt.insert(0, text_block("System prompt", stored.system))
    for number, reference in enumerate(stored.images[:MOST_IMAGES], start=1):
        prompt.append(_image(picture.inline(reference), f"Picture {number} of the prompt"))
    if more := len(stored.images) - MOST_IMAGES:
        prompt += [Note(f"{more} more pictures are not shown.")] if more > 0 else []
    return Asked(tuple(prompt), tuple(_gold(stored.target)))


def _gold(target: Json) -> list[Block]:
    if target in (None, "", [], {}):
        return []
    if isinstance(target, list) and all(isinstance(each, str | int | float) for each in target):
        return [text_block("Expected", " or ".join(map(plain, target)))]
    if not isinstance(target, dict | list):
        return [text_block("Expected", str(target))]
    text = json.dumps(target, ensure_ascii=False)
    set_out = pieces(text, {}) if len(text) <= MOST_GOLD else None
    if set_out is not None:
        return [Text("Expected", set_out, code=True)]
    return [text_block("Expected", text, code=True, most=MOST_GOLD)]


def _answered(
    source: Source, model: str, row: Outcome | None, sample: Stored | Gone | None, prompt: str
) -> Answered:
    if row is None or sample is None:
        return Answered(model, None, notes=("No outcome of this model on this item is stored.",))
    made = _found(row, sample)
    answer: list[Block] = list(made.answer or ())
    if row.output_ref:
        start = " ".join(visible(prompt[: 2 * ALT]).split())[:ALT]
        alt = f"Picture by {model}" + (f" for: {start}" if start else "")
        answer.append(_image(_picture(source, row.output_ref), alt))
    notes = [*_ended(row), *([visible(sample.reason)] if isinstance(sample, Gone) else [])]
    if not answer and isinstance(sample, Stored):
        notes.append("It gave no text.")
    return Answered(
        model=model,
        status=row.status,
        parsed=row.parsed,
        score=row.score,
        judge_score=row.judge_score,
        cost_usd=row.cost_usd,
        latency_s=row.latency_s,
        input_tokens=row.input_tokens,
        output_tokens=row.output_tokens,
        from_cache=row.from_cache,
        run_id=row.run_id,
        stop_reason=sample.stop_reason if isinstance(sample, Stored) else "",
        notes=tuple(notes),
        answer=tuple(answer),
        findings=made.blocks if row.status is Status.SCORED else (),
        fields=made.fields,
    )


def _found(row: Outcome, sample: Stored | Gone) -> Found:
    """The findings; without a log, what the row itself says of the answer."""
    norm = row.answer_norm or ""
    if isinstance(sample, Stored):
        return found(Said(sample.answer, sample.target, sample.detail, sample.explanation, norm))
    if not norm:
        return Found()
    return Found((), (text_block("Answer in normal form", norm),))


def _ended(row: Outcome) -> list[str]:
    """Why an answer is no whole answer."""
    if row.status is Status.FAILED:
        return [
            f"No score: {visible(row.error_class or 'it failed')}. {visible(row.error_text or '')}".strip()
        ]
    if row.status is Status.REFUSED:
        return ["The provider stopped the answer (content filter): it scores 0 unread."]
    if row.status is Status.TRUNCATED:
        return ["The answer ran into its limit of tokens and ends there: it scores 0 unread."]
    return []


def _image(made: Shown | Unshown, alt: str) -> Block:
    return Image(made.source, alt, made.note) if isinstance(made, Shown) else Note(made.reason)
