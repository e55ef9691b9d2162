"""Outcomes as savings need them: as they were decided on, and at the cost of a workload's own requests."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np
import pandas as pd

from whichmodel.analyse.economics.breakeven import Success, success
from whichmodel.analyse.economics.hosting import throughput_cost
from whichmodel.analyse.economics.workload import Scale, at_workload
from whichmodel.analyse.evidence import Codes, Evidence, collect, columns
from whichmodel.analyse.own_prices import COUNTED, reprice
from whichmodel.domain import Load, Model, Organisation, Price
from whichmodel.store import Panel, loads
from whichmodel.views.source import Source

TOKENS = ("input_tokens", "output_tokens")
Pair = tuple[str, str]
"""Task and model."""


@dataclass(frozen=True, eq=False)
class PricedTask:
    """One task. What-ifs of volumes, floors and people change none of it."""

    measured: Evidence
    """At the organisation's prices, as routes are decided."""
    priced: Evidence
    """The same at the workload's tokens and at measured throughput."""
    scale: Scale | None
    """How its tokens were scaled. None = as in the bank."""
    tokens: Mapping[str, float]
    """Model -> mean tokens of a request in the bank, in and out, where they were counted."""
    tries: Mapping[str, Success]
    """Model -> what a right answer costs, where items were asked several times."""


@dataclass(frozen=True, eq=False)
class Priced:
    """All that the store has to say about savings."""

    tasks: tuple[PricedTask, ...]
    """In the order of their names."""
    loads: Mapping[Pair, Load]
    """(task, model) -> the latest load measurement that fits what was measured."""


def priced(
    source: Source,
    organisation: Organisation,
    panel: Panel,
    *,
    until_run: str | None = None,
    tasks: Collection[str] | None = None,
) -> Priced:
    """Read a panel task by task: no more than one task's rows are in memory at a time.

    until_run: as things stood when that run ended. tasks: just these; None = all.
    """
    models = source.models(panel)
    read = _Reading(organisation, models, source.judged, _loads(source, panel), datetime.now(UTC))
    frames = source.reader.evidence(panel, read.columns(), until_run=until_run, tasks=tasks)
    found = sorted((task for frame in frames for task in read.tasks(frame)), key=lambda t: t.measured.task)
    fitting = {
        (one.measured.task, m.model): load
        for one in found
        for m in one.measured.measured
        if (load := read.load(one.measured, m.model)) is not None
    }
    return Priced(tuple(found), fitting)


def gpu_price(models: Mapping[str, Model], organisation: Organisation, name: str) -> Price | None:
    """The price by the GPU hour that a model has here. None = it has none."""
    model = models.get(name)
    price = organisation.prices.get(name) or (model.price if model else None)
    return price if price is not None and price.per_gpu_hour is not None else None


def _loads(source: Source, panel: Panel) -> dict[tuple[str, str, str, str], Load]:
    """(task, task hash, model, settings hash) -> the latest measurement in which a step held."""
    return {
        (load.task, load.task_hash, load.model, load.settings_hash): load
        for load in loads.stored(source.results)
        if load.sustained is not None and load.simulated is (panel == "simulated")
    }


@dataclass(frozen=True, eq=False)
class _Reading:
    organisation: Organisation
    models: Mapping[str, Model]
    judged: Collection[str]
    stored_loads: Mapping[tuple[str, str, str, str], Load]
    at: datetime
    """Whose public prices count."""

    def columns(self) -> tuple[str, ...]:
        """Those of the evidence, and what prices and tokens go by where anything asks for them."""
        sized = any((w.input_tokens, w.output_tokens) != (None, None) for w in self.organisation.workloads)
        more = COUNTED if sized else TOKENS if self._rented else ()
        return tuple(dict.fromkeys([*columns(self.organisation.prices), *more]))

    @property
    def _rented(self) -> bool:
        names = {*self.models, *self.organisation.prices}
        return any(gpu_price(self.models, self.organisation, name) for name in names)

    def load(self, evidence: Evidence, model: str) -> Load | None:
        """The measurement of a model on today's bank and settings."""
        settings = evidence.measured[evidence.column(model)].settings_hash
        return self.stored_loads.get((evidence.task, evidence.task_hash, model, settings))

    def tasks(self, frame: pd.DataFrame) -> Iterator[PricedTask]:
        """The one task of a frame; none where it is empty."""
        frame = reprice(frame, self.organisation.prices).reset_index(drop=True)
        for measured in collect(frame, self.models, self.judged):
            again, scales = at_workload(frame, self.organisation, self.models, at=self.at)
            again = self._hosted(again, measured, scales)
            ordered = replace(measured, clusters=_in_order(frame, measured.items))
            yield PricedTask(
                measured=measured,
                priced=ordered if again is frame else self._collected(again, ordered),
                scale=scales[0] if scales else None,
                tokens=_tokens(frame) if set(TOKENS) <= set(frame) else {},
                tries=_tries(again),
            )

    def _collected(self, frame: pd.DataFrame, measured: Evidence) -> Evidence:
        """The same answers with other costs."""
        [found] = collect(frame, self.models, self.judged)
        return replace(measured, cost_usd=found.cost_usd)

    def _hosted(self, frame: pd.DataFrame, measured: Evidence, scales: Collection[Scale]) -> pd.DataFrame:
        """At the throughput that was measured, unless the workload's requests are of another length."""
        if any((scale.input, scale.output) != (1.0, 1.0) for scale in scales):
            return frame
        cost = None
        for name in measured.models:
            load, price = self.load(measured, name), gpu_price(self.models, self.organisation, name)
            each = throughput_cost(float(price.per_gpu_hour or 0), load) if price and load else None
            if each is not None:
                known = frame["cost_usd"].astype("float64") if cost is None else cost
                cost = known.mask(frame["model"].eq(name).to_numpy(dtype=bool), each)
        return frame if cost is None else frame.assign(cost_usd=cost)


def _in_order(frame: pd.DataFrame, items: tuple[str, ...]) -> Codes:
    """The cluster number of each item, clusters in the order of their names: rows come in no order, and what
    is drawn must not depend on that."""
    first = frame.drop_duplicates("item_id")
    of = dict(zip(first["item_id"].astype(str), first["cluster_id"].astype(str), strict=True))
    return np.unique([of[item] for item in items], return_inverse=True)[1].astype(np.int64)


def _tokens(frame: pd.DataFrame) -> dict[str, float]:
    scored = frame[frame["score"].notna()]
    both = scored[list(TOKENS)].astype("float64")
    counted = both.notna().all(axis=1).groupby(scored["model"], observed=True).all()
    means = both.sum(axis=1).groupby(scored["model"], observed=True).mean()
    return {str(name): float(means[name]) for name in counted.index[counted]}


def _tries(frame: pd.DataFrame) -> dict[str, Success]:
    """Empty where each item was asked once."""
    epochs = frame.groupby("model", observed=True)["epoch"].nunique()
    found = {str(name): _success(frame[frame["model"].eq(name)]) for name in epochs.index[epochs >= 2]}
    return {name: one for name, one in found.items() if one is not None}


def _success(rows: pd.DataFrame) -> Success | None:
    rows = rows.assign(item_id=rows["item_id"].astype(str))
    score, cost = (
        rows.pivot_table(index="item_id", columns="epoch", values=value, aggfunc="first", dropna=False)
        .reindex(sorted(rows["item_id"].unique()))
        .to_numpy(dtype=np.float64, na_value=np.nan)
        for value in ("score", "cost_usd")
    )
    return success(score, cost, int(rows["epoch"].nunique()))
