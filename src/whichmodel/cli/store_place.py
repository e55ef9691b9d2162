"""What all of `bench store` starts from: its flags, the place, and whose spaces have to be open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from whichmodel.cli.output import note
from whichmodel.cli.project import Project
from whichmodel.errors import StoreError, UsageError

if TYPE_CHECKING:
    from whichmodel.remote.place import Place

GUIDE = "docs/guides/laptop-to-cluster.md"


def flags(*names: str) -> Callable[[Any], Any]:
    """The flags that these commands share."""
    known = {
        "json": click.option("--json", "as_json", is_flag=True, help="One JSON document."),
        "dry-run": click.option("--dry-run", is_flag=True, help="Say what would travel; nothing does."),
        "org": click.option("--org", help="Touch the spaces of this organisation alone: its own and public."),
    }

    def given(function: Any) -> Any:
        for name in reversed(names):
            function = known[name](function)
        return function

    return given


def opened(project: Project, organisation: str | None = None) -> Place:
    """The store of bench.yaml and the database here. Raises UsageError where none is named, UnknownName."""
    from whichmodel.remote.place import place
    from whichmodel.store import Store

    if project.config.store is None:
        raise UsageError(
            "No shared store is named.",
            where=f"{project.config_path}: store",
            remedy="Add `store: s3://bucket/prefix`, or a folder that several machines see.",
        )
    found = place(project.config, Store(project.results), organisation)
    assert found is not None, "a store is named"
    return found


def rights(place: Place, closed: Sequence[str], *, writing: bool) -> None:
    """Say which spaces are shut, and go on where they are others'. Raises StoreError for one's own."""
    doing, right = ("write", "read, write, delete and list") if writing else ("read", "read and list")
    others = [space for space in closed if space not in place.needed]
    own = [space for space in closed if space in place.needed]
    if others and place.organisation is None:
        note(f"Left alone, for these credentials do not {doing} there: {', '.join(others)}.")
    if own:
        addresses = " and ".join(f"{place.shared.address.rstrip('/')}/{space}/" for space in own)
        raise StoreError(
            f"These credentials may not {doing} in {' and '.join(own)}, which {place.home} needs.",
            where=place.shared.address,
            remedy=f"Ask for the right to {right} objects below {addresses}; {GUIDE} has a policy that "
            "gives it. What was measured is kept here.",
        )
