"""All checks of one task, in the order in which they can fail."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from whichmodel import sandbox
from whichmodel.domain import Bank, TaskCard
from whichmodel.errors import BenchError
from whichmodel.registry import bank as load
from whichmodel.scoring import SCORERS
from whichmodel.validate import answers, prompts
from whichmodel.validate.answers import Judged, Watch
from whichmodel.validate.findings import Finding, Report

SLOW_SAMPLE = 25
"""Items whose corrupted programs are run, or pictures drawn, where nobody says how many."""
SPARED = 0.05
"""Most corrupted answers that may get the full score: a slip may sit where no case reaches."""


def validate(
    card: TaskCard, *, seed: int = 0, sample: int | None = None, cache: Path | None = None, watch: Watch
) -> Report:
    """Check a task. sample: items whose corrupted answers are scored, None = all, of slow ones 25.

    A bank that cannot be made is a finding, not an error; so is an item that its scorer breaks down on.
    """
    start = time.perf_counter()
    try:
        bank = load(card, seed=seed, cache=cache)
    except BenchError as error:
        return Report(card.name, findings=(Finding("bank", str(error)),))
    made = time.perf_counter()
    findings = [*prompts.copies(bank.items), *prompts.leaks(card, bank.items)]
    unscored = _unscored(card)
    judged: list[Judged] = []
    if unscored is None:
        slow = card.sandbox or card.answers == "image"
        limit = SLOW_SAMPLE if sample is None and slow else sample
        found = answers.cases(bank, seed=seed, sample=limit)
        judged = asyncio.run(answers.judge(card, found, watch))
        findings += _answers(bank, judged)
    else:
        findings.append(unscored)
    kinds = Counter(each.case.kind for each in judged)
    return Report(
        task=card.name,
        items=len(bank.items),
        strata=dict(Counter(item.stratum for item in bank.items)),
        near=prompts.near_copies(bank.items),
        references=kinds["reference"],
        wrong=kinds.total() - kinds["reference"],
        made_s=made - start,
        scored_s=time.perf_counter() - made,
        findings=tuple(findings),
    )


def _unscored(card: TaskCard) -> Finding | None:
    """Why nothing can be scored here. None = it can."""
    if card.scorer not in SCORERS:
        known = ", ".join(SCORERS)
        return Finding("scoring", f"There is no scorer `{card.scorer}`; known: {known}.")
    if card.judged and card.answers == "text":
        return Finding(
            "scoring", "Not scored: a model judges these answers, and none is asked here.", fails=False
        )
    if card.sandbox and not (found := sandbox.available()).ok:
        return Finding("scoring", f"Not scored: {found.reason} {found.remedy}", fails=False)
    return None


def _answers(bank: Bank, judged: Sequence[Judged]) -> list[Finding]:
    found: list[Finding] = []
    by_kind: dict[str, list[Judged]] = defaultdict(list)
    for each in judged:
        by_kind[each.case.kind].append(each)
    if broken := [each for each in judged if each.verdict is None]:
        ids = tuple(dict.fromkeys(each.case.item.id for each in broken))
        found.append(Finding("scoring", f"An item cannot be scored: {broken[0].error}", ids))
    found += _references(bank, by_kind["reference"])
    for kind, words in (("empty", "An empty answer"), ("refused", "A refusal")):
        if full := _full(by_kind[kind]):
            found.append(Finding("wrong answer", f"{words} gets the full score.", _ids(full)))
    # What a wrong reference is corrupted to may well be right.
    sound = {each.case.item.id for each in _full(by_kind["reference"])}
    return found + _corrupted([each for each in by_kind["corrupted"] if each.case.item.id in sound])


def _references(bank: Bank, judged: Sequence[Judged]) -> list[Finding]:
    found = []
    known = {each.case.item.id for each in judged}
    if missing := tuple(item.id for item in bank.items if item.id not in known):
        text = "No right answer is known, so that none could be scored."
        found.append(Finding("reference", text, missing, fails=False))
    low = [each for each in judged if each.verdict is not None and each.verdict.score != 1]
    if low:
        assert low[0].verdict is not None
        why = str(low[0].verdict.detail.get("explanation", ""))
        text = f"The right answer scores {low[0].verdict.score:.3f}, not 1: {why[:300]}"
        found.append(Finding("reference", text, _ids(low)))
    unread = [each for each in judged if each.verdict is not None and not each.verdict.parsed]
    if unread:
        text = "The right answer is not in the form that is asked for; it is read all the same."
        found.append(Finding("reference", text, _ids(unread), fails=False))
    return found


def _corrupted(judged: Sequence[Judged]) -> list[Finding]:
    """Items that take each of their corrupted answers for right, or too many that take one."""
    full = _full(judged)
    if not full:
        return []
    tried, spared = Counter(each.case.item.id for each in judged), Counter(each.case.item.id for each in full)
    blind = tuple(item for item, count in spared.items() if count == tried[item] > 1)
    share = len(full) / len(judged)
    if share > SPARED:
        text = f"{len(full):,} of {len(judged):,} corrupted answers get the full score."
        return [Finding("wrong answer", text, _ids(full))]
    if blind:
        return [Finding("wrong answer", "Every corrupted answer that was tried gets the full score.", blind)]
    text = f"{len(full):,} of {len(judged):,} corrupted answers get the full score, where no check reaches."
    return [Finding("wrong answer", text, _ids(full), fails=False)]


def _full(judged: Sequence[Judged]) -> list[Judged]:
    return [each for each in judged if each.verdict is not None and each.verdict.score >= 1]


def _ids(judged: Sequence[Judged]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.case.item.id for each in judged))
