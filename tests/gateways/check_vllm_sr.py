"""Run in vllm-sr's own environment: what its command line says of configurations, in one process.

Its catalogue takes ten seconds to read. Standard input: a folder and the files. Standard output, last line:
what is wrong with each, the Envoy configuration of some, and the schema.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from cli.main import main as command_line  # type: ignore[import-not-found]
from click.testing import CliRunner


def run(*arguments: str) -> tuple[int, str]:
    """(exit code, output)."""
    done = CliRunner().invoke(command_line, ["config", *arguments])
    return done.exit_code, done.output


def problems(path: Path) -> str:
    """What the validator says against a file. "" = nothing."""
    code, output = run("validate", "--config", str(path))
    assert ("Configuration is valid" in output) == (code == 0), output
    return output if code else ""


def main() -> None:
    """Everything that was asked for."""
    job = json.load(sys.stdin)
    paths = {name: Path(job["folder"]) / f"{number}.yaml" for number, name in enumerate(job["files"])}
    for name, path in paths.items():
        path.write_text(job["files"][name], encoding="utf-8")
    result: dict[str, Any] = {
        "problems": {name: problems(path) for name, path in paths.items()},
        "envoy": {name: run("envoy", "--config", str(paths[name]))[1] for name in job["envoy"]},
        "schema": json.loads(run("schema", "--full")[1]),
    }
    sys.stdout.write(f"\n{json.dumps(result)}\n")


if __name__ == "__main__":
    main()
