"""Part objects of a space: put there once, read again."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pyarrow as pa

from whichmodel.domain import content_hash
from whichmodel.remote import parts
from whichmodel.remote.manifest import Part
from whichmodel.remote.objects import Missing, Objects

ADOPTED = timedelta(hours=1)
"""An object that lies there longer may be about to be removed (`prune`), if no version names it."""


def path(space: str, part: Part) -> str:
    """Of a part's object."""
    return f"{space}/{part.path}"


def put(objects: Objects, space: str, part: Part, data: bytes) -> Part:
    """Write a part's object, and say of it what lies there then; commit what this returns.

    The same rows may lie there already, in other bytes, from a push that was cut off or from somebody else;
    they stay. What lies there and cannot be read is written anew.
    """
    where = path(space, part)
    if objects.put_new(where, data):
        return part
    lying = objects.held(where)
    if lying is None or lying.modified < datetime.now(UTC) - ADOPTED:
        return put(objects, space, _renamed(part), data)
    held = objects.get(where)
    found = replace(part, bytes=len(held), digest=hashlib.sha256(held).hexdigest())
    try:
        if sum(len(batch) for batch in parts.read(found, held, objects.where(where))) == part.rows:
            return found
    except parts.Unreadable:
        pass
    objects.put(where, data)
    return part


def _renamed(part: Part) -> Part:
    """The same rows by a name that nobody else comes to."""
    return replace(part, key=content_hash([part.key, uuid.uuid4().hex], length=parts.NAME_DIGITS))


def get(objects: Objects, space: str, part: Part) -> Iterator[pa.RecordBatch]:
    """A part's rows. Raises Unreadable for an object that is missing, torn or of a newer program."""
    where = path(space, part)
    try:
        data = objects.get(where)
    except Missing:
        raise parts.damaged(objects.where(where), "its object is missing") from None
    yield from parts.read(part, data, objects.where(where))
