"""What would settle what is open, and the command for it."""

from __future__ import annotations

from dataclasses import dataclass

from whichmodel.decide.field import Field
from whichmodel.decide.outlook import more_items
from whichmodel.domain import TaskCard

MOST_ITEMS = 20_000
"""More items than that are no advice."""


def command(task: str, more: int | None, asked: int, card: TaskCard | None) -> tuple[str, ...]:
    """Lines to type for so many more items of a task; () = more items settle nothing.

    asked: items that the model asked most has been asked. card: the task's, None = it has none any more.
    """
    if more is None:
        return ()
    run = f"bench run --tasks {task}"
    if card is None or asked + more <= card.count:
        return (run,)
    return (f"# first, in the task.yaml of {task}: count: {asked + more}", run)


@dataclass(frozen=True, slots=True)
class Open:
    """A cheaper model that is neither shown good enough nor shown to be worse."""

    model: str
    more_items: int
    """That would probably certify it, if it is as good as measured, or as the reference."""


def open_models(field: Field, pick: int, items: int) -> tuple[Open, ...]:
    """Models that may be routed to, cost less than the routed one, and are still open; the nearest first.

    items: of the whole bank. Those that no number of items would probably certify are left out.
    """
    if field.race is not None or field.error_usd is not None or field.labels is not None:
        return ()
    found = []
    for m in field.usable:
        cheaper = field.contest.cost(m) < field.contest.cost(pick)
        if m == pick or not cheaper or field.passes(m) or field.inferior(m):
            continue
        more = more_items(field.contest, m, items, field.rule)
        if more is not None and more <= MOST_ITEMS:
            found.append(Open(field.names[m], more))
    return tuple(sorted(found, key=lambda each: (each.more_items, each.model)))
