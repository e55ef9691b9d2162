"""A program for a terminal: the live table of a run of many cells, until a key is pressed.

`python many_cells.py TASKS MODELS`: the first model has ended everywhere, the second is under way, the
others wait. The key `q` ends it well, Ctrl-C as it ends a run.
"""

from __future__ import annotations

import select
import sys
import termios
from decimal import Decimal
from pathlib import Path

from whichmodel.cli.output import answer, note
from whichmodel.cli.progress import watcher
from whichmodel.domain import Bank, Item, Model, TaskCard
from whichmodel.plan import Plan, Work
from whichmodel.run.progress import Progress, Tally

ITEMS = 1200


def card(number: int) -> TaskCard:
    return TaskCard(
        name=f"a_task_with_a_long_name_{number:02d}",
        category="classification",
        title="",
        description="",
        version="1",
        licence="",
        source="",
        metric="",
        scorer="choice",
        options={"labels": ["red"]},
        folder=Path("."),
    )


def plan(tasks: int, models: int) -> Plan:
    items = tuple(Item(id=f"i{n}", input="?", target="red") for n in range(2))
    banks = [Bank(card(n), items, f"hash-{n}", None) for n in range(tasks)]
    names = [(f"vendor-{n}", f"model-of-some-size-{n}") for n in range(models)]
    asked = [Model(f"{vendor}/{name}", f"none/{name}", vendor) for vendor, name in names]
    return Plan(tuple(Work(bank, model, None) for bank in banks for model in asked), (), 0)


def progress(made: Plan) -> Progress:
    found = Progress(budget=Decimal(5), spent=Decimal("1.25"))
    first, second = made.work[0].model.id, made.work[1].model.id
    for work in made.work:
        tally = Tally(planned=ITEMS)
        if work.model.id == first:
            tally.done, tally.score_sum = ITEMS, ITEMS * 0.9
        elif work.model.id == second:
            tally.done, tally.failed, tally.retries, tally.score_sum = 300, 2, 5, 150.0
        found.tallies[work.bank.card.name, work.model.id] = tally
    return found


def main() -> None:
    made = plan(int(sys.argv[1]), int(sys.argv[2]))
    silent = termios.tcgetattr(0)
    silent[3] &= ~(termios.ECHO | termios.ICANON)
    termios.tcsetattr(0, termios.TCSANOW, silent)
    answer("before")
    try:
        with watcher(made, quiet=False) as watch:
            state = progress(made)
            while not (select.select([0], [], [], 0.05)[0] and sys.stdin.read(1) == "q"):
                watch(state)
            note("said meanwhile")
    except KeyboardInterrupt:
        note("interrupted")
    answer("after")


if __name__ == "__main__":
    main()
