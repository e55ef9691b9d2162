"""`bench prices`: what is used, and what has none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import click

from whichmodel.cli.output import answer, document, table, usd
from whichmodel.cli.project import Project, demo_panel, project_options
from whichmodel.domain import Model, Price
from whichmodel.pricing.public import tiers
from whichmodel.providers.baselines import BASELINES
from whichmodel.store import Unpriced, Used, read
from whichmodel.views.unpriced import ADD, why

DETAILS: Mapping[str, str] = {
    "cached_per_mtok": "cached {}/M",
    "cache_write_per_mtok": "cache write {}/M",
    "cache_write_1h_per_mtok": "write for 1 h {}/M",
    "reasoning_per_mtok": "reasoning {}/M",
    "image_input_per_mtok": "image input {}/M",
    "image_output_per_mtok": "image output {}/M",
    "per_image": "{}/image",
    "per_megapixel": "{}/megapixel",
    "per_second": "{}/s",
    "per_gpu_hour": "{}/GPU hour",
}
"""Rate -> how it is shown beside those of input and output."""
MONEY = ("input_per_mtok", "output_per_mtok", *DETAILS)
SHARES = ("requests_per_hour", "concurrency", "batch_factor")


@click.command(help="The price of each model, its source and date, and what has none.")
@click.option("--simulated", is_flag=True, help="The demo panel's invented prices too.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@project_options
def command(project: Project, simulated: bool, as_json: bool) -> None:
    """List today's rates, the rows that were priced from each source, and the rows whose cost is unknown."""
    models = {model.id: model for model in (*project.config.models, *BASELINES)}
    if simulated:
        models |= {model.id: model for model in demo_panel(()).models if model.simulated}
    reader = read(project.results)
    used = [u for u in (reader.prices() if reader else ()) if simulated or not u.simulated]
    unpriced = reader.unpriced() if reader else ()
    rows = [_row(model, used, unpriced, models) for model in _all(models, used)]
    if as_json:
        document(rows)
        return
    _show(rows)
    if reader is None:
        answer("\nNothing was measured yet, so that no row has a cost. `bench run --dry-run` estimates one.")


def _all(models: Mapping[str, Model], used: Sequence[Used]) -> list[Model]:
    """The configured models, then those that only stand in the store."""
    stored = dict.fromkeys(u.model for u in used if u.model not in models)
    return [*models.values(), *(Model(id=name, inspect_name=name, vendor="") for name in stored)]


def _row(
    model: Model, used: Sequence[Used], unpriced: Sequence[Unpriced], models: Mapping[str, Model]
) -> dict[str, Any]:
    mine = [u for u in used if u.model == model.id]
    price, tier, note = _today(model)
    return {
        "model": model.id,
        "configured": model.id in models,
        "simulated": model.simulated or any(u.simulated for u in mine),
        "source": price.source if price else None,
        "date": (price.dated if model.price else datetime.now(UTC).date()) if price else None,
        **{f"{name}_usd": getattr(price, name, None) for name in MONEY},
        **{name: getattr(price, name, None) for name in SHARES},
        "tiers": tier,
        "note": note,
        "rows": sum(u.rows for u in mine),
        "unknown_rows": sum(u.unknown for u in mine),
        "spend_usd": sum((u.spend_usd for u in mine), Decimal(0)),
        "judge_usd": sum((u.judge_usd for u in mine), Decimal(0)),
        "stored": [
            {"source": u.source, "first": u.first, "last": u.last, "rows": u.rows, "spend_usd": u.spend_usd}
            for u in mine
        ],
        "unknown": [{"rows": u.rows, "why": why(u, models)} for u in unpriced if u.model == model.id],
    }


def _today(model: Model) -> tuple[Price | None, list[dict[str, Any]], str]:
    """The rates of short prompts now, those of longer ones, and a note on them."""
    if model.price is not None:
        return model.price, [], ""
    found = tiers(model, datetime.now(UTC))
    if found is None:
        return None, [], ""
    longer = [
        {"above_input_tokens": tier.above, **{f"{name}_usd": getattr(tier.price, name) for name in MONEY}}
        for tier in found[1:]
    ]
    notes = [
        f"above {tier.above:,} input tokens {usd(tier.price.input_per_mtok)} and "
        f"{usd(tier.price.output_per_mtok)}/M"
        for tier in found[1:]
    ]
    return replace(found[0].price, batch_factor=None), longer, "; ".join(notes)


def _show(rows: Sequence[dict[str, Any]]) -> None:
    headings = ["model", "input/M", "output/M", "other rates", "source", "date", "rows", "spend"]
    answer(table(headings, [_shown(row) for row in rows], numbers=[1, 2, 6, 7]))
    unknown = [(row["model"], part) for row in rows for part in row["unknown"]]
    if unknown:
        answer("\nRows whose cost is unknown:")
    for model, part in unknown:
        answer(f"  {part['rows']:,} of {model}: {part['why']}")
    if judged := sum((row["judge_usd"] for row in rows if not row["simulated"]), Decimal(0)):
        answer(f"\nJudges were paid {usd(judged)} beside that.")


def _shown(row: dict[str, Any]) -> list[str]:
    others = [
        text.format(usd(rate)) for name, text in DETAILS.items() if (rate := row[f"{name}_usd"]) is not None
    ]
    others += [f"{name.replace('_', ' ')} {row[name]}" for name in SHARES if row[name] is not None]
    return [
        row["model"],
        _rate(row["input_per_mtok_usd"]),
        _rate(row["output_per_mtok_usd"]),
        ", ".join([*others, *([row["note"]] if row["note"] else [])]) or "-",
        row["source"] or ADD,
        str(row["date"] or ""),
        f"{row['rows']:,}" if row["rows"] else "-",
        usd(row["spend_usd"]) if row["rows"] > row["unknown_rows"] else "-",
    ]


def _rate(amount: Decimal | None) -> str:
    return "-" if amount is None else usd(amount)
