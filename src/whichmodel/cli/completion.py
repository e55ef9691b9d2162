"""`bench completion`: the line of a shell's start-up file that completes verbs, flags and names."""

from __future__ import annotations

import click

from whichmodel.cli import bench
from whichmodel.cli.completing import SHELLS, VARIABLE
from whichmodel.cli.output import raw
from whichmodel.errors import UnknownName

FILES = {
    "bash": '~/.bashrc: eval "$(bench completion bash)"',
    "zsh": '~/.zshrc: eval "$(bench completion zsh)"',
    "fish": "~/.config/fish/config.fish: bench completion fish | source",
}


@click.command(
    help="Print a shell's completion of verbs, flags, tasks, models and organisations.",
    epilog="\b\n" + "\n".join(FILES.values()),
)
@click.argument("shell", metavar="bash|zsh|fish")
def command(shell: str) -> None:
    """The script, for the shell to read."""
    if shell not in SHELLS:
        raise UnknownName.of("shell with completion", shell, SHELLS, where="bench completion")
    raw(SHELLS[shell](bench, {}, "bench", VARIABLE).source())
