"""Why this model, and why not each of the others, in words with their figures."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from whichmodel.analyse.evidence import Evidence
from whichmodel.decide.choice import Choice
from whichmodel.decide.contest import Contest
from whichmodel.decide.field import Field
from whichmodel.decide.race import Fate, Verdict
from whichmodel.decide.words import against, measured, points, share, usd
from whichmodel.domain import Model, Organisation, WhyNot, policy_reason


def why_not(field: Field, choice: Choice) -> tuple[WhyNot, ...]:
    """A reason for every measured model but the routed one, the best score first."""
    order = sorted(range(len(field.names)), key=lambda m: (-field.contest.score(m), field.names[m]))
    found = [_reason(field, choice, m) for m in order if m != choice.pick]
    return tuple(with_difference(reason, field.contest, choice.pick) for reason in found)


def absent(evidence: Evidence, models: Mapping[str, Model], organisation: Organisation) -> tuple[WhyNot, ...]:
    """Configured models that take this task and have no outcome on it: forbidden, or not measured."""
    kinds = {models[name].answers for name in evidence.models if name in models}
    topics = {evidence.task, evidence.category}
    found = []
    for name, model in sorted(models.items()):
        if (
            name in evidence.models
            or model.answers not in kinds
            or (model.tasks and not topics & set(model.tasks))
        ):
            continue
        forbidden = policy_reason(model, organisation.policy)
        found.append(WhyNot(name, "policy", forbidden) if forbidden else not_measured(model))
    return tuple(found)


def _reason(field: Field, choice: Choice, m: int) -> WhyNot:
    fitness, contest = field.fitness[m], field.contest
    # A race leaves most models long before they could prove a latency: what ended it for them comes first.
    ended_by_race = field.race is not None and not field.passes(m)
    unproven = None if ended_by_race or not field.proven else fitness.unproven
    if barred := fitness.barred or unproven:
        return barred
    if not field.passes(m):
        return _not_passed(field, m)
    if doubt := field.doubt(m):
        return doubt
    if lacking := field.unlabelled(m) if contest.evidence.human is not None else 0:
        return WhyNot(field.names[m], "few labels", f"{lacking:,} human labels are missing to certify it")
    if choice.challenger is not None or contest.cost(m) < contest.cost(choice.pick):
        waiting = _waits(field, choice, m)
        if waiting is not None:
            return waiting
    if field.stakes is not None:
        return _dearer_with_errors(field, m, choice.pick)
    return not_cheaper(contest, m, choice.pick, choice.ties)


def _not_passed(field: Field, m: int) -> WhyNot:
    race = field.race
    if race is not None and not race.expected:
        fate = next((fate for fate in race.fates if fate.model == field.names[m]), None)
        if fate is None:
            return WhyNot(field.names[m], "not shown non-inferior", "took no part in the race")
        return _raced(field, fate)
    if field.error_usd is not None:
        named = race.model if race is not None else None
        return _dearer_with_errors(field, m, None if named is None else field.names.index(named))
    return not_as_good(field.contest, m)


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


def _waits(field: Field, choice: Choice, m: int) -> WhyNot | None:
    """Why a certified model that costs less is not taken: today's stays until that is shown often enough."""
    name, stays, rule = field.names[m], field.names[choice.pick], field.rule.switch
    paid, cost = field.contest.cost(choice.pick), field.contest.cost(m)
    if m == choice.challenger:
        runs = len(choice.challenger_runs)
        times = "one run" if runs == 1 else f"{runs} runs"
        cheaper = f"{share(1 - cost / paid)} cheaper than" if cost < paid else "of less expected cost than"
        return WhyNot(name, "waits", f"as good, and {cheaper} {stays} in {times}; {rule.runs} are needed")
    if m in choice.ties or cost >= paid:
        return None
    text = f"as good, at {cost / paid:.2f} times the cost: {stays} gives way at {share(rule.saving)} less"
    return WhyNot(name, "waits", text)


def _dearer_with_errors(field: Field, m: int, pick: int | None) -> WhyNot:
    """What a model's expected cost is beside the least."""
    name, stakes = field.names[m], field.stakes
    if stakes is None or m not in stakes.models:
        return WhyNot(name, "unknown cost", "its cost is unknown, so its expected cost is never the least")
    least = stakes.best if pick is None else pick
    more = stakes.cost(m) - stakes.cost(least)
    chance = share(round(stakes.probability_best(m), 2))
    text = (
        f"expected to cost {usd(abs(more) * 1000)} {'more' if more >= 0 else 'less'} for 1,000 requests "
        f"than {field.names[least]}, errors included; the best with {chance}"
    )
    return WhyNot(name, "inferior" if field.inferior(m) else "dearer", text)


def _not_its_turn(field: Field) -> str:
    assert field.race is not None
    if field.race.is_open:
        return "the race is open, and its turn has not come"
    return "a cheaper one was certified first"


def _raced(field: Field, fate: Fate) -> WhyNot:
    """How the race ended for a model that it did not certify."""
    against_whom = f" against {fate.against}" if fate.against else ""
    after = f"stopped after {fate.items:,} items"
    delta = points(field.contest.delta)
    reason, text = {
        Verdict.INFERIOR: ("inferior", f"{after}: shown to be worse by more than {delta}{against_whom}"),
        Verdict.FUTILE: (
            "not shown non-inferior",
            f"{after}: the rest of the bank would hardly show it within {delta}{against_whom}",
        ),
        Verdict.FAILED: ("low coverage", f"{after}: too many of its items have no score"),
        Verdict.NOT_RACED: ("not raced", f"{fate.items:,} items measured: {_not_its_turn(field)}"),
    }.get(
        fate.verdict,
        ("not shown non-inferior", f"{fate.items:,} items do not show it within {delta}{against_whom}"),
    )
    return WhyNot(fate.model, reason, text)
