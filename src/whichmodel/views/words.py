"""The one place where states get their words and shapes, and numbers their form.

A state is never colour alone, an unknown number is a word, and what was not measured is a dash.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from whichmodel.decide.words import about, bounds
from whichmodel.decide.words import score as exact_score
from whichmodel.domain import Organisation, Policy, Route, RouteStatus, Standing, Status

DASH = "–"
START = "bench run --tasks coding,extraction"
"""The command of someone who has measured nothing yet."""
IN_THE_RACE = frozenset({"dearer", "not shown non-inferior", "waits", "not raced"})
"""Reasons of `WhyNot` that leave a model eligible: nothing speaks against it but price or missing proof."""


FIGURES = {"holdout": "held out", "in-sample": "in-sample"}
"""Whether a pick's figures come from items that the choice never saw."""


class Mark(StrEnum):
    """How a model stands to the pick of a task."""

    PICK = "pick"
    ELIGIBLE = "eligible"
    EXCLUDED = "excluded"
    BARRED = "barred"
    FAILED = "failed"
    NOT_RUN = "not run"


SHAPES = {
    Mark.PICK: "★",
    Mark.ELIGIBLE: "●",
    Mark.EXCLUDED: "○",
    Mark.BARRED: "⊘",
    Mark.FAILED: "✕",
    Mark.NOT_RUN: DASH,
}


@dataclass(frozen=True, slots=True)
class State:
    """The status of a route in words: shape, word, and what it means or needs."""

    shape: str
    word: str
    detail: str


def state(route: Route) -> State:
    """How sure a route is."""
    match route.status:
        case RouteStatus.CERTIFIED if route.ties:
            return State("◆", "tie", "cheapest wins" if route.cost_per_1k_usd is not None else "best wins")
        case RouteStatus.CERTIFIED if _alone(route):
            return State("◐", "single", "the only one that passes")
        case RouteStatus.CERTIFIED:
            return State("●", "certified", f"within {route.delta:g} of the best")
        case RouteStatus.PROVISIONAL:
            return State("◔", "provisional", _needs(route))
        case RouteStatus.INSUFFICIENT:
            return State("○", "inconclusive", _needs(route))
        case RouteStatus.JUDGE_ONLY:
            return State("◇", "judge-only", "scored by a model without enough human labels")
        case RouteStatus.NONE:
            return _no_route(route)


def answer_state(status: Status | None, score: float | None, parsed: bool | None) -> State:
    """How one answer ended; status None = the model was not asked."""
    unread = "not in the form that was asked for" if parsed is False else ""
    if status is Status.REFUSED:
        return State("⊘", "refused", "scores 0")
    if status is Status.TRUNCATED:
        return State("◒", "cut off", "scores 0")
    if status is Status.FAILED:
        return State("✕", "failed", "no score")
    if status is None or score is None:
        return State(DASH, "not run", "")
    if score == 1:
        return State("●", "right", unread)
    return State("◐", "right in part", unread) if score > 0 else State("○", "wrong", unread)


def tokens(count: int | None) -> str:
    """A count of tokens. None = unknown."""
    return "unknown" if count is None else f"{count:,}"


def _alone(route: Route) -> bool:
    return not any(entry.reason in IN_THE_RACE for entry in route.why_not)


def _needs(route: Route) -> str:
    return "not proven yet" if route.more_items is None else f"needs {about(route.more_items)}"


def _no_route(route: Route) -> State:
    reasons = {entry.reason for entry in route.why_not} - {"policy", "not measured", "not configured"}
    if len(reasons) == 1 and reasons <= {"too slow", "below floor"}:
        return State("✕", reasons.pop(), "no model passes")
    return State("✕", "no route", "no model passes")


def mark(model: str, standing: Standing | None, route: Route | None) -> Mark:
    """How a model stands to the pick of one task."""
    reason = why_not(model, route)[0]
    if route is not None and route.model == model:
        return Mark.PICK
    if reason == "policy":
        return Mark.BARRED
    if standing is None or not standing.planned:
        return Mark.NOT_RUN
    if standing.score is None:
        return Mark.FAILED
    fit = route is not None and model in (*route.ties, *route.fallbacks)
    return Mark.ELIGIBLE if fit or reason in IN_THE_RACE else Mark.EXCLUDED


def why_not(model: str, route: Route | None) -> tuple[str, str]:
    """The reason in a word and in a sentence why a model is not the pick; "" for the pick."""
    if route is None:
        return "", "No route was decided for this task."
    if route.model == model:
        return "", route.why
    for entry in route.why_not:
        if entry.model == model:
            return entry.reason, entry.text
    return ("tie", "Its cost cannot be told from the pick's.") if model in route.ties else ("", "")


def origin(standing: Standing) -> str:
    """What kind of row it is, where it is no ordinary model."""
    if standing.baseline:
        return "rule, really measured"
    return "simulated" if standing.simulated else ""


