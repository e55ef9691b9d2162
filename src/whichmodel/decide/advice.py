"""The command that would settle what is open."""

from __future__ import annotations

from whichmodel.domain import Route, TaskCard


def command(route: Route, asked: int, card: TaskCard | None) -> tuple[str, ...]:
    """Lines to type: more items of the task; () = more items settle nothing.

    asked: items that the model asked most has been asked. card: the task's, None = it has none any more.
    """
    if route.more_items is None:
        return ()
    run = f"bench run --tasks {route.task}"
    if card is None or asked < card.count:
        return (run,)
    return (f"# first, in the task.yaml of {route.task}: count: {asked + route.more_items}", run)
