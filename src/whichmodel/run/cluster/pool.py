"""The workers of a run on a cluster, behind the same protocol as local ones.

A worker that dies has its unfinished items asked again by another; a job that three workers died of ends with
an error. Lines come from the run's journal, logs and images from the workers.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import ray
from ray.exceptions import RayError

from whichmodel.domain import Item
from whichmodel.run.budget import Budget
from whichmodel.run.cluster.connection import Cluster
from whichmodel.run.cluster.crew import Crew, Hand
from whichmodel.run.cluster.journal import mark
from whichmodel.run.cluster.lost import first_line, lost
from whichmodel.run.cluster.parcels import Parcel, Piece
from whichmodel.run.cluster.record import RunRecord
from whichmodel.run.cluster.salvage import mended, salvaged
from whichmodel.run.cluster.worker import Ended
from whichmodel.run.job import Job, Report
from whichmodel.run.spool import FILE, RECOVERED

DEATHS = 3
"""Workers that may die of one job."""
NODE_DEATHS = 10
"""Nodes that may die under one job."""
ALONE_AFTER = 2
"""Deaths after which a job has a worker to itself, so that it is known which job a worker dies of."""
CARRY_S = 5.0
"""Between two times that the logs of jobs under way are carried."""
CALL_S = 120.0
"""A call that takes longer than this has failed."""
GOODBYE_S, LAST_S = 10.0, 2.0
"""Busy workers have so long to break off, and then to report."""


@dataclass(slots=True)
class Given:
    """A job that is with a worker."""

    job: Job
    """As the measurement gave it."""
    number: int
    """The worker it was given to."""
    rest: Job
    """The same with the items that are still to be asked."""
    hand: Hand
    parcel: Parcel
    attempt: int = 1
    deaths: int = 0
    node_deaths: int = 0

    @property
    def alone(self) -> bool:
        """Whether it has a worker to itself."""
        return self.deaths >= ALONE_AFTER


@dataclass(slots=True)
class ClusterPool:
    """Workers by number, each on a node of its own choice."""

    cluster: Cluster
    record: RunRecord
    crew: Crew
    stopped: dict[str, str] = field(default_factory=dict)
    """Model -> why nothing more is sent to it."""
    _given: dict[Any, Given] = field(default_factory=dict)
    """By the call that ends with the job."""
    _over: list[tuple[Job, Report]] = field(default_factory=list)
    """Ended, and not yet reported."""
    _carried_at: float = 0.0

    @classmethod
    def of(cls, cluster: Cluster, run_folder: Path, budget: Budget) -> ClusterPool:
        """Make the actors of a run. Raises ClusterLost."""
        with lost():
            record = RunRecord.begin(cluster, run_folder)
            try:
                return cls(cluster, record, Crew.of(cluster, record, budget))
            except BaseException:
                record.end()
                raise

    @property
    def running(self) -> list[Job]:
        """Jobs that are with a worker now, or are still to be reported."""
        return [*(given.job for given in self._given.values()), *(job for job, _ in self._over)]

    def give(self, jobs: Sequence[tuple[int, Job]]) -> None:
        """Hand jobs to workers."""
        with lost():
            for number, job in jobs:
                self._send(number, job, job)

    def _send(self, number: int, job: Job, rest: Job, before: Given | None = None) -> None:
        attempt, deaths = (before.attempt + 1, before.deaths) if before else (1, 0)
        alone = deaths >= ALONE_AFTER
        hand = self.crew.hand(number, sandboxed=job.work.bank.card.sandbox, alone=job.name if alone else None)
        if hand is None:
            error = "no node of the cluster is left that could do it"
            self._over.append((job, Report(job.name, error=error)))
            return
        parcel = Parcel(Path(job.folder), Path(job.artifacts), attempt, {})
        call = hand.actor.run.remote(rest, attempt)
        node_deaths = before.node_deaths if before else 0
        self._given[call] = Given(job, number, rest, hand, parcel, attempt, deaths, node_deaths)

    def reports(self, timeout: float) -> list[tuple[Job, Report]]:
        """Jobs that ended within `timeout` seconds."""
        with lost():
            return self._reports(timeout)

    def _reports(self, timeout: float) -> list[tuple[Job, Report]]:
        over, self._over = self._over, []
        calls = list(self._given)
        ready, _ = ray.wait(calls, num_returns=1, timeout=0 if over else timeout) if calls else ([], [])
        if ready:
            ready, _ = ray.wait(calls, num_returns=len(calls), timeout=0)
        answers = [(self._given.pop(call), _answer(call)) for call in ready]
        self.record.take()
        self.stopped |= self.crew.state().stopped
        for given, answer in answers:
            report = self._heard(given, answer)
            if report is not None:
                self.record.done(given.job.name)
                over.append((given.job, report))
        self.crew.look_around()
        if time.monotonic() - self._carried_at >= CARRY_S:
            self._carry()
        return over

    def _heard(self, given: Given, answer: Ended | RayError) -> Report | None:
        """What is to be said of a job. None = another worker asks the rest of it."""
        if isinstance(answer, RayError):
            return self._again(given, first_line(answer))
        why = answer.gave_up
        if not why and not answer.report.error and not answer.report.left and self._open(given):
            why = "not all of its samples arrived"
        return self._again(given, why, of_itself=True) if why else self._ended(given, answer)

    def _open(self, given: Given) -> tuple[Item, ...]:
        """Items of a job that the journal does not have."""
        done = self.record.marks.get(given.job.name, set())
        return tuple(item for item in given.job.work.bank.items if mark(item.id) not in done)

    def _ended(self, given: Given, ended: Ended) -> Report:
        """Its log and images come, as many times as it takes."""
        if ended.pieces is None:
            self._rest_of(given)
        else:
            given.parcel.take(ended.pieces)
        given.hand.actor.remove.remote(given.job.name, given.attempt)
        if given.alone:
            self.crew.dismiss(given.hand)
        return ended.report

    def _rest_of(self, given: Given) -> None:
        job, attempt, parcel = given.job.name, given.attempt, given.parcel
        with suppress(RayError):
            while parcel.take(
                ray.get(given.hand.actor.pieces.remote(job, attempt, parcel.known), timeout=CALL_S)
            ):
                pass

    def _carry(self) -> None:
        """Logs of jobs under way, so that a node's death costs no more than seconds of them.

        Inspect's own logs are rewritten at their end, and come then.
        """
        under_way = [g for g in self._given.values() if not g.job.work.bank.card.inspect_task]
        calls = {
            given.hand.actor.pieces.remote(given.job.name, given.attempt, given.parcel.known): given
            for given in under_way
            if given.hand.started
        }
        ready, _ = ray.wait(list(calls), num_returns=len(calls), timeout=1.0) if calls else ([], [])
        for call in ready:
            with suppress(RayError):
                came: list[Piece] = ray.get(call)
                calls[call].parcel.take(came)
        self._carried_at = time.monotonic()

    def _again(self, given: Given, why: str, *, of_itself: bool = False) -> Report | None:
        """What is to be said of a job whose worker is dead. None = another worker asks the rest of it.

        of_itself: the worker gave up, and not because of the job.
        """
        not_the_job = self.crew.bury(given.hand) or of_itself
        given.deaths += not not_the_job
        given.node_deaths += not_the_job
        self.record.take()
        salvaged(self.crew, given.hand, given.job, given.attempt, given.parcel)
        mended(given.parcel.logs)
        _keep_lines(Path(given.job.folder))
        items = self._open(given)
        if not items:
            return Report(given.job.name)
        if given.deaths >= DEATHS or given.node_deaths >= NODE_DEATHS:
            times = given.deaths + given.node_deaths
            return Report(given.job.name, error=f"its worker died {times} times; {why}")
        rest = replace(given.rest, work=given.job.work.holding(items))
        self._send(given.number, given.job, rest, given)
        return None

    def close(self) -> None:
        """End all workers and actors; what has ended is in the results folder then, if it could be had."""
        try:
            if self._given:
                self._break_off()
            self.record.take()
        except RayError:
            return
        finally:
            self.record.still()
            self.crew.end()
        self.record.end()

    def _break_off(self) -> None:
        hands = {given.hand.name: given.hand for given in self._given.values()}
        calls = [hand.actor.call_off.remote() for hand in hands.values() if hand.started]
        if calls:
            ray.wait(calls, num_returns=len(calls), timeout=GOODBYE_S)
        ready, _ = ray.wait(list(self._given), num_returns=len(self._given), timeout=LAST_S)
        for call in ready:
            with suppress(RayError):
                self._ended(self._given[call], ray.get(call))
        self._given.clear()


def _answer(call: Any) -> Ended | RayError:
    try:
        ended: Ended = ray.get(call)
    except RayError as error:
        return error
    return ended


def _keep_lines(folder: Path) -> None:
    """The lines of an attempt whose log may be gone stay beside it, for whoever reads the journal anew."""
    if (folder / FILE).exists():
        shutil.copyfile(folder / FILE, folder / RECOVERED)
