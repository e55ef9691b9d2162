"""`bench task`: tasks of one's own, checks of a task, public sets ahead of a run. One module a subverb."""

from __future__ import annotations

import importlib

import click

SUBVERBS = {
    "new": "Make a task of your own from a table, without code.",
    "validate": "Check tasks: right answers score 1, wrong ones less, no prompt holds its answer.",
    "fetch": "Download a task's public data set ahead of a run.",
}


class Subverbs(click.Group):
    """The subverbs, known by name and one line each before any of them is imported."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order in which they are used."""
        return list(SUBVERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The subverb's command, from its own module."""
        if cmd_name not in SUBVERBS:
            return None
        command: click.Command = importlib.import_module(f"whichmodel.cli.task_{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click's, with the nearest subverbs named for one that does not exist."""
        if args and args[0] not in SUBVERBS and not args[0].startswith("-"):
            from whichmodel.errors import UnknownName

            raise UnknownName.of("command", f"task {args[0]}", [f"task {name}" for name in SUBVERBS])
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of subverbs, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(SUBVERBS.items()))


@click.group(cls=Subverbs, help="Make a task of your own, check tasks, download public ones.")
def command() -> None:
    """What one does with a task apart from measuring it."""
