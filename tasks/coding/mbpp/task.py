"""`inspect eval tasks/coding/mbpp/task.py --model <provider/model>`."""

from inspect_ai import Task, task

from whichmodel.scoring.bridge import folder_task


@task
def mbpp(seed: int = 0, count: int | None = None) -> Task:
    """The data set of this folder, downloaded at its first use; count takes fewer of its items."""
    return folder_task(__file__, seed=seed, count=count)
