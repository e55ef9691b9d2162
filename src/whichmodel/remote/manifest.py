"""What a space holds: its parts, in the order in which they were committed. Pure values and changes of them.

A space's manifest is one JSON document a version; the highest version is the state. Every change is a
function from manifest to manifest which, applied again to its own result, changes nothing more: a writer
who lost the race for the next version reads what is there now and applies its change anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from whichmodel.errors import StoreError

SCHEMA = 1
"""Of the document. A field more is a schema more: an older program that wrote it back would lose it."""
Table = Literal["outcomes", "timings", "runs", "races", "labels"]


@dataclass(frozen=True, slots=True)
class Part:
    """One Parquet object: some rows of one table, which never change."""

    table: Table
    key: str
    """Content key: a hash of the rows' keys, so that the same rows again are the same part."""
    rows: int
    bytes: int
    digest: str
    """SHA-256 of the object, in hex."""
    schema: int
    """Of the table's columns, as the part was written."""
    tasks: tuple[str, ...] = ()
    """Names of the tasks that its rows are of, sorted; () for runs, which are of none."""
    first: datetime | None = None
    """When its earliest row was measured, UTC. None = its rows say no time."""
    last: datetime | None = None
    made_of: tuple[str, ...] = ()
    """Keys of the parts whose rows it holds, where it was made by compaction."""

    @property
    def path(self) -> str:
        """Below its space."""
        return f"parts/{self.table}/{self.key}.parquet"


@dataclass(frozen=True, slots=True)
class Retired:
    """A part that counts no more; its object may still lie there for readers that are under way."""

    part: Part
    at: datetime
    why: Literal["compacted", "deleted"]


@dataclass(frozen=True, slots=True)
class Deletion:
    """Rows that count no more, whoever brings them again: those that were measured before a moment."""

    until: datetime
    """UTC."""
    at: datetime
    """When it was said, UTC; `until` itself where all that there was is meant."""
    task: str | None = None
    """Of this task alone. None = of all that the space holds."""

    def touches(self, part: Part) -> bool:
        """Whether the part may hold such rows."""
        of_it = self.task is None or self.task in part.tasks
        return of_it and (part.first is None or part.first < self.until)

    def implied(self, by: Deletion) -> bool:
        """Whether another deletion says this much, or more."""
        return self.until <= by.until and by.task in (None, self.task)

    def covers(self, part: Part) -> bool:
        """Whether all rows of the part are such."""
        of_it = self.task is None or part.tasks == (self.task,)
        if part.last is None or part.table == "runs":
            return of_it and self.until >= self.at
        return of_it and part.last < self.until


