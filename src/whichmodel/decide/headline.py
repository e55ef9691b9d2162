"""The sentence of a route: "same quality, 84% cheaper than X", or what is missing."""

from __future__ import annotations

import math
from dataclasses import dataclass

from whichmodel.analyse.costs import mean_cost
from whichmodel.analyse.evidence import Evidence
from whichmodel.decide.choice import Choice
from whichmodel.decide.contest import Contest
from whichmodel.decide.field import Field
from whichmodel.decide.figures import saved
from whichmodel.decide.words import about, points, share, usd
from whichmodel.domain import RouteStatus, WhyNot


@dataclass(frozen=True, slots=True)
class Alternative:
    """A model that one might use in place of the routed one, and the saving against it; None = unknown."""

    model: int
    saving: float | None


def headline(field: Field, choice: Choice, fresh: Evidence, named: str | None) -> str:
    """Why the routed model is the route. fresh: what figures are told of. named: today's model, if any."""
    pick = choice.pick
    if choice.challenger is not None:
        text = _stays(field, choice, choice.challenger, fresh)
    elif field.certified(pick):
        text = _certified(field, choice, fresh)
    elif choice.status is RouteStatus.JUDGE_ONLY:
        text = "best estimate"
    else:
        text = _uncertified(field, choice)
    text += _judged(field, pick)
    if field.rule.reference == "incumbent" and named and field.incumbent is None:
        text += f" (today's {named} was not measured: compared with all instead)"
    return text


def nobody(barred: tuple[WhyNot, ...]) -> str:
    """Why there is no route at all: how many models each reason excludes."""
    counts: dict[str, int] = {}
    for reason in barred:
        counts[reason.reason] = counts.get(reason.reason, 0) + 1
    said = {"policy": "barred by policy", "not configured": "not configured in bench.yaml"}
    return "no model may be used: " + ", ".join(f"{n} {said.get(why, why)}" for why, n in counts.items())


def _certified(field: Field, choice: Choice, fresh: Evidence) -> str:
    contest, pick = field.contest, choice.pick
    if field.stakes is not None and (field.race is None or field.race.expected):
        return _expected(field, pick)
    if len(contest.rivals) == 1 and contest.bar is None and contest.incumbent is None:
        return "single: the only model that may be used here"
    other = _alternative(field, pick, fresh)
    text = _quality(field, pick, other)
    if other is not None:
        text += _saving(contest, pick, other)
    asked = field.rule.delta
    if contest.delta > asked and contest.opponents(pick):
        text += f" (within {points(contest.delta)}: too few items for the {points(asked)} asked for)"
    return text


def _stays(field: Field, choice: Choice, challenger: int, fresh: Evidence) -> str:
    """A challenger is cheaper, and has not been so often enough."""
    names, runs = field.names, len(choice.challenger_runs)
    saving = saved(mean_cost(fresh, challenger), mean_cost(fresh, choice.pick))
    cheaper = "cheaper" if saving is None else f"{share(saving)} cheaper"
    if field.error_usd is not None:
        cheaper = "cheaper with its errors"
    times = "one run" if runs == 1 else f"{runs} runs"
    return (
        f"{names[choice.pick]} stays: {names[challenger]} is as good and {cheaper}, "
        f"shown in {times} of the {field.rule.switch.runs} that it takes to change"
    )


def _expected(field: Field, pick: int) -> str:
    stakes = field.stakes
    assert stakes is not None
    cost, error = usd(stakes.cost(pick) * 1000), usd(stakes.error_usd)
    return (
        f"least expected cost: {cost} for 1,000 requests with errors at {error} each; the best with "
        f"{share(round(stakes.probability_best(pick), 2))}, expected loss {usd(stakes.loss(pick) * 1000)}"
    )


def _quality(field: Field, pick: int, other: Alternative | None) -> str:
    contest, names = field.contest, field.names
    if contest.bar is not None:
        return f"reaches {share(contest.bar)}"
    if contest.incumbent is not None and contest.incumbent != pick:
        return f"as good as today's {names[contest.incumbent]}"
    if contest.incumbent is not None:
        return "today's model, and nothing cheaper is shown to be as good"
    if other is not None:
        return "same quality"
    among = " of the models that may be used" if field.outscored(pick) else ""
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


def _alternative(field: Field, pick: int, fresh: Evidence) -> Alternative | None:
    """What the routed model is set against: the best estimate, else the best other certified one.

    Else means: the best estimate is routed itself, or its cost is unknown and another one's is not.
    """
    known = field.contest.evidence.known_cost()
    certified = [m for m in field.usable if m != pick and field.certified(m)]
    others = [m for m in certified if known[m]] or certified
    best = field.best(field.usable)
    if best == pick or (others and known[others[0]] and not known[best]):
        if not others:
            return None
        best = field.best(others)
    return Alternative(best, saved(mean_cost(fresh, pick), mean_cost(fresh, best)))


def _uncertified(field: Field, choice: Choice) -> str:
    """The headline where nothing is certified."""
    if field.race is not None and field.race.is_open:
        return "best estimate, not certified: its race is open, and `bench run --until-decided` goes on"
    settle = f"{about(choice.more)} would settle it" if choice.more else ""
    if choice.status is RouteStatus.INSUFFICIENT:
        return f"cannot tell yet: {settle}" if settle else "cannot tell yet: the bank is too small"
    doubt = field.doubt(choice.pick)
    if doubt:
        why = f"{field.names[choice.pick]}: {doubt.text}"
    elif field.error_usd is not None:
        why = _not_least(field, choice.pick)
    else:
        why = "no model is shown as good as the others"
    return f"best estimate, not certified: {why}" + (f"; {settle}" if settle else "")


def _not_least(field: Field, pick: int) -> str:
    if field.stakes is None:
        return "no model's cost is known, so no expected cost is"
    best = share(round(field.stakes.probability_best(pick), 2))
    return f"its expected cost is the least with {best}, expected loss {usd(field.stakes.loss(pick) * 1000)}"


def _judged(field: Field, pick: int) -> str:
    """What human labels say of a judged task, or how many are missing."""
    if field.labels is None:
        return ""
    own, needed = int(field.labels[pick, pick]), field.rule.judge.min_for_certified
    if field.contest.evidence.human is not None and not field.unlabelled(pick):
        return f", put right by {own:,} human labels"
    if not field.labels.any():
        return ", as scored by a model that no human labels check yet"
    lacking = [m for m in (pick, *field.contest.opponents(pick)) if field.labels[m, m] < needed]
    if not lacking:
        return f", as scored by a model: fewer than {needed:,} human labels are of the same items"
    worst = needed - min(int(field.labels[m, m]) for m in lacking)
    whom = field.names[lacking[0]] if len(lacking) == 1 else f"{len(lacking)} models"
    return f", as scored by a model: up to {worst:,} human labels are missing for {whom}"
