"""What a job's log says of itself, so that its outcomes can be made again from it."""

from __future__ import annotations

from whichmodel.record import Provenance
from whichmodel.run.job import Job


def provenance(job: Job) -> Provenance:
    """The job's run, task and model."""
    work = job.work
    return Provenance(
        run_id=job.run_id,
        task=work.bank.card.name,
        task_hash=work.bank.task_hash,
        category=work.bank.card.category,
        model=work.model,
        judge=work.judge,
        epoch=work.epoch,
        seed=work.bank.seed,
    )