@dataclass(frozen=True)
class Manifest:
    """One version of a space."""

    version: int = 0
    """0 = nothing was ever committed."""
    parts: tuple[Part, ...] = ()
    """In the order of their commits."""
    retired: tuple[Retired, ...] = ()
    commit: str = ""
    """Whose version this is, by chance: a writer knows its own again when a reply was lost."""
    at: datetime | None = None
    """When it was committed, by the writer's clock, UTC. None = version 0."""
    schema: int = SCHEMA
    deletions: tuple[Deletion, ...] = ()
    """In the order in which they were said. A writer leaves out such rows, a reader drops his own."""

    @cached_property
    def keys(self) -> frozenset[str]:
        """Keys of the parts that count."""
        return frozenset(part.key for part in self.parts)

    @cached_property
    def gone(self) -> frozenset[str]:
        """Keys of the retired ones."""
        return frozenset(one.part.key for one in self.retired)

    @property
    def rows(self) -> int:
        """Of all parts; a row in two parts counts twice."""
        return sum(part.rows for part in self.parts)

    @property
    def bytes(self) -> int:
        """Of all parts."""
        return sum(part.bytes for part in self.parts)

    def add(self, parts: Iterable[Part]) -> Manifest:
        """With these parts at the end; those that it has or had already change nothing."""
        fresh = {part.key: part for part in parts if part.key not in self.keys | self.gone}
        return replace(self, parts=(*self.parts, *fresh.values())) if fresh else self

    def mended(self, parts: Iterable[Part]) -> Manifest:
        """With the size and digest of these parts, of those that it has: their objects were written anew."""
        anew = {part.key: part for part in parts}
        kept = tuple(anew.get(part.key, part) for part in self.parts)
        return self if kept == self.parts else replace(self, parts=kept)

    def compacted(self, whole: Part, at: datetime) -> Manifest:
        """With one part in place of those that it was made of.

        The same where it is there already, or where one of those counts no more: somebody was quicker, and
        what was deleted since then is not to come back.
        """
        replaced = frozenset(whole.made_of)
        if whole.key in self.keys or not replaced or not replaced <= self.keys:
            return self
        first = min(place for place, part in enumerate(self.parts) if part.key in replaced)
        kept = [part for part in self.parts if part.key not in replaced]
        before = sum(part.key not in replaced for part in self.parts[:first])
        went = tuple(Retired(part, at, "compacted") for part in self.parts if part.key in replaced)
        parts = (*kept[:before], whole, *kept[before:])
        return replace(self, parts=parts, retired=(*self.retired, *went))

    def without(self, keys: Collection[str], at: datetime) -> Manifest:
        """Without these parts, which are not to come back."""
        went = tuple(Retired(part, at, "deleted") for part in self.parts if part.key in keys)
        if not went:
            return self
        kept = tuple(part for part in self.parts if part.key not in keys)
        return replace(self, parts=kept, retired=(*self.retired, *went))

    def deleted(self, deletion: Deletion, left: Mapping[str, Part | None]) -> Manifest:
        """After a deletion. left: key of a part -> what it becomes, None = nothing is left of it."""
        parts, went = [], []
        for part in self.parts:
            becomes = left.get(part.key, part)
            if becomes is not part:
                went.append(Retired(part, deletion.at, "deleted"))
            if becomes is not None:
                parts.append(becomes)
        said = self.deletions
        if not any(deletion.implied(by) for by in said):
            said = (*(one for one in said if not one.implied(deletion)), deletion)
        return replace(self, parts=tuple(parts), retired=(*self.retired, *went), deletions=said)

    def struck(self, keys: Collection[str]) -> Manifest:
        """Without a trace of these parts, so that the same rows can be given again."""
        kept = tuple(part for part in self.parts if part.key not in keys)
        return self if len(kept) == len(self.parts) else replace(self, parts=kept)

    def forgotten(self, keys: Collection[str]) -> Manifest:
        """Without these entries among the retired, whose objects are removed."""
        kept = tuple(one for one in self.retired if one.part.key not in keys)
        return self if len(kept) == len(self.retired) else replace(self, retired=kept)

    def unread(self, read: Collection[str]) -> tuple[Part, ...]:
        """The parts with rows that a reader has not got yet, in the order of their commits.

        read: keys of the parts that it has got. A compacted part brings nothing new to a reader who has all
        that it was made of.
        """
        made_of = {one.part.key: one.part.made_of for one in self.retired}

        def known(key: str, of: tuple[str, ...]) -> bool:
            return key in read or (bool(of) and all(known(each, made_of.get(each, ())) for each in of))

        return tuple(part for part in self.parts if not known(part.key, part.made_of))

    def trace(self, part: Part, read: Collection[str]) -> frozenset[str]:
        """Of the parts that a reader has, those in whose place this one stands."""
        made_of = {one.part.key: one.part.made_of for one in self.retired}
        found, ahead = set[str](), list(part.made_of)
        while ahead:
            key = ahead.pop()
            if key in read and key != part.key:
                found.add(key)
            ahead += made_of.get(key, ())
        return frozenset(found)


_MANIFEST = TypeAdapter(Manifest)


def dumped(manifest: Manifest) -> bytes:
    """The document of a version."""
    return _MANIFEST.dump_json(manifest, exclude_defaults=False)


def loaded(data: bytes, where: str) -> Manifest:
    """A version from its document. Raises StoreError for a damaged one, or one of a newer program."""
    try:
        found = _MANIFEST.validate_json(data)
    except ValidationError as error:
        newer = _newer(data)
        if newer is None:
            first = error.errors()[0]
            raise StoreError(
                f"The manifest is damaged: {first['msg']}.",
                where=where,
                remedy="Remove this object alone: the version before it counts again, and "
                "`bench store push` brings what it lacks.",
            ) from None
        schema = newer
    else:
        schema = found.schema
    if schema > SCHEMA:
        raise StoreError(
            f"The manifest was written by a newer whichmodel (schema {schema}, known here: {SCHEMA}).",
            where=where,
            remedy="Update whichmodel; nothing of it was changed.",
        )
    return found


def _newer(data: bytes) -> int | None:
    """The schema of a document that cannot be read whole, where it is a newer one."""
    import json

    try:
        schema = json.loads(data).get("schema")
    except (ValueError, AttributeError):
        return None
    return schema if isinstance(schema, int) and schema > SCHEMA else None
