"""`bench demo`: a run of the simulated panel, whatever keys there are."""

from __future__ import annotations

from typing import Any

import click

from whichmodel.cli.project import Project, project_options
from whichmodel.cli.run import Options, execute, run_options


@click.command(help="`bench run` on simulated models over the providers' real protocols; needs no key.")
@run_options
@project_options
def command(project: Project, **flags: Any) -> None:
    """Run the demo panel; every row is marked simulated."""
    execute(project, Options(**flags, simulated=True))
