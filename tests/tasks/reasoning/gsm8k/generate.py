"""The GSM8K test set as items, from the folder of public data.

Source: https://github.com/openai/grade-school-math (MIT), `test.jsonl`. The bank is fixed: the seed has
no effect, so two seeds do not give different items.
"""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from whichmodel.domain import Item

PROMPT = """Solve the problem step by step. End with a line of the form '#### <number>'.

Question: {question}
Answer:"""


def generate(seed: int, count: int) -> Iterator[Item]:
    """The first `count` questions in the order of the file. Raises FileNotFoundError without the data."""
    with gzip.open(_data() / "gsm8k" / "test.jsonl.gz", "rt", encoding="utf-8") as lines:
        for place, line in enumerate(islice(lines, count)):
            row = json.loads(line)
            steps = row["answer"].count("<<")
            yield Item(
                id=f"gsm8k-{place:04d}",
                input=PROMPT.format(question=row["question"]),
                target=row["answer"].rpartition("####")[2].strip(),
                reference=row["answer"],
                stratum="1-3 steps" if steps < 4 else "4-5 steps" if steps < 6 else "6 or more steps",
            )


def _data() -> Path:
    root = Path(__file__).resolve().parents[4]
    folder = Path(os.environ.get("WHICHMODEL_REAL_DATA", root.parent / "shared" / "data"))
    if not (folder / "gsm8k").is_dir():
        raise FileNotFoundError(
            f"no gsm8k in {folder}; set WHICHMODEL_REAL_DATA to the folder of public data"
        )
    return folder
