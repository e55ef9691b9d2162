"""How many models each demand leaves, from all that were measured to the one that is routed."""

from __future__ import annotations

from dataclasses import dataclass

from whichmodel.decide.field import Field

DEMANDS = (
    ("allowed by the policy", frozenset({"policy"})),
    ("answered enough items", frozenset({"low coverage", "few items"})),
    ("fast enough (p95)", frozenset({"too slow"})),
    ("not below the floor", frozenset({"below floor"})),
)
"""What a demand is called, and the reasons of `WhyNot` that it bars by."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One demand."""

    name: str
    left: int
    lost: tuple[str, ...]
    """Models that met every demand before and not this one."""


def funnel(field: Field, pick: int | None) -> tuple[Stage, ...]:
    """The stages in order: measured, policy, errors, p95, floor, quality, cheapest.

    pick: the routed model. None = there is no route.
    """
    left = list(range(len(field.names)))
    stages = [Stage("measured", len(left), ())]

    def keep(name: str, kept: list[int]) -> None:
        nonlocal left
        stages.append(Stage(name, len(kept), tuple(field.names[m] for m in left if m not in kept)))
        left = kept

    for name, reasons in DEMANDS:
        keep(name, [m for m in left if _barred_by(field, m) not in reasons])
    keep("shown good enough", [m for m in left if field.certified(m)])
    keep("cheapest of these", [m for m in left if m == pick])
    return tuple(stages)


def _barred_by(field: Field, m: int) -> str:
    """The reason that bars a model; "" = none."""
    fitness = field.fitness[m]
    barred = fitness.barred or (fitness.unproven if field.proven else None)
    return barred.reason if barred else ""
