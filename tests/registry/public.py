"""The public sets of the bundled cards, as they are on the hub, behind the loopback hub."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

from registry.loopback_hub import Repo, parquet

from whichmodel.domain import HubDataset
from whichmodel.registry import find

MBPP = [
    {
        "task_id": 11,
        "text": "Write a python function to remove first and last occurrence of a given character "
        "from the string.",
        "code": "def remove_Occ(s, ch):\r\n    for at in (s.find(ch), s.rfind(ch) - 1):\r\n"
        "        s = s[:at] + s[at + 1:]\r\n    return s\r\n",
        "test_list": [
            'assert remove_Occ("hello","l") == "heo"',
            'assert remove_Occ("abcda","a") == "bcd"',
            'assert remove_Occ("PHP","P") == "H"',
        ],
        "test_setup_code": "",
        "challenge_test_list": [],
    }
]
"""Problem 11 (CC-BY-4.0, Google Research) with a solution of our own."""


def dataset(name: str) -> HubDataset:
    """Where a bundled task's items come from."""
    [card] = find([name])
    assert card.hub is not None
    return card.hub


def humaneval(real_data: Path) -> Repo:
    """The published problems at the commit that the card pins."""
    with gzip.open(real_data / "humaneval" / "HumanEval.jsonl.gz", "rt") as lines:
        rows = [json.loads(line) for line in lines]
    configs = [{"config_name": "openai_humaneval",
                "data_files": [{"split": "test", "path": "openai_humaneval/test-*"}]}]  # fmt: skip
    return _pinned("humaneval", "openai_humaneval/test-00000-of-00001.parquet", rows, {"configs": configs})


def mbpp(count: int = 120) -> Repo:
    """Problem 11, and generated ones in the same shape."""
    made: list[dict[str, Any]] = [
        {
            "task_id": 12 + n,
            "text": f"Write a function to add {n} to a number, which may be negative.",
            "code": f"def add_{n}(x):\r\n    return x + {n}\r\n",
            "test_list": [f"assert add_{n}({x}) == {x + n}" for x in (1, -7, 40)],
            "test_setup_code": "",
            "challenge_test_list": [],
        }
        for n in range(count - 1)
    ]
    return _pinned("mbpp", "full/test-00000-of-00001.parquet", [*MBPP, *made], {})


def _pinned(name: str, file: str, rows: list[dict[str, Any]], card: dict[str, Any]) -> Repo:
    repo = Repo({file: parquet(rows)}, card=card)
    revision = dataset(name).revision
    assert revision is not None
    repo.history[revision] = repo.files
    repo.push({"README.md": b"moved on"})
    return repo
