"""Evidence: the outcomes of one task over one panel as matrices, items by models."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from whichmodel.analyse.latency import is_late
from whichmodel.analyse.own_prices import COUNTED, reprice
from whichmodel.domain import Model, Price
from whichmodel.errors import UsageError
from whichmodel.plan import place as place_of

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

NOT_ASKED, FAILED, SCORED, REFUSED, TRUNCATED = range(5)
"""State of an item for a model. Of several epochs the highest counts: failed = no epoch has a score."""
STATES = {"failed": FAILED, "scored": SCORED, "refused": REFUSED, "truncated": TRUNCATED}
TEXTS = (
    "task",
    "task_hash",
    "category",
    "item_id",
    "cluster_id",
    "model",
    "settings_hash",
    "status",
    "run_id",
    "judge_model",
)
FIGURES = (
    "epoch",
    "parsed",
    "score",
    "cost_usd",
    "latency_s",
    "loop_lag_ms",
    "started_at",
    "simulated",
    "baseline",
    "human_score",
    "judge_cost_usd",
)

SORTED = ("task", "model", "settings_hash", "cluster_id")
"""Texts that are gone through in their order."""
IMPORTED = ("imported_from", "judge_calls")
"""Columns by which imported rows say that a model judged them."""


def columns(prices: Mapping[str, Price] | None = None) -> tuple[str, ...]:
    """The columns of outcomes that `collect` reads; with prices of one's own, what these go by besides."""
    return tuple(dict.fromkeys([*TEXTS, *FIGURES, *IMPORTED, *(COUNTED if prices else ())]))


@dataclass(frozen=True, slots=True)
class Measured:
    """One column of the evidence: a model as it was measured."""

    model: str
    settings_hash: str
    simulated: bool
    baseline: bool
    run_ids: tuple[str, ...] = ()
    first: datetime | None = None
    last: datetime | None = None
    judge: str | None = None
    """Who took part in the scoring. None = nobody did, or several."""
    judge_usd: float | None = 0.0
    """What the scorer's own model calls cost for these rows. None = unknown for one of them."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """What one panel (real or simulated) says about one task. Epochs of an item are already averaged."""

    task: str
    category: str
    task_hash: str
    judged: bool
    """A model takes part in the scoring."""
    items: tuple[str, ...]
    """One fixed random order, the same for all models and all times."""
    clusters: Codes
    """Cluster number of each item; items of one cluster are not independent."""
    measured: tuple[Measured, ...]
    """The models, in the order of their names."""
    score: Floats
    """items x models. NaN = no score."""
    cost_usd: Floats
    """items x models, of one request. NaN = unknown, or no score."""
    unparsed: Floats
    """items x models, share of epochs whose format could not be read. NaN = no score."""
    state: Codes
    """items x models, one of NOT_ASKED, FAILED, SCORED, REFUSED, TRUNCATED."""
    latency_s: Floats
    """items x models x epochs, of answers with a score, as recorded: where the measuring program was late,
    the truth is lower. NaN = unknown, or no score."""
    late: NDArray[np.bool_]
    """items x models x epochs: the event loop's delay was more than a small share of the latency."""
    human: Floats | None = None
    """items x models, mean human label. NaN = not labelled, or no score. None = there is no label at all."""

    def steady_s(self, model: int) -> Floats:
        """Latencies of a model's answers that the measuring program did not bend. NaN = none there."""
        return np.where(self.late[:, model], np.nan, self.latency_s[:, model])

    @cached_property
    def models(self) -> tuple[str, ...]:
        """Model ids, one a column."""
        return tuple(column.model for column in self.measured)

    @property
    def simulated(self) -> bool:
        """Whether it rests on simulated rows."""
        return any(column.simulated and not column.baseline for column in self.measured)

    @cached_property
    def clustered(self) -> bool:
        """Whether any two items belong together."""
        return len(np.unique(self.clusters)) < len(self.items)

    def column(self, model: str) -> int:
        """The column of a model. Raises ValueError when it was not measured."""
        return self.models.index(model)

    def known_cost(self) -> NDArray[np.bool_]:
        """Per model: every item with a score has a known cost, and there is one."""
        scored = ~np.isnan(self.score)
        unknown = scored & np.isnan(self.cost_usd)
        return np.asarray(scored.any(axis=0) & ~unknown.any(axis=0))

    def rows(self, start: int, stop: int) -> Evidence:
        """The items from start to stop in the fixed order."""
        part = slice(start, stop)
        return replace(
            self,
            items=self.items[part],
            clusters=self.clusters[part],
            score=self.score[part],
            cost_usd=self.cost_usd[part],
            unparsed=self.unparsed[part],
            state=self.state[part],
            latency_s=self.latency_s[part],
            late=self.late[part],
            human=None if self.human is None else self.human[part],
        )


