"""The way to a cluster: found, told what travels, its nodes asked what they have."""

from __future__ import annotations

import importlib.util
import logging
import os
import signal
import socket
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from whichmodel.config import ClusterSettings
from whichmodel.domain import Model
from whichmodel.errors import ConfigError, UsageError
from whichmodel.providers.presence import unset
from whichmodel.run.budget import Budget
from whichmodel.run.cluster.carried import Baggage, packed
from whichmodel.run.cluster.nodes import About, Node, about, slots

FIND_S = 60.0
"""A node that does not say what it has within this time is left out."""
QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
    "RAY_DEDUP_LOGS": "0",
    "RAY_LOG_TO_DRIVER": "0",
}
"""Of Ray's client here: no telemetry, nothing on the user's terminal."""
SHOWN_NODES = 3
TRIES = 3
"""Of joining: the server that a client gets on the head may die as it is forked; the next one lives."""


@dataclass(slots=True)
class Cluster:
    """A cluster that this process is connected to."""

    address: str
    settings: ClusterSettings
    nodes: list[Node]
    """Those that can have workers."""
    names: frozenset[str] = frozenset()
    """Variables that were asked for."""

    @property
    def slots(self) -> int:
        """Workers, all nodes together."""
        return sum(node.slots for node in self.nodes)

    @property
    def keys(self) -> frozenset[str]:
        """Variables that are set on any node."""
        return frozenset[str]().union(*(node.about.keys for node in self.nodes))

    def sandbox_missing(self) -> tuple[str, str] | None:
        """Why no node can run model-written code, and what would work. None = at least one can."""
        if any(node.about.sandbox for node in self.nodes):
            return None
        first = self.nodes[0]
        reason = f"no node of the cluster has a sandbox ({first.address}: {first.about.sandbox_reason})"
        return reason, first.about.sandbox_remedy

    def need_keys(self, models: Iterable[Model]) -> None:
        """Raises ConfigError where a node lacks a key of one of these models."""
        lacking: dict[str, list[str]] = {}
        for model in {model.id: model for model in models}.values():
            if model.simulated or model.baseline:
                continue
            for node in self.nodes:
                if missing := unset(model, dict.fromkeys(node.about.keys, "set")):
                    lacking.setdefault(f"{model.id}: {missing}", []).append(node.address)
        if not lacking:
            return
        what, addresses = next(iter(lacking.items()))
        shown = ", ".join(addresses[:SHOWN_NODES]) + (", ..." if len(addresses) > SHOWN_NODES else "")
        more = f" {len(lacking) - 1} more models lack a key." if len(lacking) > 1 else ""
        raise ConfigError(
            f"{what} on {len(addresses)} of {len(self.nodes)} nodes ({shown}).{more}",
            where=f"cluster {self.address}",
            remedy="Keys do not travel: set the variable where Ray was started, or name a file on the nodes "
            "by `cluster: {secret_file: ...}` in bench.yaml.",
        )

    def need_one_machine(self) -> None:
        """Raises UsageError where a node is another machine, which the demo panel's servers do not reach."""
        here = _addresses_here()
        if elsewhere := sorted({node.address for node in self.nodes} - here):
            raise UsageError(
                f"The simulated panel answers on this machine alone; the cluster has {elsewhere[0]}.",
                where=f"--cluster {self.address}",
                remedy="Ask real models there, or run the panel without --cluster.",
            )

    def start(self, run_folder: Path, budget: Budget) -> Any:
        """The workers of one run."""
        from whichmodel.run.cluster.pool import ClusterPool

        return ClusterPool.of(self, run_folder, budget)


