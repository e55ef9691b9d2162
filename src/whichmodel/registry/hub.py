"""Data sets of the Hugging Face hub: downloaded once, found again without network.

huggingface-hub's client does the talking, so HF_ENDPOINT, HF_TOKEN, HF_HOME and HF_HUB_OFFLINE mean what its
manual says. No code of a data set is ever run. What was chosen at the first download (commit and files) is
kept as a receipt beside the client's cache: the same items come back, even where a branch moved on.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from whichmodel.domain import HubDataset
from whichmodel.errors import TaskError
from whichmodel.registry.hub_errors import explained
from whichmodel.registry.hub_files import choose

if TYPE_CHECKING:
    from huggingface_hub import HfApi
    from huggingface_hub.hf_api import DatasetInfo

CONVERTED = "refs/convert/parquet"
"""Branch on which the hub keeps Parquet copies of sets that are scripts, in `<configuration>/<split>/`."""
TIMEOUT_S = 30.0
MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a data set was at its download."""

    repo: str
    commit: str
    """Of the files: of the revision asked for, or of the branch of conversions."""
    files: tuple[str, ...]
    """Names in the repository."""
    size: int | None
    """Bytes of these files. None = the hub did not say."""
    converted: bool
    """The files are the hub's own Parquet copies."""
    names: Mapping[str, Sequence[str]]
    """Column -> names of its classes, where the data set's card tells them."""
    licence: str
    """As the data set's card states it. "" = it does not."""
    fetched_at: str
    """ISO 8601, UTC."""

    @property
    def source(self) -> str:
        """The set and the commit its items come from, such as `hf://openai/gsm8k@740312add88f`."""
        branch = f" ({CONVERTED})" if self.converted else ""
        return f"hf://{self.repo}@{self.commit}{branch}"


def stored(dataset: HubDataset) -> Receipt | None:
    """The receipt of a set whose files are all here. None = it is not downloaded. No network."""
    receipt = _read(dataset)
    return receipt if receipt is not None and _paths(receipt) is not None else None


def files(dataset: HubDataset) -> tuple[Receipt, list[Path]]:
    """The set's receipt and files, downloaded where they are not here. Raises TaskError."""
    receipt = stored(dataset) or fetch(dataset)
    paths = _paths(receipt)
    if paths is None:
        raise TaskError(
            "The downloaded files are gone.", where=f"hf://{dataset.repo}", remedy="Run it again."
        )
    return receipt, paths


def fetch(dataset: HubDataset, *, refresh: bool = False, max_mb: int | None = None) -> Receipt:
    """Download a set. Its commit is that of the first download, unless refresh asks the hub anew.

    max_mb: megabytes that may be downloaded, None = what the card allows. Raises TaskError.
    """
    receipt = None if refresh else _read(dataset)
    if receipt is None:
        receipt = _chosen(dataset)
    _check_size(dataset, receipt, max_mb)
    try:
        client = _client()
        for name in receipt.files:
            client.hf_hub_download(dataset.repo, name, repo_type="dataset", revision=receipt.commit)
    except Exception as error:
        raise explained(error, dataset) from error
    _write(dataset, receipt)
    return receipt


def _check_size(dataset: HubDataset, receipt: Receipt, max_mb: int | None) -> None:
    limit = dataset.max_mb if max_mb is None else max_mb
    if receipt.size is None and max_mb is None:
        size = "a size that the hub does not tell"
    elif (receipt.size or 0) > limit * MEGABYTE:
        size = f"{(receipt.size or 0) / MEGABYTE:,.0f} MB"
    else:
        return
    raise TaskError(
        f"Its files have {size}; {limit:,} MB may be downloaded.",
        where=f"hf://{dataset.repo}",
        remedy="Allow more: `max_mb:` under `dataset:` in task.yaml, or `bench task fetch --max-mb`.",
    )


