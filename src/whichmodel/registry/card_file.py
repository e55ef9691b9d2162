"""task.yaml as it is written, checked before anything is read or downloaded."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from whichmodel.domain import Derived, HubDataset, Json
from whichmodel.registry.mapping import placeholders
from whichmodel.registry.steps import named
from whichmodel.strict_yaml import Document

Name = r"^[a-z0-9][a-z0-9_-]{0,63}$"
HUB = "hf://"
_REPO = re.compile(r"hf://(?:datasets/)?([\w.-]+/[\w.-]+)")
ITEM_FIELDS = ("id", "input", "target", "reference", "stratum", "cluster_id", "metadata")


class ValueFile(Document):
    """One value under `dataset.values`."""

    source: str = Field(alias="from", description="A column or an earlier value; parts of it by dots.")
    steps: list[Json] = Field(default_factory=list, description="Steps in order, by name.")

    @field_validator("steps")
    @classmethod
    def _known(cls, steps: list[Json]) -> list[Json]:
        for step in steps:
            named(step)
        return steps


class DatasetFile(Document):
    """`dataset:`, which goes with items from the hub."""

    config: str | None = Field(default=None, description="Default: the set's only or default configuration.")
    split: str = "test"
    revision: str | None = Field(
        default=None,
        description="A commit, so that everybody has the same items; a branch or tag is resolved once.",
    )
    files: str | None = Field(
        default=None, description="Glob of the data files; default: found by the split."
    )
    max_mb: int = Field(default=512, gt=0, description="Most megabytes that may be downloaded.")
    where: dict[str, Json] = Field(
        default_factory=dict, description="Column: value or list of values to take."
    )
    values: dict[str, ValueFile] = Field(default_factory=dict, description="Values that templates can name.")
    item: dict[str, Json] = Field(
        description="Templates of the item's fields; `input` and `target` at least."
    )

    @field_validator("item")
    @classmethod
    def _fields(cls, item: dict[str, Json]) -> dict[str, Json]:
        for key, template in item.items():
            if key not in ITEM_FIELDS:
                raise ValueError(f"an item has no field `{key}`; it has {', '.join(ITEM_FIELDS)}")
            if key not in ("target", "metadata") and not isinstance(template, str):
                raise ValueError(f"`{key}` is a template, so write text; quote it")
            try:
                list(placeholders(template))
            except ValueError as error:
                raise ValueError(f"`{key}`: {error}") from None
        if missing := {"input", "target"} - set(item):
            raise ValueError(f"`{sorted(missing)[0]}` is missing")
        if not isinstance(item.get("metadata", {}), dict):
            raise ValueError("`metadata` is a mapping of names to templates")
        return item

    def dataset(self, repo: str) -> HubDataset:
        """As the domain has it."""
        plain = self.model_dump(exclude={"values"})
        values = {name: Derived(value.source, tuple(value.steps)) for name, value in self.values.items()}
        return HubDataset(repo=repo, values=values, **plain)


class CardFile(Document):
    """task.yaml; the fields are those of `TaskCard`."""

    name: str = Field(pattern=Name)
    category: Literal[
        "coding",
        "reasoning",
        "extraction",
        "summarization",
        "image-prompt",
        "classification",
        "translation",
    ]
    title: str
    description: str
    version: str
    licence: str
    source: str
    metric: str
    scorer: str
    options: dict[str, Json] = Field(default_factory=dict)
    system: str = ""
    items: str = Field(
        default="generate.py", description="generate.py, items.jsonl or hf://organisation/name"
    )
    uses: list[Annotated[str, Field(pattern=Name)]] = Field(
        default_factory=list, description="Sibling task folders whose files the items are made from."
    )
    dataset: DatasetFile | None = Field(default=None, description="With hf:// items: which, and as what.")
    count: int = Field(default=400, gt=0)
    answers: Literal["text", "image"] = "text"
    sandbox: bool = False
    judged: bool = False
    max_tokens: int = Field(default=1024, gt=0)

    @field_validator("items")
    @classmethod
    def _place(cls, items: str) -> str:
        if items not in ("generate.py", "items.jsonl") and not _REPO.fullmatch(items):
            raise ValueError("items are `generate.py`, `items.jsonl` or `hf://organisation/name`")
        return items

    @model_validator(mode="after")
    def _together(self) -> CardFile:
        if self.items.startswith(HUB) != (self.dataset is not None):
            missing = "`dataset:` with `item:`, which says how a row becomes an item"
            raise ValueError(
                f"items of hf:// need {missing}" if self.dataset is None else "`dataset:` needs hf:// items"
            )
        return self

    def hub(self) -> HubDataset | None:
        """Where the items come from, for items of the hub."""
        found = _REPO.fullmatch(self.items)
        return self.dataset.dataset(found[1]) if found and self.dataset else None
