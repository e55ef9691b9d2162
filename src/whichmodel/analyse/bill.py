"""What a race has used of each model's answers, against asking every model every item of the bank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from whichmodel.domain import Status

REACH = 1.96
"""Standard errors of the mean cost, for a two-sided 95% interval."""
Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Part:
    """One model on one task, in USD, the charges of judges included. None = unknown."""

    model: str
    items: int
    """Items that the race uses of it."""
    bank: int
    used_usd: float | None
    """What the answers to these cost, whenever they were paid."""
    whole: Range | None
    """What all items of the bank cost, low and high: what is measured, and the rest at its mean cost."""

    @property
    def whole_usd(self) -> float | None:
        """The middle of that range."""
        return None if self.whole is None else (self.whole[0] + self.whole[1]) / 2


@dataclass(frozen=True, slots=True)
class Bill:
    """Several parts together."""

    used_usd: float
    whole: Range
    unknown: tuple[str, ...]
    """Models of unknown price, which are in neither sum."""

    @property
    def whole_usd(self) -> float:
        """The middle of the range."""
        return (self.whole[0] + self.whole[1]) / 2

    @property
    def share(self) -> float | None:
        """Used of whole. None = nothing costs anything."""
        return self.used_usd / self.whole_usd if self.whole_usd > 0 else None


def parts(
    rows: pd.DataFrame,
    items: Sequence[str],
    used: Mapping[str, int],
    guesses: Mapping[str, Range | None],
) -> tuple[Part, ...]:
    """The part of each model in `used`: model -> items from the start of the order that count.

    rows: outcomes of one task, one setting a model, columns as in `Outcome`. items: of the bank, in the order
    in which they are asked. guesses: model -> low and high cost of the whole bank where no answer tells.
    """
    # In one order, so that the sums are the same to the last digit however the answers came in.
    rows = rows.sort_values(["model", "item_id", "epoch"])
    place = {item: number for number, item in enumerate(items)}
    at = rows["item_id"].map(place)
    cost = _numbers(rows["cost_usd"]) + np.nan_to_num(_numbers(rows["judge_cost_usd"]))
    # What failed was charged for as far as it has a cost.
    failed = rows["status"].eq(str(Status.FAILED)).to_numpy(dtype=bool)
    cost = np.where(failed & np.isnan(cost), 0.0, cost)
    found = []
    for model, count in used.items():
        mine = rows["model"].eq(model).to_numpy(dtype=bool) & at.notna().to_numpy(dtype=bool)
        taken = cost[mine & (at < count).to_numpy(dtype=bool)]
        known = cost[mine & ~failed]
        whole = _whole(float(cost[mine].sum()), known, len(items)) if len(known) else guesses.get(model)
        paid = float(taken.sum())
        found.append(Part(model, count, len(items), None if np.isnan(paid) else paid, whole))
    return tuple(found)


def _whole(paid: float, known: np.ndarray, bank: int) -> Range | None:
    """Measured, and the rest at the mean cost with its 95% interval; None = a cost is unknown."""
    if np.isnan(known).any() or np.isnan(paid):
        return None
    rest, mean = max(bank - len(known), 0), float(known.mean())
    spread = float(known.std(ddof=1)) if len(known) > 1 else 0.0
    reach = REACH * spread / len(known) ** 0.5
    return paid + rest * max(mean - reach, 0.0), paid + rest * (mean + reach)


def total(found: Sequence[Part]) -> Bill:
    """All parts whose cost is known, and the models whose is not."""
    known = [part for part in found if part.used_usd is not None and part.whole is not None]
    low = sum(part.whole[0] for part in known if part.whole)
    high = sum(part.whole[1] for part in known if part.whole)
    unknown = dict.fromkeys(part.model for part in found if part not in known)
    return Bill(sum(part.used_usd or 0.0 for part in known), (low, high), tuple(unknown))


def _numbers(column: pd.Series) -> np.ndarray:
    return np.asarray(column.astype("float64").to_numpy(dtype=np.float64, na_value=np.nan))
