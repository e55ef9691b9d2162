"""A comparison of two models in words."""

from __future__ import annotations

from collections.abc import Mapping

from whichmodel.analyse.compare import Answered, Comparison, Winner
from whichmodel.analyse.ratio import Ratio
from whichmodel.decide.words import about, share
from whichmodel.domain import Status
from whichmodel.views import words

SHAPES: Mapping[Winner, str] = {"A better": "▲", "B better": "▼", "tie": "≈", "cannot tell yet": "○"}
LOST = {Status.REFUSED, Status.TRUNCATED, Status.FAILED}
Costs = tuple[float | None, float | None]
"""What A and B cost, in one unit. None = unknown."""


def sentence(c: Comparison, costs: Costs) -> str:
    """The verdict, and what it means for the bill."""
    money = cost(c, costs)
    match c.verdict:
        case "tie":
            quality = f"Tie: same quality within {c.delta:g}"
        case "A better":
            quality = f"{c.a} is better by {_size(c)}"
        case "B better":
            quality = f"{c.b} is better by {_size(c)}"
        case "cannot tell yet":
            quality = f"Not told apart yet: {_missing(c)}"
    return f"{quality}, {money}." if c.verdict == "tie" else f"{quality}; {money}."


def _size(c: Comparison) -> str:
    return words.DASH if c.difference is None else words.signed(abs(c.difference)).lstrip("+")


def _missing(c: Comparison) -> str:
    if not c.n:
        return "no item has a score by both"
    if c.more_items is None:
        return f"neither a tie within {c.delta:g} nor a difference is shown"
    return f"{about(c.more_items)} would settle it"


def meaning(c: Comparison, alpha: float) -> str:
    """What the verdict rests on."""
    return (
        f"Both models on the same items. A tie = each is shown to be within {c.delta:g} of the other "
        f"(error {alpha:.0%}); better = the interval of the difference leaves out 0."
    )


def difference(c: Comparison) -> str:
    """The interval of the difference, the pairs behind it and the margin."""
    margin = f"margin {c.delta:g}"
    if c.low is None or c.high is None:
        return f"no pair · {margin}"
    return f"{words.signed_span(c.low, c.high)} · {words.count(c.n, 'pair')} · {margin}"


def cost(c: Comparison, costs: Costs) -> str:
    """Which of the two is cheaper, and by what share."""
    ratio = c.cost_ratio
    if ratio is None:
        return _without_ratio(c, costs)
    if ratio.value == 0:
        return f"{c.a} is free"
    if ratio.low is None or ratio.high is None or ratio.low <= 1 <= ratio.high:
        return "the same cost" if ratio.low == ratio.high == 1 else "their costs are not told apart"
    cheap = c.a if ratio.value < 1 else c.b
    return f"{cheap} is {share(1 - min(ratio.value, 1 / ratio.value))} cheaper"


def _without_ratio(c: Comparison, costs: Costs) -> str:
    unknown = [name for name, usd in zip((c.a, c.b), costs, strict=True) if usd is None]
    if unknown:
        return f"the cost of {' and '.join(unknown)} is unknown"
    if costs[1] == 0:
        return "both are free" if costs[0] == 0 else f"{c.b} is free"
    return "how their costs compare is unknown"


def speed(c: Comparison) -> str:
    """Which of the two is faster where it matters, at the slow end."""
    ratio = c.p95_ratio
    if ratio is None:
        return "under 20 timed answers of one of them"
    if ratio.high is not None and ratio.high < 1:
        return f"{c.a} is faster"
    if ratio.low is not None and ratio.low > 1:
        return f"{c.b} is faster"
    if ratio.low is None or ratio.high is None:
        return "too few answers to tell them apart"
    return "not told apart"


def basis(ratio: Ratio, noun: str) -> str:
    """The interval of a ratio and what it rests on."""
    return f"{words.ends(ratio.low, ratio.high, ' to ')} · {words.count(ratio.n, noun)}"


def ended(answer: Answered) -> str:
    """How an answer ended, where it is not simply scored."""
    if answer.status is None:
        return "not asked"
    return str(answer.status) if answer.status in LOST else ""


def latency(answer: Answered) -> str:
    """How long an answer took; at most that, where the measuring program itself was late."""
    if answer.status in (None, Status.FAILED):
        return words.DASH
    return ("≤ " if answer.late else "") + words.seconds(answer.latency_s)


def money(answer: Answered) -> str:
    """What a request cost."""
    return words.DASH if answer.status in (None, Status.FAILED) else words.usd(answer.cost_usd)
