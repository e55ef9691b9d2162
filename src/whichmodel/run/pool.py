"""Worker processes, each with the models that fall to it. A worker that dies costs the jobs it had."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from whichmodel.run.budget import Budget, Claim
from whichmodel.run.job import Granted, Job, Report, Reserve, Settle, Stop

PARENT_CHECK_S = 0.5
GENERATIONS = (100_000, 50, 50)
"""Thresholds of the garbage collector in a worker: a fifth less CPU a sample, for 40 MB."""


def serve(connection: Connection, errors: str, parent: int) -> None:
    """A worker process from start to end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _redirect(errors)
    threading.Thread(target=_die_with, args=(parent,), daemon=True).start()
    from whichmodel.run.worker import work

    gc.freeze()
    gc.set_threshold(*GENERATIONS)
    with contextlib.suppress(asyncio.CancelledError):
        asyncio.run(work(connection))


def _redirect(errors: str) -> None:
    """What libraries complain about goes to a file, so that it never mixes with what the user reads."""
    sys.stdout.flush()
    sys.stderr.flush()
    for target, path in ((1, os.devnull), (2, errors)):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(descriptor, target)
        os.close(descriptor)


def _die_with(parent: int) -> None:
    """End this process when its parent is gone, even when that one was killed."""
    while os.getppid() == parent:
        time.sleep(PARENT_CHECK_S)
    os._exit(1)


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    connection: Connection
    jobs: dict[str, Job] = field(default_factory=dict)
    """Those it has, by name."""
    reserved: list[Decimal] = field(default_factory=list)
    """What was set aside for it and is not yet settled."""


@dataclass(slots=True)
class Pool:
    """Workers by number, each started when its first job comes."""

    errors: Path
    """Folder for what workers print."""
    budget: Budget
    stopped: dict[str, str] = field(default_factory=dict)
    """Model -> why nothing more is sent to it."""
    _workers: dict[int, _Worker] = field(default_factory=dict)
    _started: int = 0

    @property
    def running(self) -> list[Job]:
        """Jobs that are with a worker now."""
        return [job for worker in self._workers.values() for job in worker.jobs.values()]

    def give(self, jobs: Sequence[tuple[int, Job]]) -> None:
        """Hand jobs to workers, which are started side by side before the first one is waited for."""
        for number in {number for number, _ in jobs} - set(self._workers):
            self._start(number)
        for number, job in jobs:
            self._send(self._workers[number], job)

    def _send(self, worker: _Worker, job: Job) -> None:
        worker.jobs[job.name] = job
        with contextlib.suppress(OSError):
            worker.connection.send(job)

    def reports(self, timeout: float) -> list[tuple[Job, Report]]:
        """Jobs that ended within `timeout` seconds; a worker that died ends its jobs with an error."""
        ended: list[tuple[Job, Report]] = []
        until = time.monotonic() + timeout
        while not ended and self._workers:
            by_connection = {worker.connection: number for number, worker in self._workers.items()}
            ready = wait(list(by_connection), max(0.0, until - time.monotonic()))
            if not ready:
                break
            for connection in ready:
                assert isinstance(connection, Connection)
                ended += self._hear(by_connection[connection])
        return ended

    def _hear(self, number: int) -> list[tuple[Job, Report]]:
        worker = self._workers[number]
        try:
            message = worker.connection.recv()
        except (EOFError, OSError):
            return self._died(number)
        if isinstance(message, Report):
            return [(worker.jobs.pop(message.job), message)]
        if isinstance(message, Stop):
            self._stop(message, but=number)
        elif isinstance(message, Reserve):
            self.budget.claim(Claim(message.worst, lambda granted: _grant(worker, message, granted)))
        elif isinstance(message, Settle):
            worker.reserved.remove(message.worst)
            self.budget.settle(message.worst, message.spent)
        return []

    def _stop(self, message: Stop, *, but: int) -> None:
        """No other worker asks this model again either."""
        self.stopped.setdefault(message.model, message.reason)
        for number, worker in self._workers.items():
            if number != but:
                with contextlib.suppress(OSError):
                    worker.connection.send(message)

    def _died(self, number: int) -> list[tuple[Job, Report]]:
        """What it had in flight may have been billed."""
        worker = self._workers.pop(number)
        worker.process.join(1)
        for worst in worker.reserved:
            self.budget.settle(worst, worst)
        how = f"its worker process died ({_exit(worker.process.exitcode)})"
        return [(job, Report(job.name, error=how)) for job in worker.jobs.values()]

    def _start(self, number: int) -> _Worker:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        self._started += 1
        self.errors.mkdir(parents=True, exist_ok=True)
        errors = str(self.errors / f"worker-{self._started}.txt")
        process = context.Process(target=serve, args=(theirs, errors, os.getpid()), daemon=True)
        process.start()
        theirs.close()
        worker = self._workers[number] = _Worker(process, ours)
        for model, reason in self.stopped.items():
            ours.send(Stop(model, reason))
        return worker

    def close(self) -> None:
        """End all workers: idle ones by closing, busy ones by a signal. Empty error files go."""
        for worker in self._workers.values():
            worker.connection.close()
            if worker.jobs:
                worker.process.terminate()
        _join([worker.process for worker in self._workers.values()])
        for file in self.errors.glob("worker-*.txt"):
            if file.stat().st_size == 0:
                file.unlink()


def _grant(worker: _Worker, asked: Reserve, granted: bool) -> bool:
    """Tell a worker whether it may send; False = it is not there any more."""
    try:
        worker.connection.send(Granted(asked.number, granted))
    except OSError:
        return False
    if granted:
        worker.reserved.append(asked.worst)
    return True


def _join(processes: Sequence[BaseProcess], *, patience: float = 5.0) -> None:
    deadline = time.monotonic() + patience
    for process in processes:
        process.join(max(0.1, deadline - time.monotonic()))
        if process.is_alive():
            process.kill()
            process.join(1)


def _exit(code: int | None) -> str:
    if code is not None and code < 0:
        return f"signal {signal.Signals(-code).name}"
    return f"exit code {code}"
