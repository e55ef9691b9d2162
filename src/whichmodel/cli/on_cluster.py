"""`--cluster`: the workers are those of a Ray cluster; runs that lost their driver there are taken over."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from filelock import Timeout

from whichmodel.cli.output import note
from whichmodel.cli.project import Project
from whichmodel.cli.run_options import CONFIGURED, Options
from whichmodel.config import trouble_with_address
from whichmodel.domain.provider import record_path
from whichmodel.errors import UsageError
from whichmodel.plan import Plan, Skipped
from whichmodel.providers.presence import variables

if TYPE_CHECKING:
    from whichmodel.run.cluster import Cluster

RECORD, CODE = "replay/", "python/"
PATIENCE_S = 60.0
"""Beyond what a sample may take, for a run whose driver is gone to come to its end."""
CUT_OFF = "cluster.json"
"""In the folder of a run whose journal may still be on a cluster."""


@contextmanager
def workplace(project: Project, options: Options) -> Iterator[Cluster | None]:
    """The cluster that the run is to be done on, its lost runs taken over. None = this machine."""
    if options.cluster is None:
        _tell_of_lost(project)
        yield None
        return
    settings = project.config.cluster
    address = settings.address if options.cluster == CONFIGURED else options.cluster
    if trouble := trouble_with_address(address):
        raise UsageError(f"{trouble[0].upper()}{trouble[1:]}.", where="--cluster")
    from whichmodel.run.cluster import Baggage, connect

    models = project.config.models
    names = [model.wire_name for model in models if model.inspect_name.startswith(CODE)]
    baggage = Baggage(
        project=project.config_path.resolve().parent,
        tasks=project.own_tasks.resolve(),
        records=tuple(
            record_path(m.wire_name, m.base_url) for m in models if m.inspect_name.startswith(RECORD)
        ),
        modules=tuple(name.partition(":")[0] for name in names),
    )
    with connect(address, settings, baggage, variables(models), note) as cluster:
        note(
            f"Cluster {address}: {_several(len(cluster.nodes), 'node')}, {_several(cluster.slots, 'worker')}."
        )
        _take_over(project)
        yield cluster


def _several(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def environment(cluster: Cluster | None) -> Mapping[str, str] | None:
    """What is set here or on a node, the nodes' values unknown. None = this process's own."""
    return {**dict.fromkeys(cluster.keys, "set"), **os.environ} if cluster else None


def sandbox_missing(cluster: Cluster) -> Skipped | None:
    """Why no node can run model-written code. None = one can."""
    missing = cluster.sandbox_missing()
    return Skipped("", *missing) if missing else None


def check(cluster: Cluster | None, plan: Plan) -> None:
    """Raises ConfigError where a node lacks a key, UsageError for the demo panel on other machines."""
    if cluster is None:
        return
    models = [model for work in plan.work for model in (work.model, work.judge) if model]
    if any(model.simulated for model in models):
        cluster.need_one_machine()
    cluster.need_keys(models)


def _take_over(project: Project) -> None:
    if not any((project.results / "logs").glob(f"*/{CUT_OFF}")):
        return
    from whichmodel.run.cluster.takeover import take_over

    note("A run on the cluster lost its driver; what it has in flight comes to its end first.")
    came = take_over(project.results, project.config.limits.sample_s + PATIENCE_S)
    note(f"It was ended; {came:,} samples of it came.")


def _tell_of_lost(project: Project) -> None:
    for file in (project.results / "logs").glob(f"*/{CUT_OFF}"):
        from whichmodel.run.recovery import alive

        try:
            with alive(project.results, file.parent.name):
                note(f"Run {file.parent.name} was cut off on a cluster; with --cluster what it has is kept.")
        except Timeout:
            continue