def _chosen(dataset: HubDataset) -> Receipt:
    """What to download, by the hub's own listing: the revision's files, else the hub's Parquet copies."""
    client = _client()
    info = _info(client, dataset, dataset.revision)
    card: dict[str, Any] = dict(vars(info.card_data)) if info.card_data is not None else {}
    found, converted = choose(dataset, [file.rfilename for file in info.siblings or ()], card), False
    if not found:
        info = _converted(client, dataset)
        found, converted = choose(dataset, [file.rfilename for file in info.siblings or ()], {}), True
    sizes = {file.rfilename: file.size for file in info.siblings or ()}
    known = [size for name in found if (size := sizes[name]) is not None]
    return Receipt(
        repo=dataset.repo,
        commit=str(info.sha),
        files=tuple(found),
        size=sum(known) if len(known) == len(found) else None,
        converted=converted,
        names=_class_names(card, dataset.config),
        licence=_licence(card),
        fetched_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def _converted(client: HfApi, dataset: HubDataset) -> DatasetInfo:
    remedy = "Name a set with data files (Parquet, JSON lines, JSON, CSV); a set's own script is never run."
    try:
        info = _info(client, dataset, CONVERTED)
    except TaskError as error:
        if "no revision" not in error.what:
            raise
        info = None
    if info is None or not info.siblings:
        raise TaskError(
            "The data set has no data files that can be read.", where=f"hf://{dataset.repo}", remedy=remedy
        )
    return info


def _info(client: HfApi, dataset: HubDataset, revision: str | None) -> DatasetInfo:
    try:
        return client.dataset_info(dataset.repo, revision=revision, files_metadata=True, timeout=TIMEOUT_S)
    except Exception as error:
        raise explained(error, dataset) from error


def _class_names(card: Mapping[str, Any], config: str | None) -> dict[str, list[str]]:
    """Names of classes by column, from `dataset_info` of a card's metadata."""
    entries = card.get("dataset_info")
    found: dict[str, list[str]] = {}
    for entry in entries if isinstance(entries, list) else [entries]:
        if not isinstance(entry, Mapping) or (config and entry.get("config_name", config) != config):
            continue
        for feature in entry.get("features") or ():
            kind = next((feature[key] for key in ("dtype", "sequence", "list") if key in feature), None)
            labels = kind.get("class_label", {}).get("names") if isinstance(kind, Mapping) else None
            if isinstance(labels, Mapping):
                found[feature["name"]] = [str(labels[key]) for key in sorted(labels, key=int)]
    return found


def _licence(card: Mapping[str, Any]) -> str:
    stated = card.get("license")
    return ", ".join(map(str, stated)) if isinstance(stated, list) else str(stated or "")


def _client() -> HfApi:
    """The hub's client, without its telemetry and, where nobody looks, without its progress bars."""
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    from huggingface_hub import HfApi, constants
    from huggingface_hub.utils.tqdm import disable_progress_bars

    from whichmodel import __version__

    # The variable is read when the client is imported, which may have been before this.
    constants.HF_HUB_DISABLE_TELEMETRY = True
    if not sys.stderr.isatty():
        disable_progress_bars()
    return HfApi(library_name="whichmodel", library_version=__version__)


def _paths(receipt: Receipt) -> list[Path] | None:
    """Where the files are. None = one of them is not here."""
    from huggingface_hub import try_to_load_from_cache

    found = [
        try_to_load_from_cache(receipt.repo, name, revision=receipt.commit, repo_type="dataset")
        for name in receipt.files
    ]
    paths = [Path(path) for path in found if isinstance(path, str)]
    return paths if len(paths) == len(receipt.files) else None


def _place(dataset: HubDataset) -> Path:
    from huggingface_hub import constants

    asked = [dataset.config, dataset.split, dataset.revision, dataset.files]
    key = hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:16]
    folder = Path(constants.HF_ASSETS_CACHE) / "whichmodel" / dataset.repo.replace("/", "--")
    return folder / f"{key}.json"


def _read(dataset: HubDataset) -> Receipt | None:
    """The receipt as it was written. None = there is none that can be read."""
    try:
        entry = json.loads(_place(dataset).read_text(encoding="utf-8"))
        return Receipt(**{**entry, "files": tuple(entry["files"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _write(dataset: HubDataset, receipt: Receipt) -> None:
    file = _place(dataset)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        partial = file.with_suffix(f".{os.getpid()}.part")
        partial.write_text(json.dumps(asdict(receipt), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        partial.replace(file)
    except OSError as error:
        raise explained(error, dataset) from error
