"""The bundled tasks: time to generate 1,000 items, answers scored a second, verdicts a second in the sandbox.

Each answer is the item's own reference, so a bank whose references do not score 1 ends the run. Pictures are
drawn by the demo panel's hand and looked at by its eye.
"""

from __future__ import annotations

import argparse
import asyncio
import inspect
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks.contestants import ours
from benchmarks.rig import machine, sheet
from whichmodel.domain import Answer, Bank, Item, TaskCard, Verdict
from whichmodel.registry import bank, find
from whichmodel.scoring import scorer
from whichmodel.simulator import drawing, seeing

GENERATED = 1_000
MOST_SECONDS = 5.0
"""Goal for generating that many items."""
LEAST_VERDICTS = 20.0
"""Goal for verdicts a second of sandboxed tasks."""
SCORED = 200
HEADINGS = ("task", "items", "generated s", "of the goal", "scored/s", "x slowest", "unparsed")


@dataclass(frozen=True, slots=True)
class Figures:
    """What one task costs."""

    card: TaskCard
    items: int
    generated_s: float
    scored_per_s: float
    unparsed: int

    @property
    def met(self) -> bool:
        """Whether it is within the goals."""
        return self.generated_s <= MOST_SECONDS and (
            not self.card.sandbox or self.scored_per_s >= LEAST_VERDICTS
        )


def measured(card: TaskCard) -> Figures:
    """One task's figures. Raises AssertionError where a reference does not score 1."""
    started = time.perf_counter()
    made = bank(card, seed=1, count=GENERATED)
    generated = time.perf_counter() - started
    answers = [(item, _answer(item, card)) for item in _spread(made)]
    started = time.perf_counter()
    verdicts = asyncio.run(_scored(card, answers))
    seconds = time.perf_counter() - started
    wrong = [
        item.id for (item, _), verdict in zip(answers, verdicts, strict=True) if round(verdict.score, 9) != 1
    ]
    assert not wrong, f"{card.name}: references of {', '.join(wrong[:5])} do not score 1"
    unparsed = sum(not verdict.parsed for verdict in verdicts)
    return Figures(card, len(made.items), generated, len(answers) / seconds, unparsed)


def _spread(made: Bank) -> Sequence[Item]:
    return made.items[:: max(1, len(made.items) // SCORED)][:SCORED]


def _answer(item: Item, card: TaskCard) -> Answer:
    if card.answers == "text":
        return Answer(item.reference)
    return Answer("", (drawing.draw(item.metadata["spec"], seed=1),))


async def _scored(card: TaskCard, answers: Sequence[tuple[Item, Answer]]) -> list[Verdict]:
    score = scorer(card.scorer)

    async def ask(question: str, png: bytes) -> str:
        return seeing.answer(question, png)

    async def one(item: Item, answer: Answer) -> Verdict:
        further = {"ask": ask} if card.judged else {}
        found = score(answer, item, card.options, **further)
        verdict: Verdict = await found if inspect.isawaitable(found) else found
        return verdict

    return await asyncio.gather(*(one(item, answer) for item, answer in answers))


def main() -> None:
    """Every task that comes along and needs no download."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", default="", help="names, commas between them; default: all")
    parser.add_argument("--markdown", type=Path, help="page to put the table in")
    options = parser.parse_args()
    cards = [card for card in find([n for n in options.tasks.split(",") if n]) if card.items == "generate.py"]
    found = [measured(card) for card in cards]
    described = machine.described([ours.version()])
    slowest = min(f.scored_per_s for f in found)
    rows = [_row(f, slowest) for f in found]
    print(f"{described}\n\n{sheet.plain(HEADINGS, rows)}")
    if options.markdown:
        sheet.put(options.markdown, "banks", f"{described}\n\n{sheet.markdown(HEADINGS, rows)}")
    missed = [f.card.name for f in found if not f.met]
    print(f"\n{'Missed a goal: ' + ', '.join(missed) if missed else 'All within their goals.'}")


def _row(figures: Figures, slowest: float) -> list[str]:
    return [
        figures.card.name + (" (sandbox)" if figures.card.sandbox else ""),
        f"{figures.items:,}",
        f"{figures.generated_s:.2f}",
        f"{figures.generated_s / MOST_SECONDS:.2f}",
        f"{figures.scored_per_s:,.0f}",
        f"{figures.scored_per_s / slowest:,.1f}",
        f"{figures.unparsed}",
    ]


if __name__ == "__main__":
    main()
