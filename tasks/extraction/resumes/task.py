"""`inspect eval tasks/extraction/resumes/task.py --model <provider/model>`."""

from inspect_ai import Task, task

from whichmodel.scoring.bridge import folder_task


@task
def resumes(seed: int = 0, count: int | None = None) -> Task:
    """The bank of this folder; seed and count are those of its generator."""
    return folder_task(__file__, seed=seed, count=count)