def collect(
    frame: pd.DataFrame,
    models: Mapping[str, Model],
    judged: Collection[str],
    *,
    prices: Mapping[str, Price] | None = None,
) -> tuple[Evidence, ...]:
    """The evidence of each task in a frame of outcomes, tasks in the order of their names.

    frame: columns as in `Outcome`, one row a cell, one panel, one task_hash a task. Of a model that was
    measured under several settings, those in `models` count, else the latest. judged: names of tasks that a
    model helps to score; of imported ones the outcomes say so themselves. prices: an organisation's own, by
    model id, in place of the stored costs.
    Raises UsageError where simulated and real models stand together, or two banks of one task.
    """
    if frame.empty:
        return ()
    helped = {*judged, *_judged_elsewhere(frame)}
    frame = _lean(reprice(frame, prices or {}))
    _one_panel(frame)
    return tuple(
        _evidence(rows.reset_index(drop=True), str(task) in helped)
        for task, rows in _one_setting(frame, models).groupby("task", sort=True, observed=True)
    )


def collected(
    frames: Iterable[pd.DataFrame],
    models: Mapping[str, Model],
    judged: Collection[str],
    *,
    prices: Mapping[str, Price] | None = None,
) -> tuple[Evidence, ...]:
    """As `collect`, of frames that hold whole tasks: no more than one of them is in memory at a time."""
    found = (task for frame in frames for task in collect(frame, models, judged, prices=prices))
    return tuple(sorted(found, key=lambda task: task.task))


def _judged_elsewhere(frame: pd.DataFrame) -> set[str]:
    """Imported tasks in whose scoring a model took part: no card says so of them."""
    if not set(IMPORTED) <= set(frame):
        return set()
    asked = frame["imported_from"].notna() & frame["judge_calls"].gt(0).fillna(False)
    return set(map(str, frame.loc[asked, "task"].unique()))


def _lean(frame: pd.DataFrame) -> pd.DataFrame:
    """The columns that count, texts as numbered categories: millions of rows are sorted and cut by them."""
    lean = frame[[*TEXTS, *FIGURES]].astype(dict.fromkeys(TEXTS, "category"))
    named = {name: lean[name].cat.reorder_categories(sorted(lean[name].cat.categories)) for name in SORTED}
    return lean.assign(**named)


def _one_panel(frame: pd.DataFrame) -> None:
    baseline = frame["baseline"].to_numpy(dtype=bool)
    kinds = np.unique(frame["simulated"].to_numpy(dtype=bool)[~baseline])
    if len(kinds) > 1:
        raise UsageError(
            "Simulated and real outcomes stand in one panel; a route over simulated rows is never mixed.",
            remedy="Decide the real panel and the simulated one apart.",
        )
    banks = frame.groupby("task", observed=True)["task_hash"].nunique()
    if (banks > 1).any():
        task = banks.index[int(np.argmax(banks.to_numpy() > 1))]
        raise UsageError(
            f"Outcomes of {banks[task]} banks of the task '{task}' stand in one panel.",
            remedy="Choose one task_hash a task.",
        )


def _one_setting(frame: pd.DataFrame, models: Mapping[str, Model]) -> pd.DataFrame:
    """The rows of one settings_hash a task and model: the configured one, else the latest."""
    groups = frame.groupby(["task", "model", "settings_hash"], sort=True, observed=True)
    latest = groups["started_at"].max()
    configured = {name: model.settings_hash for name, model in models.items()}
    best: dict[tuple[str, str], tuple[tuple[bool, datetime, str], int]] = {}
    for number, (key, last) in enumerate(zip(latest.index.tolist(), latest.tolist(), strict=True)):
        task, model, settings = key
        rank = (configured.get(model) == settings, last, settings)
        if (task, model) not in best or rank > best[task, model][0]:
            best[task, model] = (rank, number)
    if len(best) == len(latest):
        return frame
    keep = np.zeros(len(latest), dtype=bool)
    keep[[number for _, number in best.values()]] = True
    return frame[keep[groups.ngroup().to_numpy()]]


def _order(items: list[str]) -> tuple[list[str], Codes]:
    """Item ids in the fixed random order, and each given item's place in it."""
    order = np.argsort(np.array([place_of(item) for item in items]))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return [items[i] for i in order], place


