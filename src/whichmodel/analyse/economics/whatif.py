"""What if: an organisation with another volume, floor, cost of a review or of an error. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from whichmodel.domain import Organisation


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Changes to an organisation. None = as bench.yaml has it."""

    times: float | None = None
    """Factor on the volume of every task."""
    requests: int | None = None
    """Requests a month of all tasks together, shared among them as bench.yaml has it."""
    floor: float | None = None
    """Lowest mean score of every task."""
    review_usd: Decimal | None = None
    error_usd: Decimal | None = None

    def said(self) -> tuple[str, ...]:
        """The changes in words."""
        parts = (
            None if self.times is None else f"{self.times:g} times the volume",
            None if self.requests is None else f"{self.requests:,} requests a month in all",
            None if self.floor is None else f"a floor of {self.floor:g} for every task",
            None if self.review_usd is None else f"${self.review_usd:,} a review",
            None if self.error_usd is None else f"${self.error_usd:,} an unnoticed error",
        )
        return tuple(part for part in parts if part is not None)


def shares(requests: int, volumes: Sequence[int]) -> tuple[int, ...]:
    """A number of requests shared in proportion, in whole ones that add up to it (largest remainders)."""
    whole = sum(volumes)
    if not whole:
        return tuple(volumes)
    exact = [requests * volume / whole for volume in volumes]
    given = [int(part) for part in exact]
    order = sorted(range(len(exact)), key=lambda k: (given[k] - exact[k], k))
    for k in order[: requests - sum(given)]:
        given[k] += 1
    return tuple(given)


def organisation_if(organisation: Organisation, change: WhatIf) -> Organisation:
    """The organisation with another floor and other costs of people; volumes are changed task by task."""
    workloads = tuple(
        replace(
            workload,
            floor=workload.floor if change.floor is None else change.floor,
            error_cost_usd=workload.error_cost_usd if change.error_usd is None else change.error_usd,
        )
        for workload in organisation.workloads
    )
    return replace(
        organisation,
        workloads=workloads,
        floor=organisation.floor if change.floor is None else change.floor,
        review_cost_usd=organisation.review_cost_usd if change.review_usd is None else change.review_usd,
        error_cost_usd=organisation.error_cost_usd if change.error_usd is None else change.error_usd,
    )


def volumes_if(volumes: Sequence[int], change: WhatIf) -> tuple[int, ...]:
    """Requests a month of each task after the change."""
    if change.requests is not None:
        return shares(change.requests, volumes)
    if change.times is not None:
        return tuple(round(volume * change.times) for volume in volumes)
    return tuple(volumes)
