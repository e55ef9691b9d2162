"""`bench labels`: a sample for people to label, their labels imported, and how far the judge agrees."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click
import pandas as pd

from whichmodel.analyse.labelled import Agreement, agreements
from whichmodel.cli.groups import Named
from whichmodel.cli.output import answer, document, note, score, table
from whichmodel.cli.project import Project, project_options, split
from whichmodel.errors import UsageError
from whichmodel.run.stored_answers import Place, Stored, answers
from whichmodel.store import Store, label_table
from whichmodel.store.label_table import Answered
from whichmodel.store.reader import Panel, Reader

ENOUGH = 100
"""Labels of a task under which a judge alone certifies nothing (DECISION section 6)."""


@click.group(cls=Named, help="Human labels: a sample to label, its import, and how far a judge agrees.")
def command() -> None:
    """The three steps of calibrating a judge."""


@command.command("template", help="Write a sample of stored answers as a table to label.")
@click.option("--task", required=True, help="Name of the task.")
@click.option(
    "--model",
    "models",
    required=True,
    callback=split,
    help="Id of the model whose answers are labelled; or several: a,b.",
)
@click.option("-n", "--count", type=click.IntRange(1), default=200, show_default=True, help="Answers.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True, help="A CSV file."
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of the sample.")
@project_options
def template(
    project: Project, task: str, models: tuple[str, ...], count: int, output: Path, seed: int
) -> None:
    """A random sample, its strata in proportion, of answers that nobody labelled yet: so many a model."""
    if output.exists():
        raise UsageError("The file is there already.", where=str(output), remedy="Name another with -o.")
    rows = _outcomes(project, task)
    for model in models:
        if not ((rows["model"] == model) & rows["score"].notna()).any():
            known = ", ".join(sorted(rows["model"].unique())) or "none"
            raise UsageError(
                f"There is no stored answer of '{model}' to {task}.",
                where="--model",
                remedy=f"Stored: {known}.",
            )
    open_rows = rows[rows["score"].notna() & rows["human_score"].isna()]
    drawn = [sample(open_rows[open_rows["model"] == model], count, seed) for model in models]
    chosen = pd.concat(drawn).sort_index(level=0, kind="stable")
    said = _said(project.results, chosen)
    held = chosen[chosen["log_ref"].isin(said)]
    text = label_table.write(
        {
            **{name: row[name] for name in ("item_id", "model", "epoch", "stratum")},
            "outcome": row["key"],
            "prompt": said[row["log_ref"]].asked,
            "answer": said[row["log_ref"]].answer,
        }
        for row in held.to_dict("records")
    )
    output.write_text(text, encoding="utf-8-sig", newline="")
    if lost := len(chosen) - len(held):
        note(f"bench: {lost} answers lie in no readable log any more and were left out.")
    answer(
        f"{len(held)} answers of {', '.join(models)} to {task} are in {output}. Fill in human_score, then:"
    )
    answer(f"bench labels import {output} --task {task}")


def _said(results: Path, rows: pd.DataFrame) -> dict[str, Stored]:
    """log_ref -> what was asked and answered; without what lies in no readable log any more."""
    logged = rows[rows["log_ref"].notna()]
    cells = zip(logged["log_ref"], logged["item_id"], logged["epoch"], strict=True)
    found = answers(results, [Place(str(ref), str(item), int(epoch)) for ref, item, epoch in cells])
    return {ref: said for ref, said in found.items() if isinstance(said, Stored)}


def sample(rows: pd.DataFrame, count: int, seed: int) -> pd.DataFrame:
    """A random part, indexed by its random place; each stratum in proportion to within one answer.

    The same for the same seed. Items are drawn, so that the labelled answers of all models are to the same.
    """
    cells = zip(rows["item_id"], rows["epoch"], strict=True)
    place = [hashlib.sha256(f"{seed}|{item}|{epoch}".encode()).hexdigest() for item, epoch in cells]
    shuffled = rows.assign(place=place).sort_values("place")
    rank = shuffled.groupby("stratum").cumcount() + 0.5
    share = rank / shuffled.groupby("stratum")["key"].transform("count")
    chosen = shuffled.assign(share=share).sort_values(["share", "place"]).head(count)
    return chosen.set_index("place").sort_index().drop(columns="share")


@command.command("import", help="Take over the labels of a table; all of them, or none.")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--task", help="Name of the task; default: the one task that the items are of.")
@click.option("--scale", default="0-1", show_default=True, help="Lowest and highest score, such as 1-5.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@project_options
def take(project: Project, file: Path, task: str | None, scale: str, as_json: bool) -> None:
    """Check every line, then append what is new to results/labels and to the database."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"The table cannot be read: {error}.", where=str(file), remedy="Save it as UTF-8."
        ) from error
    stored = list(_answered(project.reader(), task))
    found = label_table.read(text, stored, _ends(scale))
    if found.faults:
        listed = "; ".join(label_table.listed(found.faults))
        raise UsageError(
            f"{len(found.faults)} lines cannot be taken, so none was: {listed}.",
            where=str(file),
            remedy="Mend these lines, or leave their human_score empty.",
        )
    store = Store(project.results)
    added = store.add_labels(found.labels)
    if added:
        store.publish()
    known = len(found.labels) - added
    if as_json:
        document({"labels": len(found.labels), "new": added, "known": known, "empty": found.empty})
        return
    answer(f"{added} new labels, {known} known before, {found.empty} lines without a score.")


