"""Objects below one address: S3, Google Cloud Storage, Azure, or a folder, by one client."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from whichmodel.errors import ConfigError, StoreError
from whichmodel.remote.refusals import Away, explained

if TYPE_CHECKING:
    from obstore.store import ObjectStore

CONNECT = timedelta(seconds=5)
READ = timedelta(seconds=60)
"""Without a byte, after which a request has failed."""
RETRIES = 3
PATIENCE = timedelta(seconds=60)
"""For all attempts at one request."""
PAGE = 1000
"""Objects of a listing that are handed over at a time."""


class Missing(StoreError):
    """There is no such object."""


@dataclass(frozen=True, slots=True)
class Held:
    """One object of a listing."""

    path: str
    bytes: int
    modified: datetime
    """UTC, by the store's clock."""


@dataclass(frozen=True)
class Objects:
    """All objects below an address. Opening it asks nothing of the network.

    Every method raises Away with what went wrong, where, and what would work; Denied is one.
    """

    address: str
    """`s3://bucket/prefix`, `gs://`, `az://container/prefix`, `file:///folder`, or a folder's path."""
    options: Mapping[str, str | bool] = field(default_factory=dict)
    """endpoint, region, account, allow_http, virtual_hosted: where a service needs them. Never secrets."""
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Credentials as the client names them (`access_key_id`, ...), in place of the environment's."""

    def get(self, path: str) -> bytes:
        """An object's bytes. Raises Missing where there is none."""
        import obstore

        with self._asked(path):
            return bytes(obstore.get(self._client, path).bytes())

    def put(self, path: str, data: bytes) -> None:
        """Write an object, whole or not at all, in place of the one that may be there."""
        import obstore

        with self._asked(path):
            obstore.put(self._client, path, data, use_multipart=False)

    def put_new(self, path: str, data: bytes) -> bool:
        """Write an object where there is none; False = there is one, which stays as it is.

        Of several writers at once, one alone is told True. A writer whose reply was lost on its way may be
        told False though its bytes are those that lie there.
        """
        import obstore
        from obstore.exceptions import AlreadyExistsError

        with self._asked(path):
            try:
                obstore.put(self._client, path, data, mode="create", use_multipart=False)
            except AlreadyExistsError:
                return False
        return True

    def list(self, prefix: str, after: str = "") -> Iterator[Held]:
        """The objects below a prefix, which ends at a `/`; after: those behind this path alone.

        Of S3 in the order of their paths; of others in no order.
        """
        import obstore

        with self._asked(prefix):
            pages = obstore.list(self._client, prefix.rstrip("/"), offset=after or None, chunk_size=PAGE)
            for page in pages:
                for found in page:
                    yield Held(found["path"], int(found["size"]), found["last_modified"])

    def size(self, path: str) -> int | None:
        """Bytes of an object; None = there is none."""
        held = self.held(path)
        return held.bytes if held else None

    def held(self, path: str) -> Held | None:
        """What lies at a path; None = nothing."""
        import obstore

        try:
            with self._asked(path):
                found = obstore.head(self._client, path)
        except Missing:
            return None
        return Held(path, int(found["size"]), found["last_modified"])

    def delete(self, paths: Iterable[str]) -> None:
        """Remove objects; those that are not there are passed over."""
        import obstore

        for path in paths:
            try:
                with self._asked(path):
                    obstore.delete(self._client, path)
            except Missing:
                continue

    def where(self, path: str = "") -> str:
        """An object's address, for people."""
        return f"{self.address.rstrip('/')}/{path}".rstrip("/")

    @contextmanager
    def _asked(self, path: str) -> Iterator[None]:
        """What the client raises, as an error of ours."""
        from obstore.exceptions import BaseError

        try:
            yield
        except (BaseError, OSError, ValueError) as error:
            told = explained(error, self.where(path), self.address)
            if told is None:
                raise Missing("There is no such object.", where=self.where(path)) from None
            raise told from None

    @cached_property
    def _client(self) -> ObjectStore:
        scheme, place, prefix = split(self.address)
        if scheme == "file":
            return _folder(place)
        config = {**_config(scheme, self.options), **self.secrets}
        allow_http = bool(self.options.get("allow_http"))
        common: dict[str, Any] = {
            "prefix": prefix or None,
            "config": config,
            "client_options": {"connect_timeout": CONNECT, "timeout": READ, "allow_http": allow_http},
            "retry_config": {"max_retries": RETRIES, "retry_timeout": PATIENCE},
        }
        return _cloud(scheme, place, common)


def split(address: str) -> tuple[str, str, str]:
    """Scheme, bucket or folder, and prefix of an address. Raises ConfigError for a scheme that is none."""
    scheme, separator, rest = address.partition("://")
    if not separator:
        return "file", address, ""
    if scheme == "file":
        return "file", unquote(rest), ""
    if scheme not in ("s3", "gs", "az"):
        raise ConfigError(f"'{scheme}://' is no kind of store.", where="store")
    bucket, _, prefix = rest.partition("/")
    return scheme, bucket, prefix.strip("/")


def _folder(place: str) -> ObjectStore:
    from obstore.store import LocalStore

    folder = Path(place)
    if not folder.parent.is_dir():
        raise Away(
            "The folder of the store is not there.",
            where=str(folder),
            remedy=f"Mount it, or make {folder.parent}.",
        )
    return LocalStore(folder, mkdir=True)


def _config(scheme: str, options: Mapping[str, str | bool]) -> dict[str, Any]:
    """Options by the names that the client has for them."""
    names = {"endpoint": "endpoint", "region": "region", "virtual_hosted": "virtual_hosted_style_request"}
    if scheme == "az":
        names = {"endpoint": "endpoint", "account": "account_name"}
    if scheme == "gs":
        names = {"endpoint": "base_url"}
    return {names[name]: value for name, value in options.items() if name in names}


def _cloud(scheme: str, place: str, common: dict[str, Any]) -> ObjectStore:
    from obstore.store import AzureStore, GCSStore, S3Store

    if scheme == "s3":
        return S3Store(place, **common)
    if scheme == "gs":
        return GCSStore(place, **common)
    return AzureStore(place, **common)
