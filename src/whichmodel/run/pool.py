"""Worker processes, each with one job at a time. A worker that dies costs its job alone."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from whichmodel.run.job import Job, Report

PARENT_CHECK_S = 0.5
GENERATIONS = (100_000, 50, 50)
"""Thresholds of the garbage collector in a worker: a fifth less CPU a sample, for 40 MB."""


def serve(connection: Connection, errors: str, parent: int) -> None:
    """A worker's life: take a job, run it, report, until the pool closes the connection."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _redirect(errors)
    threading.Thread(target=_die_with, args=(parent,), daemon=True).start()
    from whichmodel.run.spool import Spool
    from whichmodel.run.worker import run_job

    gc.freeze()
    gc.set_threshold(*GENERATIONS)
    while True:
        try:
            job: Job = connection.recv()
        except EOFError:
            return
        spool = Spool(Path(job.folder))
        try:
            report = run_job(job, spool)
        except Exception as error:
            report = Report(job.name, error=f"{type(error).__name__}: {error}")
        finally:
            spool.close()
        connection.send(report)


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
    job: Job | None = None


@dataclass(slots=True)
class Pool:
    """A fixed number of workers, started when the first jobs come."""

    size: int
    errors: Path
    """Folder for what workers print."""
    _workers: list[_Worker] = field(default_factory=list)
    _started: int = 0

    @property
    def running(self) -> list[Job]:
        """Jobs that are with a worker now."""
        return [worker.job for worker in self._workers if worker.job]

    def offer(self, next_job: Callable[[], Job | None]) -> list[Job]:
        """Fill free workers with jobs until `next_job` gives None; the jobs that were started."""
        started = []
        while len(self.running) < self.size and (job := next_job()):
            worker = next((w for w in self._workers if w.job is None), None) or self._start()
            worker.job = job
            worker.connection.send(job)
            started.append(job)
        return started

    def reports(self, timeout: float) -> list[tuple[Job, Report]]:
        """Jobs that ended within `timeout` seconds; a worker that died ends its job with an error."""
        ready = wait([worker.connection for worker in self._workers if worker.job], timeout)
        return [self._report(worker) for worker in list(self._workers) if worker.connection in ready]

    def _report(self, worker: _Worker) -> tuple[Job, Report]:
        job = worker.job
        assert job is not None
        worker.job = None
        try:
            return job, worker.connection.recv()
        except (EOFError, OSError):
            worker.process.join(1)
            self._workers.remove(worker)
            return job, Report(job.name, error=f"its worker process died ({_exit(worker.process.exitcode)})")

    def _start(self) -> _Worker:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        self._started += 1
        self.errors.mkdir(parents=True, exist_ok=True)
        errors = str(self.errors / f"worker-{self._started}.txt")
        process = context.Process(target=serve, args=(theirs, errors, os.getpid()), daemon=True)
        process.start()
        theirs.close()
        worker = _Worker(process, ours)
        self._workers.append(worker)
        return worker

    def close(self) -> None:
        """End all workers: idle ones by closing, busy ones by a signal. Empty error files go."""
        for worker in self._workers:
            worker.connection.close()
            if worker.job:
                worker.process.terminate()
        _join([worker.process for worker in self._workers])
        for file in self.errors.glob("worker-*.txt"):
            if file.stat().st_size == 0:
                file.unlink()


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
