"""`bench task new`: a task of one's own from a table, without code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import click

from whichmodel.cli.output import answer, document
from whichmodel.cli.project import Project, project_options
from whichmodel.domain import CATEGORIES, TaskCard
from whichmodel.errors import UnknownName, UsageError
from whichmodel.registry import all_cards
from whichmodel.registry.card_file import Name
from whichmodel.registry.own import FILES, Columns, Draft, Source, choose, drafted, infer, opened, write
from whichmodel.registry.own.draft import MOST
from whichmodel.scoring import SCORERS


@dataclass(frozen=True, slots=True)
class Options:
    """The flags of `task new`."""

    name: str
    place: str
    category: str | None
    scorer: str | None
    prompt_column: str | None
    answer_column: str | None
    id_column: str | None
    stratum_column: str | None
    template: str | None
    title: str | None
    licence: str | None
    hub_config: str | None
    split: str
    revision: str | None
    force: bool
    as_json: bool


@click.command(help="Make a task from a CSV, TSV, JSON lines or Parquet file, or from a set on the hub.")
@click.argument("name")
@click.option("--from", "place", required=True, help="The table: a file, or hf://organisation/name.")
@click.option("--category", type=click.Choice(CATEGORIES), help="Default: what the scorer mostly goes with.")
@click.option("--scorer", help="Default: found from the answers, and said.")
@click.option("--prompt-column", help="Holds the question; default: found by its name.")
@click.option("--answer-column", help="Holds the right answer; default: found by its name.")
@click.option("--id-column", help="Default: found by its name, else rows are numbered.")
@click.option("--stratum-column", help="Says to which part of the task a row belongs.")
@click.option("--template", help='The prompt, such as "{text}\\n\\nWhich team?"; {column} is replaced.')
@click.option("--title", help="Default: the name.")
@click.option("--licence", help="Of the data; default: what the hub says, else 'not stated'.")
@click.option("--hub-config", help="Configuration of a set on the hub; default: its only or default one.")
@click.option("--split", default="test", show_default=True, help="Split of a set on the hub.")
@click.option("--revision", help="Commit of a set on the hub; default: today's.")
@click.option("--force", is_flag=True, help="Replace the task's card, items and README.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@project_options
def command(project: Project, **flags: Any) -> None:
    """Read the table, choose what is not said, write the folder, say what was chosen and what comes next."""
    options = Options(**flags)
    project.read_environment()
    _check(project, options)
    source = opened(options.place, config=options.hub_config, split=options.split, revision=options.revision)
    columns = choose(
        source.columns,
        {
            "prompt": options.prompt_column,
            "answer": options.answer_column,
            "id": options.id_column,
            "stratum": options.stratum_column,
        },
    )
    scorer, reason = (options.scorer, "") if options.scorer else infer.scorer(source.rows, columns)
    _usable(scorer, reason)
    template = options.template.replace("\\n", "\n") if options.template else None
    draft = drafted(source, columns, scorer, name=options.name, template=template)
    known = options.category or _there(project, options.name)
    category = known or infer.CATEGORY[scorer]
    card = write(
        project.own_tasks / category / options.name,
        draft,
        title=options.title or options.name.replace("-", " ").replace("_", " ").capitalize(),
        licence=options.licence or source.licence or "not stated",
        source=source.name,
        force=options.force,
    )
    said = _said(source, columns, draft, card, reason, "" if known else category)
    if options.as_json:
        document({"name": card.name, "folder": str(card.folder), "items": len(draft.items), "scorer": scorer,
                  "category": category, "count": card.count, "inferred": said})  # fmt: skip
    else:
        _show(card, draft, said)


def _check(project: Project, options: Options) -> None:
    if not re.fullmatch(Name, options.name):
        raise UsageError(
            f"'{options.name}' is no name of a task.",
            where="bench task new",
            remedy="Write small letters, digits, - and _, at most 64, the first a letter or digit.",
        )
    if options.name in CATEGORIES:
        raise UsageError(
            f"'{options.name}' is a category.", where="bench task new", remedy="Take another name."
        )
    for card in all_cards(project.own_tasks):
        if card.name == options.name:
            _check_replaced(project, options, card)
    if options.scorer and options.scorer not in SCORERS:
        raise UnknownName.of("scorer", options.scorer, SCORERS, where="--scorer")


def _there(project: Project, name: str) -> str | None:
    """The category of a task that is replaced. None = there is none of this name."""
    return next((card.category for card in all_cards(project.own_tasks) if card.name == name), None)


def _check_replaced(project: Project, options: Options, card: TaskCard) -> None:
    """Only a task of one's own is replaced, and only in its category: two of one name hide each other."""
    own = card.folder.resolve().is_relative_to(project.own_tasks.resolve())
    if own and options.force and options.category in (None, card.category):
        return
    remedy = "Take another name."
    if own:
        remedy = "Move its folder." if options.force else "Add --force to replace it."
    what = f"There is a task '{options.name}' in the category {card.category} already."
    raise UsageError(what, where=str(card.folder), remedy=remedy)


def _usable(scorer: str, reason: str) -> None:
    if scorer in SCORERS and scorer not in infer.CATEGORY:
        raise UsageError(
            f"The scorer `{scorer}` needs targets that no table holds.",
            where="--scorer",
            remedy=f"Take one of {', '.join(_offered())}, or write a generate.py.",
        )
    if scorer not in SCORERS:
        raise UsageError(
            f"These answers call for the scorer `{scorer}` ({reason}), which this version has not.",
            where="bench task new",
            remedy=f"Name another by --scorer: {', '.join(_offered())}.",
        )


def _offered() -> list[str]:
    return [name for name in infer.CATEGORY if name in SCORERS]


def _said(
    source: Source, columns: Columns, draft: Draft, card: TaskCard, reason: str, category: str
) -> list[str]:
    """What was chosen without being told, and what to know of the items."""
    said = list(columns.said)
    if reason:
        said.append(f"scorer is {draft.scorer}: {reason}")
    if category:
        said.append(f"category is {category}, as tasks of this scorer mostly are")
    if labels := draft.options.get("labels"):
        said.append(f"labels are {', '.join(labels)}")
    if fields := draft.options.get("fields"):
        said.append(f"fields are {', '.join(f'{key} ({_kind(kind)})' for key, kind in fields.items())}")
    if len(draft.items) > MOST:
        said.append(f"a run asks {card.count:,} of the {len(draft.items):,}, drawn by the seed; see `count:`")
    for rows in draft.repeated[:3]:
        said.append(f"rows {', '.join(map(str, rows[:6]))} have the same prompt")
    if len(draft.repeated) > 3:
        said.append(f"{len(draft.repeated) - 3:,} more prompts come up more than once")
    if card.licence == "not stated":
        said.append("the licence is not stated; write it into task.yaml")
    return said


def _kind(kind: Any) -> str:
    return kind if isinstance(kind, str) else "rows"


def _show(card: TaskCard, draft: Draft, said: list[str]) -> None:
    answer(f"{card.name}: {len(draft.items):,} items in {card.folder} ({', '.join(FILES)})")
    for line in said:
        answer(f"  {line}")
    answer("Next: complete README.md, then")
    answer(f"  bench task validate {card.name}")
    answer(f"  bench run --tasks {card.name}")
