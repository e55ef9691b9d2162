"""A plan carried out: jobs to workers, outcomes to the store, snapshots to readers."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from whichmodel.domain import Outcome
from whichmodel.plan import Plan, Work
from whichmodel.run.budget import Budget
from whichmodel.run.job import Job, Limits, Report
from whichmodel.run.pool import Pool
from whichmodel.run.progress import Progress, Stopped, Summary
from whichmodel.run.recovery import alive
from whichmodel.run.shards import MOST_WORKERS, Deal, Shard
from whichmodel.run.spool import Tail
from whichmodel.run.workers import Start
from whichmodel.store import Store

POLL_S = 0.25
INGEST_S = 2.0
PUBLISH_SHARE = 10
"""A snapshot is made again after this many times the seconds that the last one took."""
CACHE = "responses.sqlite"
"""The response cache, in the results folder."""
AHEAD = 2
"""Jobs of one model that a worker has at a time: the next one's items follow without a gap."""


Ended = tuple[Work, Report]
"""Work that nothing more will come of, and how it ended."""


class Feed(Protocol):
    """Decides as a run goes on what is asked next."""

    def more(self, outcomes: Sequence[Outcome], ended: Sequence[Ended]) -> Sequence[Work]:
        """What to ask now, of the work of the run's plan. First called with nothing.

        outcomes: what has come since the last call; that of ended work is among it. The run is over when
        nothing is under way and this gives nothing.
        """
        ...


@dataclass(slots=True)
class Measurement:
    """One run in the making. `watch` is called with the progress several times a second."""

    plan: Plan
    """All work that may be done."""
    run_id: str
    results: Path
    store: Store
    processes: int
    budget: Budget
    watch: Callable[[Progress], None]
    limits: Limits = field(default_factory=Limits)
    cache: bool = False
    """Answers to the same questions are taken from the response cache, and kept there."""
    feed: Feed | None = None
    """Picks from the plan as outcomes come in. None = all of it is done."""
    start: Start = Pool
    """Makes the workers."""
    widest: int = MOST_WORKERS
    """Workers that ask one model, at most."""
    _tails: dict[str, Tail] = field(default_factory=dict)
    _waiting: list[Outcome] = field(default_factory=list)
    _ingested: float = 0.0
    _publish_after: float = 0.0
    _jobs_made: int = 0

    def run(self) -> Summary:
        """Carry the plan out. On an interrupt, what has ended is stored before it goes on upwards."""
        with alive(self.results, self.run_id):
            return self._run()

    def _run(self) -> Summary:
        progress = Progress.of(self.plan, self.budget.limit)
        deal = Deal.of(self.plan.work, self.processes, widest=self.widest)
        queue = _Queue()
        pool = self.start(self.results / "logs" / self.run_id, self.budget)
        toll = _Toll()
        self._hand_in(self.feed.more((), ()) if self.feed else self.plan.work, deal, queue, progress)
        try:
            while True:
                given = queue.take(pool.running)
                self._tails |= {job.name: Tail(Path(job.folder)) for _, job in given}
                pool.give(given)
                if not pool.running:
                    break
                ended = pool.reports(POLL_S)
                outcomes = self._collect(progress)
                for job, report in ended:
                    self._settle(job, report)
                gone = toll.count(ended, queue, pool.stopped)
                if self.feed:
                    self._hand_in(self.feed.more(outcomes, gone), deal, queue, progress)
                self.watch(progress)
        finally:
            pool.close()
            self._collect(progress, last=True)
            self.watch(progress)
        return toll.summary(progress, pool.stopped)

    def _hand_in(self, works: Sequence[Work], deal: Deal, queue: _Queue, progress: Progress) -> None:
        progress.expect(works)
        queue.add(self._jobs(deal.shards(works)))

    def _jobs(self, shards: Iterable[Shard]) -> Iterator[tuple[int, Job]]:
        """Worker and job, in the order in which each worker is to do them."""
        for shard in shards:
            card, model = shard.work.bank.card, shard.work.model
            name = f"{self._jobs_made:03d}-{card.name}-{_slug(model.id)}"
            self._jobs_made += 1
            log_ref = f"logs/{self.run_id}/{name}"
            yield (
                shard.worker,
                Job(
                    run_id=self.run_id,
                    name=name,
                    work=shard.work,
                    folder=str(self.results / log_ref),
                    log_ref=log_ref,
                    artifacts=str(self.results / "artifacts"),
                    connections=shard.connections,
                    judge_connections=shard.judge_connections,
                    cache=str(self.results / CACHE) if self.cache else None,
                    budgeted=self.budget.limit is not None,
                    limits=self.limits,
                ),
            )

    def _collect(self, progress: Progress, *, last: bool = False) -> list[Outcome]:
        """What has come since the last time."""
        outcomes = [outcome for tail in self._tails.values() for outcome in tail.read()]
        self._waiting += outcomes
        progress.add(outcomes)
        if last or time.monotonic() - self._ingested >= INGEST_S:
            self._ingest(last=last)
        return outcomes

    def _ingest(self, *, last: bool) -> None:
        self.store.ingest(self._waiting)
        self._waiting.clear()
        self._ingested = time.monotonic()
        if last or self._ingested >= self._publish_after:
            self.store.publish()
            now = time.monotonic()
            self._publish_after = now + PUBLISH_SHARE * (now - self._ingested)

    def _settle(self, job: Job, report: Report) -> None:
        tail = self._tails.pop(job.name)
        if report.error is None:
            self._ingest(last=False)
            tail.remove()


