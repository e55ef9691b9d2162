"""One writer of many: stores outcomes in a results folder and pushes them, again and again.

`python writer.py <results> <store as JSON> <number> <outcomes> <pushes>`: the outcomes are of a model of its
own, so that everybody's can be told apart. Killed and begun anew, it goes on with what is not pushed yet.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from remote.places import Desk
from rows import outcome

from whichmodel.config import SharedStore
from whichmodel.pricing.public import LIST
from whichmodel.remote.push import push


def main(results: str, shared: str, number: int, count: int, pushes: int) -> None:
    desk = Desk(Path(results), SharedStore(**json.loads(shared)))
    step = -(-count // pushes)
    for start in range(0, count, step):
        desk.store.ingest(
            [
                outcome(n, model=f"writer/{number}", price_source=f"{LIST} 1")
                for n in range(start, min(count, start + step))
            ]
        )
        push(desk.place)
        print(start, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:6]))
