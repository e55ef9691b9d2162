"""Which files of a data set's repository are a split: by its own card, else by their names. Pure.

Both ways are the hub's: `configs` in the card's metadata, and names such as `main/test/0000.parquet` or
`data/test-00000-of-00001.parquet` (huggingface.co/docs/hub/datasets-data-files-configuration).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from whichmodel.domain import HubDataset
from whichmodel.errors import TaskError, UnknownName
from whichmodel.registry.rows import KINDS, kind

SPLITS = {
    "train": ("train", "training"),
    "validation": ("validation", "valid", "val", "dev"),
    "test": ("test", "testing", "eval", "evaluation"),
}
"""Split -> words of a file's name that mean it; another split is meant by its own name."""


def choose(dataset: HubDataset, files: Iterable[str], card: Mapping[str, Any]) -> list[str]:
    """The split's data files of one kind, Parquet before others, in order; [] = the repository has none.

    card: the metadata of the data set's README. Raises UnknownName for a configuration or split that is not
    there, TaskError where several could be meant.
    """
    data = sorted(name for name in files if kind(name) and not name.rpartition("/")[2].startswith("."))
    if dataset.files is not None:
        found = [name for name in data if fnmatchcase(name, dataset.files)]
        if not found:
            raise TaskError(
                f"No data file of hf://{dataset.repo} has a name like `{dataset.files}`.",
                where="task.yaml: dataset.files",
                remedy=f"There are: {', '.join(data[:12]) or 'none'}.",
            )
        return _of_one_kind(found)
    if listed := _configurations(card):
        return _of_one_kind(_by_card(dataset, data, listed))
    return _of_one_kind(_by_name(dataset, data)) if data else []


def _configurations(card: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Configuration -> its entry, as the card's metadata lists them with their files."""
    entries = card.get("configs")
    return {
        str(entry.get("config_name", "default")): entry
        for entry in (entries if isinstance(entries, list) else [])
        if isinstance(entry, Mapping) and (entry.get("data_files") or entry.get("data_dir"))
    }


def _by_card(dataset: HubDataset, data: Sequence[str], listed: Mapping[str, Mapping[str, Any]]) -> list[str]:
    entry = listed[_configuration(dataset, listed)]
    folder = str(entry.get("data_dir") or "").strip("/")
    prefix = f"{folder}/" if folder else ""
    patterns = _patterns(entry.get("data_files"))
    if not patterns:
        return _in_split(dataset, [name for name in data if name.startswith(prefix)])
    if dataset.split not in patterns:
        raise UnknownName.of("split", dataset.split, patterns, where=f"hf://{dataset.repo}")
    return [
        name
        for name in data
        if any(_fits(name, prefix + pattern.removeprefix("./")) for pattern in patterns[dataset.split])
    ]


def _fits(name: str, pattern: str) -> bool:
    """As the hub's globs: `**/` stands for any folders, none among them."""
    return fnmatchcase(name, pattern) or fnmatchcase(name, pattern.replace("**/", ""))


def _configuration(dataset: HubDataset, listed: Mapping[str, Mapping[str, Any]]) -> str:
    if dataset.config is not None:
        if dataset.config not in listed:
            where = f"hf://{dataset.repo}: dataset.config"
            raise UnknownName.of("configuration", dataset.config, listed, where=where)
        return dataset.config
    marked = [name for name, entry in listed.items() if entry.get("default") is True or name == "default"]
    if len(listed) > 1 and not marked:
        raise _several(dataset, listed)
    return (marked or list(listed))[0]


def _patterns(data_files: Any) -> dict[str, list[str]]:
    """Split -> globs of its files; files without a split are `train`."""
    found: dict[str, list[str]] = {}
    for part in data_files if isinstance(data_files, list) else [data_files] if data_files else []:
        split, path = (
            (part.get("split", "train"), part.get("path")) if isinstance(part, dict) else ("train", part)
        )
        found.setdefault(str(split), []).extend(path if isinstance(path, list) else [str(path)])
    return found


def _by_name(dataset: HubDataset, data: Sequence[str]) -> list[str]:
    """Files under the configuration's folder whose names say the split."""
    if dataset.config is not None:
        inside = [name for name in data if dataset.config in name.split("/")[:-1]]
        if not inside and dataset.config != "default":
            known = {part for name in data for part in name.split("/")[:-1]}
            where = f"hf://{dataset.repo}: dataset.config"
            raise UnknownName.of("configuration", dataset.config, known, where=where)
        data = inside or data
    found = _in_split(dataset, data)
    roots = {name.split("/")[0] for name in found if "/" in name}
    if dataset.config is None and len(roots) > 1:
        raise _several(dataset, roots)
    return found


def _in_split(dataset: HubDataset, data: Sequence[str]) -> list[str]:
    by_split = {name: _split_of(name, dataset.split) for name in data}
    found = [name for name, split in by_split.items() if split == dataset.split]
    if not found and dataset.split == "train" and not any(by_split.values()):
        return list(data)
    if not found:
        known = {split for split in by_split.values() if split}
        raise UnknownName.of("split", dataset.split, known, where=f"hf://{dataset.repo}: dataset.split")
    return found


def _split_of(name: str, wanted: str) -> str | None:
    """The split that a path says; the file's own name counts before its folders. None = it says none."""
    known = {word: split for split, words in SPLITS.items() for word in words} | {wanted.lower(): wanted}
    *folders, last = name.removesuffix(".gz").rpartition(".")[0].lower().split("/")
    if wanted.lower() in (last, *folders):
        return wanted
    for part in (last, *reversed(folders)):
        for word in re.split(r"[^a-z0-9]+", part):
            if word in known:
                return known[word]
    return None


def _of_one_kind(found: Sequence[str]) -> list[str]:
    preferred = min((KINDS.index(kind(name) or "tsv") for name in found), default=0)
    return [name for name in found if kind(name) == KINDS[preferred]]


def _several(dataset: HubDataset, known: Iterable[str]) -> TaskError:
    names = sorted(known)
    more = f" and {len(names) - 12} more" if len(names) > 12 else ""
    return TaskError(
        f"The data set has several configurations: {', '.join(names[:12])}{more}.",
        where=f"hf://{dataset.repo}",
        remedy="Name one: `config:` under `dataset:` in task.yaml, or --hub-config.",
    )
