"""What went wrong at the Hugging Face hub, in words: what, where, and what would work."""

from __future__ import annotations

from whichmodel.domain import HubDataset
from whichmodel.errors import TaskError

LOGIN = "`hf auth login` (`huggingface-cli login` in older versions) or HF_TOKEN in the environment or .env"


def explained(error: Exception, dataset: HubDataset) -> TaskError:
    """An exception of huggingface-hub as an error for the user; its own text only where nothing is known."""
    from huggingface_hub import constants, errors

    page = f"{constants.ENDPOINT}/datasets/{dataset.repo}"
    cause = error.__cause__ if isinstance(error.__cause__, Exception) else None
    if isinstance(error, errors.LocalEntryNotFoundError) and cause is not None:
        return explained(cause, dataset)
    if isinstance(error, errors.GatedRepoError):
        return TaskError(
            "The data set is gated: its owner wants its terms accepted first.",
            where=page,
            remedy=f"Accept them on that page, then log in with the same account: {LOGIN}.",
        )
    if isinstance(error, errors.RevisionNotFoundError):
        return TaskError(
            f"The data set has no revision `{dataset.revision or 'main'}`.",
            where=page,
            remedy=f"See {page}/commits/main, and write a commit's hash as `revision:` in task.yaml.",
        )
    if isinstance(error, errors.RepositoryNotFoundError):
        return TaskError(
            "There is no such data set, or it is private.",
            where=page,
            remedy=f"Check the name in task.yaml; for a private one log in: {LOGIN}.",
        )
    if isinstance(error, errors.HfHubHTTPError):
        return _refused(error.response.status_code, page)
    if isinstance(error, errors.OfflineModeIsEnabled) or constants.HF_HUB_OFFLINE:
        return TaskError(
            "The data set is not downloaded, and HF_HUB_OFFLINE forbids it.",
            where=page,
            remedy="Unset HF_HUB_OFFLINE once for `bench task fetch`; after that it works offline.",
        )
    if isinstance(error, OSError) and error.errno is not None and not isinstance(error, ConnectionError):
        return TaskError(
            f"The data set cannot be stored: {error.strerror or error}.",
            where=str(error.filename or constants.HF_HUB_CACHE),
            remedy="Make room there, or name another folder by HF_HOME.",
        )
    return TaskError(
        f"The hub cannot be reached: {type(error).__name__}: {' '.join(str(error).split())[:300]}.",
        where=page,
        remedy="Check the network, the proxy and HF_ENDPOINT; what is downloaded already works without it.",
    )


def _refused(status: int, page: str) -> TaskError:
    if status in (401, 403):
        return TaskError(
            f"The hub refused access ({status}).",
            where=page,
            remedy=f"The token in use may be wrong, expired or without rights to it; log in anew: {LOGIN}.",
        )
    if status == 429:
        return TaskError(
            "The hub asks to wait: too many requests (429).",
            where=page,
            remedy=f"Try again in some minutes; who is logged in may ask more often: {LOGIN}.",
        )
    return TaskError(f"The hub answered {status}.", where=page, remedy="Try again later.")
