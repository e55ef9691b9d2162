"""`bench leaderboard`: the pages, and the routing tables beside them, for who may see them."""

from __future__ import annotations

import contextlib
import errno
import socket
import subprocess
from pathlib import Path

import click

from whichmodel.cli.output import answer, note
from whichmodel.cli.project import Project, project_options
from whichmodel.errors import UsageError
from whichmodel.registry import task_names
from whichmodel.store import read

STOP_S = 5.0


@click.command(help="Serve the leaderboard, and the routing tables beside it, on 127.0.0.1 until Ctrl-C.")
@click.option("--port", type=click.IntRange(0, 65535), default=8501, show_default=True, help="0 = any free.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at; 0.0.0.0 = all.")
@click.option(
    "--secrets",
    type=click.Path(path_type=Path),
    help="The client at a sign-in provider; default: .streamlit/secrets.toml beside bench.yaml.",
)
@project_options
def command(project: Project, port: int, host: str, secrets: Path | None) -> None:
    """Start Streamlit on the newest snapshot; a run that is going on shows at the next rerun."""
    from whichmodel.leaderboard import serve, signing

    config = project.config  # a mistake in bench.yaml is told here, not on the page
    client = secrets or project.config_path.parent / signing.SECRETS
    names = signing.check(config, host, serve.is_loopback(host), client)
    signing.check_private(config, lambda: _tasks(project))
    port = _free(host, port)
    for name in signing.nobody(config):
        note(f"Nobody may look at {name}: it has no `viewers` in {config.path}.")
    project.refresh()
    if read(project.results) is None:
        note("Nothing was measured yet; the page names the first command.")
    password = serve.password()
    process = subprocess.Popen(
        serve.command(project.results, project.config_path, port, host, names=names, secrets_file=client),
        env=serve.environment(password),
        stdin=subprocess.DEVNULL,
    )
    try:
        serve.warm(port, host, password=password)
        answer(f"Leaderboard: {serve.url(port, host)} (Ctrl-C ends it)")
        answer(f"Routing tables: {serve.url(port, host)}/api/v1/routing/<organisation>")
        process.wait()
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(STOP_S)
        process.kill()


def _tasks(project: Project) -> frozenset[str]:
    """Names of tasks that there are: with a card, or measured."""
    reader = read(project.results)
    measured = set(reader.measured()["task"]) if reader else set()
    return task_names(extra=project.own_tasks) | measured


def _free(host: str, port: int) -> int:
    """The port, or any free one for 0. Raises UsageError when it is taken or the address is not of here."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            taken = error.errno == errno.EADDRINUSE
            raise UsageError(
                f"The port {port} is taken." if taken else f"Nothing can listen at {host}: {error.strerror}.",
                where="--port" if taken else "--host",
                remedy="Name another, or 0 for any that is free." if taken else "Name one of this machine.",
            ) from error
        return int(probe.getsockname()[1])
