"""Which worker asks which model: providers are spread over the workers, a lone model over several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from whichmodel.domain import Model
from whichmodel.plan import Work

WORKERS, MANY_CELLS = 2, 500
"""Of fewer cells a second worker saves less time than its start costs."""
LEAST_ITEMS = 100
"""Items for which it pays to ask one model from two workers."""
MOST_WORKERS = 3
"""Workers that ask one model: each learns of a wrong key by a request of its own."""
MOST_ITEMS = 5_000
"""Items of one job, so that memory stays flat however large a bank is."""


@dataclass(frozen=True, slots=True)
class Shard:
    """Some work for one worker."""

    worker: int
    work: Work
    connections: int
    """Of the model's limit, what falls to this worker."""
    judge_connections: int


@dataclass(frozen=True, slots=True)
class Deal:
    """Who asks which model, for the length of a run.

    A model is asked by one worker alone, so that its limit is one limit; where there are fewer models than
    workers, by several that share its limit.
    """

    homes: Mapping[str, tuple[int, ...]]
    """Model -> its workers."""
    judging: int
    """Workers that share a judge's limit."""

    @classmethod
    def of(cls, works: Sequence[Work], workers: int, *, widest: int = MOST_WORKERS) -> Deal:
        """For all the work that may come. widest: workers that ask one model, at most."""
        homes = _homes(works, workers, widest)
        judging = {home for work in works if work.judge for home in homes[work.model.id]}
        return cls(homes, max(1, len(judging)))

    def shards(self, works: Sequence[Work]) -> tuple[Shard, ...]:
        """Work, cut and given to workers, in the order in which each of them is to do it."""
        return tuple(shard for work in works for shard in _cut(work, self.homes[work.model.id], self.judging))


def paying(cells: int) -> int:
    """Workers of a run on one machine that are worth their start."""
    return WORKERS if cells >= MANY_CELLS else 1


def shards(works: Sequence[Work], workers: int) -> tuple[Shard, ...]:
    """All work of a run dealt out at once."""
    return Deal.of(works, workers).shards(works)


def _homes(works: Sequence[Work], workers: int, widest: int) -> dict[str, tuple[int, ...]]:
    """Model -> its workers. Groups of one provider go together where that leaves no worker idle."""
    models = {work.model.id: work.model for work in works}
    cells = {model: sum(len(w.bank.items) for w in works if w.model.id == model) for model in models}
    if len(models) < workers:
        most = min(workers, widest)
        return {name: tuple(range(_wide(models[name], cells[name], most))) for name in models}
    groups: dict[str, list[str]] = {}
    for name, model in models.items():
        groups.setdefault(_provider(model), []).append(name)
    parts = list(groups.values()) if len(groups) >= workers else [[name] for name in models]
    load = [0] * workers
    homes: dict[str, tuple[int, ...]] = {}
    for part in sorted(parts, key=lambda part: -sum(cells[name] for name in part)):
        home = load.index(min(load))
        load[home] += sum(cells[name] for name in part)
        homes.update(dict.fromkeys(part, (home,)))
    return homes


def _wide(model: Model, cells: int, most: int) -> int:
    return max(1, min(most, model.max_connections, cells // LEAST_ITEMS))


def _provider(model: Model) -> str:
    return f"{model.inspect_name.partition('/')[0]} {model.base_url or ''}"


def _cut(work: Work, homes: Sequence[int], judging: int) -> list[Shard]:
    """The work in jobs, dealt out among its workers."""
    items = work.bank.items
    size = min(MOST_ITEMS, -(-len(items) // len(homes)))
    pieces = [items[start : start + size] for start in range(0, len(items), size)]
    judge = work.judge.max_connections if work.judge else 1
    return [
        Shard(
            worker=homes[number % len(homes)],
            work=work.holding(piece),
            connections=max(1, work.model.max_connections // len(homes)),
            judge_connections=max(1, judge // judging),
        )
        for number, piece in enumerate(pieces)
    ]
