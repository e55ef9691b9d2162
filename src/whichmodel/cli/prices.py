"""`bench prices`: what is used, and what has none."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click

from whichmodel.cli.output import answer, document, table, usd
from whichmodel.cli.project import Project, demo_panel, project_options
from whichmodel.domain import Model, Usage
from whichmodel.pricing import price
from whichmodel.providers.baselines import BASELINES

SAMPLE = 1_000
"""Tokens of the request that is priced: a price by million can double for long prompts."""
TO_MILLION = 1_000


@click.command(help="The price of each model, its source and date, and what has none.")
@click.option("--simulated", is_flag=True, help="The demo panel's invented prices too.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@project_options
def command(project: Project, simulated: bool, as_json: bool) -> None:
    """List what a million tokens each way, in short requests, and an image cost now."""
    models = [*project.config.models, *BASELINES]
    if simulated:
        models += [model for model in demo_panel(()).models if model.simulated]
    rows = [_row(model) for model in models]
    if as_json:
        document(rows)
        return
    shown = [
        [
            str(row["model"]),
            usd(row["input_per_mtok_usd"]) if row["per_image_usd"] is None else "-",
            usd(row["output_per_mtok_usd"]) if row["per_image_usd"] is None else "-",
            usd(row["per_image_usd"]) if row["per_image_usd"] is not None else "-",
            str(row["source"] or "no price: add one under `price:` in bench.yaml"),
            str(row["date"] or ""),
        ]
        for row in rows
    ]
    headings = ["model", "input/M", "output/M", "image", "source", "date"]
    answer(table(headings, shown, numbers=[1, 2, 3]))


def _row(model: Model) -> dict[str, Any]:
    now = datetime.now(UTC)
    cost_in = price(model, Usage(input=SAMPLE, output=0, images=0), at=now)
    cost_out = price(model, Usage(input=0, output=SAMPLE, images=0), at=now)
    image = model.price.per_image if model.price else None
    return {
        "model": model.id,
        "input_per_mtok_usd": None if cost_in.usd is None else cost_in.usd * TO_MILLION,
        "output_per_mtok_usd": None if cost_out.usd is None else cost_out.usd * TO_MILLION,
        "per_image_usd": image,
        "source": cost_in.source or None,
        "date": cost_in.dated,
        "simulated": model.simulated,
    }
