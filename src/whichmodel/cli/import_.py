"""`bench import`: outcomes that other tools measured, with where they come from."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from whichmodel.cli.groups import Named
from whichmodel.cli.output import note
from whichmodel.cli.project import Project, project_options, split
from whichmodel.domain import CATEGORIES
from whichmodel.errors import UsageError

if TYPE_CHECKING:
    from whichmodel.cli.import_work import Common
    from whichmodel.importers.table import Table

F = TypeVar("F", bound=Callable[..., Any])


@click.group(
    cls=Named,
    help="Take in outcomes that another tool measured. What a file does not say stays unknown; rows that "
    "cannot be taken are refused and listed, and the exit code is 3 then.",
)
def command() -> None:
    """One subcommand a format."""


def _common(function: F) -> F:
    """Paths and the options of every format, given to the command as one `common`."""

    @click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
    @click.option("--task", help="The task's name here; default: the source's own, made safe.")
    @click.option("--model-map", multiple=True, metavar="FOREIGN=ID", help="A model's id here. Repeatable.")
    @click.option("--at", help="When it was measured, where the files do not say; default: their own time.")
    @click.option("--dry-run", is_flag=True, help="Only say what would come in.")
    @click.option("--json", "as_json", is_flag=True, help="One JSON document.")
    @project_options
    @wraps(function)
    def wrapped(
        project: Project,
        paths: tuple[Path, ...],
        task: str | None,
        model_map: tuple[str, ...],
        at: str | None,
        dry_run: bool,
        as_json: bool,
        category: str = "other",
        **options: Any,
    ) -> Any:
        from whichmodel.cli.import_work import Common

        common = Common(
            project, paths, task, category, _pairs(model_map, "--model-map"), at, dry_run, as_json
        )
        return function(common, **options)

    return wrapped  # type: ignore[return-value]


def _category(function: F) -> F:
    return click.option(
        "--category",
        type=click.Choice([*CATEGORIES, "other"]),
        default="other",
        show_default=True,
        help="Of the task; an organisation's workloads may be named by it.",
    )(function)


def _timed(function: F) -> F:
    return click.option(
        "--no-latency",
        "timed",
        is_flag=True,
        flag_value=False,
        default=True,
        help="The times are not the model's: a replay's, or a cache's.",
    )(function)


@command.command("inspect", help="Logs of Inspect (.eval, .json), or folders of them.")
@click.option("--scorer", help="Which score, where samples have several; `name.key` for a part of one.")
@_timed
@_category
@_common
def inspect_(common: Common, scorer: str | None, timed: bool) -> None:
    """Every sample and epoch of the logs."""
    from whichmodel.cli.import_work import work
    from whichmodel.importers import inspect

    chosen = inspect.Chosen(scorer, timed)
    work(common, lambda file: inspect.read(file, chosen), inspect.is_log, "log of Inspect (.eval or .json)")


@command.command("lm-eval", help="`samples_*.jsonl` of lm-eval's --log_samples, or folders of them.")
@click.option("--filter", "filter_", help="Which filter's answers, where documents were scored with several.")
@click.option("--metric", help="Which metric, where there are several.")
@click.option("--model", help="The model, where no `results_*.json` beside names it.")
@_category
@_common
def lm_eval_(common: Common, filter_: str | None, metric: str | None, model: str | None) -> None:
    """Every document under one filter."""
    from whichmodel.cli.import_work import work
    from whichmodel.importers import lm_eval

    chosen = lm_eval.Chosen(filter_, metric, model)
    work(common, lambda file: lm_eval.read(file, chosen), lm_eval.is_samples, "samples_*.jsonl of lm-eval")


@command.command("promptfoo", help="Results of promptfoo: `-o results.json` or `-o results.jsonl`.")
@click.option(
    "--metric",
    default="success",
    show_default=True,
    help="`success` (all assertions hold), `score`, or a name.",
)
@click.option("--prompt", help="Label of a prompt, where the models were asked with several.")
@_timed
@_category
@_common
def promptfoo_(common: Common, metric: str, prompt: str | None, timed: bool) -> None:
    """Every result of the evaluations."""
    from whichmodel.cli.import_work import work
    from whichmodel.importers import promptfoo

    chosen = promptfoo.Chosen(metric, prompt, timed)
    what = "results.json of promptfoo"
    work(common, lambda file: promptfoo.read(file, chosen), promptfoo.is_results, what)


def _table(function: F) -> F:
    """The options of tables."""
    options = (
        click.option("--columns", multiple=True, metavar="FIELD=COLUMN,...", help="What is in which column; "
                     "`a+b` = both together, `-` = none. Default: by their names."),
        click.option("--mapping", type=click.Path(path_type=Path, exists=True, dir_okay=False),
                     help="These options in a YAML file."),
        click.option("--score-columns", callback=split, help="The score is the mean of these columns; "
                     "`passed/count` is a share."),
        click.option("--score-max", type=click.FloatRange(0, min_open=True), help="Full marks; default: 1."),
        click.option("--cost-unit", type=click.Choice(["usd", "cents", "microusd"]), help="Of the cost."),
        click.option("--latency-unit", type=click.Choice(["s", "ms", "us", "min"]), help="Of the times."),
        click.option("--zero-cost", type=click.Choice(["unknown", "free"]), help="What a cost of 0 means."),
        click.option("--repeats", type=click.Choice(["refuse", "epochs"]), help="Rows of one item and model "
                     "that come again; default: refuse."),
        click.option("--model", help="The model of all rows, where no column names it."),
        click.option("--judge", help="The model that gave the scores, where one did."),
    )  # fmt: skip
    for option in reversed(options):
        function = option(function)
    return function


@command.command("csv", help="Tables of outcomes: CSV or TSV with a line of names, packed by gzip or not.")
@_table
@_timed
@_category
@_common
def csv_(common: Common, **options: Any) -> None:
    """One row an answer."""
    from whichmodel.cli.import_work import work
    from whichmodel.importers import table

    made = _table_of(options)
    work(common, lambda file: table.read_csv(file, made), table.is_table, "table (.csv or .tsv)")


@command.command(
    "jsonl", help="JSON lines of outcomes, packed by gzip or not; `a.b` names a part of an object."
)
@_table
@_timed
@_category
@_common
def jsonl_(common: Common, **options: Any) -> None:
    """One object an answer."""
    from whichmodel.cli.import_work import work
    from whichmodel.importers import table

    made = _table_of(options)
    work(common, lambda file: table.read_jsonl(file, made), table.is_lines, "JSON lines (.jsonl)")


@command.command(
    "llmperf", help="Timed requests of LLMPerf, for `bench latency`: individual responses or a CSV."
)
@click.option("--model", help="The model of all requests, where no column names it.")
@click.option(
    "--concurrency",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="Requests in flight at a time.",
)
@_common
def llmperf_(common: Common, model: str | None, concurrency: int) -> None:
    """Every request; an error has no latency."""
    from whichmodel.cli.import_work import timings

    timings(common, model, concurrency)


def _table_of(options: dict[str, Any]) -> Table:
    """How a table is read: a mapping file, and the options over it."""
    from whichmodel.importers import mapping
    from whichmodel.importers.columns import Asked
    from whichmodel.importers.table import Table

    kept = mapping.read(options["mapping"])
    given = {key: options[key] if options[key] is not None else getattr(kept, key) for key in (
        "cost_unit", "latency_unit", "score_max", "zero_cost", "repeats", "model", "judge",
    )}  # fmt: skip
    texts = tuple(part for text in options["columns"] for part in text.split(",") if part.strip())
    told: set[str] = set()

    def tell(line: str) -> None:
        if line not in told:
            told.add(line)
            note(line)

    asked = Asked(
        columns={**kept.columns, **_pairs(texts, "--columns")},
        score_columns=options["score_columns"] or tuple(kept.score_columns),
        cost_unit=given["cost_unit"],
        latency_unit=given["latency_unit"],
    )
    return Table(
        asked,
        model=given["model"],
        score_max=float(given["score_max"] or 1),
        zero_cost=given["zero_cost"],
        repeats=given["repeats"] == "epochs",
        judge=given["judge"],
        timed=options["timed"],
        tell=tell,
    )


def _pairs(texts: tuple[str, ...], option: str) -> dict[str, str]:
    """`a=b` as a -> b. Raises UsageError for what is none, and for a name that is given twice."""
    made: dict[str, str] = {}
    for text in texts:
        key, mark, value = text.strip().partition("=")
        if option == "--model-map":
            key, mark, value = text.strip().rpartition("=")
        if not mark or not key.strip() or not value.strip():
            raise UsageError(f"'{text}' is no pair.", where=option, remedy="Write name=name.")
        if key.strip() in made:
            raise UsageError(f"'{key.strip()}' is given twice.", where=option)
        made[key.strip()] = value.strip()
    return made
