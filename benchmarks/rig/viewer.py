"""One viewer of a results folder: opens the newest snapshot again and again, and prints what it saw.

A line a look: `at` (monotonic seconds, before the snapshot was chosen), `query_s`, `seen` (model -> scored
samples), or `error`. Ends when its standard input closes.
"""

from __future__ import annotations

import argparse
import json
import select
import sys
import time
from pathlib import Path

from whichmodel.store import read

PAUSE_S = 1.0


def look(results: Path) -> dict[str, object]:
    """One look. Whatever goes wrong is what it reports."""
    at = time.monotonic()
    try:
        reader = read(results)
        seen = {} if reader is None else dict(reader.measured()[["model", "n"]].itertuples(index=False))
    except Exception as error:
        return {"at": at, "error": f"{type(error).__name__}: {error}"}
    counts = {str(model): int(n) for model, n in seen.items()}
    return {"at": at, "query_s": time.monotonic() - at, "seen": counts}


def main() -> None:
    """Look until standard input closes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("results", type=Path)
    options = parser.parse_args()
    while not select.select([sys.stdin], [], [], PAUSE_S)[0]:
        print(json.dumps(look(options.results)), flush=True)


if __name__ == "__main__":
    main()
