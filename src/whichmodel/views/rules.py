"""By which rule a view is decided: as bench.yaml has it, or another one, to see what it would change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from whichmodel.domain import DecisionRule, Organisation

CONFIGURED = "configured"


@dataclass(frozen=True, slots=True)
class Choice:
    """A rule to look by."""

    title: str
    rule: DecisionRule


def choices(organisation: Organisation) -> Mapping[str, Choice]:
    """Id -> rule, the configured one first; only those that the organisation has the figures for."""
    own = organisation.rule
    plain = replace(own, objective="noninferior")
    found = {CONFIGURED: Choice("As bench.yaml has it", own)}
    others = {"best": Choice("Good as the best", replace(plain, reference="best"))}
    if any(workload.incumbent for workload in organisation.workloads):
        others["incumbent"] = Choice("Good as today's", replace(plain, reference="incumbent"))
    bar = own.min_quality if own.min_quality is not None else organisation.floor
    if bar is not None:
        rule = replace(plain, reference="min_quality", min_quality=bar)
        others["floor"] = Choice(f"Above {bar:g}", rule)
    if organisation.review_cost_usd is not None or organisation.error_cost_usd is not None:
        others["expected-cost"] = Choice(
            "Lowest cost, errors included", replace(own, objective="expected_cost")
        )
    return found | {name: choice for name, choice in others.items() if choice.rule != own}


def organisation_by(organisation: Organisation, choice: str) -> Organisation:
    """The organisation with another rule. Raises KeyError for one that `choices` does not have."""
    return replace(organisation, rule=choices(organisation)[choice].rule)
