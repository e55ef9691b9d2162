"""What two models answered to one item, side by side, with what the scorer found in each."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from whichmodel.leaderboard import address
from whichmodel.leaderboard.elements import component
from whichmodel.leaderboard.evidence import kept
from whichmodel.store import Panel
from whichmodel.views import words
from whichmodel.views.board import View
from whichmodel.views.findings.found import Field
from whichmodel.views.sample import Answered, SideBySide, Which, side_by_side
from whichmodel.views.source import Source


def show(source: Source, view: View, task: str, item: str, a: str, b: str) -> None:
    """Draw the item and both answers. An item or answer that is in no log any more is said to be gone."""
    standings = view.by_model(task)
    settings = [standings[model].settings_hash if model in standings else "" for model in (a, b)]
    asked = (view.panel, task, item, a, b, settings[0], settings[1], view.until_run)
    found = _read(source, *asked, None)
    if len(found.epochs) > 1:
        attempts = [str(epoch) for epoch in found.epochs]
        chosen = address.segments("epoch", "Attempt", attempts, title=lambda epoch: f"Attempt {epoch}")
        found = _read(source, *asked, int(chosen))
    data = {
        "asked": _asked(view, found),
        "answers": [_answer(letter, each) for letter, each in zip("AB", found.answers, strict=True)],
        "fields": [_field(*pair) for pair in found.fields],
    }
    component("side_by_side", "side_by_side.js", "side_by_side.css")(key="sample", data=data)


@kept
def _read(
    source: Source,
    panel: Panel,
    task: str,
    item: str,
    a: str,
    b: str,
    settings_a: str,
    settings_b: str,
    until_run: str | None,
    epoch: int | None,
) -> SideBySide:
    return side_by_side(source, Which(panel, task, item, a, b, (settings_a, settings_b), until_run, epoch))


def _asked(view: View, found: SideBySide) -> dict[str, Any]:
    asked = found.asked
    return {
        "title": "What was asked",
        "sub": f"{view.title(found.which.task)}{f', kind of item: {asked.stratum}' if asked.stratum else ''}",
        "blocks": [asdict(block) for block in (*asked.prompt, *asked.gold)],
    }


def _answer(letter: str, answered: Answered) -> dict[str, Any]:
    return {
        "letter": letter,
        "model": answered.model,
        "state": asdict(words.answer_state(answered.status, answered.score, answered.parsed)),
        "facts": _facts(answered) if answered.status else [],
        "notes": answered.notes,
        "blocks": [asdict(block) for block in answered.answer],
        "findings": [asdict(block) for block in answered.findings],
    }


def _facts(answered: Answered) -> list[tuple[str, str]]:
    cost = None if answered.cost_usd is None else float(answered.cost_usd) * 1000
    facts = [
        ("Score", words.score(answered.score)),
        ("$ per 1,000", words.usd(cost)),
        ("Latency", "kept answer" if answered.from_cache else words.seconds(answered.latency_s)),
        ("Tokens", f"{words.tokens(answered.input_tokens)} in, {words.tokens(answered.output_tokens)} out"),
    ]
    if answered.judge_score is not None and answered.judge_score != answered.score:
        facts.append(("Judge", words.score(answered.judge_score)))
    return facts


def _field(a: Field | None, b: Field | None) -> dict[str, Any]:
    either = next(field for field in (a, b) if field is not None)
    cells = [None if field is None else asdict(field) for field in (a, b)]
    return {"name": either.name, "expected": either.expected, "cells": cells}
