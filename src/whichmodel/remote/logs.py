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
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from whichmodel.domain.logged import METADATA, MOST_MEMBER
from whichmodel.remote.heed import heed
from whichmodel.remote.objects import Held, Missing, Objects
from whichmodel.remote.place import Place
from whichmodel.remote.refusals import Denied
from whichmodel.remote.space import PUBLIC, Division, own
from whichmodel.store import beside

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
    """Files of a space that denies writing."""

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


def push(place: Place, *, dry_run: bool = False) -> Moved:
    """Bring up what the store lacks, by name and size. Raises Away. dry_run: only count it."""
    moved = Moved()
    division, up = place.division(), _Up(place, dry_run)
    if not dry_run:
        _heed(place, division)
    for task, names in beside.named(place.store).items():
        for space in division.of_task(task):
            if space in division.spaces:
                for name in sorted(names):
                    moved += _job(place, up, space, name)
    return moved


def pull(place: Place, run: str | None = None) -> Moved:
    """Bring down what is not here. run: the logs of one run alone, and no images. Raises Away."""
    moved = Moved()
    for space in place.division().spaces:
        try:
            found = list(lying(place.objects(space), space))
        except Denied:
            continue
        for held in found:
            moved += _down(place, space, held, run)
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


def _heed(place: Place, division: Division) -> None:
    """What was deleted there is named here no more."""
    dropped = 0
    for space in division.spaces:
        try:
            dropped += sum(heed(place, space, place.head(space)).values())
        except Denied:
            continue
    if dropped:
        place.store.publish()


def _job(place: Place, up: _Up, space: str, name: str) -> Moved:
    """The files of one name."""
    found = _inside(place.store.results, name)
    if found is None:
        return Moved()
    if is_image(name):
        return up.bring(space, found)
    if (found / WRITTEN_STILL).exists():
        return Moved(waiting=1)
    moved = Moved()
    for log in sorted(found.glob("*.eval")):
        moved += up.bring(own(place.home) if space == PUBLIC and tells_own(log) else space, log)
    return moved


@dataclass(slots=True)
class _Up:
    """Brings files up that are not there in their size already."""

    place: Place
    dry_run: bool
    there: dict[str, dict[str, int]] = field(default_factory=dict)
    """Space -> path -> bytes, as was listed."""
    closed: set[str] = field(default_factory=set)

    def bring(self, space: str, file: Path) -> Moved:
        if space in self.closed:
            return Moved(kept_back=1)
        try:
            return self._bring(self.place.objects(space), space, file)
        except Denied:
            self.closed.add(space)
            return Moved(kept_back=1)

    def _bring(self, objects: Objects, space: str, file: Path) -> Moved:
        if space not in self.there:
            self.there[space] = {held.path: held.bytes for held in lying(objects, space)}
        where = f"{space}/{file.relative_to(self.place.store.results).as_posix()}"
        size = file.stat().st_size
        if self.there[space].get(where) == size:
            return Moved()
        if not self.dry_run:
            objects.put(where, file.read_bytes())
        self.there[space][where] = size
        return Moved(1, size)


def _down(place: Place, space: str, held: Held, run: str | None) -> Moved:
    """One file, where it is wanted and not here. What lies here stays, whatever it is."""
    results, name = place.store.results, held.path.removeprefix(f"{space}/")
    log = LOG_FILE.fullmatch(name)
    wanted = run in (None, log["run"]) if log else run is None and is_image(name)
    file = _inside(results, name, there=False) if wanted else None
    if file is None or file.exists():
        return Moved()
    try:
        data = place.objects(space).get(held.path)
    except Missing:  # deleted since it was listed
        return Moved()
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(f"{file.name}.{os.getpid()}.part")
    partial.write_bytes(data)
    partial.replace(file)
    return Moved(1, len(data))


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
