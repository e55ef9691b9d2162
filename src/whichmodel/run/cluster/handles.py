"""Ray in the few words that are needed here: actors, tasks on a node, nodes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ray

NAMESPACE = "whichmodel"
_remote: Any = ray.remote


def actor(kind: type, **options: Any) -> Any:
    """Makes an actor that outlives its maker, called like the class."""
    return _remote(kind).options(namespace=NAMESPACE, lifetime="detached", **options).remote


def on_head() -> dict[str, Any]:
    """Options of actors that a run cannot do without: they live where the cluster's own state does."""
    return {"num_cpus": 0, "resources": {"node:__internal_head__": 0.001}}


def on_node(node_id: str) -> Any:
    """That node and no other."""
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    return NodeAffinitySchedulingStrategy(node_id=node_id, soft=False)


def task_on(node_id: str, function: Callable[..., Any]) -> Any:
    """A function called on a node, once."""
    options = {"num_cpus": 0, "max_retries": 0, "scheduling_strategy": on_node(node_id)}
    return _remote(function).options(**options).remote


def living_nodes() -> dict[str, dict[str, Any]]:
    """Ray's entry of each node that lives, by its id."""
    nodes: Any = ray.nodes
    return {entry["NodeID"]: entry for entry in nodes() if entry["Alive"]}


def named(name: str) -> Any:
    """An actor by name. Raises ValueError where there is none."""
    return ray.get_actor(name, namespace=NAMESPACE)
