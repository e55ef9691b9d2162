"""The routing table, and its words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from whichmodel.analyse.evidence import Evidence, Measured
from whichmodel.decide.table import table
from whichmodel.decide.words import about, points, share, usd
from whichmodel.domain import Model, Organisation, Policy, RoutingTable, Workload
from whichmodel.errors import UsageError

MakeEvidence = Callable[..., Evidence]
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
ORGANISATION = Organisation(
    "acme",
    "ACME",
    workloads=(Workload("extraction", 900_000, floor=0.7), Workload("coding", 20_000, p95_s=8)),
    policy=Policy(regions=("eu",)),
)
NAMES = ("a/big", "a/small", "b/mid", "b/slow", "c/bad", "d/us", "e/unpriced")
MODELS = {
    name: Model(
        id=name, inspect_name=name, vendor=name[0], region="us" if name == "d/us" else "eu", simulated=True
    )
    for name in (*NAMES, "f/new")
}


def _bank(make: MakeEvidence, task: str, category: str, n: int, seed: int) -> Evidence:
    """All models read one difficulty a item, so that their answers go together, as real ones do."""
    rng = np.random.default_rng(seed)
    hard = rng.random(n)
    skill = dict(zip(NAMES, (0.93, 0.93, 0.90, 0.93, 0.62, 0.95, 0.93), strict=True))
    cost = dict(zip(NAMES, (0.012, 0.0016, 0.003, 0.0011, 0.0002, 0.02, None), strict=True))
    scores = {name: hard + rng.normal(0, 0.02, n) < skill[name] for name in NAMES}
    return make(
        scores,
        cost=cost,
        latency={"b/slow": 11.0},
        task=task,
        category=category,
        measured=tuple(Measured(name, "s1", True, False, (f"run-{task}",)) for name in NAMES),
    )


@pytest.fixture
def banks(evidence_of: MakeEvidence) -> list[Evidence]:
    return [
        _bank(evidence_of, "receipts", "extraction", 150, 1),
        _bank(evidence_of, "invoices", "extraction", 1600, 2),
        _bank(evidence_of, "functions", "coding", 1200, 3),
    ]


def _decided(banks: list[Evidence]) -> RoutingTable:
    return table(banks, MODELS, ORGANISATION, now=NOW, simulated=True)[1]


def test_a_table_holds_every_task_in_the_order_of_categories_and_expires(banks: list[Evidence]) -> None:
    found = _decided(banks)
    assert [route.task for route in found.routes] == ["functions", "invoices", "receipts"]
    assert (found.expires_at - found.created_at).days == 90
    assert found.run_ids == ("run-functions", "run-invoices", "run-receipts")
    assert found.simulated
    assert all(route.simulated for route in found.routes)


def test_the_same_evidence_gives_the_same_table(banks: list[Evidence]) -> None:
    assert _decided(banks) == _decided(banks[::-1])


def test_standings_come_with_the_table_task_by_task(banks: list[Evidence]) -> None:
    found, _ = table(banks, MODELS, ORGANISATION, now=NOW, simulated=True)
    assert len(found) == 3 * len(NAMES)
    assert [row.task for row in found[: len(NAMES)]] == ["functions"] * len(NAMES)


@pytest.mark.parametrize("simulated", [True, False])
def test_simulated_and_real_rows_are_never_mixed(banks: list[Evidence], simulated: bool) -> None:
    real = replace(banks[0], measured=tuple(replace(m, simulated=False) for m in banks[0].measured))
    with pytest.raises(UsageError, match="never mixed"):
        table([real, banks[1]], MODELS, ORGANISATION, now=NOW, simulated=simulated)


def test_the_reasons_read_as_they_should(banks: list[Evidence]) -> None:
    """The golden text: headline and why-not lines of a certified, an SLO-bound and a small bank."""
    lines = []
    for route in _decided(banks).routes:
        lines.append(f"{route.task}: {route.model} [{route.status}] {route.why}")
        lines.append(f"  fallbacks: {', '.join(route.fallbacks)}")
        lines.extend(f"  not {r.model}: {r.reason}: {r.text}" for r in route.why_not)
    golden = Path(__file__).parent / "golden" / "reasons.txt"
    assert "\n".join(lines) + "\n" == golden.read_text(encoding="utf-8")


def test_figures_in_words() -> None:
    assert [points(x) for x in (0.03, -0.012, 0.01)] == ["3 points", "1.2 points", "1 point"]
    assert [share(x) for x in (0.84, 0.996, 1.0, 0.004, 0.0)] == ["84%", "99.6%", "100%", "0.4%", "0%"]
    assert [usd(x) for x in (1234.5, 0.42, 0.00123, 0.0)] == ["$1,234.50", "$0.42", "$0.0012", "$0.00"]
    assert about(301) == "about 310 more items"