def _evidence(rows: pd.DataFrame, judged: bool) -> Evidence:
    item_codes, item_ids = pd.factorize(rows["item_id"])
    model_codes, model_ids = pd.factorize(rows["model"], sort=True)
    epoch_codes, epochs = pd.factorize(rows["epoch"], sort=True)
    items, place = _order(item_ids.tolist())
    at = (place[item_codes], model_codes, epoch_codes)
    shape = (len(items), len(model_ids), len(epochs))

    state = np.full(shape, NOT_ASKED, dtype=np.int64)
    state[at] = rows["status"].map(STATES).to_numpy(dtype=np.int64)
    scored = state >= SCORED
    clusters = np.zeros(len(items), dtype=np.int64)
    clusters[at[0]] = pd.factorize(rows["cluster_id"], sort=True)[0]
    latency = _spread(rows["latency_s"], at, shape)
    lag_s = _spread(rows["loop_lag_ms"], at, shape) / 1000
    first = rows.iloc[0]
    return Evidence(
        task=str(first["task"]),
        category=str(first["category"]),
        task_hash=str(first["task_hash"]),
        judged=judged,
        items=tuple(items),
        clusters=clusters,
        measured=_measured(rows, model_codes),
        score=_mean(_spread(rows["score"], at, shape), scored),
        cost_usd=_mean(_spread(rows["cost_usd"], at, shape), scored),
        unparsed=_mean(_spread(rows["parsed"].eq(False).fillna(False), at, shape), scored),
        state=state.max(axis=2),
        latency_s=np.where(scored, latency, np.nan),
        late=scored & is_late(latency, lag_s),
        human=_labels(rows["human_score"], at, scored),
    )


def _labels(column: pd.Series, at: tuple[Codes, Codes, Codes], scored: NDArray[np.bool_]) -> Floats | None:
    """Mean label over the epochs that have one; None where there is none at all."""
    if not column.notna().any():
        return None
    given = _spread(column, at, scored.shape)
    return _mean(given, scored & ~np.isnan(given))


def _spread(column: pd.Series, at: tuple[Codes, Codes, Codes], shape: tuple[int, int, int]) -> Floats:
    cube = np.full(shape, np.nan)
    cube[at] = column.astype("float64").to_numpy(dtype=np.float64, na_value=np.nan)
    return cube


def _mean(cube: Floats, scored: NDArray[np.bool_]) -> Floats:
    """Mean over the epochs with a score; NaN where there is none, or one of them is unknown."""
    count = scored.sum(axis=2)
    total = np.where(scored, cube, 0.0).sum(axis=2)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _measured(rows: pd.DataFrame, codes: Codes) -> tuple[Measured, ...]:
    """The columns' own data, in their order; codes: column of each row."""
    _, first = np.unique(codes, return_index=True)
    started = rows["started_at"].to_numpy(dtype="datetime64[us]")
    order = np.argsort(codes, kind="stable")
    starts = np.flatnonzero(np.diff(codes[order], prepend=-1))
    earliest, latest = (of.reduceat(started[order], starts) for of in (np.minimum, np.maximum))
    runs, judges = _named(rows["run_id"], codes), _named(rows["judge_model"], codes)
    paid = _judge_usd(rows, codes)
    told = rows[["model", "settings_hash", "simulated", "baseline"]].iloc[first]
    return tuple(
        Measured(
            model=str(model),
            settings_hash=str(settings),
            simulated=bool(simulated),
            baseline=bool(baseline),
            run_ids=runs[m],
            first=pd.Timestamp(earliest[m]).to_pydatetime(),
            last=pd.Timestamp(latest[m]).to_pydatetime(),
            judge=judges[m][0] if len(judges[m]) == 1 else None,
            judge_usd=paid[m],
        )
        for m, (model, settings, simulated, baseline) in enumerate(told.itertuples(index=False, name=None))
    )


def _named(texts: pd.Series, codes: Codes) -> list[tuple[str, ...]]:
    """By column, the different texts of its rows, in order; rows without one are passed over."""
    numbers, names = pd.factorize(texts)
    seen = np.zeros((int(codes.max()) + 1, len(names) + 1), dtype=bool)
    seen[codes, numbers] = True
    return [tuple(sorted(str(names[int(n)]) for n in np.flatnonzero(row))) for row in seen[:, :-1]]


def _judge_usd(rows: pd.DataFrame, codes: Codes) -> list[float | None]:
    """By column, what judging its rows cost. None = unknown for one that has a score."""
    paid = rows["judge_cost_usd"].astype("float64").to_numpy(dtype=np.float64, na_value=np.nan)
    unknown = np.isnan(paid) & rows["score"].notna().to_numpy(dtype=bool)
    open_rows, sums = np.bincount(codes, weights=unknown), np.bincount(codes, weights=np.nan_to_num(paid))
    return [None if missing else float(sum_) for missing, sum_ in zip(open_rows, sums, strict=True)]
