"""`bench compare A B`: the paired difference of two models, task by task."""

from __future__ import annotations

from dataclasses import asdict

import click

from whichmodel.analyse.compare import Comparison
from whichmodel.analyse.ratio import Ratio
from whichmodel.cli.decision import measured_tasks
from whichmodel.cli.output import answer, document, table
from whichmodel.cli.project import Project, project_options, split
from whichmodel.errors import UnknownName, UsageError
from whichmodel.views import words
from whichmodel.views.comparison import comparisons

HEADINGS = ("task", "verdict", "A - B [95%]", "n", "A better", "B better", "cost A/B [95%]", "p95 A/B [95%]")


@click.command(help="Two models side by side: paired difference with its interval, and a verdict.")
@click.argument("a")
@click.argument("b")
@click.option("--task", "--tasks", "tasks", callback=split, help="Tasks; default: all both were measured on.")
@click.option("--org", help="Organisation whose margin decides; default: default_organisation.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@project_options
def command(project: Project, a: str, b: str, tasks: tuple[str, ...], org: str | None, as_json: bool) -> None:
    """Compare on the items that both models have a score on."""
    organisation = project.config.organisation(org)
    source = project.source()
    panel = project.stored_panel(source.reader)
    asked = source.reader.measured_on(panel)
    names = measured_tasks(project, tasks, asked) if tasks else None
    measured = {model for models in asked.values() for model in models}
    for name in (a, b):
        if name not in measured:
            raise UnknownName.of("measured model", name, measured, where="bench compare")
    found = [pair.found for pair in comparisons(source, organisation, panel, a, b, tasks=names)]
    if not found:
        raise UsageError(
            f"No task was measured with both {a} and {b}.",
            where="bench compare",
            remedy=f"Measure both: bench run --models {a},{b}",
        )
    if as_json:
        document([asdict(c) for c in found])
        return
    answer(f"A = {a}, B = {b}; difference = A - B on the same items.")
    answer(table(HEADINGS, [_row(c) for c in found], numbers=[3, 4, 5, 6, 7]))
    for c in found:
        if c.more_items:
            answer(f"{c.task}: about {c.more_items:,} more items would settle it within {c.delta:g}.")


def _row(c: Comparison) -> list[str]:
    if c.difference is None or c.low is None or c.high is None:
        difference = "-"
    else:
        difference = f"{c.difference:+.3f} [{c.low:+.3f}, {c.high:+.3f}]"
    return [
        c.task,
        c.verdict,
        difference,
        str(c.n),
        str(len(c.a_better)),
        str(len(c.b_better)),
        _ratio(c.cost_ratio),
        _ratio(c.p95_ratio),
    ]


def _ratio(ratio: Ratio | None) -> str:
    if ratio is None:
        return "unknown"
    return f"{words.times(ratio.value)} [{words.ends(ratio.low, ratio.high, ', ')}]"
