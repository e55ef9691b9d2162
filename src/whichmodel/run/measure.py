"""A plan carried out: jobs to workers, outcomes to the store, snapshots to readers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from whichmodel.domain import Outcome
from whichmodel.plan import Plan, Work, worst
from whichmodel.run.budget import Budget
from whichmodel.run.job import Job, Report
from whichmodel.run.pool import Pool
from whichmodel.run.progress import Progress, Summary
from whichmodel.run.recovery import alive
from whichmodel.run.spool import Tail
from whichmodel.store import Store

POLL_S = 0.25
INGEST_S = 2.0
PUBLISH_SHARE = 10
"""A snapshot is made again after this many times the seconds that the last one took."""
BUDGET_CHUNK = 2
"""Under a budget a job holds this many items a connection, so that little has to be reserved at once."""


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
        jobs = _Queue(list(self._jobs()), self.budget)
        pool = Pool(self.processes, self.results / "logs" / self.run_id)
        errors: list[Report] = []
        try:
            while True:
                for job in pool.offer(jobs.take):
                    self._tails[job.name] = Tail(Path(job.folder))
                if not pool.running:
                    break
                ended = pool.reports(POLL_S)
                self._collect(progress)
                for job, report in ended:
                    self._settle(job, report, errors)
                self.watch(progress)
        finally:
            pool.close()
            self._collect(progress, last=True)
            self.watch(progress)
        return Summary(progress, tuple(errors), jobs.left)

    def _jobs(self) -> Iterator[Job]:
        """One job for each piece of work, in the order of the plan."""
        for number, work in enumerate(_chunks(self.plan.work, budgeted=self.budget.limit is not None)):
            card, model = work.bank.card, work.model
            name = f"{number:03d}-{card.name}-{_slug(model.id)}"
            log_ref = f"logs/{self.run_id}/{name}"
            yield Job(
                run_id=self.run_id,
                name=name,
                work=work,
                folder=str(self.results / log_ref),
                log_ref=log_ref,
                artifacts=str(self.results / "artifacts"),
            )

    def _collect(self, progress: Progress, *, last: bool = False) -> None:
        for tail in self._tails.values():
            outcomes = tail.read()
            self._waiting += outcomes
            self.budget.book(outcomes)
            progress.add(outcomes)
        progress.spent = self.budget.spent
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

    def _settle(self, job: Job, report: Report, errors: list[Report]) -> None:
        self.budget.release(job.name)
        tail = self._tails.pop(job.name)
        if report.error is not None:
            errors.append(report)
            return
        self._ingest(last=False)
        tail.remove()


@dataclass(slots=True)
class _Queue:
    """Jobs in order; under a budget only those that it holds."""

    jobs: list[Job]
    budget: Budget
    left: int = 0

    def take(self) -> Job | None:
        """The next job that the budget holds; None = none now, while others are in flight or for good."""
        while self.jobs:
            job = self.jobs[0]
            known = worst(job.work, at=datetime.now(UTC))
            amount = Decimal(0) if job.work.model.simulated or known is None else known
            if self.budget.reserve(job.name, amount):
                return self.jobs.pop(0)
            if self.budget.in_flight:
                return None
            self.left += len(self.jobs.pop(0).work.bank.items)
        return None


def _chunks(work: tuple[Work, ...], *, budgeted: bool) -> Iterator[Work]:
    for whole in work:
        items = whole.bank.items
        size = whole.model.max_connections * BUDGET_CHUNK if budgeted else len(items)
        for start in range(0, len(items), size):
            yield replace(whole, bank=replace(whole.bank, items=items[start : start + size]))


def _slug(model_id: str) -> str:
    return "".join(char if char.isalnum() or char in "._-" else "-" for char in model_id)
