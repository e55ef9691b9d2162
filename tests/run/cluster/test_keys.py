"""Keys and sandboxes are a node's own: what one lacks is said before anything is asked; no key travels."""

from __future__ import annotations

import json
import pickle
from dataclasses import replace
from pathlib import Path

import pytest
from clustered import Ground, bank, joined, measured, simulated
from small_run import rows

from whichmodel.config import ClusterSettings
from whichmodel.errors import ConfigError
from whichmodel.plan import make
from whichmodel.run.budget import Budget
from whichmodel.run.cluster.carried import Baggage, packed
from whichmodel.run.cluster.keys import read_secrets
from whichmodel.run.cluster.pool import ClusterPool
from whichmodel.run.job import Job
from whichmodel.run.progress import Progress
from whichmodel.simulator.faults import Faults

NAME = "demo-aurora/grand"
VARIABLE, KEY = "PLANTED_CLUSTER_KEY", "sk-planted-on-the-nodes-0123456789"


@pytest.fixture
def secret_file(tmp_path: Path) -> Path:
    """As it lies on every node; here they are one machine."""
    file = tmp_path / "secrets.env"
    file.write_text(f"{VARIABLE}={KEY}\n")
    file.chmod(0o600)
    return file


def test_a_key_that_no_node_has_is_an_error_that_names_it(here: Ground, tmp_path: Path) -> None:
    here.have(2)
    small = bank(3)
    with simulated([small], [NAME]) as ([model], _):
        keyed = replace(model, key_env=VARIABLE, simulated=False, inspect_name="openai-api/own/grand")
        with (
            joined(here, tmp_path, names=frozenset({VARIABLE})) as cluster,
            pytest.raises(ConfigError, match=f"{VARIABLE} is not set on 2 of 2 nodes") as raised,
        ):
            cluster.need_keys([keyed])
    assert "secret_file" in raised.value.remedy


def test_a_secret_file_that_others_may_read_is_refused(
    here: Ground, tmp_path: Path, secret_file: Path
) -> None:
    secret_file.chmod(0o644)
    with pytest.raises(PermissionError, match="chmod 600"):
        read_secrets(str(secret_file))
    here.have(2)
    settings = ClusterSettings(secret_file=str(secret_file))
    with pytest.raises(ConfigError, match="chmod 600"), joined(here, tmp_path, settings):
        pass


def test_a_key_from_the_nodes_file_is_used_and_stands_nowhere(
    here: Ground, tmp_path: Path, secret_file: Path
) -> None:
    here.have(2)
    small = bank(20)
    settings = ClusterSettings(secret_file=str(secret_file))
    results = tmp_path / "results"
    faults = [Faults("status", first=1, status=500)]
    with (
        simulated([small], [NAME], faults=faults) as ([model], _),
        joined(here, tmp_path, settings, frozenset({VARIABLE})) as cluster,
    ):
        keyed = replace(model, key_env=VARIABLE)
        assert cluster.keys == {VARIABLE}
        cluster.need_keys([keyed])
        [work] = make([small], [keyed], {}).work
        job = pickle.dumps(Job("r", "j", work, "f", "l", "a", 1))
        summary = measured(cluster, results, [keyed], [small])
    assert summary.progress.done == 20
    assert KEY.encode() not in job
    session = Path(here.ray_cluster.head_node.get_session_dir_path())
    for folder in (results, session / "logs", session / "runtime_resources"):
        files = [file for file in folder.rglob("*") if file.is_file() and not file.is_symlink()]
        assert files
        assert [file for file in files if KEY.encode() in file.read_bytes()] == []


def test_hidden_files_and_items_do_not_travel(tmp_path: Path) -> None:
    project = tmp_path / "project"
    task = project / "tasks" / "own"
    task.mkdir(parents=True)
    for file in (project / ".env", task / ".env", task / "items.jsonl", project / "other.py"):
        file.write_text(f"{VARIABLE}={KEY}")
    for file in (task / "generate.py", task / "task.yaml", project / "specialist.py"):
        file.write_text("")
    record = project / "answers.jsonl"
    record.write_text("{}")
    baggage = Baggage(project, project / "tasks", records=(record,), modules=("specialist",))
    environment = packed(baggage, tmp_path / "packed")
    assert set(environment) == {"working_dir", "py_modules"}
    working = Path(environment["working_dir"])
    sent = {file.relative_to(working).as_posix() for file in working.rglob("*") if file.is_file()}
    expected = {"PROJECT", "answers.jsonl", "specialist.py", "tasks/own/generate.py", "tasks/own/task.yaml"}
    assert sent == expected
    assert KEY not in json.dumps(environment)


def _all_but_sandboxes(folder: Path) -> Path:
    """The programs of this machine that a node needs to start, and no sandbox."""
    folder.mkdir()
    for name in ("/usr/bin", "/bin"):
        for program in Path(name).iterdir():
            if program.name not in ("bwrap", "docker", "podman") and not (folder / program.name).exists():
                (folder / program.name).symlink_to(program)
    return folder


def test_a_node_without_a_sandbox_takes_no_coding_jobs(here: Ground, tmp_path: Path) -> None:
    here.have(1)
    bare = here.add(env_vars={"PATH": str(_all_but_sandboxes(tmp_path / "bin"))})
    small = bank(120)
    coding = replace(small, card=replace(small.card, name="code", sandbox=True), task_hash="code")
    seen: set[tuple[str, bool]] = set()
    pools: list[ClusterPool] = []

    def start(folder: Path, budget: Budget) -> ClusterPool:
        pools.append(ClusterPool.of(cluster, folder, budget))
        return pools[0]

    def watch(progress: Progress) -> None:
        for given in pools[0]._given.values():
            seen.add((given.job.work.bank.card.name, given.hand.node.about.sandbox))

    try:
        with simulated([small], [NAME]) as ([model], _), joined(here, tmp_path) as cluster:
            assert sorted(node.about.sandbox for node in cluster.nodes) == [False, True]
            assert cluster.sandbox_missing() is None
            summary = measured(cluster, tmp_path, [model], [coding, small], watch=watch, start=start)
            cluster.nodes[:] = [node for node in cluster.nodes if not node.about.sandbox]
            reason, remedy = cluster.sandbox_missing() or ("", "")
    finally:
        here.kill(bare)
    assert summary.errors == ()
    assert seen == {("code", True), ("labels", True), ("labels", False)}
    assert rows(tmp_path).groupby("task").size().to_dict() == {"code": 120, "labels": 120}
    assert "no node of the cluster has a sandbox" in reason
    assert remedy
