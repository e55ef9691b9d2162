"""A bank as an Inspect task, and our scorers as Inspect's."""

from __future__ import annotations

import base64
import inspect
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from inspect_ai import Task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import (
    ChatMessage,
    ChatMessageSystem,
    ChatMessageUser,
    ContentImage,
    ContentText,
    GenerateConfig,
    ModelOutput,
    get_model,
)
from inspect_ai.scorer import Score, Scorer, Target, mean, stderr
from inspect_ai.scorer import scorer as inspect_scorer
from inspect_ai.solver import Solver, TaskState, generate

from whichmodel.domain import Answer, Bank, Item, Json, TaskCard, Verdict
from whichmodel.domain.logged import DETAIL, JUDGE_SCORE, PARSED
from whichmodel.errors import ScoringFailed
from whichmodel.registry import bank as load_bank
from whichmodel.registry.cards import read_card
from whichmodel.scoring import judge as rubric
from whichmodel.scoring import scorer
from whichmodel.scoring.reading import spoken

JUDGE_ROLE = "vision"
"""Inspect's role of the model that answers a scorer's questions, about images and about texts."""
STOPPED = {"content_filter": "refused", "max_tokens": "truncated", "model_length": "truncated"}
"""Reasons of a provider to stop an answer, which is then scored 0 unread."""
Ask = Callable[[str, bytes | None], Awaitable[str]]
"""Question and PNG, None = it is about no image -> the judge's answer."""


def inspect_task(
    bank: Bank, *, solver: Solver | None = None, metadata: Mapping[str, Json] | None = None
) -> Task:
    """A bank as an Inspect task whose version is the bank's hash; solver None = one plain call."""
    samples = [_sample(item, bank.card.system) for item in bank.items]
    return Task(
        dataset=MemoryDataset(samples, name=bank.card.name),
        solver=solver or generate(),
        scorer=_inspect_scorer(bank),
        name=bank.card.name,
        version=bank.task_hash,
        config=GenerateConfig(max_tokens=bank.card.max_tokens),
        metadata=dict(metadata or {}),
    )


def folder_task(file: str, *, seed: int = 0, count: int | None = None) -> Task:
    """The Inspect task of the task folder that `file` stands in, for plain `inspect eval`."""
    return inspect_task(load_bank(read_card(Path(file).resolve().parent), seed=seed, count=count))


def _sample(item: Item, system: str) -> Sample:
    return Sample(
        id=item.id, input=messages(item, system), target=target_text(item), metadata=sample_metadata(item)
    )


def messages(item: Item, system: str) -> list[ChatMessage]:
    """What is sent for an item."""
    first: list[ChatMessage] = [ChatMessageSystem(content=system)] if system else []
    return [*first, ChatMessageUser(content=item.input)]


def target_text(item: Item) -> str:
    """An item's target as a log shows it."""
    return item.target if isinstance(item.target, str) else json.dumps(item.target, ensure_ascii=False)


def sample_metadata(item: Item) -> dict[str, Json]:
    """What a sample says of its item."""
    return {"stratum": item.stratum, "cluster_id": item.cluster_id or item.id}


def _inspect_scorer(bank: Bank) -> Scorer:
    items = {item.id: item for item in bank.items}

    @inspect_scorer(metrics=[mean(), stderr()], name=bank.card.scorer)
    def scored() -> Scorer:
        async def score(state: TaskState, target: Target) -> Score:
            item = items[str(state.sample_id)]
            return await judge(state.output, item, bank.card, ask if bank.card.judged else None)

        return score

    return scored()


async def judge(output: ModelOutput, item: Item, card: TaskCard, ask: Ask | None) -> Score:
    """The score of an answer. ask: puts questions to the judge; None = no judge takes part.

    Of a card that is not judged, the judge reads the text besides, for its own score alone.

    Raises ScoringFailed where there is no answer at all, or the scorer or its judge broke down.
    """
    if output.empty:
        raise ScoringFailed("The model's reply holds no answer at all.")
    if reason := STOPPED.get(output.stop_reason):
        return _as_score(Verdict(0.0, parsed=False, detail={"explanation": reason}))
    score_answer = scorer(card.scorer)
    if card.judged:
        score_answer = partial(score_answer, ask=ask)
    answer = _answer(output)
    found = score_answer(answer, item, card.options)
    verdict = await found if inspect.isawaitable(found) else found
    if card.judged:
        return _as_score(verdict, verdict.score)
    return await _read(verdict, answer, item, ask) if ask else _as_score(verdict)


async def _read(verdict: Verdict, answer: Answer, item: Item, ask: Ask) -> Score:
    """A verdict with how the text reads; neither what the judge says nor its failure is part of the score."""
    text = spoken(answer.text).strip()
    if not text:
        return _as_score(verdict)
    try:
        grade = await rubric.grade(text, item, {"reference": False}, ask)
    except ScoringFailed as error:
        return _as_score(_with(verdict, {"failed": str(error)}))
    return _as_score(_with(verdict, {"raw": grade.raw, "reason": grade.reason}), grade.score)


def _with(verdict: Verdict, judged: Json) -> Verdict:
    return replace(verdict, detail={**verdict.detail, "judge": judged})


def _as_score(verdict: Verdict, judged: float | None = None) -> Score:
    """judged: the judge's own score, 0 to 1. None = it gave none."""
    detail = dict(verdict.detail)
    read = {} if judged is None else {JUDGE_SCORE: judged}
    return Score(
        value=verdict.score,
        answer=verdict.answer_norm,
        explanation=str(detail.get("explanation", "")),
        metadata={PARSED: verdict.parsed, DETAIL: detail, **read},
    )


def _answer(output: ModelOutput) -> Answer:
    content = output.message.content
    parts = content if isinstance(content, list) else []
    images = tuple(image_bytes(part.image) for part in parts if isinstance(part, ContentImage))
    return Answer(text=output.completion, images=images)


def image_bytes(reference: str) -> bytes:
    """The bytes of an image given as a data URI or as a file's path."""
    if reference.startswith("data:"):
        return base64.b64decode(reference.partition(",")[2])
    return Path(reference).read_bytes()


def about(question: str, png: bytes | None) -> ChatMessageUser:
    """A question, as it is put to a judge; png None = it is about no image."""
    if png is None:
        return ChatMessageUser(content=question)
    uri = "data:image/png;base64," + base64.b64encode(png).decode()
    return ChatMessageUser(content=[ContentText(text=question), ContentImage(image=uri)])


def said(reply: ModelOutput) -> str:
    """What a judge answered. Raises ScoringFailed when it did not."""
    if reply.empty or reply.stop_reason != "stop":
        raise ScoringFailed(f"The judge gave no answer ({'' if reply.empty else reply.stop_reason}).")
    return reply.completion


async def ask(question: str, png: bytes | None) -> str:
    """Put a question to the model of Inspect's role `vision`."""
    return said(await get_model(role=JUDGE_ROLE, required=True).generate([about(question, png)]))
