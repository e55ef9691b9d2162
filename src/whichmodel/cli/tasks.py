"""`bench tasks`: what can be measured."""

from __future__ import annotations

import click

from whichmodel.cli.output import answer, document, table
from whichmodel.cli.project import Project, downloaded, project_options, split
from whichmodel.domain import TaskCard


@click.command(help="List the tasks: names, categories, globs or paths, or all of them.")
@click.argument("names", required=False, callback=split)
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@project_options
def command(project: Project, names: tuple[str, ...], as_json: bool) -> None:
    """List task cards, without importing any task's code."""
    project.read_environment()
    cards = project.cards(names)
    if as_json:
        document([_row(card) for card in cards])
        return
    rows = [[card.name, card.category, str(card.count), card.scorer, _what(card)] for card in cards]
    answer(table(["task", "category", "items", "scorer", "what"], rows, numbers=[2], whole=[1, 3]))


def _what(card: TaskCard) -> str:
    """The title; of a public set, where it is from and whether it is here."""
    if card.hub is None:
        return card.title
    return f"{card.title}, {card.items}{'' if downloaded(card) else ' (not downloaded)'}"


def _row(card: TaskCard) -> dict[str, object]:
    return {
        "name": card.name,
        "category": card.category,
        "title": card.title,
        "description": card.description,
        "items": card.count,
        "version": card.version,
        "scorer": card.scorer,
        "metric": card.metric,
        "licence": card.licence,
        "source": card.source,
        "hub": card.items if card.hub else None,
        "downloaded": downloaded(card),
        "sandbox": card.sandbox,
        "judged": card.judged,
        "folder": str(card.folder),
    }
