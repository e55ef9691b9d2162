"""The route of one task: bar, contest, choose on three quarters of the items, report on the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from whichmodel.analyse.evidence import NOT_ASKED, Codes, Evidence
from whichmodel.analyse.standings import vendor_of
from whichmodel.decide import labelling, reasons
from whichmodel.decide.choice import Choice, choose
from whichmodel.decide.field import Field, survey
from whichmodel.decide.figures import empty, filled, timed
from whichmodel.decide.headline import headline, nobody
from whichmodel.decide.outlook import held_out
from whichmodel.decide.race import Settled
from whichmodel.decide.switch import Today, held, shares, today
from whichmodel.domain import Model, Organisation, Route, Standing

MOST_FALLBACKS = 3


@dataclass(frozen=True, eq=False)
class Decided:
    """A route and what it rests on."""

    route: Route
    field: Field
    choice: Choice | None
    """None = no model may be routed to."""
    items: int
    """Of the whole bank, the holdout among them."""


def route(
    evidence: Evidence,
    standings: Sequence[Standing],
    models: Mapping[str, Model],
    organisation: Organisation,
    *,
    previous: Route | None = None,
    race: Settled | None = None,
) -> Route:
    """Decide one task for an organisation: the route of `decided`."""
    return decided(evidence, standings, models, organisation, previous=previous, race=race).route


def decided(
    evidence: Evidence,
    standings: Sequence[Standing],
    models: Mapping[str, Model],
    organisation: Organisation,
    *,
    previous: Route | None = None,
    race: Settled | None = None,
) -> Decided:
    """Decide one task for an organisation, with what the decision rests on.

    standings: of this evidence. models: every configured one; those that were never measured on the task, but
    take it, are named as such. previous: the task's route in the last table, which does not change for
    nothing. race: how the task's race ended. It decides in place of the test on the whole bank, unless its
    winner may not be used any more.
    """
    items, common = len(evidence.items), labelling.in_common(evidence)
    evidence = labelling.with_usable_labels(evidence, common, organisation.rule)
    standing = {s.model: s for s in standings}
    labels = common if evidence.judged else None
    field, held_items = _surveyed(evidence, standing, models, organisation, labels, race)
    blank = empty(evidence, field.contest, organisation)
    absent = reasons.absent(evidence, models, organisation)
    workload = organisation.workload(evidence.task, evidence.category)
    before = today(evidence, previous, workload.incumbent if workload else None)
    if not field.usable:
        barred = tuple(fit.barred for fit in field.fitness if fit.barred)
        none = replace(blank, why=nobody(barred), why_not=barred + absent, incumbent=before.holder)
        return Decided(none, field, None, items)
    choice = held(field, choose(field, items), before)
    fresh = _fresh(evidence, field, choice, held_items)
    found = replace(
        _filled(blank, fresh, field, choice, models, before),
        why=headline(field, choice, fresh, before.named),
        why_not=reasons.why_not(field, choice) + absent,
        figures="holdout" if held_items else "in-sample",
    )
    found = timed(found, evidence, standing[str(found.model)].p95_s)
    split = shares(field, str(found.model), found.incumbent, workload.rollout if workload else None)
    return Decided(replace(found, split=split), field, choice, items)


def _surveyed(
    evidence: Evidence,
    standings: Mapping[str, Standing],
    models: Mapping[str, Model],
    organisation: Organisation,
    labels: Codes | None,
    race: Settled | None,
) -> tuple[Field, int]:
    """The field, and how many items are kept from the choice.

    A race chose its items itself, and labels are too few to keep some: neither leaves a holdout.
    """
    items = len(evidence.items)
    if race is not None:
        whole = replace(evidence, human=None)
        field = survey(whole, standings, models, organisation, items=items, labels=labels, race=race)
        if race.model in {field.names[m] for m in field.usable}:
            return field, 0
    kept = 0 if evidence.human is not None else held_out(items, organisation.rule)
    choosing = evidence.rows(0, items - kept)
    return survey(choosing, standings, models, organisation, items=items, labels=labels), kept


def _fresh(evidence: Evidence, field: Field, choice: Choice, held_items: int) -> Evidence:
    """The items that figures are told of: the holdout, else all; of a race, those that both were asked."""
    items = len(evidence.items)
    if held_items:
        return evidence.rows(items - held_items, items)
    if field.race is None:
        return evidence
    both = [choice.pick, field.best(field.usable)]
    asked = (field.contest.evidence.state[:, both] != NOT_ASKED).all(axis=1)
    return field.contest.evidence.rows(0, max(int(asked.sum()), 1))


def _filled(
    blank: Route,
    fresh: Evidence,
    field: Field,
    choice: Choice,
    models: Mapping[str, Model],
    before: Today,
) -> Route:
    """The route without its reasons; its figures are those of `fresh`."""
    by_labels = field.labels is not None and field.contest.evidence.human is not None
    waits = None if choice.challenger is None else field.names[choice.challenger]
    return replace(
        filled(blank, fresh, choice.pick, field.best(field.usable)),
        status=choice.status,
        fallbacks=_fallbacks(field, choice, models),
        ties=tuple(sorted(field.names[m] for m in choice.ties)),
        delta_achievable=field.outlook.achievable if field.race is None else None,
        more_items=choice.more,
        incumbent=before.incumbent(field.names[choice.pick]),
        challenger=waits,
        challenger_runs=choice.challenger_runs,
        labels=int(field.labels[choice.pick, choice.pick]) if by_labels and field.labels is not None else 0,
        raced=field.race is not None,
    )


def _fallbacks(field: Field, choice: Choice, models: Mapping[str, Model]) -> tuple[str, ...]:
    """Certified ones by cost, then those not shown inferior by score; the first from another vendor."""
    contest, names = field.contest, field.names
    others = [m for m in field.usable if m != choice.pick and not field.inferior(m)]
    certified = sorted(
        (m for m in others if field.certified(m)),
        key=lambda m: (_price(field, m), -contest.score(m), names[m]),
    )
    rest = sorted((m for m in others if m not in certified), key=lambda m: (-contest.score(m), names[m]))
    order = [*certified, *rest]
    vendor = vendor_of(names[choice.pick], models)
    foreign = [m for m in order if vendor_of(names[m], models) != vendor]
    if foreign:
        order.remove(foreign[0])
        order.insert(0, foreign[0])
    return tuple(names[m] for m in order[:MOST_FALLBACKS])


def _price(field: Field, m: int) -> float:
    """What certified models are ordered by: the expected cost where errors are priced, else the cost."""
    return field.stakes.cost(m) if field.stakes and m in field.stakes.models else field.contest.cost(m)
