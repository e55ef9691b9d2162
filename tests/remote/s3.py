"""S3 on 127.0.0.1, by moto's server: a bucket, and credentials of users with a policy each."""

from __future__ import annotations

import json
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from peers import needed

HERE = Path(__file__).resolve().parent
GUIDE = HERE.parents[1] / "docs" / "guides" / "laptop-to-cluster.md"
BUCKET = "bench"
PREFIX = "team"
"""As the guide has them."""
ALL = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
ADMIN = "admin"
"""May do everything."""
STOP_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Server:
    """S3 that runs, as clients reach it."""

    endpoint: str
    keys: Mapping[str, Mapping[str, str]]
    """User -> `id` and `secret`."""
    log: Path
    """Its access log: a line a request."""
    process: subprocess.Popen[str]

    @property
    def url(self) -> str:
        """Of the store."""
        return f"s3://{BUCKET}/{PREFIX}"

    def environment(self, user: str = ADMIN) -> dict[str, str]:
        """Variables by which any client of S3 comes here as this user."""
        key = self.keys[user]
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ALLOW_HTTP": "true",
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": key["id"],
            "AWS_SECRET_ACCESS_KEY": key["secret"],
        }

    def change(self, **state: object) -> None:
        """`ahead_s`: seconds that its clock is ahead; `expired`: users whose credentials have ended."""
        _say(self.process, state)
        _answer(self.process, self.log)


def organisation_policy(name: str) -> Any:
    """What the people of an organisation may do: the policy of the guide, for this organisation."""
    text = GUIDE.read_text(encoding="utf-8").partition("```json\n")[2].partition("```")[0]
    return json.loads(text.replace("org/acme/", f"org/{name}/"))


@contextmanager
def serving(folder: Path, *organisations: str) -> Iterator[Server]:
    """The server while the block runs, with a user for each organisation and one who may do everything.

    Without an organisation there are no users, and anybody may do everything.
    """
    python = needed("moto") / "bin" / "python"
    log = folder / "s3.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [python, "-P", HERE / "moto" / "serve.py"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=output,
            text=True,
        )
    try:
        port = _free_port()
        policies = {name: organisation_policy(name) for name in organisations}
        if organisations:
            policies[ADMIN] = {"Version": "2012-10-17", "Statement": [ALL]}
        _say(process, {"port": port, "bucket": BUCKET, "policies": policies})
        yield Server(f"http://127.0.0.1:{port}", _answer(process, log), log, process)
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)
        if process.poll() is None:
            process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream:
                stream.close()


def _say(process: subprocess.Popen[str], what: object) -> None:
    assert process.stdin
    process.stdin.write(json.dumps(what) + "\n")
    process.stdin.flush()


def _answer(process: subprocess.Popen[str], log: Path) -> Any:
    """A line of the server's; that it ended is told with what it said last."""
    assert process.stdout
    line = process.stdout.readline()
    if not line:
        raise AssertionError(f"moto's server ended:\n{log.read_text(errors='replace')[-4000:]}")
    return json.loads(line) if line.strip() else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
