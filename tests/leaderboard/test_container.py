"""The container file: sound by hadolint, without secrets, and its commands carried out without an engine.

Bubblewrap stands in for the engine: a file system to be read alone, a user of no rights, a /tmp of its own.
"""

from __future__ import annotations

import contextlib
import fnmatch
import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from conftest import ROOT
from leaderboard.signed_in import ANN, write
from peers import needed

FILE = ROOT / "Containerfile"
SECONDS = 900.0


def instructions(text: str) -> list[tuple[str, str]]:
    """(word, rest) of every instruction, continued lines joined, comments left out."""
    lines = (line for line in text.splitlines() if not line.lstrip().startswith("#"))
    joined = "\n".join(lines).replace("\\\n", " ")
    return [
        (word.upper(), rest.strip()) for word, _, rest in (x.partition(" ") for x in joined.splitlines() if x)
    ]


TEXT = FILE.read_text(encoding="utf-8")
FOUND = instructions(TEXT)


def all_of(word: str) -> list[str]:
    return [rest for name, rest in FOUND if name == word]


def variables() -> dict[str, str]:
    return dict(part.split("=", 1) for rest in all_of("ENV") for part in shlex.split(rest))


def _hadolint(*files: Path) -> str:
    program = needed("linters") / "bin" / "hadolint"
    ended = subprocess.run([str(program), *map(str, files)], capture_output=True, text=True, timeout=60)
    return ended.stdout + ended.stderr


def test_hadolint_finds_nothing() -> None:
    assert _hadolint(FILE) == ""


@pytest.mark.parametrize(
    ("sound", "broken", "finding"),
    [
        ("slim-trixie\n", "slim-trixie\nFROM python:latest\n", "DL3007"),
        ("USER 10001:10001", "USER root", "DL3002"),
        ("--no-cache-dir ", "", "DL3042"),
        ("WORKDIR /data", "WORKDIR data", "DL3000"),
    ],
)
def test_a_broken_file_is_found(tmp_path: Path, sound: str, broken: str, finding: str) -> None:
    assert sound in TEXT
    path = tmp_path / "Containerfile"
    path.write_text(TEXT.replace(sound, broken, 1), encoding="utf-8")
    assert finding in _hadolint(path)


