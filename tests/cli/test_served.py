"""A reply by another model than was asked for is told wherever results are shown."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from program import Bench, Done

from whichmodel.cli.project import Project
from whichmodel.simulator.faults import Faults
from whichmodel.simulator.serve import serve

CONFIG = """\
default_organisation: acme
models:
  - {{id: vllm/aurora-lite, base_url: "{root}"}}
  - {{id: vllm/aurora-grand, base_url: "{root}"}}
organisations:
  acme: {{title: ACME}}
"""
FAULT = Faults("other_model", first=4, wire="aurora-lite", served="aurora-mini")
RUN = ("run", "--tasks", "tickets", "--limit", "10", "--yes")


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Bench, Done]]:
    """Two models measured, of which one is answered by another one for its first four items."""
    bench = Bench(tmp_path_factory.mktemp("served"))
    assert bench("init").code == 0
    found = Project(bench.folder / "bench.yaml", bench.folder / "results")
    banks = found.banks(found.cards(["tickets"]), 0)
    with serve(banks, faults=[FAULT]) as addresses:
        (bench.folder / "bench.yaml").write_text(CONFIG.format(root=addresses["openai"]))
        ended = bench(*RUN)
        assert ended.code == 0, ended.err
        yield bench, ended


LINE = (
    "Another model replied: tickets / vllm/aurora-lite: asked for aurora-lite, 4 of 10 answers by "
    "aurora-mini; 2 served ids (aurora-lite, aurora-mini)."
)


def test_the_last_lines_of_a_run_and_the_standing_say_so(ran: tuple[Bench, Done]) -> None:
    told = " ".join(ran[1].out.split())
    assert LINE in told
    assert told.count("Another model replied") == 1
    assert told.count("served by aurora-mini") == 1


def test_so_do_the_documents_and_the_status(ran: tuple[Bench, Done]) -> None:
    bench, _ = ran
    document = bench(*RUN, "--json").document
    [one] = document["served"]
    assert (one["task"], one["model"], one["requested"]) == ("tickets", "vllm/aurora-lite", ["aurora-lite"])
    assert (one["others"], one["by_others"], one["answers"]) == (["aurora-mini"], 4, 10)
    marks = {s["model"]: s["served_by_others"] for s in document["standings"]}
    assert marks == {"vllm/aurora-lite": ["aurora-mini"], "vllm/aurora-grand": [], "rule/classify": []}
    assert LINE in " ".join(bench("status").out.split())
    [stored] = bench("status", "--json").document["served"]
    assert stored == {"panel": "real", **one}


def test_models_show_what_replied_last(ran: tuple[Bench, Done]) -> None:
    bench, _ = ran
    rows = {row["id"]: row for row in bench("models", "--json").document}
    assert rows["vllm/aurora-grand"]["replied_last"] == "aurora-grand"
    assert rows["vllm/aurora-lite"]["replied_last"] in ("aurora-lite", "aurora-mini")
    assert rows["rule/extract"]["replied_last"] is None, "it was never asked"
    assert rows["rule/extract"]["replied_at"] is None
    lines = bench("models").out.splitlines()
    [line] = [line for line in lines if line.startswith("vllm/aurora-grand")]
    day = rows["vllm/aurora-grand"]["replied_at"][:10]
    assert line.rstrip().endswith(f"aurora-grand, {day}")


def test_the_demo_panel_is_answered_by_whom_was_asked(measured: Bench) -> None:
    document = measured("run", "--tasks", "tickets", "--limit", "40", "--json").document
    assert document["served"] == []
    assert measured("status", "--json").document["served"] == []
