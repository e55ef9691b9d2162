"""`bench leaderboard`: the pages on 127.0.0.1."""

from __future__ import annotations

import contextlib
import socket
import subprocess

import click

from whichmodel.cli.output import answer, note
from whichmodel.cli.project import Project, project_options
from whichmodel.errors import UsageError
from whichmodel.store import read

STOP_S = 5.0


@click.command(help="Serve the leaderboard on 127.0.0.1 until Ctrl-C.")
@click.option("--port", type=click.IntRange(0, 65535), default=8501, show_default=True, help="0 = any free.")
@project_options
def command(project: Project, port: int) -> None:
    """Start Streamlit on the newest snapshot; a run that is going on shows at the next rerun."""
    from whichmodel.leaderboard import serve

    _ = project.config  # a mistake in bench.yaml is told here, not on the page
    port = _free(port)
    if read(project.results) is None:
        note("Nothing was measured yet; the page names the first command.")
    process = subprocess.Popen(
        serve.command(project.results, project.config_path, port),
        env=serve.environment(),
        stdin=subprocess.DEVNULL,
    )
    try:
        serve.warm(port)
        answer(f"Leaderboard: {serve.url(port)} (Ctrl-C ends it)")
        process.wait()
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(STOP_S)
        process.kill()


def _free(port: int) -> int:
    """The port, or any free one for 0. Raises UsageError when it is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise UsageError(
                f"The port {port} is taken.",
                where="--port",
                remedy="Name another, or 0 for any that is free.",
            ) from error
        return int(probe.getsockname()[1])
