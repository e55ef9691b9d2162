"""Where runs with `--cluster` go: the part of bench.yaml about Ray."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import Field, field_validator

from whichmodel.strict_yaml import Document

AUTO = "auto"


@dataclass(frozen=True, slots=True)
class ClusterSettings:
    """A cluster's address, and how its nodes are used."""

    address: str = AUTO
    """`ray://host:port`, or `auto`: the one that RAY_ADDRESS or this machine's head names."""
    secret_file: str | None = None
    """Path on the nodes of a dotenv file with keys. None = the nodes' environment has them."""
    workers_per_node: int | None = None
    """None = as many as a node has CPUs."""


def trouble_with_address(address: str) -> str:
    """What is wrong with a cluster's address. "" = nothing."""
    host, colon, port = address.removeprefix("ray://").rpartition(":")
    if address == AUTO or (address.startswith("ray://") and host and colon and port.isdigit()):
        return "" if "@" not in host else "the address holds credentials"
    return f"'{address}' is no address of a cluster; write `ray://host:10001` or `auto`"


class ClusterFile(Document):
    """How `bench run --cluster` reaches and uses a Ray cluster."""

    address: str = Field(
        default=AUTO,
        description="`ray://host:10001`; default: the one that RAY_ADDRESS or this machine's head names.",
    )
    secret_file: str | None = Field(
        default=None,
        pattern=r"^[/~]",
        description="Path on the nodes of a dotenv file (mode 0600) with the providers' keys; default: their "
        "environment has them.",
    )
    workers_per_node: int | None = Field(
        default=None, ge=1, le=256, description="Default: a node's CPUs, as Ray counts them."
    )

    @field_validator("address")
    @classmethod
    def _is_address(cls, address: str) -> str:
        if trouble := trouble_with_address(address):
            raise ValueError(trouble)
        return address

    def meant(self) -> ClusterSettings:
        """The same in our values."""
        return ClusterSettings(self.address, self.secret_file, self.workers_per_node)
