"""Threads of mails that change an order, with the difference from the first confirmation as gold.

An order is drawn, then requests are applied to it one by one and put into words; the gold is what the
requests have left of the order, so it is exact by construction. What the shop declines is undone, what is
quoted is history, and other orders are there to be passed over.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any

from whichmodel.domain import Item, Json

from . import thread

FOLDER = Path(__file__).parent


def generate(seed: int, count: int) -> Iterator[Item]:
    """Threads of a seed; each item depends on seed and place alone, strata alternate."""
    prompt = (FOLDER / "prompt.txt").read_text(encoding="utf-8").rstrip()
    schema = json.dumps(json.loads((FOLDER / "schema.json").read_text(encoding="utf-8")))
    for place, stratum in zip(range(count), cycle(thread.STRATA), strict=False):
        rng = Random(f"emails-{seed}-{place}")
        language = rng.choice(("de", "fr", "es")) if stratum == "foreign" else "en"
        order = thread.draw(rng, language)
        document = rng.choice(thread.LAYOUTS)(order, thread.STRATA[stratum](order))
        gold = _gold(order)
        yield Item(
            id=f"emails-s{seed}-{place:04d}",
            input=prompt.format(schema=schema, document=document),
            target=gold,
            reference=json.dumps(gold, ensure_ascii=False),
            stratum=stratum,
            metadata={"language": language},
        )


def _gold(order: Any) -> dict[str, Json]:
    first, now = order.confirmed, order.now
    return {
        "order_number": order.number,
        "contact": order.contact,
        "delivery_address": order.address,
        "delivery_date": order.new_day and order.new_day.isoformat(),
        "shipping": order.shipping,
        "site_phone": order.phone,
        "changed": _rows({code: n for code, n in now.items() if n and code in first and n != first[code]}),
        "cancelled": [code for code in first if not now[code]],
        "added": _rows({code: n for code, n in now.items() if n and code not in first}),
    }


def _rows(quantities: dict[str, int]) -> list[Json]:
    return [{"article": code, "quantity": quantity} for code, quantity in quantities.items()]
