"""Each thing that can be wrong with measurements, found in a view, and the command that mends it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from whichmodel.analyse.served import Served
from whichmodel.analyse.standings import RANKED_COVERAGE
from whichmodel.analyse.unparsed import Unparsed
from whichmodel.domain import Standing
from whichmodel.store import Failing, Race, Unpriced
from whichmodel.views import commands
from whichmodel.views.board import View
from whichmodel.views.cause import Cause, by_cause
from whichmodel.views.coverage import Coverage
from whichmodel.views.served import replies
from whichmodel.views.unpriced import ADD, priced_by_now, why
from whichmodel.views.words import count

LATE = 0.05
"""Late answers for each item with a score above which p50 and p95 rest on noticeably fewer."""
CUT = "Raise its max_tokens in bench.yaml: it is another model then, and measured anew."
REFUSED = "Asked again it refuses again: read its answers under Compare, and route elsewhere."


class Kind(StrEnum):
    """What is wrong."""

    FAILED = "failed"
    MISSING = "missing"
    UNUSED = "in use, never measured"
    NEW = "new models"
    UNPARSED = "not readable"
    UNANSWERED = "refused or cut off"
    STALE = "old"
    UNPRICED = "without a price"
    SERVED = "another model replied"
    LATE = "bent latencies"
    RACE = "open race"


@dataclass(frozen=True, slots=True)
class Ill:
    """One thing that is wrong."""

    kind: Kind
    what: str
    """A sentence with its figures."""
    tasks: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    command: str = ""
    """What mends it, to be typed as it stands. "" = no command does."""
    first: str = ""
    """What is to be done before that, as a sentence. "" = nothing."""


@dataclass(frozen=True, slots=True)
class NoPrice:
    """A model whose cost is unknown to this organisation."""

    model: str
    tasks: tuple[str, ...]
    items: int
    """Items with a score and without a known cost to decide by."""
    why: str
    command: str


@dataclass(frozen=True, slots=True)
class Age:
    """How old the newest measurement of a task and model is."""

    task: str
    model: str
    last: datetime
    """UTC."""
    days: int
    stale: bool
    """Older than a routing table may be."""


def causes(view: View, rows: Iterable[Failing]) -> tuple[Cause, ...]:
    """Failures of the banks and settings that count now, by class of error, the most frequent first."""
    counted = {(s.task_hash, s.model, s.settings_hash) for s in view.standings}
    count = [row for row in rows if (row.task_hash, row.model, row.settings_hash) in counted]
    return by_cause(count, lambda group: again(view, [(row.task, row.model) for row in group]))


def again(view: View, pairs: Sequence[tuple[str, str]], *, canary: bool = False) -> str:
    """The command that asks these tasks and models; "" where none of them is there any more."""
    left = [(task, model) for task, model in pairs if model in view.models and _there(view, task)]
    if not left:
        return ""
    tasks, models = zip(*left, strict=True)
    return commands.run(set(tasks), set(models), simulated=view.simulated, canary=canary)


def ages(view: View, now: datetime) -> tuple[Age, ...]:
    """The age of each standing, the oldest first. now: with its time zone."""
    valid = view.organisation.rule.valid_days
    found = []
    for standing in view.standings:
        if standing.measured_to is not None:
            last = standing.measured_to.replace(tzinfo=now.tzinfo)
            days = max((now - last).days, 0)
            found.append(Age(standing.task, standing.model, last, days, days > valid))
    return tuple(sorted(found, key=lambda each: (each.last, each.task, each.model)))


def unpriced(view: View, rows: Sequence[Unpriced]) -> tuple[NoPrice, ...]:
    """Models with a score and without a known cost, at the organisation's own prices."""
    groups: dict[str, list[Standing]] = {}
    for standing in view.standings:
        if standing.n and standing.cost_per_1k_usd is None:
            groups.setdefault(standing.model, []).append(standing)
    return tuple(
        _no_price(view, model, group, [row for row in rows if row.model == model])
        for model, group in sorted(groups.items())
    )


def _no_price(view: View, model: str, group: Sequence[Standing], rows: Sequence[Unpriced]) -> NoPrice:
    reasons = dict.fromkeys(why(row, view.models) for row in rows)
    known = any(priced_by_now(row, view.models) for row in rows)
    return NoPrice(
        model=model,
        tasks=_names(standing.task for standing in group),
        items=sum(standing.n for standing in group),
        why="; ".join(reasons) or ADD,
        command=commands.REPRICE if known else commands.PRICES,
    )


def most(standings: Iterable[Standing], figure: Callable[[Standing], int]) -> tuple[Standing, ...]:
    """Standings of which a figure is not 0, the largest first."""
    found = [standing for standing in standings if figure(standing)]
    return tuple(sorted(found, key=lambda s: (-figure(s), s.task, s.model)))


