"""Files made to do harm: refused by name and key, in little memory, and nothing of them is carried out."""

from __future__ import annotations

import resource
import subprocess
import zipfile
from pathlib import Path

import pytest
from faults.ground import CARD, TASK, Entrant, environment, write_config, write_task
from program import Bench, Done, clean_environment

ROOM = 500 * 10**6
ITEM = {"id": "i", "input": "Which colour?", "target": "green"}
RUN = ("run", "--tasks", f"./tasks/classification/{TASK}", "--models", "rule/classify", "--yes")
LAUGHS = "\n".join(
    ["laughs: &a0 [ha, ha]", *(f"l{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12))]
)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """A project of one task, whose model is not asked."""
    write_task(tmp_path, TASK, CARD, [ITEM])
    write_config(tmp_path, [Entrant("m")], {"openai": "http://127.0.0.1:9/v1"})
    return Bench(tmp_path)


def _frugally(bench: Bench, *args: str) -> Done:
    """The command with its peak of resident memory measured by the system, which must stay small."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    ended = subprocess.run(
        ["/usr/bin/env", "python3", "-c", MEASURED, *bench.command(*args)],
        cwd=bench.folder,
        env={**clean_environment(), **environment()},
        capture_output=True,
        text=True,
        timeout=120,
        stdin=subprocess.DEVNULL,
    )
    *said, peak = ended.stderr.rstrip("\n").split("\n")
    assert int(peak) * 1024 < ROOM, f"{int(peak) / 1e3:.0f} MB, before {before}"
    return Done(ended.returncode, ended.stdout, "\n".join(said))


MEASURED = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:]).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(code)
"""


@pytest.mark.parametrize(
    "name", ["../../escaped", "/tmp/escaped", "..", "a/b", "Upper", "-flag", "a\x00b", "x" * 65]
)
def test_a_task_that_leads_out_of_its_folder_is_refused(bench: Bench, name: str) -> None:
    card = bench.folder / "tasks/classification" / TASK / "task.yaml"
    card.write_text(card.read_text().replace(f"name: {TASK}", f'name: "{name}"'.replace("\x00", "\\0")))
    ended = _frugally(bench, *RUN)
    assert ended.code == 2
    assert "task.yaml" in ended.err
    assert "name" in ended.err
    assert not (bench.folder.parent / "escaped").exists()


def test_items_are_read_from_the_task_s_own_folder_alone(bench: Bench) -> None:
    secret = bench.folder / "secret.jsonl"
    secret.write_text('{"id": "s", "input": "?", "target": "green"}\n')
    card = bench.folder / "tasks/classification" / TASK / "task.yaml"
    card.write_text(card.read_text().replace("items: items.jsonl", "items: ../../../secret.jsonl"))
    ended = _frugally(bench, *RUN)
    assert ended.code == 2
    assert "items" in ended.err


@pytest.mark.parametrize("where", ["bench.yaml", f"tasks/classification/{TASK}/task.yaml"])
@pytest.mark.parametrize(
    "line",
    ['title: !!python/object/apply:os.system ["touch owned"]', "title: !include /etc/passwd", LAUGHS],
    ids=["python", "include", "laughs"],
)
def test_yaml_builds_nothing_and_does_not_grow(bench: Bench, where: str, line: str) -> None:
    file = bench.folder / where
    kept = [text for text in file.read_text().splitlines() if not text.startswith("title:")]
    file.write_text("\n".join([*kept, line]) + "\n")
    ended = _frugally(bench, *RUN)
    assert ended.code == 2
    assert where.rpartition("/")[2] in ended.err
    assert not list(bench.folder.rglob("owned"))


def test_a_zip_bomb_among_the_logs_is_named_and_not_unpacked(bench: Bench) -> None:
    assert bench(*RUN, env=environment()).code == 0
    [log] = bench.folder.glob("results/logs/*/*/*.eval")
    bomb = log.with_name("2026-01-01T00-00-00+00-00_bomb.eval")
    with zipfile.ZipFile(log) as good, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("header.json", good.read("header.json"))
        with made.open("samples/i_epoch_1.json", "w", force_zip64=True) as member:
            for _ in range(1500):
                member.write(b" " * 10**6)
    ended = _frugally(bench, "rebuild")
    assert bomb.name in ended.out + ended.err
    assert bomb.exists()
