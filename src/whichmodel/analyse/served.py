"""Which model replied: the one that was asked for, another one, or several in turn."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from whichmodel.domain import served_otherwise


@dataclass(frozen=True, slots=True)
class Served:
    """The replies to one model on one task."""

    task: str
    model: str
    requested: tuple[str, ...]
    """Names that went to the provider."""
    served: tuple[str, ...]
    """Ids that the replies named, the most frequent first. () = none named one."""
    others: tuple[str, ...]
    """Of these, those of another model than was asked for."""
    fingerprints: tuple[str, ...]
    answers: int
    by_others: int
    """Answers of those other models."""

    @property
    def notable(self) -> bool:
        """Another model replied, or more than one version of the same."""
        return bool(self.others) or len(self.served) > 1 or len(self.fingerprints) > 1


def served(frame: pd.DataFrame) -> tuple[Served, ...]:
    """The replies by task and model. frame: as `Reader.served` gives it."""
    groups: dict[tuple[str, str], list[dict[str, object]]] = {}
    for row in frame.to_dict("records"):
        groups.setdefault((str(row["task"]), str(row["model"])), []).append(dict(row))  # type: ignore[arg-type]
    return tuple(_served(task, model, rows) for (task, model), rows in groups.items())


def _served(task: str, model: str, rows: list[dict[str, object]]) -> Served:
    named = [row for row in rows if isinstance(row["served_model"], str)]
    other = [row for row in named if served_otherwise(str(row["requested_model"]), str(row["served_model"]))]
    fingerprints = {str(name) for row in rows for name in row["fingerprint_names"]}  # type: ignore[attr-defined]
    return Served(
        task=task,
        model=model,
        requested=_names(rows, "requested_model"),
        served=_names(named, "served_model"),
        others=_names(other, "served_model"),
        fingerprints=tuple(sorted(fingerprints)),
        answers=_count(rows),
        by_others=_count(other),
    )


def _names(rows: list[dict[str, object]], column: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(row[column]) for row in rows))


def _count(rows: list[dict[str, object]]) -> int:
    return sum(int(str(row["rows"])) for row in rows)
