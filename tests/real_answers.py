"""Answers that real models gave, from the public data, in the normal form of our scorers."""

from __future__ import annotations

import csv
import gzip
import json
import os
from pathlib import Path

from answered import answered

from whichmodel.analyse.answers import Answers
from whichmodel.domain import Answer, Item
from whichmodel.scoring import exact, numeric
from whichmodel.scoring.entity_tags import spans

GSM8K = ("6b_finetuning", "6b_verification", "175b_finetuning", "175b_verification")
WNUT17 = ("arcada", "drexel_cci", "flytxt", "mic-cis", "sjtu_adapt", "spinningbytes", "uh_ritual")


def folder() -> Path | None:
    """Where the public data is; None = it is not here."""
    found = Path(
        os.environ.get("WHICHMODEL_REAL_DATA", Path(__file__).resolve().parents[2] / "shared" / "data")
    )
    return found if found.is_dir() else None


def gsm8k(data: Path) -> Answers:
    """Four models on the 1,319 problems of GSM8K's test set (Cobbe 2021)."""
    with gzip.open(data / "gsm8k" / "example_model_solutions.jsonl.gz", "rt") as lines:
        rows = [json.loads(line) for line in lines]
    said: dict[str, list[str]] = {f"openai/{name}": [] for name in GSM8K}
    scores: dict[str, list[float]] = {name: [] for name in said}
    for row in rows:
        item = Item("i", "", row["ground_truth"].rpartition("A: ")[2])
        for name in GSM8K:
            verdict = numeric.score(Answer(row[name]["solution"]), item, {"marker": "A:"})
            said[f"openai/{name}"].append(verdict.answer_norm)
            scores[f"openai/{name}"].append(verdict.score)
    return answered(said, scores=scores, task="gsm8k")


def routellm(data: Path) -> Answers:
    """GPT-4-1106 and Mixtral-8x7B on the same problems, as RouteLLM recorded them."""
    with gzip.open(data / "gsm8k" / "test.jsonl.gz", "rt") as lines:
        gold = {r["question"]: r["answer"].rpartition("####")[2].strip() for r in map(json.loads, lines)}
    with gzip.open(data / "routellm" / "gsm8k_responses.csv.gz", "rt") as file:
        rows = list(csv.DictReader(file))
    names = [column.removesuffix("_response") for column in rows[0] if column.endswith("_response")]
    said: dict[str, list[str]] = {name: [] for name in names}
    scores: dict[str, list[float]] = {name: [] for name in names}
    for row in rows:
        item = Item("i", "", gold[row["prompt"]])
        for name in names:
            verdict = numeric.score(Answer(row[f"{name}_response"]), item, {})
            said[name].append(verdict.answer_norm)
            scores[name].append(verdict.score)
    return answered(said, scores=scores, task="gsm8k")


def big_bench_hard(data: Path) -> Answers:
    """code-davinci-002 with and without a chain of thought on 12 tasks of BIG-Bench Hard (Suzgun 2022)."""
    with gzip.open(data / "bbh" / "code-davinci-002_outputs_12tasks.jsonl.gz", "rt") as lines:
        rows = {(row["task"], row["i"], row["mode"]): row for row in map(json.loads, lines)}
    items = sorted({key[:2] for key in rows})
    said: dict[str, list[str]] = {"davinci/cot": [], "davinci/direct": []}
    scores: dict[str, list[float]] = {name: [] for name in said}
    for task, number in items:
        for name in said:
            row = rows[task, number, name.partition("/")[2]]
            item = Item("i", "", row["target"])
            verdict = exact.score(Answer(row["prediction"]), item, {"answer_marker": "the answer is"})
            said[name].append(verdict.answer_norm)
            scores[name].append(verdict.score)
    return answered(said, scores=scores, task="bbh")


def wnut17(data: Path | None = None) -> Answers:
    """Seven systems of the shared task on 1,287 sentences; right = all its entities, and no other."""
    place = data or folder()
    assert place is not None
    gold = _entities(place / "wnut17" / "emerging.test.annotated")
    said = {f"wnut/{name}": _entities(place / "wnut17" / f"submission_{name}.conll") for name in WNUT17}
    return answered(said, gold, task="wnut17")


def _entities(file: Path) -> list[str]:
    """The entities of each sentence of a CoNLL file, as one text."""
    sentences: list[list[str]] = [[]]
    for line in file.read_text(encoding="utf-8").splitlines():
        if cells := line.split():
            sentences[-1].append(cells[-1])
        elif sentences[-1]:
            sentences.append([])
    return [str(sorted(spans(tags), key=str)) for tags in sentences if tags]
