"""A data set of the Hugging Face hub as a task's items: where it is, and how a row becomes an item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from whichmodel.domain.identity import Json


@dataclass(frozen=True, slots=True)
class Derived:
    """A value of a row that templates can name: a column, or an earlier value, through named steps."""

    source: str
    """A column or value; parts of it by dots, such as `answers.text.0`."""
    steps: tuple[Json, ...] = ()
    """In order: a name, or a mapping of one name to its argument; see `registry.steps`."""


@dataclass(frozen=True, slots=True)
class HubDataset:
    """One split of a data set, and the templates of its items."""

    repo: str
    """`organisation/name` on the hub."""
    item: Mapping[str, Json]
    """Field of `Item` -> template, or a structure of templates."""
    config: str | None = None
    """The data set's configuration. None = its only or its default one."""
    split: str = "test"
    revision: str | None = None
    """A commit, tag or branch. None = main. What is no commit is resolved once, when it is downloaded."""
    files: str | None = None
    """Glob of the data files in the repository. None = found by configuration and split."""
    max_mb: int = 512
    """Most megabytes (10^6 bytes) that may be downloaded."""
    where: Mapping[str, Json] = field(default_factory=dict)
    """Column -> the value, or list of values, of the rows that are taken; {} = all rows."""
    values: Mapping[str, Derived] = field(default_factory=dict)
