"""`bench task fetch`: public data sets, downloaded ahead of a run."""

from __future__ import annotations

import click

from whichmodel.cli.output import answer, document
from whichmodel.cli.project import Project, project_options, split
from whichmodel.domain import Bank, TaskCard
from whichmodel.errors import UsageError


@click.command(help="Download the public data sets of tasks: names, categories, globs or paths.")
@click.argument("names", callback=split)
@click.option("--refresh", is_flag=True, help="Resolve branches and tags anew; commits stay what they are.")
@click.option(
    "--max-mb", type=click.IntRange(1), help="Megabytes that may be downloaded; default: the card's."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@project_options
def command(
    project: Project, names: tuple[str, ...], refresh: bool, max_mb: int | None, as_json: bool
) -> None:
    """Download, make the items once, and say which commit they come from."""
    from whichmodel.registry.hub import fetch

    project.read_environment()
    cards = [card for card in project.cards(names) if card.hub is not None]
    if not cards:
        raise UsageError(
            "None of these tasks has a public data set to download.",
            where="bench task fetch",
            remedy="`bench tasks` lists the sources; what is not hf:// comes with the task.",
        )
    rows = []
    for card in cards:
        assert card.hub is not None
        receipt = fetch(card.hub, refresh=refresh, max_mb=max_mb)
        [bank] = project.banks([card], project.config_seed())
        rows.append({**_row(card, bank), "bytes": receipt.size, "licence_of_source": receipt.licence})
        if not as_json:
            stated = f", stated licence {receipt.licence}" if receipt.licence else ""
            answer(f"{card.name}: {len(bank.items):,} items from {bank.card.source}{stated}")
    if as_json:
        document(rows)


def _row(card: TaskCard, bank: Bank) -> dict[str, object]:
    return {
        "name": card.name,
        "items": len(bank.items),
        "source": bank.card.source,
        "task_hash": bank.task_hash,
        "licence": card.licence,
    }