def of_failures(found: Iterable[Cause]) -> Iterable[Ill]:
    """One a cause."""
    for cause in found:
        example = f": {cause.example}" if cause.example else ""
        what = f"{count(cause.cells, 'cell')} failed by {cause.error_class}{example}"
        gone = "" if cause.command else "None of these models is configured any more."
        yield Ill(Kind.FAILED, what, cause.tasks, cause.models, cause.command, gone)


def of_coverage(view: View, covered: Coverage) -> Iterable[Ill]:
    """What no run has asked, in full or at all; tasks in use and models that nobody measured."""
    not_asked = [cell for cell in covered.missing if cell.planned < cell.most]
    if not_asked:
        yield Ill(
            Kind.MISSING,
            f"{count(len(not_asked), 'pair')} of task and model not asked, or not in full",
            _names(cell.task for cell in not_asked),
            _names(cell.model for cell in not_asked),
            again(view, [(cell.task, cell.model) for cell in not_asked]),
        )
    if covered.unused:
        what = f"{view.organisation.title} uses what nobody has measured: {', '.join(covered.unused)}"
        command = commands.run(covered.unused, simulated=view.simulated)
        yield Ill(Kind.UNUSED, what, covered.unused, (), command)
    if covered.new:
        what = f"{count(len(covered.new), 'configured model')} never measured"
        command = commands.run(new_models=True) if not view.simulated else commands.run(simulated=True)
        yield Ill(Kind.NEW, what, (), covered.new, command)


def of_formats(view: View, found: Iterable[Unparsed]) -> Iterable[Ill]:
    """Models whose answers could often not be read, one an entry of a task."""
    for one in found:
        if one.many:
            yield Ill(
                Kind.UNPARSED,
                f"{one.share:.0%} of {one.n:,} answers of {one.model} on {one.task} could not be read "
                f"(95% interval {one.low:.0%} to {one.high:.0%})",
                (one.task,),
                (one.model,),
                again(view, [(one.task, one.model)]),
                "Its score may tell formats rather than answers: give it another output_mode in bench.yaml.",
            )


def of_unanswered(view: View, found: Iterable[Standing]) -> Iterable[Ill]:
    """Standings that are not ranked for what was refused or cut off."""
    for one in found:
        if one.refused + one.truncated > (1 - RANKED_COVERAGE) * one.planned:
            cut = one.truncated > one.refused
            first = CUT if cut else REFUSED
            yield Ill(
                Kind.UNANSWERED,
                f"{one.model} on {one.task}: {one.refused:,} refused and {one.truncated:,} cut off of "
                f"{one.planned:,}, so it is not ranked",
                (one.task,),
                (one.model,),
                again(view, [(one.task, one.model)]) if cut else "",
                first,
            )


def of_age(view: View, found: Iterable[Age]) -> Iterable[Ill]:
    """All that is older than a table may be; a canary tells whether it still holds."""
    old = [age for age in found if age.stale]
    if old:
        yield Ill(
            Kind.STALE,
            f"{count(len(old), 'measurement')} older than {view.organisation.rule.valid_days} days, "
            f"the oldest of {old[0].last:%d %b %Y}",
            _names(age.task for age in old),
            _names(age.model for age in old),
            again(view, [(age.task, age.model) for age in old], canary=True),
        )


def of_prices(found: Iterable[NoPrice]) -> Iterable[Ill]:
    """Models that no route can be cheap with, since nobody knows what they cost."""
    for one in found:
        what = f"{one.model}: cost unknown on {count(len(one.tasks), 'task')}; {one.why}"
        yield Ill(Kind.UNPRICED, what, one.tasks, (one.model,), one.command)


def of_replies(view: View, found: Iterable[Served]) -> Iterable[Ill]:
    """Models in whose place another one replied; a canary tells whether it still does."""
    for one in found:
        pair = [(one.task, one.model)]
        what = f"{one.model} on {one.task}: {replies(one)}"
        yield Ill(Kind.SERVED, what, (one.task,), (one.model,), again(view, pair, canary=True))


def of_clocks(view: View, found: Iterable[Standing]) -> Iterable[Ill]:
    """Latencies that the measuring program bent itself."""
    bent = [one for one in found if one.p95_s is None or one.late > LATE * one.n]
    if bent:
        tasks, models = _names(one.task for one in bent), _names(one.model for one in bent)
        yield Ill(
            Kind.LATE,
            f"{sum(one.late for one in bent):,} answers of {count(len(bent), 'pair')} of task and model "
            "are in no p50 and p95, since the measuring program was late itself",
            tasks,
            models,
            commands.latency(tasks, models),
        )


def of_races(found: Sequence[Race]) -> Iterable[Ill]:
    """Races that stand still."""
    for race in found:
        why_open = f" ({race.why})" if race.why else ""
        what = f"Race on {race.task} at {race.look:,} of {count(len(race.items), 'item')}{why_open}"
        yield Ill(Kind.RACE, what, (race.task,), race.models, commands.go_on([race]))


def _there(view: View, task: str) -> bool:
    """Whether a task can be asked: it has a card. Where no card is known, nobody can tell."""
    return not view.cards or task in view.cards


def _names(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(names)))
