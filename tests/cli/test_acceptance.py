"""The command line's acceptance rows, C1 to C7. A docstring names its row, and where more of it is tested."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import pytest
from conftest import ROOT
from program import Bench, Done, clean_environment
from replay import replay
from rows import FAILED, outcome
from terminal import Terminal

from whichmodel.cli import VERBS, _exit_code
from whichmodel.cli import bench as program
from whichmodel.config import load_config
from whichmodel.domain import Outcome
from whichmodel.store import Store

HEAVY = {"aiohttp", "altair", "anthropic", "duckdb", "google", "inspect_ai", "jsonschema", "numpy", "openai"}
HEAVY |= {
    "pandas",
    "PIL",
    "pyarrow",
    "pydantic",
    "rich",
    "scipy",
    "starlette",
    "streamlit",
    "yaml",
}
ANSI = "\x1b"
PRICE = "{source: contract, dated: 2026-07-01, input_per_mtok: 2, output_per_mtok: 10}"
CONFIG = f"""\
default_organisation: acme
models:
  - {{id: own/first, base_url: "http://127.0.0.1:9/v1", price: {PRICE}}}
  - {{id: own/second, base_url: "http://127.0.0.1:9/v1", price: {PRICE}}}
organisations:
  acme:
    title: ACME
    workloads: [{{task: tickets, requests_per_month: 1000}}]
"""
TASK = "id,text,answer\n" + "".join(f"{n},Is {n} even?,{'yes' if n % 2 == 0 else 'no'}\n" for n in range(40))


def rows(settings: dict[str, str]) -> list[Outcome]:
    models = {"own/first": 1.0, "own/second": 0.0}
    good = [
        outcome(
            n,
            task="tickets",
            category="classification",
            model=model,
            settings_hash=settings[model],
            score=1.0 if n % 10 else score,
        )
        for model, score in models.items()
        for n in range(60)
    ]
    bad = outcome(
        61,
        task="tickets",
        category="classification",
        model="own/second",
        settings_hash=settings["own/second"],
        **FAILED,
    )
    return [*good, bad]


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with outcomes of two models, and files for the verbs that take one."""
    folder = tmp_path_factory.mktemp("stored")
    (folder / "bench.yaml").write_text(CONFIG)
    settings = {model.id: model.settings_hash for model in load_config(folder / "bench.yaml").models}
    store = Store(folder / "results")
    store.ingest(rows(settings))
    store.publish()
    (folder / "cases.csv").write_text(TASK)
    header = "task,model,item_id,score\n"
    (folder / "results.csv").write_text(
        header + "".join(f"other,own/first,i{n},{n % 2}\n" for n in range(20))
    )
    (folder / "results.jsonl").write_text(
        '{"task": "more", "model": "own/first", "item_id": "a", "score": 1}\n'
    )
    return folder


Say = Callable[..., Done]


