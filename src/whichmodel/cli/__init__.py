"""`bench`: one file a verb. A verb's module is loaded when the verb is called, so that help stays quick."""

from __future__ import annotations

import importlib
import os
import signal
import sys
import threading
from types import FrameType
from typing import NoReturn

import click
from click.shell_completion import CompletionItem

from whichmodel import __version__
from whichmodel.errors import BenchError

VERBS = {
    "init": "Write a commented bench.yaml.",
    "run": "Measure models on tasks and decide the routes.",
    "demo": "The same on simulated models over real protocols; no keys needed.",
    "tasks": "List the tasks.",
    "task": "Make a task of your own, check tasks, download public ones.",
    "models": "List the models and whether they can be asked from here.",
    "status": "What is measured, what it cost, what failed, what is stale or new.",
    "latency": "How fast models answer, measured apart from runs.",
    "load": "What an endpoint sustains: answers and tokens a second under rising load.",
    "compare": "Two models side by side: paired difference and verdict.",
    "agree": "Take what several models agree on: coverage, errors, cost.",
    "route": "Decide, and write results/routing/<organisation>.yaml.",
    "savings": "What the routes save in a month, against one model for all and against today.",
    "import": "Outcomes that other tools measured.",
    "report": "The decision as files to hand on: HTML, Markdown, CSV, PNG.",
    "export": "A gateway's configuration from the routes.",
    "prices": "Prices in use, and what has none.",
    "reprice": "Stored costs by today's prices, without a call.",
    "labels": "Human labels, and how far a judge agrees with them.",
    "store": "Share outcomes over object storage or a folder.",
    "rebuild": "Make the database anew from the logs.",
    "leaderboard": "Serve the pages on 127.0.0.1.",
    "completion": "Complete verbs, flags and names in bash, zsh or fish.",
}

MODULES = {"import": "import_"}
"""Verbs that are words of Python -> their modules."""


class Verbs(click.Group):
    """The verbs, known by name and one line each before any of them is imported."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order in which they are used."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The verb's command, from its own module; `BENCH_RUN_JSON` and the like stand for its flags."""
        if cmd_name not in VERBS:
            return None
        module = f"whichmodel.cli.{MODULES.get(cmd_name, cmd_name)}"
        command: click.Command = importlib.import_module(module).command
        for option in command.params:
            if isinstance(option, click.Option) and not option.envvar:
                flag = max(option.opts, key=len).lstrip("-")
                option.envvar = f"BENCH_{cmd_name}_{flag}".upper().replace("-", "_")
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click's, with the nearest verbs named for one that does not exist."""
        if args and args[0] not in VERBS and not args[0].startswith("-"):
            from whichmodel.errors import UnknownName

            raise UnknownName.of("command", args[0], VERBS)
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        """Verbs and the program's own flags, without importing a verb."""
        verbs = [CompletionItem(n, help=line) for n, line in VERBS.items() if n.startswith(incomplete)]
        return [*verbs, *click.Command.shell_complete(self, ctx, incomplete)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of verbs, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))


@click.group(
    cls=Verbs,
    context_settings={"help_option_names": ["-h", "--help"], "auto_envvar_prefix": "BENCH"},
    epilog="Exit codes: 0 ok, 1 internal error, 2 usage or configuration, 3 some cells failed, "
    "4 budget reached, 5 a check failed, 130 interrupted.",
)
@click.version_option(__version__, prog_name="bench")
def bench() -> None:
    """Which model for which task, for this organisation?"""


class Terminated(BaseException):
    """SIGTERM, raised in the main thread so that what has ended is stored."""


_terminated = threading.Event()
"""Set by SIGTERM: a signal that meets a query comes out of DuckDB as a RuntimeError, whichever it was."""


def _terminate(signum: int, frame: FrameType | None) -> NoReturn:
    _terminated.set()
    raise Terminated


def main(args: list[str] | None = None) -> NoReturn:
    """Run a verb and exit with the code that says how it ended."""
    signal.signal(signal.SIGTERM, _terminate)
    if "_BENCH_COMPLETE" in os.environ:
        from whichmodel.cli import completing

        completing.register()
    sys.exit(_exit_code(args))


def _exit_code(args: list[str] | None) -> int:
    try:
        bench.main(args, prog_name="bench", standalone_mode=False)
    except BenchError as error:
        click.echo(f"bench: {error}", err=True)
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.exceptions.Exit as error:
        return error.exit_code
    except (click.Abort, KeyboardInterrupt, Terminated):
        return _interrupted()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 0
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        click.echo(f"bench: {place}{error.strerror or error}. What had ended is stored.", err=True)
        return 1
    except Exception as error:
        if str(error) == "Query interrupted":
            return _interrupted()
        if os.environ.get("BENCH_DEBUG"):
            raise
        click.echo(
            f"bench: internal error: {type(error).__name__}: {error}. BENCH_DEBUG=1 shows where.", err=True
        )
        return 1
    return 0


def _interrupted() -> int:
    how, code = ("terminated", 143) if _terminated.is_set() else ("interrupted", 130)
    click.echo(f"bench: {how}; what had ended is stored, the same command goes on.", err=True)
    return code