def _ends(scale: str) -> tuple[float, float]:
    low, _, high = scale.partition("-")
    try:
        ends = float(low), float(high)
    except ValueError:
        ends = 0.0, 0.0
    if not ends[0] < ends[1]:
        raise UsageError(f"'{scale}' is no scale.", where="--scale", remedy="Write lowest and highest: 1-5.")
    return ends


@command.command("status", help="Labels by task and model, and the judge's mean put right by them.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@project_options
def status(project: Project, as_json: bool) -> None:
    """Agreement of labels and judge, and the PPI++ estimate beside the raw mean."""
    reader = project.reader()
    found = [one for panel in reader.panels() for one in agreements(reader.outcomes(panel))]
    if as_json:
        document({"labels": [asdict(one) for one in found]})
        return
    if not found:
        answer("There are no labels yet. `bench labels template` writes a table to fill in.")
        return
    headings = ["task", "model", "labels", "items", "judge", "raw", "people", "r", "put right [95%]"]
    answer(table(headings, [_row(one) for one in found], numbers=[2, 3, 5, 6, 7]))
    if few := sorted({one.task for one in found if one.labels < ENOUGH}):
        answer(f"Under {ENOUGH} labels for some model: {', '.join(few)}.")


def _row(one: Agreement) -> list[str]:
    right = one.corrected
    return [
        one.task,
        one.model,
        str(one.labels),
        str(one.items),
        one.instrument,
        score(one.raw),
        score(one.human),
        "-" if one.correlation is None else f"{one.correlation:.2f}",
        score(right.mean, right.low, right.high) if right else "-",
    ]


def _outcomes(project: Project, task: str) -> pd.DataFrame:
    """What counts of a task, of the panel that is decided on."""
    reader = project.reader()
    panel: Panel = project.stored_panel(reader)
    return reader.outcomes(panel, tasks=[task])


def _answered(reader: Reader, task: str | None) -> Iterator[Answered]:
    """Stored answers that have a score, of one task or of all."""
    for panel in reader.panels():
        rows = reader.outcomes(panel, tasks=[task] if task else None)
        scored = rows[rows["score"].notna()]
        names = [scored[name].astype(str) for name in ("key", "task", "model", "item_id")]
        for key, of, model, item, epoch in zip(*names, scored["epoch"].astype(int), strict=True):
            yield Answered(key, of, model, item, epoch)
