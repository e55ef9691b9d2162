"""lm-eval against the same endpoint: its own environment, no hub, no tokenizer.

`tokenizer_backend=None` and `tokenized_requests=False` keep it from asking the hub for a tokenizer; the
task is a file beside the items, so that it asks the hub for no data set either.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

from benchmarks.contestants.entry import Absent, Attempt, Job
from benchmarks.contestants.install import environment_of
from benchmarks.rig.project import SECRETLESS, write_items

TITLE = "lm-eval"
TASK = """\
task: colours
dataset_path: json
dataset_kwargs: {data_files: {test: items.jsonl}}
test_split: test
output_type: generate_until
doc_to_text: "{{input}}"
doc_to_target: "{{target}}"
generation_kwargs: {max_gen_toks: 16, until: []}
metric_list:
  - {metric: exact_match, aggregation: mean, higher_is_better: true}
"""


def version() -> str:
    """lm-eval's; raises Absent."""
    python = _program().resolve().with_name("python")
    asked = "import importlib.metadata as m; print(m.version('lm-eval'))"
    found = subprocess.run([str(python), "-c", asked], capture_output=True, text=True, check=False)
    return f"lm-eval {found.stdout.strip() or 'of unknown version'}"


def prepare(job: Job) -> Attempt:
    """A task file and its items; raises Absent."""
    write_items(job.folder / "items.jsonl", job.count)
    (job.folder / "colours.yaml").write_text(TASK, encoding="utf-8")
    arguments = {
        "model": "m1",
        "base_url": f"{job.base_url}/chat/completions",
        "num_concurrent": job.connections,
        "max_retries": 1,
        "tokenized_requests": False,
        "tokenizer_backend": None,
    }
    listed = ",".join(f"{name}={value}" for name, value in arguments.items())
    flags = ["--tasks", "colours", "--include_path", ".", "--apply_chat_template", "--output_path", "out"]
    command = [str(_program()), "--model", "local-chat-completions", "--model_args", listed, *flags]
    offline = {"HF_DATASETS_OFFLINE": "1", "HF_HOME": str(job.folder / "hub"), "OPENAI_API_KEY": SECRETLESS}
    return Attempt(command, offline, lambda: _right(job))


def _right(job: Job) -> int:
    [file] = (job.folder / "out").rglob("results_*.json")
    results = json.loads(file.read_text(encoding="utf-8"))["results"]["colours"]
    share: float = next(value for name, value in results.items() if name.startswith("exact_match,"))
    return round(share * job.count)


def _program() -> Path:
    installed = environment_of("lm-eval") / "bin" / "lm_eval"
    on_path = shutil.which("lm_eval")
    if installed.is_file():
        return installed
    if on_path:
        return Path(on_path)
    raise Absent("lm-eval is not installed; `make peers` installs it")
