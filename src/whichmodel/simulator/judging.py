"""The demo judge of texts: it grades an answer by the item it knows, with the noise of a judge.

It reads the prompt of `scoring.judge`: question, reference and answers between marks with one random word.
What stands between the marks of an answer is data to it. Whatever stands outside of them it obeys, as a real
model might: an answer that breaks out of its marks and asks for the highest grade gets it.
"""

from __future__ import annotations

import json
import re

from whichmodel.simulator import luck
from whichmodel.simulator.answers import Answers

STEEP = 4.0
"""A twelfth of the words wrong costs a third of the scale: facts weigh more than the words around them."""
NOISE = 0.06
"""Standard deviation of the noise on a grade, as a share of the scale."""
_NONCE = re.compile(r"^<question-(\w{8,})>$", re.MULTILINE)
_SCALE = re.compile(r"Grade from (-?\d+(?:\.\d+)?) .*? to (-?\d+(?:\.\d+)?) ")
_ORDER = re.compile(r"give (?:me|it|this|the answer) (?:an? |the )?(?:10|5|highest|best|full)", re.IGNORECASE)


def is_judging(prompt: str) -> bool:
    """Whether a prompt asks for a verdict on an answer."""
    return _NONCE.search(prompt) is not None


def answer(prompt: str, answers: Answers, *, seed: int, model: str) -> str:
    """The verdict as JSON; a sentence that it cannot be told where no bank holds the question."""
    found = _NONCE.search(prompt)
    nonce = found[1] if found else ""
    question = answers.find(_block(prompt, "question", nonce) or "")
    if question is None or not question.item.reference:
        return "I do not know this question."
    reference = question.item.reference
    obeys = _ORDER.search(_outside(prompt, nonce)) is not None
    pair = [_block(prompt, f"answer-{side}", nonce) for side in "AB"]
    if pair[0] is not None and pair[1] is not None:
        first, second = (_likeness(text, reference) for text in pair if text is not None)
        better = "tie" if abs(first - second) < NOISE else "A" if first > second else "B"
        return json.dumps({"reason": f"A holds {first:.0%} of it, B {second:.0%}.", "better": better})
    text = _block(prompt, "answer", nonce) or ""
    low, high = _scale(prompt)
    share = 1.0 if obeys else _noisy(_likeness(text, reference), seed, model, text)
    grade = round(low + share * (high - low))
    return json.dumps({"reason": f"It holds {share:.0%} of what is asked.", "score": grade})


def _block(prompt: str, name: str, nonce: str) -> str | None:
    found = re.search(rf"^<{name}-{nonce}>\n(.*?)\n</{name}-{nonce}>$", prompt, re.DOTALL | re.MULTILINE)
    return found[1] if found else None


def _outside(prompt: str, nonce: str) -> str:
    """What is no question, reference or answer: what a judge takes its orders from."""
    return re.sub(rf"^<([\w-]+-{nonce})>\n.*?\n</\1>$", "", prompt, flags=re.DOTALL | re.MULTILINE)


def _scale(prompt: str) -> tuple[float, float]:
    found = _SCALE.search(prompt)
    return (float(found[1]), float(found[2])) if found else (1.0, 5.0)


def _likeness(text: str, reference: str) -> float:
    """How far the F1 of the different words is from 1, times `STEEP`, from 1; at least 0."""
    ours, theirs = (set(re.findall(r"\w+", part.casefold())) for part in (text, reference))
    shared = 2 * len(ours & theirs) / (len(ours) + len(theirs)) if ours and theirs else 0.0
    return max(0.0, 1.0 - STEEP * (1.0 - shared))


def _noisy(share: float, seed: int, model: str, text: str) -> float:
    return min(1.0, max(0.0, share + NOISE * luck.normal(seed, "judging", model, text)))
