"""Why this model, and why not each of the others, in words with their figures."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from whichmodel.decide.contest import Contest
from whichmodel.decide.words import about, against, measured, points, share, usd
from whichmodel.domain import Model, WhyNot


def with_difference(reason: WhyNot, contest: Contest, pick: int) -> WhyNot:
    """The reason with the model's paired difference against the routed one, where both were measured."""
    if reason.model not in contest.evidence.models:
        return reason
    found = contest.pairs.difference(contest.evidence.column(reason.model), pick)
    if found is None:
        return reason
    return replace(reason, difference=found.mean, low=found.low, high=found.high, n=found.n)


def not_as_good(contest: Contest, m: int) -> WhyNot:
    """Why a model that may be used is not shown as good as the reference."""
    name, inferior = contest.evidence.models[m], contest.inferior(m)
    reason = "inferior" if inferior else "not shown non-inferior"
    if contest.bar is not None:
        found = f"score {contest.score(m):.1%} is {'below' if inferior else 'not shown to reach'}"
        return WhyNot(name, reason, f"{found} the bar of {share(contest.bar)}")
    opponent = contest.hardest(m)
    if opponent is None:
        return WhyNot(name, reason, "nothing to compare it with")
    other = contest.evidence.models[opponent]
    difference = contest.pairs.difference(m, opponent)
    if difference is None:
        return WhyNot(name, reason, f"no item has a score of both it and {other}")
    found = f"{against(difference, other)} ({measured(difference)})"
    verdict = "shown to be worse by more than" if inferior else "not shown to be within"
    return WhyNot(name, reason, f"{found}: {verdict} {points(contest.delta)}")


def not_cheaper(contest: Contest, m: int, pick: int, ties: tuple[int, ...]) -> WhyNot:
    """Why a certified model is not taken: what it costs beside the routed one."""
    names = contest.evidence.models
    cost, paid = contest.cost(m), contest.cost(pick)
    if math.isinf(cost):
        return WhyNot(
            names[m], "unknown cost", "as good, but its cost is unknown, so it is never called cheaper"
        )
    if m in ties:
        return WhyNot(
            names[m], "dearer", f"a tie: its cost cannot be told from {names[pick]}, which comes first"
        )
    if paid == 0:
        return WhyNot(
            names[m], "dearer", f"as good, at {usd(cost * 1000)} for 1,000 requests against nothing"
        )
    return WhyNot(names[m], "dearer", f"as good, at {cost / paid:.1f} times the cost")


def not_measured(model: Model) -> WhyNot:
    """A configured model that has no outcome on this task."""
    return WhyNot(model.id, "not measured", "no outcome on this task yet")


def nobody(barred: tuple[WhyNot, ...]) -> str:
    """Why there is no route at all: how many models each reason excludes."""
    counts: dict[str, int] = {}
    for reason in barred:
        counts[reason.reason] = counts.get(reason.reason, 0) + 1
    said = {"policy": "barred by policy"}
    return "no model may be used: " + ", ".join(f"{n} {said.get(why, why)}" for why, n in counts.items())


@dataclass(frozen=True, slots=True)
class Alternative:
    """A model that one might use in place of the routed one, and the saving against it; None = unknown."""

    model: int
    saving: float | None


def certified(
    contest: Contest, pick: int, other: Alternative | None, delta_asked: float, *, outscored: bool
) -> str:
    """The headline of a certified route: "same quality, 84% cheaper than X".

    other: the best estimate, or where that is routed itself the next certified one; None = there is none.
    outscored: a model that may not be used has a higher score.
    """
    if len(contest.rivals) == 1 and contest.bar is None and contest.incumbent is None:
        return "single: the only model that may be used here"
    text = _quality(contest, pick, other, outscored=outscored)
    if other is not None:
        text += _saving(contest, pick, other)
    if contest.delta > delta_asked and contest.opponents(pick):
        text += f" (within {points(contest.delta)}: too few items for the {points(delta_asked)} asked for)"
    return text


def _quality(contest: Contest, pick: int, other: Alternative | None, *, outscored: bool) -> str:
    names = contest.evidence.models
    if contest.bar is not None:
        return f"reaches {share(contest.bar)}"
    if contest.incumbent is not None and contest.incumbent != pick:
        return f"as good as today's {names[contest.incumbent]}"
    if contest.incumbent is not None:
        return "today's model, and nothing cheaper is shown to be as good"
    if other is not None:
        return "same quality"
    among = " of the models that may be used" if outscored else ""
    return f"best score{among}, and no other is shown to be as good"


def _saving(contest: Contest, pick: int, other: Alternative) -> str:
    name, saving = contest.evidence.models[other.model], other.saving
    if saving is None:
        unknown = contest.evidence.models[pick] if math.isinf(contest.cost(pick)) else name
        return f"; the saving against {name} is unknown, as the cost of {unknown} is"
    if saving == 1:
        return f", free, where {name} is not"
    if abs(saving) < 0.005:
        return f", at the cost of {name}"
    return f", {share(abs(saving))} {'cheaper' if saving > 0 else 'dearer'} than {name}"


def uncertified(doubts: list[str], more: int | None, *, enough: bool) -> str:
    """The headline where nothing is certified. enough: the bank is large enough to have told."""
    settle = f"{about(more)} would settle it" if more else ""
    if not enough:
        return f"cannot tell yet: {settle}" if settle else "cannot tell yet: the bank is too small"
    why = doubts[0] if doubts else "no model is shown as good as the others"
    return f"best estimate, not certified: {why}" + (f"; {settle}" if settle else "")
