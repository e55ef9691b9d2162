"""Keys planted where a key can be: none is found in anything that the program writes or shows."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml
import zipfile_zstd  # noqa: F401  (lets zipfile read what Inspect writes)
from faults.ground import ANSWER, CARD, KEY, TASK, Entrant, write_config, write_task
from faults.scripted import Reply, refused, said, scripted
from program import Bench

from whichmodel.export import EXPORTERS

IN_ENVIRONMENT, IN_FILE = "sk-planted-in-environment-1f7c", "sk-planted-in-dotenv-88a2"
BYSTANDER = "sk-planted-of-another-provider-03bd"
IN_URL, IN_QUERY = "planted-in-url-5d1e", "planted-in-query-7e9a"
SECRETS = (IN_ENVIRONMENT, IN_FILE, BYSTANDER)


def _echoing(model: str, number: int, headers: Mapping[str, str]) -> Reply:
    """Repeats the key it was sent: in errors of three kinds, in headers, in an answer."""
    key = headers["authorization"].removeprefix("Bearer ")
    if model == "refuses":
        return refused(401, f"Incorrect API key provided: {key}.", x_key=key)
    if model == "fails":
        return refused(400, f"Bad request by {key}", x_key=key)
    if model == "repeats":
        return said(f"{ANSWER} {key}", model)
    answer = said(ANSWER, model)
    return Reply(200, answer.document, {"x-request-id": key, "x-echo": key})


def test_no_planted_key_is_found_in_anything_that_is_written_or_shown(tmp_path: Path) -> None:
    items = [{"id": f"i{n}", "input": f"Which colour is thing {n}?", "target": ANSWER} for n in range(4)]
    write_task(tmp_path, TASK, CARD, items)
    entrants = [Entrant(name, connections=1) for name in ("well", "refuses", "fails", "repeats", "by-dotenv")]
    (tmp_path / ".env").write_text(f"DOTENV_API_KEY={IN_FILE}\n")
    with scripted(_echoing) as endpoint:
        write_config(tmp_path, entrants, {"openai": endpoint.base_url})
        _use_key(tmp_path / "bench.yaml", "acme/by-dotenv", "DOTENV_API_KEY")
        bench, said_so = Bench(tmp_path), ""
        env = {KEY: IN_ENVIRONMENT, "OTHER_API_KEY": BYSTANDER, "BENCH_DEBUG": "1"}
        ended = bench("run", "--tasks", f"./tasks/classification/{TASK}", "--yes", env=env)
        assert ended.code == 3, ended.err
        gateways = [("export", gateway) for gateway in EXPORTERS]
        for args in (("status",), ("models",), ("route",), *gateways, ("prices",), ("rebuild",)):
            done = bench(*args, env=env)
            said_so += done.out + done.err
        seen = {h.headers["authorization"] for m in ("well", "by-dotenv") for h in endpoint.of(m)}
    assert seen == {f"Bearer {IN_ENVIRONMENT}", f"Bearer {IN_FILE}"}
    said_so += ended.out + ended.err
    held = _everything(tmp_path)
    assert [secret for secret in SECRETS if secret in said_so] == []
    assert [(str(where), s) for where, text in held for s in SECRETS if s.encode() in text] == []
    assert len(held) > 10


@pytest.mark.parametrize(
    ("field", "value", "secret"),
    [
        ("base_url", f"http://user:{IN_URL}@127.0.0.1:9/v1", IN_URL),
        ("api_key", IN_ENVIRONMENT, IN_ENVIRONMENT),
        ("extra_headers", {"Authorization": IN_ENVIRONMENT}, IN_ENVIRONMENT),
        ("key_env", IN_ENVIRONMENT, IN_ENVIRONMENT),
    ],
)
def test_a_key_in_bench_yaml_is_refused_and_not_repeated(
    tmp_path: Path, field: str, value: object, secret: str
) -> None:
    write_task(tmp_path, TASK, CARD, [{"id": "i", "input": "?", "target": ANSWER}])
    write_config(tmp_path, [Entrant("m")], {"openai": "http://127.0.0.1:9/v1"})
    document = yaml.safe_load((tmp_path / "bench.yaml").read_text())
    document["models"][0][field] = value
    (tmp_path / "bench.yaml").write_text(yaml.safe_dump(document))
    ended = Bench(tmp_path)("models")
    assert ended.code == 2
    assert field in ended.err
    assert secret not in ended.out + ended.err


def _use_key(config: Path, model: str, variable: str) -> None:
    document = yaml.safe_load(config.read_text())
    [entry] = [entry for entry in document["models"] if entry["id"] == model]
    entry["key_env"] = variable
    config.write_text(yaml.safe_dump(document))


def _everything(folder: Path) -> list[tuple[Path, bytes]]:
    """All that the program wrote, the members of its logs unpacked."""
    found = []
    for path in folder.rglob("*"):
        if not path.is_file() or path.name == ".env":
            continue
        found.append((path, path.read_bytes()))
        if path.suffix == ".eval":
            with zipfile.ZipFile(path) as log:
                found += [(path / name, log.read(name)) for name in log.namelist()]
    assert os.path.commonpath([str(path) for path, _ in found]) == str(folder)
    return found
