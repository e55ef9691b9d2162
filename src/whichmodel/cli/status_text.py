"""What `bench status` prints: short parts under headings, the command that mends each under it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from rich.text import Text

from whichmodel.analyse.served import Served
from whichmodel.cli.output import answer, share, table, usd
from whichmodel.cli.served import words
from whichmodel.store import Panel, Race, Run
from whichmodel.views.cause import Cause
from whichmodel.views.commands import go_on, run
from whichmodel.views.inventory import Covered, New, Table
from whichmodel.views.spend import Spend

NAMED = 6
"""Names of tasks or models in a line; further ones are counted."""
LATEST = 5
"""Runs that are shown."""
MOST_TEXT = 200
"""Characters of an error's text."""


def coverage(rows: Sequence[Covered], panel: Panel) -> None:
    """A line a task."""
    if not rows:
        return
    _head("Coverage" + (", simulated" if panel == "simulated" else ""))
    headings = ["task", "models", "scored", "failed", "share", "last (UTC)"]
    cells = [
        [
            row.task,
            f"{row.models} of {'?' if row.configured is None else row.configured}",
            f"{row.scored:,}",
            f"{row.failed:,}",
            share(row.share),
            _minute(row.last),
        ]
        for row in rows
    ]
    answer(table(headings, cells, numbers=[1, 2, 3, 4], whole=[5]))


def cells(measured: Sequence[Mapping[str, Any]], panel: Panel) -> None:
    """A line a task and model. failed: attempts."""
    rows = [row for row in measured if row["simulated"] == (panel == "simulated")]
    if not rows:
        return
    _head("Cells" + (", simulated" if panel == "simulated" else ""))
    headings = ["task", "model", "scored", "failed tries", "spend", "last (UTC)"]
    answer(table(headings, [_cell(row) for row in rows], numbers=[2, 3, 4], whole=[1, 5]))


def _cell(row: Mapping[str, Any]) -> list[str]:
    unknown = [f"{row['unpriced']:,} unknown"] if row["unpriced"] else []
    known = [] if row["spend_usd"] is None else [usd(row["spend_usd"])]
    paid = " + ".join([*known, *unknown])
    return [
        row["task"],
        row["model"],
        f"{row['n']:,}",
        f"{row['failed']:,}",
        paid,
        _minute(row["last"]),
    ]


def spend(paid: Mapping[Panel, Spend]) -> None:
    """What was paid for answers and to judges, what was not paid again, what is unknown."""
    if not any(each.answers for each in paid.values()):
        return
    _head("Spend")
    for panel, each in paid.items():
        mark = " (simulated, not charged)" if panel == "simulated" else ""
        if each.answers:
            answer(f"{usd(each.answers_usd)} for {each.answers:,} answers{mark}.")
        if each.unknown:
            answer(f"Of unknown cost, in no sum: {each.unknown:,} answers{mark}; see `bench prices`.")
        if each.judges_usd or each.judges_unknown:
            unknown = f" + {each.judges_unknown} unknown" if each.judges_unknown else ""
            answer(f"Judges{mark}: {usd(each.judges_usd)}{unknown}.")
        if each.canaries:
            answer(f"Asked again by canaries{mark}, and in no standing: {each.canaries:,}.")
        if each.cached:
            answer(f"Taken from the response cache and not paid again: {each.cached:,}.")


def causes(found: Sequence[tuple[Panel, Cause]]) -> None:
    """What failed, by class of error, and the command that tries it again."""
    if not found:
        return
    _head("Failed")
    for panel, cause in found:
        mark = ", simulated" if panel == "simulated" else ""
        example = f": {cause.example[:MOST_TEXT]}" if cause.example else ""
        answer(f"{_cells(cause.cells)}{mark}, {cause.error_class}{example}")
        answer(f"    {_list(cause.models)} on {_list(cause.tasks)}")
        answer(f"    again: {cause.command}" if cause.command else "    None of them is configured any more.")


def served(found: Sequence[Served]) -> None:
    """Where another model replied than was asked for."""
    if found:
        _head("Replies of other models")
    for one in found:
        answer(words(one))


def tables(found: Sequence[Table]) -> None:
    """The routing tables; a stale one with the reason and what to do."""
    if not found:
        return
    _head("Routing tables")
    for one in found:
        mark = ", simulated" if one.simulated else ""
        when = f", decided {_minute(one.decided)}" if one.decided else ""
        until = f", until {one.expires:%Y-%m-%d}" if one.expires and not one.stale else ""
        stale = f": stale, {one.stale}" if one.stale else ""
        answer(f"{one.organisation}{mark}{when}{until}{stale}")
        if one.stale and one.command:
            answer(f"    {one.command}")


def new(found: New, *, real: bool) -> None:
    """Models that nobody has measured. real: something real was measured, so that the others stand out."""
    if not (found.configured and real) and not found.served:
        return
    _head("New models")
    if found.configured and real:
        answer(f"Configured, never measured: {_list(found.configured)}")
        answer(f"    {run(new_models=True)}")
    if found.served:
        answer(f"Served, not in bench.yaml: {_list([one.id for one in found.served])}")
        answer("    bench models discover --yaml")


def races(waiting: Sequence[Race]) -> None:
    """Each open race, and one command for all that go on together."""
    if not waiting:
        return
    _head("Open races")
    together: dict[tuple[str, bool, str], list[Race]] = {}
    for race in waiting:
        mark = ", simulated" if race.simulated else ""
        why = f" ({race.why})" if race.why else ""
        answer(
            f"Race open on {race.task} for {race.organisation}{mark}: at the look of {race.look:,} of "
            f"{len(race.items):,} items{why}."
        )
        together.setdefault((race.organisation, race.simulated, race.kind), []).append(race)
    for group in together.values():
        answer(f"Go on: {go_on(group)}")


def runs(found: Sequence[Run]) -> None:
    """The last runs, and how each ended."""
    if not found:
        return
    _head(f"Last {min(LATEST, len(found))} of {_count(len(found), 'run')}")
    headings = ["started (UTC)", "run", "scored", "failed", "ended"]
    rows = [
        [
            _minute(r.started_at),
            r.run_id,
            _number(r.done),
            _number(r.failed),
            r.reason or "cut off or running",
        ]
        for r in found[:LATEST]
    ]
    answer(table(headings, rows, numbers=[2, 3], whole=[1]))


def _head(words: str) -> None:
    answer(Text(f"\n{words}", style="bold"))


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def _number(value: int | None) -> str:
    return "-" if value is None else f"{value:,}"


def _cells(count: int) -> str:
    return _count(count, "cell")


def _count(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _list(names: Sequence[str]) -> str:
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {more:,} more" if more > 0 else "")