def test_every_source_is_here_reaches_the_builder_and_is_all_that_the_wheel_needs() -> None:
    copied = [part for rest in all_of("COPY") if "--from" not in rest for part in shlex.split(rest)[:-1]]
    assert all((ROOT / part).exists() for part in copied)
    rules = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]
    assert rules[0] == "*"
    allowed = [rule[1:].rstrip("/") for rule in rules if rule.startswith("!")]
    assert all(any(one == part or one.startswith(f"{part}/") for one in allowed) for part in copied)
    assert not any(fnmatch.fnmatch(name, one) for one in allowed for name in ("results", ".env", ".git"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    needs = {
        *wheel["force-include"],
        "src",
        project["project"]["readme"],
        *project["project"]["license-files"],
    }
    assert needs <= set(copied)


def test_the_base_has_a_tag_and_can_be_pinned_and_every_install_is_by_hash() -> None:
    [base] = all_of("ARG")
    assert re.fullmatch(r"BASE=docker\.io/library/python:3\.\d+-slim-[a-z]+", base)
    assert [rest.split(" AS ")[0] for rest in all_of("FROM")] == ["${BASE}", "${BASE}"]
    assert "ADD" not in {word for word, _ in FOUND}
    installs = [
        part for run in all_of("RUN") for part in run.split("&&") if re.search(r"pip install|uv build", part)
    ]
    assert len(installs) == 4
    for part in installs:
        assert "--require-hashes" in part or ("--no-deps" in part and "wheel/*.whl" in part)


def test_the_lock_gives_uv_by_hash_as_the_file_cuts_it_out(tmp_path: Path) -> None:
    [cut] = re.findall(r"(sed -n '[^']+' requirements\.lock)", TEXT)
    made = subprocess.run(["sh", "-c", cut], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    first, *rest = made.splitlines()
    assert re.fullmatch(r"uv==[\d.]+ \\", first)
    assert rest
    assert all(re.fullmatch(r" +--hash=sha256:[0-9a-f]{64}( \\)?", line) for line in rest)


def test_it_runs_as_nobody_in_particular_reads_what_is_mounted_and_holds_no_secret() -> None:
    assert all_of("USER") == ["10001:10001"]
    assert [word for word, _ in FOUND].index("USER") < [word for word, _ in FOUND].index("CMD")
    assert json.loads(all_of("VOLUME")[0]) == [variables()["BENCH_RESULTS"]]
    assert json.loads(all_of("CMD")[0]) == ["bench", "leaderboard", "--host", "0.0.0.0", "--port", "8501"]
    assert all_of("EXPOSE") == ["8501"]
    secret = re.compile(r"key|token|secret|password|credential", re.IGNORECASE)
    assert not [name for name in (*variables(), *all_of("ARG")) if secret.search(name)]
    guide = (ROOT / "docs" / "guides" / "container.md").read_text(encoding="utf-8")
    mounts = re.findall(r"-v \S+:(/\S+?):(\w+)", guide)
    assert {place for place, _ in mounts} == {variables()["BENCH_CONFIG"], variables()["BENCH_RESULTS"]}
    assert {how for _, how in mounts} == {"ro"}


def _contained(folder: Path, command: list[str], port: int) -> list[str]:
    """A command as the image runs it, over the files of a folder."""
    if not shutil.which("bwrap"):
        pytest.skip("bubblewrap is not here: scripts/system.sh sandbox")
    inside = [str(port) if part == "8501" else part for part in command]
    inside[:1] = [sys.executable, "-m", "whichmodel.cli"] if inside[0] == "bench" else [sys.executable]
    wrapped = ["bwrap", "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]
    wrapped += [
        "--dir",
        "/tmp/data",
        "--ro-bind",
        str(folder),
        "/tmp/data",
        "--unshare-user",
        "--unshare-pid",
        "--die-with-parent",
    ]
    wrapped += ["--uid", "10001", "--gid", "10001", "--chdir", "/tmp/data", "--clearenv"]
    moved = {name: value.replace("/data", "/tmp/data", 1) for name, value in variables().items()}
    moved |= {"PATH": os.environ["PATH"], "PROXY_SECRET": "a" * 32, "ACME_TOKEN": "c" * 32}
    return [*wrapped, *(part for pair in moved.items() for part in ("--setenv", *pair)), "--", *inside]


@contextlib.contextmanager
def container(folder: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    command = _contained(folder, json.loads(all_of("CMD")[0]), port)
    with (folder.parent / "log").open("w") as log:
        started = subprocess.Popen(command, stdout=log, stderr=log, text=True)
        try:
            yield started
        finally:
            started.terminate()
            started.wait(30)


def _free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _healthy(folder: Path, port: int) -> bool:
    """The health check of the file."""
    [check] = [rest.split("CMD ", 1)[1] for rest in all_of("HEALTHCHECK")]
    command = [part.replace(":8501/", f":{port}/") for part in json.loads(check)]
    return (
        subprocess.run(_contained(folder, command, port), capture_output=True, timeout=SECONDS).returncode
        == 0
    )


def test_it_starts_answers_its_health_check_and_lets_in_whom_the_proxy_names(tmp_path: Path) -> None:
    folder, port = tmp_path / "data", _free()
    folder.mkdir()
    write(folder, "{header: X-Forwarded-Email, proxies: [127.0.0.1], secret_env: PROXY_SECRET}")
    assert not _healthy(folder, port)
    with container(folder, port) as started:
        log, deadline = folder.parent / "log", time.monotonic() + SECONDS
        while f":{port} (Ctrl-C ends it)" not in log.read_text():
            assert started.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.2)
        assert _healthy(folder, port)
        address = f"http://127.0.0.1:{port}"
        known = {"X-Forwarded-Email": ANN, "X-Proxy-Secret": "a" * 32}
        with httpx.Client(trust_env=False, timeout=60) as client:
            assert client.get(address).status_code == 403
            assert client.get(address, headers={**known, "X-Proxy-Secret": "b" * 32}).status_code == 403
            page = client.get(address, headers=known)
            assert (page.status_code, "<title>" in page.text) == (200, True)


def test_it_does_not_start_where_nobody_signs_in(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    config = write(folder, "{header: X-Forwarded-Email}")
    config.write_text(re.sub(r"leaderboard:\n.*\n", "", config.read_text()))
    with container(folder, _free()) as started:
        assert started.wait(SECONDS) == 2
    assert "leaderboard.sign_in" in (folder.parent / "log").read_text()
