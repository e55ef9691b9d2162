"""The flags of a run, which `bench run` and `bench demo` share."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import click

from whichmodel.cli.project import split
from whichmodel.errors import UsageError

CONFIGURED = "configured"
"""`--cluster` without an address: bench.yaml's."""


@dataclass(frozen=True, slots=True)
class Options:
    """The flags of a run."""

    tasks: tuple[str, ...]
    models: tuple[str, ...]
    org: str | None
    limit: int | None
    epochs: int
    budget: Decimal | None
    seed: int | None
    cache: bool
    dry_run: bool
    yes: bool
    as_json: bool
    simulated: bool = False
    processes: int | None = None
    """Workers on this machine. None = as many as pay."""
    canary: bool = False
    new_models: bool = False
    all_models: bool = False
    until_decided: bool = False
    cluster: str | None = None
    """Address of a Ray cluster. None = the run's workers are processes here."""


def _decimal(ctx: click.Context, param: click.Parameter, value: str | None) -> Decimal | None:
    if value is None:
        return None
    try:
        amount = Decimal(value.removeprefix("$"))
    except ArithmeticError:
        raise click.BadParameter(f"'{value}' is no amount in USD") from None
    if not amount.is_finite() or amount <= 0:
        raise click.BadParameter("a budget is above 0")
    return amount


def run_options(function: Any) -> Any:
    """The flags that `run` and `demo` share."""
    flags = [
        click.option("--tasks", callback=split, help="Names, categories, globs, paths; default: all."),
        click.option("--models", callback=split, help="Ids of models; default: all that can be asked."),
        click.option("--org", help="Organisation to decide for; default: default_organisation."),
        click.option("--limit", type=click.IntRange(1), help="Items of each task, the same for all models."),
        click.option("--epochs", type=click.IntRange(1), default=1, show_default=True, help="Calls an item."),
        click.option("--until-decided", is_flag=True, help="Race: ask just what the route needs."),
        click.option("--budget", callback=_decimal, help="USD for this run; it stops before more is spent."),
        click.option("--seed", type=click.IntRange(0), help="Of generated items; default: bench.yaml's."),
        click.option("--cache", is_flag=True, help="Keep answers; pay once for the same question."),
        click.option("--dry-run", is_flag=True, help="Calls and low/high cost, without a single call."),
        click.option("--yes", is_flag=True, help="Do not ask before a dear run."),
        click.option("--processes", type=click.IntRange(1), help="Workers; default: 2, of a small run 1."),
        click.option(
            "--cluster",
            is_flag=False,
            flag_value=CONFIGURED,
            metavar="ADDRESS",
            help="Workers of a Ray cluster: ray://host:10001 or auto; default: bench.yaml's.",
        ),
        click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout."),
    ]
    for flag in reversed(flags):
        function = flag(function)
    return function


def refuse(options: Options) -> None:
    """Flags that contradict each other. Raises UsageError."""
    if options.canary and (options.new_models or options.limit or options.epochs > 1 or options.cache):
        raise UsageError(
            "A canary asks anew: it goes with none of --new-models, --limit, --epochs and --cache.",
            where="bench run --canary",
        )
    if options.cluster is not None and options.cache:
        raise UsageError(
            "The cache is a file of one machine: it does not go with --cluster.",
            where="bench run --cluster",
            remedy="Leave it out; what is measured already is not asked again anyway.",
        )
    if not options.until_decided:
        return
    flags = ("limit", options.limit), ("canary", options.canary), ("all-models", options.all_models)
    given = [f"--{name}" for name, value in flags if value] + (["--epochs"] if options.epochs > 1 else [])
    if given:
        raise UsageError(
            f"A race decides itself whom it asks what: it does not go with {', '.join(given)}.",
            where="bench run --until-decided",
            remedy="Leave them out; --budget ends a race early, --tasks and --models make it smaller.",
        )