@dataclass(slots=True)
class _Toll:
    """What was not asked, and why."""

    reports: list[Report] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)
    """Model -> items."""
    reasons: dict[str, str] = field(default_factory=dict)
    """Model -> why it was stopped."""

    def count(
        self, ended: Sequence[tuple[Job, Report]], queue: _Queue, stopped: Mapping[str, str]
    ) -> list[Ended]:
        """Note how jobs ended, and drop those that wait for a model that is asked no more.

        All work that nothing more comes of, what was dropped included.
        """
        gone: list[Ended] = []
        for job, report in ended:
            self.reports.append(report)
            gone.append((job.work, report))
            if not report.left:
                continue
            model = job.work.model.id
            self.left[model] += report.left
            if report.stopped:
                self.reasons.setdefault(model, report.stopped)
            if model in stopped or not report.stopped:
                dropped = queue.drop(model)
                self.left[model] += sum(_items(other) for other in dropped)
                gone += [(o.work, Report(o.name, left=_items(o), stopped=report.stopped)) for o in dropped]
        return gone

    def summary(self, progress: Progress, stopped: Mapping[str, str]) -> Summary:
        """How the run ended."""
        errors = tuple(report for report in self.reports if report.error is not None)
        reasons = self.reasons | dict(stopped)
        by_model = {model: Stopped(reason, self.left.pop(model, 0)) for model, reason in reasons.items()}
        return Summary(progress, errors, self.left.total(), by_model)


def _items(job: Job) -> int:
    return len(job.work.bank.items)


@dataclass(slots=True)
class _Queue:
    """Jobs not yet given, by worker and model."""

    waiting: dict[tuple[int, str], deque[Job]] = field(default_factory=dict)
    _given: dict[tuple[int, str], set[str]] = field(default_factory=dict)

    def add(self, jobs: Iterable[tuple[int, Job]]) -> None:
        """Put jobs behind those that wait, in their order."""
        for worker, job in jobs:
            self.waiting.setdefault((worker, job.work.model.id), deque()).append(job)

    def take(self, running: Iterable[Job]) -> list[tuple[int, Job]]:
        """What can be given now."""
        names = {job.name for job in running}
        taken = []
        for key, jobs in self.waiting.items():
            given = self._given[key] = self._given.get(key, set()) & names
            while jobs and len(given) < AHEAD:
                job = jobs.popleft()
                given.add(job.name)
                taken.append((key[0], job))
        return taken

    def drop(self, model: str) -> list[Job]:
        """Give no more jobs of a model; those that were waiting."""
        dropped = [jobs for (_, name), jobs in self.waiting.items() if name == model]
        found = [job for jobs in dropped for job in jobs]
        for jobs in dropped:
            jobs.clear()
        return found


def _slug(model_id: str) -> str:
    return "".join(char if char.isalnum() or char in "._-" else "-" for char in model_id)
