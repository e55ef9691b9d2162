"""A plan carried out: its run's row, the servers of simulated models, what is watched meanwhile."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from whichmodel.cli import run_report
from whichmodel.cli.output import note
from whichmodel.cli.progress import watcher
from whichmodel.cli.project import ModelPanel, Project
from whichmodel.cli.racing import watch as racing
from whichmodel.cli.racing.feed import Races
from whichmodel.cli.run_options import Options
from whichmodel.domain import Bank, Model
from whichmodel.plan import Plan
from whichmodel.store import MARK, Run, Store

if TYPE_CHECKING:
    from whichmodel.run.cluster import Cluster


def measure(
    project: Project,
    store: Store,
    banks: Sequence[Bank],
    panel: ModelPanel,
    plan: Plan,
    options: Options,
    races: Races | None = None,
    cluster: Cluster | None = None,
) -> run_report.Ran:
    """Ask, score and store all of the plan; of a race as much as it takes."""
    if not plan.work and races is None:
        note(f"All {plan.done:,} cells are measured already; nothing was asked, nothing was spent.")
        return run_report.Ran(None, panel.simulated, plan, None)
    from whichmodel.run.budget import Budget
    from whichmodel.run.measure import Measurement
    from whichmodel.run.shards import paying

    mark = MARK if options.canary else ""
    run_id = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:6]}{mark}"
    watching = racing.watcher(races, quiet=options.as_json) if races else watcher(plan, quiet=options.as_json)
    with (
        _shared(project),
        _served(plan, banks, project, options) as served,
        _journal(project, store, run_id, plan, panel) as end,
        watching as watch,
    ):
        if races:
            races.serve(served.work)
        where: dict[str, Any] = {"processes": options.processes or paying(plan.cells)}
        if cluster:
            where = {"processes": cluster.slots, "widest": cluster.slots, "start": cluster.start}
        measurement = Measurement(
            plan=served,
            run_id=run_id,
            results=project.results,
            store=store,
            budget=Budget(options.budget),
            watch=watch,
            cache=options.cache,
            limits=project.config.limits,
            feed=races,
            **where,
        )
        end.summary = summary = measurement.run()
    asked = replace(plan, work=tuple(races.handed)) if races else plan
    return run_report.Ran(run_id, panel.simulated, asked, summary)


def _shared(project: Project) -> AbstractContextManager[None]:
    """What is measured goes to the shared store while the block runs, where bench.yaml names one."""
    if not project.config_path.exists() or project.config.store is None:
        return nullcontext()
    from whichmodel.remote.sharing import sharing

    return sharing(project.config, project.results, note)


@contextmanager
def _served(plan: Plan, banks: Sequence[Bank], project: Project, options: Options) -> Iterator[Plan]:
    """The plan with addresses for its simulated models, whose servers run as long as the block."""
    if not any(work.model.simulated for work in plan.work):
        yield plan
        return
    from whichmodel.simulator import panel, serve

    with serve.serve(banks, seed=seed(project, options)) as addresses:
        by_id = {model.id: model for model in panel.models(addresses)}

        def here(model: Model | None) -> Model | None:
            return by_id.get(model.id, model) if model else None

        work = [replace(w, model=by_id.get(w.model.id, w.model), judge=here(w.judge)) for w in plan.work]
        yield replace(plan, work=tuple(work))


@dataclass(slots=True)
class _End:
    summary: Any = None


@contextmanager
def _journal(project: Project, store: Store, run_id: str, plan: Plan, panel: ModelPanel) -> Iterator[_End]:
    """The run's row, in the database and beside its logs: at its start, and at its end however it ends."""
    from whichmodel.store import runs

    folder = project.results / "logs" / run_id
    run = Run(run_id, datetime.now(UTC), None, panel.simulated, command_line(), plan.cells, None, None, None)
    runs.write(run, folder)
    store.put_run(run)
    end, reason = _End(), "finished"
    try:
        yield end
    except BaseException as error:
        reason = type(error).__name__
        raise
    finally:
        progress = end.summary.progress if end.summary else None
        if end.summary and end.summary.over_budget:
            reason = "budget"
        ended = replace(
            run,
            ended_at=datetime.now(UTC),
            done=progress.done if progress else None,
            failed=progress.failed if progress else None,
            reason=reason,
        )
        runs.write(ended, folder)
        store.put_run(ended)
        store.publish()


def seed(project: Project, options: Options) -> int:
    """Of generated items."""
    return project.config.seed if options.seed is None else options.seed


def command_line() -> str:
    """What the user typed."""
    return " ".join([Path(sys.argv[0]).name, *sys.argv[1:]])
