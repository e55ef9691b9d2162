"""A budget holds whatever happens: retries, lost replies and what is in flight are counted."""

from __future__ import annotations

from pathlib import Path

import pytest
from faults.ground import ANSWER, Entrant, ground

from whichmodel.simulator.faults import Faults

ITEMS = 60
ONLY = ("--models", "acme/m", "--yes", "--json")
OUTPUT_USD = 10 / 1e6
WORST_USD = 64 * OUTPUT_USD
"""Of one request, a little less than what is set aside: the most tokens of an answer."""


def test_a_run_stops_at_its_budget_and_goes_on_with_a_larger_one(tmp_path: Path) -> None:
    with ground(tmp_path, [Entrant("m")], items=ITEMS) as found:
        ended = found.run("--budget", "0.01", *ONLY)
        assert ended.code == 4
        document = ended.document
        first = len(found.requests())
        assert document["cells"]["over_budget"] == ITEMS - first > 0
        assert document["cells"]["failed"] == 0
        spent = found.rows().cost_usd.astype(float).sum()
        assert spent == pytest.approx(float(document["spend_usd"]))
        assert 0.01 - 4 * WORST_USD - 0.001 < spent <= 0.01
        assert "Go on with a larger one" in ended.err
        again = found.run("--budget", "1", *ONLY)
        assert again.code == 0
        assert again.document["cells"]["known"] == first
        assert len(found.requests()) == ITEMS


@pytest.mark.parametrize(
    ("fault", "charged"),
    [
        (Faults("cut", rate=0.5), True),
        (Faults("hang", rate=0.3), True),
        (Faults("status", rate=0.5, status=500), False),
    ],
    ids=["cut", "hang", "500"],
)
def test_lost_replies_count_as_paid_and_refusals_do_not(tmp_path: Path, fault: Faults, charged: bool) -> None:
    """The server may have charged for a reply that did not arrive: its worst case is booked."""
    patience = {"attempt_s": 1, "call_s": 10, "sample_s": 20, "retries": 4}
    budget = 0.003
    with ground(tmp_path, [Entrant("m", faults=(fault,))], items=ITEMS, **patience) as found:
        ended = found.run("--budget", str(budget), *ONLY)
        log = found.requests()
    assert ended.code == 4, ended.err
    lost = [e for e in log if e["fault"]]
    good = [e for e in log if not e["fault"]]
    assert lost
    booked = len(good) * (len(ANSWER) // 4) * OUTPUT_USD + (len(lost) * WORST_USD if charged else 0)
    assert booked <= budget
