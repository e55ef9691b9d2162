"""A real Ray cluster of several nodes on this machine, kept small, and runs on it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from small_run import bank

from whichmodel.config import ClusterSettings
from whichmodel.domain import Bank, Model
from whichmodel.plan import make
from whichmodel.run.budget import Budget
from whichmodel.run.cluster import Baggage, Cluster, connect
from whichmodel.run.measure import Measurement
from whichmodel.run.progress import Progress, Summary
from whichmodel.run.workers import Start
from whichmodel.simulator import panel, serve
from whichmodel.store import Store

MEMORY = 80 * 2**20
QUICK = {
    "health_check_initial_delay_ms": 5000,
    "health_check_period_ms": 1000,
    "health_check_timeout_ms": 10_000,
    "health_check_failure_threshold": 10,
}
"""A killed node is noticed within seconds."""

PATIENT = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
    "RAY_raylet_start_wait_time_s": "120",
    "RAY_agent_register_timeout_ms": "600000",
    "RAY_worker_register_timeout_seconds": "600",
}
"""No telemetry; a machine with other work starts a node late."""


PORTS = ("metrics_agent_port", "metrics_export_port", "dashboard_agent_listen_port", "runtime_env_agent_port")


def ports() -> dict[str, int]:
    """Of a node's helpers, free ones: a raylet that has to be told by them gives up after seconds."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in PORTS]
        return {name: one.getsockname()[1] for name, one in zip(PORTS, sockets, strict=True)}


@dataclass
class Ground:
    """A cluster whose head has no CPU, and nodes that can be added and killed."""

    ray_cluster: Any
    nodes: list[Any] = field(default_factory=list)

    @property
    def address(self) -> str:
        return str(self.ray_cluster.address)

    def add(self, cpus: int = 1, **more: Any) -> Any:
        node = self.ray_cluster.add_node(
            num_cpus=cpus, object_store_memory=MEMORY, include_dashboard=False, **ports(), **more
        )
        self.nodes.append(node)
        return node

    def kill(self, node: Any) -> None:
        """As a power cut does."""
        self.nodes.remove(node)
        self.ray_cluster.remove_node(node, allow_graceful=False)

    def have(self, count: int) -> None:
        """So many nodes of one CPU, no others."""
        while len(self.nodes) > count:
            self.kill(self.nodes[-1])
        while len(self.nodes) < count:
            self.add()


@contextmanager
def ground() -> Iterator[Ground]:
    """Started once for many tests."""
    with _head(num_cpus=0, _system_config=QUICK) as made:
        yield Ground(made)


@contextmanager
def distant() -> Iterator[str]:
    """A cluster of its head alone; its address for drivers on other machines.

    No second node: on one machine they share the folder in which that address's server works.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with _head(num_cpus=2, ray_client_server_port=port):
        yield f"ray://127.0.0.1:{port}"


@contextmanager
def _head(**how: Any) -> Iterator[Any]:
    os.environ.update(PATIENT)
    from ray.cluster_utils import Cluster as RayCluster

    made: Any = RayCluster(
        initialize_head=True,
        head_node_args={"object_store_memory": MEMORY, "include_dashboard": False, **ports(), **how},
    )
    try:
        yield made
    finally:
        made.shutdown()


@contextmanager
def joined(
    here: Ground,
    folder: Path,
    settings: ClusterSettings | None = None,
    names: frozenset[str] = frozenset(),
    modules: tuple[str, ...] = (),
) -> Iterator[Cluster]:
    """A connection, as `bench run --cluster` makes it. modules: Python files of the folder that travel."""
    baggage = Baggage(folder, folder / "tasks", modules=modules)
    with connect(here.address, settings or ClusterSettings(), baggage, names, lambda line: None) as cluster:
        yield cluster


def measured(
    cluster: Cluster,
    results: Path,
    models: Sequence[Model],
    banks: Sequence[Bank],
    *,
    run_id: str | None = None,
    budget: Decimal | None = None,
    watch: Callable[[Progress], None] = lambda progress: None,
    start: Start | None = None,
) -> Summary:
    """These models on these banks, by the cluster's workers, as a run of its own on the cluster."""
    store = Store(results)
    done = store.done((b.task_hash, m.settings_hash) for b in banks for m in models)
    run = Measurement(
        make(banks, models, done),
        run_id or f"run-{uuid.uuid4().hex[:8]}",
        results,
        store,
        cluster.slots,
        Budget(budget),
        watch,
        start=start or cluster.start,
        widest=cluster.slots,
    )
    return run.run()


@contextmanager
def simulated(
    banks: Sequence[Bank], names: Sequence[str], **more: Any
) -> Iterator[tuple[list[Model], Mapping[str, str]]]:
    """Models of the demo panel, served while the block runs."""
    with serve.serve(banks, **more) as addresses:
        by_id = {model.id: model for model in panel.models(addresses)}
        yield [by_id[name] for name in names], addresses


def requests(addresses: Mapping[str, str]) -> list[dict[str, Any]]:
    """The server's own record."""
    with urllib.request.urlopen(f"{addresses['anthropic']}/requests") as reply:
        found: list[dict[str, Any]] = json.load(reply)
    return found


def limited(model: Model, connections: int) -> Model:
    """The same with another limit."""
    return replace(model, max_connections=connections)


def until_lines(driver: subprocess.Popen[Any], results: Path, lines: int) -> None:
    """Wait until a run has so many lines in its journals."""
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline and driver.poll() is None:
        if sum(file.read_bytes().count(b"\n") for file in results.glob("logs/*/*/outcomes.jsonl")) >= lines:
            return
        time.sleep(0.1)
    driver.kill()
    raise AssertionError(f"the run made no progress: {driver.communicate()[1]}")


__all__ = [
    "Ground",
    "bank",
    "distant",
    "ground",
    "joined",
    "limited",
    "measured",
    "requests",
    "simulated",
    "until_lines",
]
