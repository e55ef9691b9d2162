"""Which model replied, where that is not simply the one that was asked for, in words."""

from __future__ import annotations

from whichmodel.analyse.served import Served

MOST_NAMES = 4
"""Ids named in a line."""


def words(one: Served) -> str:
    """A line about it."""
    head = "Another model replied" if one.others else "More than one version replied"
    return f"{head}: {one.task} / {one.model}: {replies(one)}."


def replies(one: Served) -> str:
    """What replied in place of, or beside, the model that was asked for."""
    parts = []
    if one.others:
        parts.append(
            f"asked for {_list(one.requested)}, {one.by_others:,} of {one.answers:,} answers by "
            f"{_list(one.others)}"
        )
    if len(one.served) > 1:
        parts.append(f"{len(one.served)} served ids ({_list(one.served)})")
    if len(one.fingerprints) > 1:
        parts.append(f"{len(one.fingerprints)} fingerprints ({_list(one.fingerprints)})")
    return "; ".join(parts)


def _list(names: tuple[str, ...]) -> str:
    more = len(names) - MOST_NAMES
    return ", ".join(names[:MOST_NAMES]) + (f" and {more} more" if more > 0 else "")
