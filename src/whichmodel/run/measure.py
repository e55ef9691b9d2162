"""A plan carried out: jobs to workers, outcomes to the store, snapshots to readers."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from whichmodel.domain import Outcome
from whichmodel.plan import Plan
from whichmodel.run.budget import Budget
from whichmodel.run.job import Job, Limits, Report
from whichmodel.run.pool import Pool
from whichmodel.run.progress import Progress, Stopped, Summary
from whichmodel.run.recovery import alive
from whichmodel.run.shards import shards
from whichmodel.run.spool import Tail
from whichmodel.store import Store

POLL_S = 0.25
INGEST_S = 2.0
PUBLISH_SHARE = 10
"""A snapshot is made again after this many times the seconds that the last one took."""
CACHE = "responses.sqlite"
"""The response cache, in the results folder."""
AHEAD = 2
"""Jobs of one model that a worker has at a time: the next one's items follow without a gap."""


@dataclass(slots=True)
class Measurement:
    """One run in the making. `watch` is called with the progress several times a second."""

    plan: Plan
    run_id: str
    results: Path
    store: Store
    processes: int
    budget: Budget
    watch: Callable[[Progress], None]
    limits: Limits = field(default_factory=Limits)
    cache: bool = False
    """Answers to the same questions are taken from the response cache, and kept there."""
    _tails: dict[str, Tail] = field(default_factory=dict)
    _waiting: list[Outcome] = field(default_factory=list)
    _ingested: float = 0.0
    _publish_after: float = 0.0

    def run(self) -> Summary:
        """Carry the plan out. On an interrupt, what has ended is stored before it goes on upwards."""
        with alive(self.results, self.run_id):
            return self._run()

    def _run(self) -> Summary:
        progress = Progress.of(self.plan, self.budget.limit)
        queue = _Queue.of(self._jobs())
        pool = Pool(self.results / "logs" / self.run_id, self.budget)
        reports: list[Report] = []
        left: Counter[str] = Counter()
        reasons: dict[str, str] = {}
        try:
            while True:
                given = queue.take(pool.running)
                self._tails |= {job.name: Tail(Path(job.folder)) for _, job in given}
                pool.give(given)
                if not pool.running:
                    break
                ended = pool.reports(POLL_S)
                self._collect(progress)
                for job, report in ended:
                    self._settle(job, report)
                    reports.append(report)
                    if report.left:
                        model = job.work.model.id
                        left[model] += report.left
                        if report.stopped:
                            reasons.setdefault(model, report.stopped)
                        if model in pool.stopped or not report.stopped:
                            left[model] += queue.drop(model)
                self.watch(progress)
        finally:
            pool.close()
            self._collect(progress, last=True)
            self.watch(progress)
        errors = tuple(report for report in reports if report.error is not None)
        reasons |= pool.stopped
        stopped = {model: Stopped(reason, left.pop(model, 0)) for model, reason in reasons.items()}
        return Summary(progress, errors, left.total(), stopped)

    def _jobs(self) -> Iterator[tuple[int, Job]]:
        """Worker and job, in the order in which each worker is to do them."""
        for number, shard in enumerate(shards(self.plan.work, self.processes)):
            card, model = shard.work.bank.card, shard.work.model
            name = f"{number:03d}-{card.name}-{_slug(model.id)}"
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

    def _collect(self, progress: Progress, *, last: bool = False) -> None:
        for tail in self._tails.values():
            outcomes = tail.read()
            self._waiting += outcomes
            progress.add(outcomes)
        if last or time.monotonic() - self._ingested >= INGEST_S:
            self._ingest(last=last)

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
class _Queue:
    """Jobs not yet given, by worker and model."""

    waiting: dict[tuple[int, str], deque[Job]] = field(default_factory=dict)
    _given: dict[tuple[int, str], set[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, jobs: Iterable[tuple[int, Job]]) -> _Queue:
        """All jobs, in their order."""
        queue = cls()
        for worker, job in jobs:
            queue.waiting.setdefault((worker, job.work.model.id), deque()).append(job)
        return queue

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

    def drop(self, model: str) -> int:
        """Give no more jobs of a model; the number of their items."""
        dropped = [jobs for (_, name), jobs in self.waiting.items() if name == model]
        count = sum(len(job.work.bank.items) for jobs in dropped for job in jobs)
        for jobs in dropped:
            jobs.clear()
        return count


def _slug(model_id: str) -> str:
    return "".join(char if char.isalnum() or char in "._-" else "-" for char in model_id)
