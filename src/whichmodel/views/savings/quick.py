"""Savings for a view, with as little done again as a what-if needs."""

from __future__ import annotations

from whichmodel.analyse.economics.whatif import WhatIf, organisation_if
from whichmodel.domain import Organisation
from whichmodel.views.board import View
from whichmodel.views.decision import decide
from whichmodel.views.savings.account import Account, account
from whichmodel.views.savings.basis import Decided, basis
from whichmodel.views.savings.priced import Priced, priced
from whichmodel.views.source import Source


def used_tasks(view: View) -> tuple[str, ...]:
    """Measured tasks that the organisation has a workload for."""
    return tuple(
        route.task for route in view.routes if view.organisation.workload(route.task, route.category)
    )


def read(source: Source, view: View) -> Priced:
    """The outcomes of those tasks."""
    return priced(source, view.organisation, view.panel, until_run=view.until_run, tasks=used_tasks(view))


def decides_alike(organisation: Organisation, change: WhatIf) -> bool:
    """Whether routes are the same after a change: they do not go by volumes, and by people only sometimes."""
    if change.floor is not None:
        return False
    by_people = organisation.rule.objective == "expected_cost" or organisation.agreements
    return not by_people or (change.review_usd is None and change.error_usd is None)


def accounted(
    source: Source, view: View, change: WhatIf, read: Priced, before: Account | None = None
) -> Account:
    """The account of a view after a change; decided anew only where the change can alter a route.

    before: the view's account without a change, of which everything is taken that a change leaves alone.
    Raises UsageError where there is no workload, or no measured task has one.
    """
    made = Decided(view.standings, view.table, view.models)
    alike = decides_alike(view.organisation, change)
    if not alike:
        found = decide(
            source,
            organisation_if(view.organisation, change),
            view.panel,
            until_run=view.until_run,
            found=[task.measured for task in read.tasks],
        )
        made = Decided(found.standings, found.table, found.models)
    known = before.basis if before is not None and alike else None
    return account(
        basis(source, view.organisation, view.panel, change, decided=made, priced=read, before=known)
    )
