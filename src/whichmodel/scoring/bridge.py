"""A bank as an Inspect task, and our scorers as Inspect's."""

from __future__ import annotations

import base64
import inspect
import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from inspect_ai import Task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import (
    ChatMessage,
    ChatMessageSystem,
    ChatMessageUser,
    Content,
    ContentImage,
    ContentText,
    GenerateConfig,
    get_model,
)
from inspect_ai.scorer import Score, Scorer, Target, mean, stderr
from inspect_ai.scorer import scorer as inspect_scorer
from inspect_ai.solver import Solver, TaskState, generate

from whichmodel.domain import Answer, Bank, Item, Json, Verdict
from whichmodel.errors import ScoringFailed
from whichmodel.registry import bank as load_bank
from whichmodel.registry.cards import read_card
from whichmodel.scoring import scorer

JUDGE_ROLE = "vision"
"""Inspect's role of the model that answers a scorer's questions about images."""
PARSED, DETAIL = "parsed", "detail"
"""Keys of a score's metadata."""


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
    messages: list[ChatMessage] = [ChatMessageSystem(content=system)] if system else []
    target = item.target if isinstance(item.target, str) else json.dumps(item.target, ensure_ascii=False)
    return Sample(
        id=item.id,
        input=[*messages, ChatMessageUser(content=item.input)],
        target=target,
        metadata={"stratum": item.stratum, "cluster_id": item.cluster_id or item.id},
    )


def _inspect_scorer(bank: Bank) -> Scorer:
    items = {item.id: item for item in bank.items}
    score_answer = scorer(bank.card.scorer)
    if bank.card.judged:
        score_answer = partial(score_answer, ask=ask)

    @inspect_scorer(metrics=[mean(), stderr()], name=bank.card.scorer)
    def scored() -> Scorer:
        async def score(state: TaskState, target: Target) -> Score:
            if state.output.empty:
                raise ScoringFailed("The model's reply holds no answer at all.")
            if state.output.stop_reason == "content_filter":
                return _as_score(Verdict(0.0, parsed=False, detail={"explanation": "refused"}))
            if state.output.stop_reason in ("max_tokens", "model_length"):
                return _as_score(Verdict(0.0, parsed=False, detail={"explanation": "truncated"}))
            found = score_answer(_answer(state), items[str(state.sample_id)], bank.card.options)
            return _as_score(await found if inspect.isawaitable(found) else found)

        return score

    return scored()


def _as_score(verdict: Verdict) -> Score:
    detail = dict(verdict.detail)
    return Score(
        value=verdict.score,
        answer=verdict.answer_norm,
        explanation=str(detail.get("explanation", "")),
        metadata={PARSED: verdict.parsed, DETAIL: detail},
    )


def _answer(state: TaskState) -> Answer:
    content = state.output.message.content
    parts = content if isinstance(content, list) else []
    images = tuple(image_bytes(part.image) for part in parts if isinstance(part, ContentImage))
    return Answer(text=state.output.completion, images=images)


def image_bytes(reference: str) -> bytes:
    """The bytes of an image given as a data URI or as a file's path."""
    if reference.startswith("data:"):
        return base64.b64decode(reference.partition(",")[2])
    return Path(reference).read_bytes()


async def ask(question: str, png: bytes) -> str:
    """Put a question about an image to the model of the role `vision`."""
    uri = "data:image/png;base64," + base64.b64encode(png).decode()
    content: list[Content] = [ContentText(text=question), ContentImage(image=uri)]
    judge = get_model(role=JUDGE_ROLE, required=True)
    reply: Any = await judge.generate([ChatMessageUser(content=content)])
    if reply.empty or reply.stop_reason != "stop":
        raise ScoringFailed(f"The vision model gave no answer ({'' if reply.empty else reply.stop_reason}).")
    return str(reply.completion)
