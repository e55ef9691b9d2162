"""The route of one task: bar, contest, choose on three quarters of the items, report on the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from whichmodel.analyse.costs import mean_cost
from whichmodel.analyse.evidence import Evidence
from whichmodel.analyse.paired import pairs
from whichmodel.analyse.standings import vendor_of
from whichmodel.decide import reasons
from whichmodel.decide.contest import Contest
from whichmodel.decide.eligibility import Fitness, assess
from whichmodel.decide.figures import empty, filled, saved
from whichmodel.decide.outlook import Outlook, held_out, more_items, outlook
from whichmodel.domain import (
    DecisionRule,
    Model,
    Organisation,
    Route,
    RouteStatus,
    Standing,
    WhyNot,
    policy_reason,
)

MOST_FALLBACKS = 3


@dataclass(frozen=True, eq=False)
class Field:
    """Everything that a choice rests on. Models are columns of the evidence."""

    contest: Contest
    fitness: tuple[Fitness, ...]
    usable: tuple[int, ...]
    """Models that may be routed to."""
    proven: bool
    """The usable ones are shown to keep the latency objective."""
    outlook: Outlook
    incumbent: int | None

    @property
    def names(self) -> tuple[str, ...]:
        """Model ids by column."""
        return self.contest.evidence.models

    def doubt(self, m: int) -> WhyNot | None:
        """Why a usable model cannot be certified, whatever its score against others."""
        fitness = self.fitness[m]
        return fitness.doubt or (None if self.proven else fitness.unproven)

    def outscored(self, m: int) -> bool:
        """Whether a model that may not be used scores higher."""
        scores = [self.contest.score(j) for j, fit in enumerate(self.fitness) if fit.barred]
        return any(score > self.contest.score(m) for score in scores)

    def certified(self, m: int) -> bool:
        """Usable, open to no doubt, and shown as good as the reference."""
        return m in self.usable and self.doubt(m) is None and self.contest.passes(m)


@dataclass(frozen=True, slots=True)
class Choice:
    """A model, how sure that is, and what could not be told from it in cost."""

    pick: int
    status: RouteStatus
    ties: tuple[int, ...]
    more: int | None


def route(
    evidence: Evidence,
    standings: Sequence[Standing],
    models: Mapping[str, Model],
    organisation: Organisation,
) -> Route:
    """Decide one task for an organisation.

    standings: of this evidence. models: every configured one; those that were never measured on the task, but
    take it, are named as such.
    """
    held = held_out(len(evidence.items), organisation.rule)
    cut = len(evidence.items) - held
    choosing = evidence.rows(0, cut)
    field = _field(choosing, {s.model: s for s in standings}, models, organisation, len(evidence.items))
    absent = _absent(evidence, models, organisation)
    blank = empty(evidence, field.contest, organisation)
    if not field.usable:
        barred = tuple(fit.barred for fit in field.fitness if fit.barred)
        return replace(blank, why=reasons.nobody(barred), why_not=barred + absent)
    choice = _choose(field, organisation.rule, len(evidence.items))
    if evidence.judged:
        # More items do not settle what only human labels can.
        choice = replace(choice, status=RouteStatus.JUDGE_ONLY, more=None)
    fresh = evidence.rows(cut, len(evidence.items)) if held else evidence
    decided = _decided(blank, fresh, field, choice, models)
    return replace(
        decided,
        why=_why(evidence, fresh, field, choice, organisation),
        why_not=_why_not(field, choice) + absent,
        p95_s=next(s.p95_s for s in standings if s.model == decided.model),
        figures="holdout" if held else "in-sample",
    )


def _field(
    evidence: Evidence,
    standings: dict[str, Standing],
    models: Mapping[str, Model],
    organisation: Organisation,
    items: int,
) -> Field:
    """Bar, then set up the contest among those left with the margin that the bank allows."""
    names, rule = evidence.models, organisation.rule
    fitness = tuple(assess(evidence, standings, models.get(name), name, organisation) for name in names)
    allowed = tuple(m for m, fit in enumerate(fitness) if fit.barred is None)
    proven = tuple(m for m in allowed if fitness[m].unproven is None)
    usable = proven or allowed
    workload = organisation.workload(evidence.task, evidence.category)
    named = workload.incumbent if workload else None
    incumbent = names.index(named) if named in names else None
    correction = max(len(usable) - 1, 1) if rule.multiplicity == "bonferroni" else 1
    asked = Contest(
        evidence=evidence,
        pairs=pairs(evidence),
        rivals=usable,
        incumbent=incumbent if rule.reference == "incumbent" else None,
        bar=rule.min_quality if rule.reference == "min_quality" else None,
        delta=rule.delta,
        alpha=rule.alpha / correction,
    )
    view = outlook(asked, usable, items)
    return Field(replace(asked, delta=view.delta), fitness, usable, bool(proven), view, incumbent)


def _choose(field: Field, rule: DecisionRule, items: int) -> Choice:
    """The cheapest certified model, else the best estimate with what is missing."""
    contest = field.contest
    certified = [m for m in field.usable if field.certified(m)]
    if certified:
        pick, ties = contest.cheapest(certified)
        return Choice(pick, RouteStatus.CERTIFIED, ties, None)
    standing = [m for m in field.usable if not contest.inferior(m)] or list(field.usable)
    pick = field.incumbent if field.incumbent in standing else contest.best(standing)
    assert pick is not None
    reach = field.outlook.achievable
    enough = items >= rule.min_items and (reach is None or reach <= contest.delta)
    status = RouteStatus.PROVISIONAL if enough else RouteStatus.INSUFFICIENT
    return Choice(pick, status, (), more_items(contest, pick, items, rule))


def _decided(
    blank: Route, fresh: Evidence, field: Field, choice: Choice, models: Mapping[str, Model]
) -> Route:
    """The route without its reasons; its figures are those of `fresh`."""
    return replace(
        filled(blank, fresh, choice.pick, field.contest.best(field.usable)),
        status=choice.status,
        fallbacks=_fallbacks(field, choice, models),
        ties=tuple(sorted(field.names[m] for m in choice.ties)),
        delta_achievable=field.outlook.achievable,
        more_items=choice.more,
    )


def _why(
    evidence: Evidence, fresh: Evidence, field: Field, choice: Choice, organisation: Organisation
) -> str:
    contest, pick, rule = field.contest, choice.pick, organisation.rule
    if field.certified(pick):
        text = reasons.certified(
            contest, pick, _alternative(fresh, field, pick), rule.delta, outscored=field.outscored(pick)
        )
    elif evidence.judged:
        text = "best estimate"
    else:
        doubt = field.doubt(pick)
        doubts = [f"{field.names[pick]}: {doubt.text}"] if doubt else []
        enough = choice.status is not RouteStatus.INSUFFICIENT
        text = reasons.uncertified(doubts, choice.more, enough=enough)
    if evidence.judged:
        text += ", as scored by a model that no human labels check yet"
    workload = organisation.workload(evidence.task, evidence.category)
    named = workload.incumbent if workload else None
    if rule.reference == "incumbent" and named and field.incumbent is None:
        text += f" (today's {named} was not measured: compared with all instead)"
    return text


def _alternative(fresh: Evidence, field: Field, pick: int) -> reasons.Alternative | None:
    """What the routed model is set against: the best estimate, else the best other certified one.

    Else means: the best estimate is routed itself, or its cost is unknown and another one's is not.
    """
    contest, known = field.contest, field.contest.evidence.known_cost()
    certified = [m for m in field.usable if m != pick and field.certified(m)]
    others = [m for m in certified if known[m]] or certified
    best = contest.best(field.usable)
    if best == pick or (others and known[others[0]] and not known[best]):
        if not others:
            return None
        best = contest.best(others)
    return reasons.Alternative(best, saved(mean_cost(fresh, pick), mean_cost(fresh, best)))


def _fallbacks(field: Field, choice: Choice, models: Mapping[str, Model]) -> tuple[str, ...]:
    """Certified ones by cost, then those not shown inferior by score; the first from another vendor."""
    contest, names = field.contest, field.names
    others = [m for m in field.usable if m != choice.pick and not contest.inferior(m)]
    certified = sorted(
        (m for m in others if field.certified(m)),
        key=lambda m: (contest.cost(m), -contest.score(m), names[m]),
    )
    rest = sorted((m for m in others if m not in certified), key=lambda m: (-contest.score(m), names[m]))
    order = [*certified, *rest]
    vendor = vendor_of(names[choice.pick], models)
    foreign = [m for m in order if vendor_of(names[m], models) != vendor]
    if foreign:
        order.remove(foreign[0])
        order.insert(0, foreign[0])
    return tuple(names[m] for m in order[:MOST_FALLBACKS])


def _why_not(field: Field, choice: Choice) -> tuple[WhyNot, ...]:
    """A reason for every measured model but the routed one, the best score first."""
    order = sorted(range(len(field.names)), key=lambda m: (-field.contest.score(m), field.names[m]))
    found = [_reason(field, choice, m) for m in order if m != choice.pick]
    return tuple(reasons.with_difference(reason, field.contest, choice.pick) for reason in found)


def _reason(field: Field, choice: Choice, m: int) -> WhyNot:
    fitness, contest = field.fitness[m], field.contest
    barred = fitness.barred or (fitness.unproven if field.proven else None)
    if barred:
        return barred
    if not contest.passes(m):
        return reasons.not_as_good(contest, m)
    return field.doubt(m) or reasons.not_cheaper(contest, m, choice.pick, choice.ties)


def _absent(
    evidence: Evidence, models: Mapping[str, Model], organisation: Organisation
) -> tuple[WhyNot, ...]:
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
        found.append(WhyNot(name, "policy", forbidden) if forbidden else reasons.not_measured(model))
    return tuple(found)
