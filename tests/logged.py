"""Logs made by hand, as `bench run` writes them, with the outcomes that name them."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from rows import outcome

from whichmodel.domain import Outcome

MODELS = ("demo-aurora/lite", "demo-cirrus/nano")


def sample(answer: str, detail: Mapping[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """A sample as it stands in a log; detail: the scorer's findings, None = it was not scored."""
    choice = {"message": {"content": [{"type": "text", "text": answer}]}, "stop_reason": "stop"}
    words = str((detail or {}).get("explanation", ""))
    score = {"value": 0.0, "explanation": words, "metadata": {"parsed": True, "detail": detail}}
    made = {
        "input": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "What is asked?"}],
        "target": "what is right",
        "output": {"choices": [choice]},
        "scores": {} if detail is None else {"scorer": score},
    }
    return made | changes


def write(results: Path, row: Outcome, said: Mapping[str, Any], *, name: str = "one") -> Outcome:
    """Write a sample into a log of its own; the outcome that names it."""
    named = f"{row.task}-{row.model.replace('/', '-')}-{row.item_id}-{row.epoch}"
    folder, uuid = f"logs/{row.run_id}/{named}", f"u-{named}"
    (results / folder).mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(results / folder / f"{name}.eval", "a", zipfile.ZIP_DEFLATED) as log:
        text = json.dumps({"id": row.item_id, "epoch": row.epoch, "uuid": uuid, **said})
        log.writestr(f"samples/{row.item_id}_epoch_{row.epoch}.json", text)
    return replace(row, log_ref=f"{folder}#{uuid}")


def logs_of(results: Path, row: Outcome) -> list[Path]:
    """The logs in the folder that an outcome names."""
    return sorted((results / str(row.log_ref).partition("#")[0]).glob("*.eval"))


def answered(
    results: Path, model: str, answer: str, detail: Mapping[str, Any] | None = None, **changes: Any
) -> Outcome:
    """An outcome with its log. changes: of the sample where they are its keys, else of the outcome."""
    of_sample = {name: changes.pop(name) for name in ("input", "target", "output") if name in changes}
    row = outcome(0, model=model, simulated=True, settings_hash=f"s-{model}", **changes)
    return write(results, row, sample(answer, detail, **of_sample))
