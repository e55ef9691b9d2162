"""Service contracts, written clause by clause from drawn terms, with the terms in force as gold.

An amendment in force changes the terms after the contract was written from them, so that the gold is what the
whole document says. One that is not in force is written from a copy.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from random import Random

from whichmodel.domain import Item

from . import deed

FOLDER = Path(__file__).parent


def generate(seed: int, count: int) -> Iterator[Item]:
    """Contracts of a seed; each item depends on seed and place alone, strata alternate."""
    prompt = (FOLDER / "prompt.txt").read_text(encoding="utf-8").rstrip()
    schema = json.dumps(json.loads((FOLDER / "schema.json").read_text(encoding="utf-8")))
    for place, stratum in zip(range(count), cycle(deed.STRATA), strict=False):
        terms, document = deed.write(stratum, Random(f"contracts-{seed}-{place}"))
        gold = terms.gold()
        yield Item(
            id=f"contracts-s{seed}-{place:04d}",
            input=prompt.format(schema=schema, document=document),
            target=gold,
            reference=json.dumps(gold, ensure_ascii=False),
            stratum=stratum,
        )