@contextmanager
def connect(
    address: str,
    settings: ClusterSettings,
    baggage: Baggage,
    names: frozenset[str],
    tell: Callable[[str], None],
) -> Iterator[Cluster]:
    """A cluster, as long as the block runs. names: variables that models need. tell: for what is left out.

    Raises UsageError without Ray or where there is no cluster, ConfigError where no node can be used.
    """
    if importlib.util.find_spec("ray") is None:
        raise UsageError(
            "Ray is not installed.",
            where=f"--cluster {address}",
            remedy="`pip install 'whichmodel[ray]'`, of the version that the cluster has.",
        )
    os.environ.update(QUIET)
    import ray

    with tempfile.TemporaryDirectory(prefix="whichmodel-") as folder:
        _joined(ray, address, packed(baggage, Path(folder)))
        try:
            cluster = Cluster(address, settings, [], names)
            cluster.nodes += found(cluster, tell)
            yield cluster
        finally:
            ray.shutdown()


def _joined(ray: Any, address: str, environment: dict[str, Any]) -> None:
    logging.getLogger("ray").setLevel(logging.CRITICAL)
    wanted = os.environ.get("RAY_ADDRESS", address) if address == "auto" else address
    ours = signal.getsignal(signal.SIGTERM)
    _hush()
    try:
        with warnings.catch_warnings(action="ignore"):
            _entered(ray, wanted, environment)
    except Exception as error:
        raise UsageError(
            f"No cluster could be joined: {_reason(error)}.",
            where=f"--cluster {address}",
            remedy="Start one with `ray start --head`, or name it: `--cluster ray://host:10001`. "
            "Python and Ray have to be of the same versions at both ends.",
        ) from error
    if threading.current_thread() is threading.main_thread():
        # Ray's own handler exits at once, and what has ended would not be stored.
        signal.signal(signal.SIGTERM, ours)


def _entered(ray: Any, address: str, environment: dict[str, Any]) -> None:
    for left in reversed(range(TRIES)):
        try:
            ray.init(
                address,
                namespace="whichmodel",
                runtime_env=environment,
                log_to_driver=False,
                logging_level=logging.CRITICAL,
            )
            return
        except ConnectionAbortedError:
            if not left:
                raise


def _reason(error: Exception) -> str:
    """What an error says first, or last where it only announces a traceback."""
    lines = [line for line in str(error).splitlines() if line.strip()] or [type(error).__name__]
    return lines[-1 if lines[0].endswith(":") else 0].strip()


def _hush() -> None:
    """Ray tells of a dead node or worker on stdout, where a document may stand; we tell of it ourselves."""
    import ray._private.worker as driver

    driver.print_to_stdstream = lambda *message, **how: None


def found(cluster: Cluster, tell: Callable[[str], None]) -> list[Node]:
    """All nodes that can have workers. Raises ConfigError where there is none."""
    from whichmodel.run.cluster.handles import living_nodes

    asked = {
        node_id: (entry, ask(node_id, cluster))
        for node_id, entry in living_nodes().items()
        if slots(entry["Resources"], cluster.settings)
    }
    made, troubles = [], []
    for entry, call in asked.values():
        node = _node(entry, call, cluster)
        if node.about.trouble:
            troubles.append(f"{node.address}: {node.about.trouble}")
        else:
            made.append(node)
    for trouble in troubles if made else ():
        tell(f"Left out of the cluster: {trouble}.")
    if not made:
        why = troubles[0] if troubles else "none has a CPU"
        raise ConfigError(f"No node can be used: {why}.", where=f"cluster {cluster.address}")
    return made


def ask(node_id: str, cluster: Cluster) -> Any:
    """A call to a node about itself."""
    from whichmodel.run.cluster.handles import task_on

    return task_on(node_id, about)(cluster.names, cluster.settings.secret_file)


def _node(entry: dict[str, Any], call: Any, cluster: Cluster) -> Node:
    import ray

    try:
        said: About = ray.get(call, timeout=FIND_S)
    except Exception as error:
        said = About(frozenset(), "", "", _reason(error))
    return Node(
        entry["NodeID"], entry["NodeManagerAddress"], slots(entry["Resources"], cluster.settings), said
    )


def _addresses_here() -> set[str]:
    interfaces = psutil.net_if_addrs().values()
    families = (socket.AF_INET, socket.AF_INET6)
    return {one.address.partition("%")[0] for each in interfaces for one in each if one.family in families}
