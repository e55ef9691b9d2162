"""`bench demo`: a run of the simulated panel, whatever keys there are."""

from __future__ import annotations

import time
from typing import Any

import click

from whichmodel.cli.output import answer
from whichmodel.cli.project import Project, project_options
from whichmodel.cli.run import execute
from whichmodel.cli.run_options import Options, run_options
from whichmodel.simulator.serve import PORT, serve


@click.command(help="`bench run` on simulated models over the providers' real protocols; needs no key.")
@run_options
@click.option("--serve", "stay", is_flag=True, help=f"Measure nothing: serve the panel on 127.0.0.1:{PORT}.")
@project_options
def command(project: Project, stay: bool, **flags: Any) -> None:
    """Run the demo panel; every row is marked simulated."""
    options = Options(**flags, simulated=True)
    if stay:
        _serve(project, options)
    else:
        execute(project, options)


def _serve(project: Project, options: Options) -> None:
    """Answer for the panel until Ctrl-C, so that an exported gateway file can be tried."""
    seed = project.config.seed if options.seed is None else options.seed
    banks = project.banks(project.at_hand(options.tasks), seed)
    with serve(banks, seed=seed, port=PORT) as addresses:
        for protocol, address in addresses.items():
            answer(f"{protocol:14} {address}")
        answer("The panel answers the items of the banks. Ctrl-C ends it.")
        while True:
            time.sleep(3600)
