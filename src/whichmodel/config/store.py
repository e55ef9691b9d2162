"""Where outcomes are shared: the part of bench.yaml about it, as it is written and as it is meant."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from pydantic import Field, model_validator

from whichmodel.errors import ConfigError
from whichmodel.strict_yaml import Document

SCHEMES = ("s3", "gs", "az", "file")


class StoreOptionsFile(Document):
    """What a service needs to be told beside the store's address. Credentials come from the environment."""

    endpoint: str | None = Field(
        default=None, pattern=r"^https?://", description="Of an S3-compatible service, or an emulator."
    )
    region: str | None = None
    account: str | None = Field(default=None, description="Of Azure.")
    allow_http: bool | None = Field(default=None, description="For a service on this machine.")
    virtual_hosted: bool | None = Field(
        default=None, description="The bucket's name stands in the host, as some services want it."
    )

    @model_validator(mode="after")
    def _no_secret_in_url(self) -> StoreOptionsFile:
        if self.endpoint and "@" in self.endpoint.partition("://")[2].partition("/")[0]:
            raise ValueError("`endpoint` holds credentials; they come from the environment")
        return self


@dataclass(frozen=True, slots=True)
class SharedStore:
    """Where outcomes are shared."""

    address: str
    """`s3://bucket/prefix`, `gs://`, `az://`, or the absolute path of a folder."""
    options: Mapping[str, str | bool] = field(default_factory=dict)
    """endpoint, region, account, allow_http, virtual_hosted."""


def meant(address: str, options: StoreOptionsFile, path: Path) -> SharedStore:
    """The store of an address as bench.yaml, at `path`, has it; a folder's path is relative to that file.

    Raises ConfigError.
    """
    scheme, separator, rest = address.partition("://")
    if not separator or scheme == "file":
        folder = Path(unquote(rest) if separator else address).expanduser()
        address = os.path.normpath(path.resolve().parent / folder)
    elif scheme not in SCHEMES:
        raise ConfigError(
            f"'{scheme}://' is no kind of store.",
            where=f"{path}: store",
            remedy=f"Known: {', '.join(f'{name}://' for name in SCHEMES)}, or a folder's path.",
        )
    elif not rest.strip("/") or "@" in rest.partition("/")[0] or "?" in rest:
        raise ConfigError(
            "The address of the store is a bucket and a prefix, and nothing else.",
            where=f"{path}: store",
            remedy="Write `store: s3://bucket/prefix`; credentials come from the environment, as the cloud's "
            "own clients read them.",
        )
    return SharedStore(address.rstrip("/"), options.model_dump(exclude_none=True))
