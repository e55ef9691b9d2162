"""`bench savings`: what the routes are worth, against one model for all and against today's models."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import click

from whichmodel.cli.decision import decide
from whichmodel.cli.output import document
from whichmodel.cli.project import Project, project_options

if TYPE_CHECKING:
    from whichmodel.analyse.economics.whatif import WhatIf
    from whichmodel.views.savings.account import Account

FACTOR = re.compile(r"(\d+(?:\.\d+)?)\s*[xX×]")


class Volume(click.ParamType[Any]):
    """`2x` or a number of requests."""

    name = "2x|N"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """(factor, None) or (None, requests)."""
        if isinstance(value, tuple):
            return value
        text = str(value).replace(",", "").replace("_", "").strip()
        if found := FACTOR.fullmatch(text):
            return float(found[1]), None
        if text.isdigit():
            return None, int(text)
        return self.fail(f"'{value}' is neither a factor such as 2x nor a number of requests.", param, ctx)


class Usd(click.ParamType[Decimal]):
    """An amount of money, not negative."""

    name = "USD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        """The amount, exactly as it was written."""
        try:
            amount = Decimal(str(value).removeprefix("$"))
        except InvalidOperation:
            return self.fail(f"'{value}' is no amount in USD.", param, ctx)
        if not amount.is_finite() or amount < 0:
            return self.fail(f"'{value}' is no amount of 0 or more.", param, ctx)
        return amount


@click.command(
    help="What the routes save in a month, task by task and in sum, against the best single model and "
    "against today's models; three approaches side by side; break-evens. Asks no model."
)
@click.option("--org", help="Organisation; default: default_organisation of bench.yaml.")
@click.option("--volume", type=Volume(), help="What if: a factor such as 2x, or requests a month in all.")
@click.option("--floor", type=click.FloatRange(0, 1), help="What if: the lowest mean score of every task.")
@click.option("--review-usd", type=Usd(), help="What if: cost of one review.")
@click.option("--error-usd", type=Usd(), help="What if: cost of an error that nobody notices.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@project_options
def command(
    project: Project,
    org: str | None,
    volume: tuple[float | None, int | None] | None,
    floor: float | None,
    review_usd: Decimal | None,
    error_usd: Decimal | None,
    as_json: bool,
) -> None:
    """Work out what the organisation's routes are worth on its own outcomes."""
    from whichmodel.analyse.economics.whatif import WhatIf
    from whichmodel.cli import savings_json, savings_report

    times, requests = volume or (None, None)
    change = WhatIf(times, requests, floor, review_usd, error_usd)
    found = _account(project, org, change)
    if as_json:
        document(savings_json.as_json(found, change))
    else:
        savings_report.show(found, change)


def _account(project: Project, org: str | None, change: WhatIf) -> Account:
    """Decide for the organisation as it would be, and work everything out."""
    from whichmodel.analyse.economics.whatif import organisation_if
    from whichmodel.views.savings.account import account
    from whichmodel.views.savings.basis import Decided, basis, has_workloads
    from whichmodel.views.savings.priced import priced

    organisation = project.config.organisation(org)
    changed = organisation_if(organisation, change)
    has_workloads(changed, project.config_path)
    panel = project.stored_panel(project.reader())
    read = priced(project.source(), organisation, panel)
    decision = decide(project, changed, panel, found=[task.measured for task in read.tasks])
    made = Decided(decision.standings, decision.table, decision.models)
    return account(basis(project.source(), organisation, panel, change, decided=made, priced=read))
