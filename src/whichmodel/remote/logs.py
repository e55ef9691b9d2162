"""Logs and images beside the parts: whole files, by their names below the results folder.

What is brought up is what rows name and the journal here holds, in the space of the rows' task; a log that
tells a price or an address of one's own goes to one's own space, whatever its task is. Nothing that lies
here already is ever written over.
"""

from __future__ import annotations

import json
import os
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from whichmodel.domain.logged import METADATA, MOST_MEMBER
from whichmodel.remote.objects import Held, Objects
from whichmodel.remote.space import PUBLIC

FOLDERS = ("logs", "artifacts")
"""Below a space, and below a results folder."""
NAME = r"[A-Za-z0-9_][A-Za-z0-9_.@+=,-]*"
LOG = re.compile(rf"logs/(?P<run>{NAME})/{NAME}")
LOG_FILE = re.compile(rf"logs/(?P<run>{NAME})/{NAME}/{NAME}\.eval")
IMAGE = re.compile(rf"artifacts/{NAME}")
"""Names that are taken; a row or a listing may come from anybody."""
WRITTEN_STILL = "outcomes.jsonl"
"""Lies beside a log as long as its job is not over."""
START = "_journal/start.json"


@dataclass(frozen=True, slots=True)
class Moved:
    """Files that were brought up or down."""

    files: int = 0
    bytes: int = 0
    waiting: int = 0
    """Jobs that are not over yet."""
    kept_back: int = 0
    """Logs that tell what is one's own, while there is no space of one's own to bring them to."""

    def __add__(self, other: Moved) -> Moved:
        return Moved(
            self.files + other.files,
            self.bytes + other.bytes,
            self.waiting + other.waiting,
            self.kept_back + other.kept_back,
        )


def is_image(ref: str) -> bool:
    """Whether a name is an image's."""
    return IMAGE.fullmatch(ref) is not None


def named(outcomes: pa.Table) -> set[str]:
    """What outcomes name: folders of logs, and images."""
    refs = outcomes["log_ref"].drop_null().unique().to_pylist()
    images = outcomes["output_ref"].drop_null().unique().to_pylist()
    return {ref.partition("#")[0] for ref in refs} | set(images)


def lying(objects: Objects, space: str) -> Iterator[Held]:
    """All that lies beside the parts of a space."""
    for folder in FOLDERS:
        yield from objects.list(f"{space}/{folder}/")


def push(
    objects: Objects, results: Path, refs: Mapping[str, Iterable[str]], home: str | None = None
) -> Moved:
    """Bring up what the store lacks, by name and size. Raises StoreError.

    refs: space -> what the rows of its tasks name. home: one's own space. None = there is none, and a log
    of a public task that tells what is one's own stays here.
    """
    moved = Moved()
    have: dict[str, dict[str, int]] = {}
    for space, names in refs.items():
        for name in sorted(set(names)):
            job = _inside(results, name)
            if job is None:
                continue
            if (job / WRITTEN_STILL).exists():
                moved += Moved(waiting=1)
                continue
            for file in [job] if is_image(name) else sorted(job.glob("*.eval")):
                where = home if space == PUBLIC and not is_image(name) and tells_own(file) else space
                moved += Moved(kept_back=1) if where is None else _up(objects, results, file, where, have)
    return moved


def pull(objects: Objects, results: Path, spaces: Iterable[str], run: str | None = None) -> Moved:
    """Bring down what is not here. run: the logs of one run alone, and no images. Raises StoreError."""
    moved = Moved()
    for space in spaces:
        for held in lying(objects, space):
            name = held.path.removeprefix(f"{space}/")
            log = LOG_FILE.fullmatch(name)
            wanted = run in (None, log["run"]) if log else run is None and is_image(name)
            if not wanted:
                continue
            file = results / name
            if file.exists() or _inside(results, name, there=False) is None:
                continue
            data = objects.get(held.path)
            file.parent.mkdir(parents=True, exist_ok=True)
            partial = file.with_name(f"{file.name}.{os.getpid()}.part")
            partial.write_bytes(data)
            partial.replace(file)
            moved += Moved(1, len(data))
    return moved


def tells_own(log: Path) -> bool:
    """Whether a log tells a price, a training cost or an address that is one's own: it names its models.

    One that cannot be read may tell anything. The demo panel's prices are made up.
    """
    import zipfile_zstd  # noqa: F401  (Inspect packs its members with it)

    try:
        with zipfile.ZipFile(log) as archive:
            if archive.getinfo(START).file_size > MOST_MEMBER:
                return True
            said = json.loads(archive.read(START))["eval"]["metadata"][METADATA]
        models = [said["model"], *([said["judge"]] if said["judge"] else [])]
        return any(_is_own(model) for model in models)
    except (OSError, zipfile.BadZipFile, RuntimeError, ValueError, LookupError, TypeError, AttributeError):
        return True


def _is_own(model: Mapping[str, Any]) -> bool:
    if model["simulated"] or model["baseline"]:
        return False
    return any(model.get(name) is not None for name in ("price", "specialist", "base_url"))


def _up(objects: Objects, results: Path, file: Path, space: str, have: dict[str, dict[str, int]]) -> Moved:
    """One file, where it is not there in this size already. have: space -> path -> bytes, as was listed."""
    there = have.get(space)
    if there is None:
        there = have[space] = {held.path: held.bytes for held in lying(objects, space)}
    where = f"{space}/{file.relative_to(results).as_posix()}"
    size = file.stat().st_size
    if there.get(where) == size:
        return Moved()
    objects.put(where, file.read_bytes())
    there[where] = size
    return Moved(1, size)


def _inside(results: Path, name: str, *, there: bool = True) -> Path | None:
    """A file or folder by its name; None = it is not there, or lies elsewhere (a link may lead away)."""
    if not (LOG.fullmatch(name) or LOG_FILE.fullmatch(name) or IMAGE.fullmatch(name)):
        return None
    try:
        found = results / name
        inside = found.resolve().is_relative_to(results.resolve() / name.partition("/")[0])
        return found if inside and (found.exists() or not there) else None
    except (OSError, ValueError, RuntimeError):
        return None
