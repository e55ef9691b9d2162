"""Verbs under a verb."""

from __future__ import annotations

import click

from whichmodel.errors import UnknownName


class Named(click.Group):
    """Names the nearest, or all, where one does not exist."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click's, with our own error."""
        if args and not args[0].startswith("-") and args[0] not in self.list_commands(ctx):
            raise UnknownName.of("command", args[0], self.list_commands(ctx), where=ctx.command_path)
        return super().resolve_command(ctx, args)