def count(number: int, noun: str) -> str:
    """A number of things: "1 task", "8 tasks"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def score(value: float | None, digits: int = 3) -> str:
    """A score, never rounded to all or nothing."""
    return DASH if value is None else exact_score(value, digits)


def span(low: float | None, high: float | None, digits: int = 3) -> str:
    """An interval, rounded outward."""
    return DASH if low is None or high is None else "–".join(bounds(low, high, digits))


def signed(value: float) -> str:
    """A difference, with a true minus."""
    text = f"{value:+.3f}".replace("-", "−")
    return "±0.000" if text[1:] == "0.000" else text


def signed_span(low: float, high: float) -> str:
    """The interval of a difference, rounded outward, with true minuses."""
    return " to ".join(f"{float(end):+.3f}".replace("-", "−") for end in bounds(low, high))


def times(value: float) -> str:
    """A ratio, to three figures that count."""
    return f"{value:,.0f}" if value >= 1000 else f"{value:#.3g}".removesuffix(".")


def ends(low: float | None, high: float | None, between: str) -> str:
    """The ends of a ratio's interval to three figures that count, rounded outward. None = not known."""
    if low is None and high is None:
        return "interval unknown"
    told = []
    for end, side in ((low, 0), (high, 1)):
        digits = min(max(2 - math.floor(math.log10(end)), 0), 9) if end else 0
        told.append("unknown" if end is None else bounds(end, end, digits)[side])
    return between.join(told)


def usd(value: float | None) -> str:
    """Money. None = unknown, which is not the same as free."""
    if value is None:
        return "unknown"
    if value == 0:
        return "free"
    if value >= 100:
        return f"${value:,.0f}"
    return f"${value:.2f}" if value >= 0.1 else f"${value:.2g}" if value >= 1e-4 else f"${value:.1e}"


def seconds(value: float | None) -> str:
    """A duration."""
    if value is None:
        return "unknown"
    return f"{value:.0f} s" if value >= 10 else f"{value:.1f} s" if value >= 1 else f"{value:.2f} s"


def saving(value: float | None) -> str:
    """A share saved, dearer said in words; "" when it is unknown."""
    if value is None:
        return ""
    if abs(value) < 0.005:
        return "no dearer"
    return f"{abs(value):.0%} {'cheaper' if value > 0 else 'dearer'}"


def against_best(route: Route) -> str:
    """What a route saves against the best point estimate of its task, with the interval; "" where nothing."""
    if route.saving is None or route.model == route.baseline_model:
        return ""
    interval = ""
    if route.saving_low is not None and route.saving_high is not None:
        interval = f", {percent(route.saving_low)} to {percent(route.saving_high)}"
    return f"saves {percent(route.saving)}{interval} · against {route.baseline_model}"


def percent(value: float) -> str:
    """A share, with a true minus."""
    return f"{value:.0%}".replace("-", "−")


def rule(organisation: Organisation) -> str:
    """The quality rule in words."""
    asked = organisation.rule
    against = {
        "best": "than the best allowed model",
        "incumbent": "than the model in use today",
        "min_quality": f"than a score of {asked.min_quality}",
    }[asked.reference]
    several = " for all rivals together" if asked.multiplicity == "bonferroni" else ""
    return (
        f"Cheapest model proven to be no more than {asked.delta:g} worse {against} "
        f"(paired, error {asked.alpha:.0%}{several})."
    )


def margin(route: Route) -> str:
    """The margin in use, and what this bank could settle where that differs."""
    text = f"Margin {route.delta:g}"
    if route.delta != route.delta_asked:
        text += f", raised from {route.delta_asked:g} because the bank is small"
    if route.delta_achievable is not None:
        text += f"; a bank of this size can settle {route.delta_achievable:.3f}"
    return f"{text}. Error {route.alpha:.0%}. Figures of the pick: {FIGURES[route.figures]}."


def limits(organisation: Organisation) -> list[str]:
    """Floor, latency objective and policy in words, one a line."""
    lines = [] if organisation.floor is None else [f"Score of at least {organisation.floor:g}"]
    if organisation.p95_s is not None:
        lines.append(f"p95 of at most {organisation.p95_s:g} s, unless a task says otherwise")
    return [*lines, *(f"Only {text}" for text in _restrictions(organisation.policy))] or ["No restrictions"]


def _restrictions(policy: Policy) -> Iterable[str]:
    for what, allowed in (
        ("vendors", policy.vendors),
        ("regions", policy.regions),
        ("models cleared for data that is", policy.data_classes),
        ("licences", policy.licences),
    ):
        if allowed is not None:
            yield f"{what} {', '.join(allowed) or 'none'}"


def sentence(text: str) -> str:
    """A fragment as a sentence."""
    if not text:
        return ""
    return text[0].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")
