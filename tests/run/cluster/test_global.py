"""What holds over all nodes of a run: a model's limit, the budget, a model that was stopped."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from clustered import Ground, bank, joined, limited, measured, requests, simulated
from small_run import rows

from whichmodel.simulator.faults import Faults

NAME = "demo-aurora/grand"


def test_eight_connections_hold_over_four_nodes(here: Ground, tmp_path: Path) -> None:
    here.have(4)
    small = bank(400)
    with simulated([small], [NAME], latency_s=0.2) as ([model], addresses), joined(here, tmp_path) as cluster:
        assert cluster.slots == 4
        summary = measured(cluster, tmp_path, [limited(model, 8)], [small])
        asked = requests(addresses)
    assert summary.progress.done == len(asked) == 400
    jobs = {str(ref).partition("#")[0] for ref in rows(tmp_path).log_ref}
    assert len(jobs) == 4
    assert max(int(one["in_flight"]) for one in asked) <= 8


def test_a_budget_holds_over_four_nodes(here: Ground, tmp_path: Path) -> None:
    here.have(4)
    small = bank(400)
    limit = Decimal("0.4")
    with simulated([small], [NAME]) as ([model], _), joined(here, tmp_path) as cluster:
        charged = replace(limited(model, 8), simulated=False)
        summary = measured(cluster, tmp_path, [charged], [small], budget=limit)
    assert summary.over_budget > 0
    assert limit * Decimal("0.75") < summary.progress.spent <= limit
    assert summary.progress.done + summary.over_budget == 400
    assert len(rows(tmp_path, "real")) == summary.progress.done


def test_a_wrong_key_costs_one_request_in_the_whole_cluster(here: Ground, tmp_path: Path) -> None:
    here.have(4)
    small = bank(400)
    faults = [Faults("status", rate=1.0, status=401)]
    with simulated([small], [NAME], faults=faults) as ([model], addresses), joined(here, tmp_path) as cluster:
        summary = measured(cluster, tmp_path, [model], [small])
        asked = requests(addresses)
    assert len(asked) == 1
    assert summary.stopped[NAME].left + summary.progress.failed == 400


def test_a_429_holds_the_other_nodes_back_too(here: Ground, tmp_path: Path) -> None:
    here.have(2)
    small = bank(200)
    faults = [Faults("status", first=2, status=429, retry_after_s=2.0)]
    with (
        simulated([small], [NAME], faults=faults, latency_s=0.05) as ([model], addresses),
        joined(here, tmp_path) as cluster,
    ):
        summary = measured(cluster, tmp_path, [limited(model, 8)], [small])
        asked = requests(addresses)
    assert summary.progress.failed == 0
    struck = [float(str(one["written"])) for one in asked if one["status"] == 429]
    later = [float(str(one["at"])) for one in asked if one["status"] != 429]
    assert min(later) >= max(struck) + 2.0
