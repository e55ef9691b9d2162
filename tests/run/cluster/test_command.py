"""`bench run --cluster` as its users drive it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from clustered import Ground
from program import Bench, clean_environment

TASKS = "invoices,image-prompt,functions"
WITHOUT = "import sys; sys.modules['ray'] = None; from whichmodel.cli import main; main(sys.argv[1:])"


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    made = Bench(tmp_path)
    assert made("init").code == 0
    return made


def test_a_demo_on_a_cluster_leaves_what_a_local_one_leaves(here: Ground, bench: Bench) -> None:
    here.have(3)
    here.have(2)  # Ray learns of the third one's death while the run is under way, and says so.
    arguments = ("demo", "--tasks", TASKS, "--limit", "8", "--json")
    on_cluster = bench(*arguments, "--cluster", env={"RAY_ADDRESS": here.address}, timeout=600)
    assert on_cluster.code == 0, on_cluster.err
    assert "Cluster auto: 2 nodes, 2 workers." in on_cluster.err
    assert "ray" not in on_cluster.err.lower().replace("cluster", "")
    local = bench(*arguments, "--results", "local", timeout=600)
    figures = ("task", "model", "n", "score", "coverage", "unparsed", "refused", "truncated", "failed")
    found, wanted = (
        sorted(([s[name] for name in figures] for s in done.document["standings"]), key=str)
        for done in (on_cluster, local)
    )
    assert found == wanted

    def kinds(results: str) -> dict[str, int]:
        root = bench.folder / results
        return {pattern: len(list(root.glob(pattern))) for pattern in ("artifacts/*.png", "logs/*/*/*.eval")}

    assert kinds("results") == kinds("local")
    assert kinds("results")["artifacts/*.png"] > 0
    assert list(bench.folder.glob("results/logs/*/cluster.json")) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--cluster", "10.0.0.1:6379"), "write `ray://host:10001` or `auto`"),
        (("--cluster", "auto", "--cache"), "does not go with --cluster"),
        (("--cluster", "auto"), "pip install 'whichmodel[ray]'"),
    ],
)
def test_what_cannot_work_is_said(bench: Bench, arguments: tuple[str, ...], said: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", WITHOUT, "demo", "--tasks", "invoices", *arguments],
        cwd=bench.folder,
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=300,
        stdin=subprocess.DEVNULL,
    )
    assert ended.returncode == 2
    assert said in ended.stderr
