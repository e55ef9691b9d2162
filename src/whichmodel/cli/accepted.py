"""What an accepted picture costs, per model of a task of pictures."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict
from typing import Any

from whichmodel.analyse.accepted import Accepted, accepted
from whichmodel.analyse.evidence import Evidence
from whichmodel.cli.output import share, usd

CATEGORY = "image-prompt"
"""The category in which an answer is used as it is, or thrown away."""


def words(evidence: Sequence[Evidence], tasks: Collection[str]) -> Iterator[str]:
    """One line a task."""
    for found in _of_pictures(evidence, tasks):
        models = "; ".join(_words(row) for row in accepted(found))
        yield f"{found.task}, cost of an accepted picture: {models}."


def as_json(evidence: Sequence[Evidence], tasks: Collection[str]) -> list[dict[str, Any]]:
    """One object a task and model; null = unknown, or without bound."""
    return [
        {"task": found.task, **asdict(row)}
        for found in _of_pictures(evidence, tasks)
        for row in accepted(found)
    ]


def _of_pictures(evidence: Sequence[Evidence], tasks: Collection[str]) -> Iterator[Evidence]:
    for found in evidence:
        if found.category == CATEGORY and found.task in tasks and accepted(found):
            yield found


def _words(row: Accepted) -> str:
    kept = f"{share(row.share)} of {row.n} accepted"
    if row.cost_usd is None:
        return f"{row.model} {'unknown' if row.share else 'none'} ({kept})"
    high = "no bound" if row.cost_high_usd is None else usd(row.cost_high_usd)
    return f"{row.model} {usd(row.cost_usd)} [{usd(row.cost_low_usd)}, {high}] ({kept})"
