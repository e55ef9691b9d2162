"""Nodes of a cluster: what each has, and where workers and jobs are placed."""

from __future__ import annotations

import importlib.util
import os
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from whichmodel import sandbox
from whichmodel.config import ClusterSettings
from whichmodel.run.cluster.keys import read_secrets

NEEDED = ("inspect_ai", "openai", "anthropic", "google", "dotenv", "aiohttp", "sacrebleu", "PIL", "scipy")
"""Packages that a worker imports and that do not travel."""


@dataclass(frozen=True, slots=True)
class About:
    """What a node says of itself."""

    keys: frozenset[str]
    """Of the variables that were asked for, those that are set. Never their values."""
    python: str
    folder: str
    """For logs, images and the journal until they are carried away."""
    trouble: str = ""
    """Why no worker can work there. "" = one can."""
    sandbox: bool = False
    """Model-written code can be run."""
    sandbox_reason: str = ""
    sandbox_remedy: str = ""


@dataclass(slots=True)
class Node:
    """One node that has room for workers."""

    id: str
    address: str
    slots: int
    """Workers it is meant to have."""
    about: About
    alive: bool = True
    lost: bool = False
    """It did not answer any more, and is not asked again."""
    workers: set[str] = field(default_factory=set)
    """Those that live there now."""

    @property
    def load(self) -> float:
        """Workers a slot."""
        return len(self.workers) / self.slots


def about(names: frozenset[str], secret_file: str | None) -> About:
    """Asked on the node itself."""
    version = ".".join(str(part) for part in sys.version_info[:3])
    try:
        folder = str(own_folder())
        read_secrets(secret_file)
    except OSError as error:
        return About(frozenset(), version, "", f"a file cannot be used: {error}")
    if absent := [name for name in NEEDED if importlib.util.find_spec(name) is None]:
        return About(frozenset(), version, folder, f"{absent[0]} is not there; install whichmodel[ray]")
    found = sandbox.available()
    keys = frozenset(name for name in names if os.environ.get(name))
    return About(keys, version, folder, "", found.ok, found.reason, found.remedy)


def own_folder() -> Path:
    """This user's own folder on the node. Raises PermissionError where somebody else made it."""
    folder = Path(tempfile.gettempdir()) / f"whichmodel-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.getuid():
        raise PermissionError(f"{folder} belongs to another user")
    return folder


def slots(resources: Mapping[str, Any], settings: ClusterSettings) -> int:
    """Workers that a node of these resources is meant to have; 0 = it has no CPU for any."""
    cpus = int(resources.get("CPU", 0))
    if cpus and settings.workers_per_node is not None:
        return settings.workers_per_node
    return cpus