@pytest.fixture
def say(stored: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Say:
    """The program's own main function in the project, with its exit code and what it wrote."""
    monkeypatch.chdir(stored)
    for name in set(os.environ) - set(clean_environment()):
        monkeypatch.delenv(name)

    def said(*args: str) -> Done:
        capsys.readouterr()
        code = _exit_code(list(args))
        out, err = capsys.readouterr()
        return Done(code, out, err)

    return said


def commands(command: click.Command = program, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """All verbs with a `--json`, the longer ones first."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from commands(inner, (*path, name))
    if any("--json" in parameter.opts for parameter in command.params):
        yield path


def test_help_loads_nothing_heavy(tmp_path: Path) -> None:
    """C1: `bench --help` <= 300 ms. Machines are noisy, so here by what is not imported; the time is in
    benchmarks/cli_start.py."""
    ended = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "whichmodel.cli", "--help"],
        cwd=tmp_path,
        env=clean_environment(),
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 0
    loaded = {line.rpartition("|")[2].strip().split(".")[0] for line in ended.stderr.splitlines()}
    assert "click" in loaded
    assert not loaded & HEAVY
    for verb in VERBS:
        assert re.search(rf"^  {verb} +\w", ended.stdout, flags=re.MULTILINE)
    assert max(map(len, ended.stdout.splitlines())) <= 80


@pytest.mark.parametrize("verb", ["run", "route", "compare", "status"])
def test_no_verb_starts_with_what_it_hardly_uses(tmp_path: Path, verb: str) -> None:
    """Of scipy the special functions are enough to begin with; the rest takes as long as all of ours."""
    ended = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "whichmodel.cli", verb, "--help"],
        cwd=tmp_path,
        env=clean_environment(),
        capture_output=True,
        text=True,
    )
    loaded = {line.rpartition("|")[2].strip() for line in ended.stderr.splitlines()}
    assert "whichmodel.cli" in loaded
    assert not loaded & {"scipy.stats", "scipy.optimize", "inspect_ai", "streamlit"}


def test_a_dry_run_sends_no_request(tmp_path: Path) -> None:
    """C2: `--dry-run` makes no provider call; calls and low/high $ per model; unknown prices say so.
    More in test_run.py, test_prices.py, test_races.py, test_latency.py, test_load.py."""
    with replay({"priced": {}, "free": {}}) as server:
        (tmp_path / "bench.yaml").write_text(
            "default_organisation: acme\norganisations:\n  acme: {title: ACME}\nmodels:\n"
            f"  - {{id: own/priced, base_url: {server.base_url!r}, price: {PRICE}}}\n"
            f"  - {{id: own/free, base_url: {server.base_url!r}}}\n"
        )
        bench = Bench(tmp_path)
        args = ("run", "--tasks", "tickets", "--models", "own/priced,own/free", "--dry-run")
        shown, document = bench(*args), bench(*args, "--json").document
        assert server.requests.total() == 0
    assert shown.code == 0
    assert re.search(r"own/priced +420 +\$[\d.]+ +\$[\d.]+", shown.out)
    assert re.search(r"own/free +420 +unknown +unknown", shown.out)
    assert "Price unknown: own/free." in " ".join(shown.out.split())
    priced, free = document["models"]
    assert (priced["calls"], free["calls"], free["low_usd"], free["high_usd"]) == (420, 420, None, None)
    assert 0 < priced["low_usd"] < priced["high_usd"]
    assert document["unknown"] == ["own/free"]
    assert not (tmp_path / "results" / "logs").exists()


def test_a_dear_run_is_refused_where_nobody_can_be_asked(bench: Bench) -> None:
    """C3: no TTY, no `--yes` and an estimate over the configured threshold: exit 2, names the flag."""
    key = {"OPENAI_API_KEY": "sk-not-a-key"}
    ended = bench("run", "--tasks", "extraction", "--models", "openai/gpt-6.1-sol", env=key)
    assert (ended.code, ended.out) == (2, "")
    assert "--yes" in ended.err
    assert "--budget" in ended.err
    assert "above the $5.00 that runs without being asked" in " ".join(ended.err.split())
    assert not (bench.folder / "results" / "logs").exists()


JSON: dict[tuple[str, ...], tuple[str, ...]] = {
    ("run",): ("--tasks", "tickets", "--dry-run"),
    ("demo",): ("--tasks", "tickets", "--dry-run"),
    ("tasks",): ("coding",),
    ("task", "new"): ("mine", "--from", "cases.csv"),
    ("task", "validate"): ("tickets",),
    ("models",): (),
    ("status",): (),
    ("latency",): ("--show",),
    ("load",): ("--model", "demo-aurora/lite", "--task", "tickets", "--dry-run"),
    ("compare",): ("own/first", "own/second"),
    ("agree",): ("--task", "tickets", "--models", "own/first,own/second"),
    ("route",): (),
    ("savings",): (),
    ("report",): ("--format", "csv"),
    ("import", "csv"): ("results.csv",),
    ("import", "jsonl"): ("results.jsonl",),
    ("prices",): (),
    ("reprice",): (),
    ("labels", "status"): (),
}
"""A verb -> arguments with which it says something in the project."""
ELSEWHERE = {
    ("task", "fetch"): "cli/test_task_fetch.py",
    ("models", "discover"): "cli/test_models.py",
    ("import", "inspect"): "importers/test_inspect.py",
    ("import", "llmperf"): "importers/test_harnesses.py",
    ("import", "lm-eval"): "importers/test_harnesses.py",
    ("import", "promptfoo"): "importers/test_harnesses.py",
    ("labels", "import"): "cli/test_labels.py",
    ("rebuild",): "cli/test_latency.py",
    ("store", "push"): "remote/test_store_cli.py",
    ("store", "pull"): "remote/test_store_cli.py",
    ("store", "verify"): "remote/test_store_cli.py",
    ("store", "status"): "remote/test_store_cli.py",
    ("store", "compact"): "remote/test_store_cli.py",
    ("store", "delete"): "remote/test_store_cli.py",
}
"""Verbs whose document is parsed by a test that has what they need."""


def test_every_verb_s_document_is_one_and_has_no_colour(say: Say) -> None:
    """C4: `--json` stdout parses for every verb that has it; no ANSI without a TTY."""
    assert set(commands()) == set(JSON) | set(ELSEWHERE)
    for verb, file in ELSEWHERE.items():
        assert re.search(r"--json|\.document", (ROOT / "tests" / file).read_text()), (verb, file)
    for verb, args in JSON.items():
        ended = say(*verb, *args, "--json")
        assert ended.code == 0, (verb, ended.err)
        assert isinstance(ended.document, dict | list), verb
        assert ANSI not in ended.out + ended.err, verb
        if verb == ("task", "validate"):
            continue
        plain = say(*verb, *args, *(["--force"] if verb == ("task", "new") else []))
        assert plain.code == 0, (verb, plain.err)
        assert plain.out, verb
        assert ANSI not in plain.out + plain.err, verb


def test_the_same_command_again_asks_nobody(bench: Bench) -> None:
    """C5: rerunning the same command resumes and pays nothing twice; here, that it asks what is missing.
    The very same command, and after an interrupt: test_run.py; after `kill -9`: faults/test_kills.py;
    races: test_races.py."""
    args = ("run", "--tasks", "tickets", "--models", "rule/classify", "--processes", "1", "--json")
    first = bench(*args, "--limit", "3").document["cells"]
    assert (first["planned"], first["done"], first["known"]) == (3, 3, 0)
    more = bench(*args, "--limit", "5").document["cells"]
    assert (more["planned"], more["done"], more["known"]) == (2, 2, 3)


@dataclass(frozen=True)
class Shell:
    """A project, and the program's answers to a shell's key press."""

    folder: Path

    def __call__(self, shell: str, line: str) -> list[str]:
        words = line.split(" ")
        spoken = {
            "bash": {"COMP_LINE": line},
            "zsh": {"COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)},
            "fish": {"COMP_WORDS": line, "COMP_CWORD": words[-1]},
        }[shell]
        ended = subprocess.run(
            [sys.executable, "-X", "importtime", "-m", "whichmodel.cli"],
            cwd=self.folder,
            env={**clean_environment(), "_BENCH_COMPLETE": f"{shell}_complete", **spoken},
            capture_output=True,
            text=True,
        )
        assert ended.returncode == 0, ended.stderr
        loaded = {part.rpartition("|")[2].strip().split(".")[0] for part in ended.stderr.splitlines()}
        assert not loaded & (HEAVY - {"pydantic", "yaml"}), "a key press loads no verb"
        if shell == "zsh":
            return ended.stdout.splitlines()[1::3]
        return [word.partition(",")[2].partition("\t")[0] for word in ended.stdout.splitlines() if word]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_names_are_completed(bench: Bench, shell: str) -> None:
    """C6: completion for bash, zsh, fish of task and model ids; here as each shell asks for it."""
    ask = Shell(bench.folder)
    folder = bench.folder / "tasks" / "extraction" / "my_own"
    folder.mkdir(parents=True)
    (folder / "task.yaml").write_text("")
    assert ask(shell, "bench run --tasks my") == ["my_own"]
    assert ask(shell, "bench run --tasks coding,ex") == ["coding,extraction"]
    assert ask(shell, "bench run --tasks tickets,ti") == []
    assert ask(shell, "bench run --models openai/gpt-6-l") == ["openai/gpt-6-luna"]
    assert ask(shell, "bench demo --models openai/gpt-6-l") == []
    assert ask(shell, "bench compare demo-aurora/grand demo-c") == ["demo-cirrus/pro", "demo-cirrus/nano"]
    assert ask(shell, "bench route --org n") == ["nordbank"]
    assert ask(shell, "bench export l") == ["litellm"]
    assert ask(shell, "bench stat") == ["status"]


def test_a_real_bash_completes_ids_with_a_colon_and_lists(bench: Bench, tmp_path: Path) -> None:
    """C6, in the shell that is here."""
    command = tmp_path / "bin" / "bench"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m whichmodel.cli "$@"\n')
    command.chmod(0o755)
    env = {
        **clean_environment(),
        "PATH": f"{command.parent}{os.pathsep}{os.environ['PATH']}",
        "TERM": "xterm",
        "PS1": "> ",
        "INPUTRC": "/dev/null",
    }
    bash = ["bash", "--norc", "--noprofile", "-i"]
    with Terminal(bash, folder=bench.folder, env=env, columns=160, lines=12) as terminal:
        terminal.type('eval "$(bench completion bash)"; echo r""eady\n')
        terminal.until(lambda t: "\nready" in t.text)
        terminal.type("bench run --tasks coding,extr\t")
        terminal.until(lambda t: "--tasks coding,extraction " in t.text + " ")
        terminal.type("--models ollama/qwen3:\t")
        terminal.until(lambda t: "--models ollama/qwen3:8b" in t.text)
        terminal.type("--org nord\t")
        terminal.until(lambda t: "--org nordbank" in t.text)


MISTAKES: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = [
    ("task", ("run", "--tasks", "extracton"), ("--tasks", "extracton", "extraction")),
    ("model", ("run", "--models", "own/frist"), ("--models", "own/frist", "own/first")),
    ("organisation", ("route", "--org", "acne"), ("bench.yaml", "acne", "acme")),
    ("gateway", ("export", "litelm"), ("litelm", "litellm")),
    ("verb", ("satus",), ("satus", "status")),
    ("verb of a group", ("task", "vaildate"), ("vaildate", "validate")),
    ("source of an import", ("import", "exel", "x"), ("exel", "csv")),
    ("shell", ("completion", "tcsh"), ("tcsh", "bash")),
    ("flag", ("run", "--modles", "x"), ("--modles", "--models")),
    ("argument", ("compare", "own/first"), ("'B'",)),
    (
        "task of a comparison",
        ("compare", "own/first", "own/second", "--task", "tikets"),
        ("tikets", "tickets"),
    ),
    ("explained task", ("route", "--explain", "tikets"), ("tikets", "tickets")),
    ("number", ("run", "--limit", "many"), ("--limit", "many", "integer")),
    ("number out of range", ("run", "--epochs", "0"), ("--epochs", "0", "x>=1")),
    ("amount", ("run", "--budget", "lots"), ("--budget", "lots", "USD")),
    ("day", ("models", "discover", "--since", "yesterday"), ("--since", "yesterday", "%Y-%m-%d")),
    ("configuration's file", ("run", "--config", "nowhere.yaml"), ("nowhere.yaml", "bench init")),
    ("deployed table", ("route", "--check", "nowhere.yaml"), ("nowhere.yaml", "bench route")),
    ("table to import", ("import", "csv", "nowhere.csv"), ("nowhere.csv",)),
    ("table of a task", ("task", "new", "x", "--from", "nowhere.csv"), ("nowhere.csv",)),
    ("results", ("status", "--results", "elsewhere"), ("elsewhere", "bench run")),
    ("name", ("task", "new", "../x", "--from", "cases.csv"), ("../x",)),
]
"""What is wrong, the command, and what its message has to hold: where it is, and what would work."""


@pytest.mark.parametrize(("args", "words"), [m[1:] for m in MISTAKES], ids=[m[0] for m in MISTAKES])
def test_a_mistake_is_named_with_what_would_work(
    say: Say, stored: Path, args: tuple[str, ...], words: tuple[str, ...]
) -> None:
    """C7: every error names the file, the key, the nearest valid key or the installed choices.
    More in test_bad_input.py."""
    if args[0] == "export":
        assert say("route").code == 0
    ended = say(*args)
    text = " ".join(ended.err.split())
    assert ended.code == 2, text
    assert "Traceback" not in text
    for word in words:
        assert word in text
    assert ended.out == ""


WRONG: list[tuple[str, str, str, tuple[str, ...]]] = [
    ("key", "default_organisation", "defaut_organisation", ("defaut_organisation", "default_organisation")),
    ("key of a model", "base_url", "base_ulr", ("models", "base_ulr", "base_url")),
    ("key of an organisation", "workloads", "workload", ("acme", "workload", "workloads")),
    ("value", "requests_per_month: 1000", "requests_per_month: often", ("requests_per_month", "often")),
    ("type", "title: ACME", "title: 3.10", ("title", "3.1")),
    ("syntax", "models:\n", "models: [\n", (":3:", "YAML")),
    ("organisation", "default_organisation: acme", "default_organisation: acne", ("acne", "acme")),
]


@pytest.mark.parametrize(("old", "new", "words"), [w[1:] for w in WRONG], ids=[w[0] for w in WRONG])
def test_a_mistake_in_bench_yaml_names_file_line_and_key(
    say: Say, tmp_path: Path, old: str, new: str, words: tuple[str, ...]
) -> None:
    """C7, for the configuration."""
    file = tmp_path / "wrong.yaml"
    file.write_text(CONFIG.replace(old, new, 1))
    ended = say("prices", "--config", str(file))
    assert ended.code == 2, ended.err
    assert "Traceback" not in ended.err
    assert "wrong.yaml" in ended.err
    for word in words:
        assert word in " ".join(ended.err.split())


def test_a_file_that_may_not_be_read_is_named(say: Say, tmp_path: Path) -> None:
    """C7: a folder in a file's place cannot be read by anyone."""
    (tmp_path / "bench.yaml").mkdir()
    ended = say("prices", "--config", str(tmp_path / "bench.yaml"))
    assert ended.code == 2, ended.err
    assert str(tmp_path / "bench.yaml") in ended.err
    assert "Traceback" not in ended.err


@pytest.mark.parametrize(
    ("variables", "args", "seen"),
    [
        (
            {"BENCH_RUN_TASKS": "tickets", "BENCH_RUN_DRY_RUN": "1", "BENCH_RUN_JSON": "1"},
            ("run",),
            '"dry_run": true',
        ),
        ({"BENCH_DEMO_TASKS": "tickets", "BENCH_DEMO_DRY_RUN": "1"}, ("demo",), "420"),
        ({"BENCH_STATUS_CELLS": "1"}, ("status",), "own/second"),
        ({"BENCH_ROUTE_ORG": "acne"}, ("route",), "acne"),
        ({"BENCH_COMPARE_TASKS": "tikets"}, ("compare", "own/first", "own/second"), "tikets"),
    ],
)
def test_a_variable_stands_for_a_flag(
    say: Say,
    monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, str],
    args: tuple[str, ...],
    seen: str,
) -> None:
    """`BENCH_<VERB>_<FLAG>` for every flag, and for no other verb's."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    ended = say(*args)
    assert seen in ended.out + ended.err
